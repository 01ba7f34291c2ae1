"""How far the work on each street is, in the words of the map."""

from datetime import date

import pandas as pd
from pandas import DataFrame, Series

STAGES = ("overdue", "found", "handed_over", "fixing", "relit", "exempt", "transferred")
"""Where a street stands, the most urgent first; overdue goes before what an open item is in."""

OPEN_STAGES = ("found", "handed_over", "fixing")

_STAGE_OF = {
    **dict.fromkeys(("found", "registered", "returned", "reopened", "exempt"), "found"),
    **dict.fromkeys(("handed_over", "claimed"), "handed_over"),
    "closed": "relit",
    "transferred": "transferred",
}
"""State of an item and its stage; in every other state it is being fixed.

An exemption that one side has not confirmed ends nothing: the item is found, and no more is known.
"""


def work_on(works: DataFrame, segments: pd.Index, day: date) -> DataFrame:
    """Return the work on `segments` at the end of `day`; `works` has the latest item on each.

    Columns: ``work`` (one of `STAGES`), ``work_item`` (the item's id), ``owner``, ``person``,
    ``due_on``, ``days_left`` of an open item (negative once it is overdue) and ``days_overdue``, 0
    where nothing is; all missing where there is no item, and ``days_overdue`` without any ledger.
    """
    found = works.reindex(segments)
    days = (found["due_on"] - pd.Timestamp(day)).dt.days.astype("Int64")
    stage = _stages(found)
    left = days.where(stage.isin(OPEN_STAGES))
    overdue = (-left).clip(lower=0).fillna(0)
    return DataFrame(
        {
            "work": stage.mask((overdue > 0).astype(bool), "overdue"),
            "work_item": found["item"].astype("Int64"),
            "owner": found["owner"],
            "person": found["person"],
            "due_on": found["due_on"].dt.strftime("%Y-%m-%d"),
            "days_left": left,
            "days_overdue": overdue if len(works) else Series(pd.NA, segments, dtype="Int64"),
        }
    )


def _stages(found: DataFrame) -> "Series[str]":
    """Return the stage of each item but for its time limit; confirmed exemption goes first."""
    stage = found["state"].map(_STAGE_OF, na_action="ignore").fillna("fixing")
    known = stage.where(found["state"].notna(), None)
    return known.mask(found["exempt"].fillna(value=False).astype(bool), "exempt")
