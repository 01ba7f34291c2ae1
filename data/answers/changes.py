"""Two answers to one question, compared row by row."""

from collections.abc import Mapping, Sequence
from typing import Any

from pandas import DataFrame

from data.answers.answer import Answer, Subject, records
from geo.changes import CHANGES, changes
from geo.errors import WrongValueError

BURDENS: Mapping[Subject, tuple[str, ...]] = {
    "hotspots": ("value", "gi_bin", "n_hot_periods"),
    "coverage": ("gap", "n_overdue", "n_never"),
    "outages": ("dark_m", "n_out", "outages_per_100m", "days_overdue"),
}
"""The figures of each question of which any amount above 0 is bad; the first unless told."""


def compare(
    before: Answer,
    after: Answer,
    by: str | None = None,
    whole: Sequence[Answer] | None = None,
) -> dict[str, Any]:
    """Return what became of each row between two answers, by one of its figures.

    Where the answers are about chosen rows, `whole` are those about all of them: a row that was
    chosen on either day is compared by what it was on both.

    Raises
    ------
    WrongValueError
        When the question has no such figure, or `before` is the later day.
    """
    known = BURDENS[after.subject]
    figure = by or known[0]
    if figure not in known:
        raise WrongValueError(f"by: {figure!r}; it must be one of {', '.join(known)}")
    # A day and a moment do not compare; their days do.
    if before.as_of.isoformat()[:10] > after.as_of.isoformat()[:10]:
        raise WrongValueError(f"before: {before.as_of}; it must not be after {after.as_of}")
    rows = _compared(before.rows, after.rows, figure, whole or (before, after))
    counts = rows["change"].value_counts()
    return {
        "grid": after.grid,
        "before": before.as_of.isoformat(),
        "as_of": after.as_of.isoformat(),
        "window_days": after.window_days,
        "by": figure,
        "revision": after.revision,
        "simulated": after.simulated,
        "counts": {name: int(counts.get(name, 0)) for name in CHANGES},
        "totals": {"before": dict(before.totals), "as_of": dict(after.totals)},
        "rows": records(rows),
    }


def _compared(
    before: DataFrame, after: DataFrame, figure: str, whole: Sequence[Answer]
) -> DataFrame:
    """Return the rows of either day: a cell that a day does not have is unknown on it."""
    names = after[["code", "name"]].combine_first(before[["code", "name"]])
    was, is_ = (day.rows[figure].astype(float).reindex(names.index) for day in whole)
    return names.assign(
        before=was, after=is_, increase=is_ - was, change=changes(was, is_)
    ).sort_values("code")
