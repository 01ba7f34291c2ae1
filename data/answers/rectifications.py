"""Who is done, who is late? Figures of rectification by owner or cell, ranked."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pandas as pd
from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.decisions import Decision, about_days, about_knowledge, counted
from data.answers.ground import ground_of
from data.answers.questions import RectificationQuestion
from data.models.rectifications import STATES
from data.queries.places import grid_id, known_moment
from data.queries.rectifications import days_of_items, work_items
from data.scope import Scope
from data.workflow import OPEN
from geo.periods import Period
from geo.ranking import MIN_BASE, party_figures, ranking

COUNTS = ("n_found", "n_closed", "n_due", "n_in_time", "n_overdue", "n_exempt", "n_transferred")
EVERYBODY = "everybody"


class Groups(NamedTuple):
    """The columns of an item that say which group it belongs to."""

    key: str
    code: str
    name: str


GROUPS: Mapping[str, Groups] = {
    "owner": Groups("owner", "owner", "owner_name"),
    "helper": Groups("helper", "helper", "helper_name"),
    "cell": Groups("cell", "cell_code", "cell_name"),
}
"""How items are grouped: by who leads (属地), who helps (行业), or where they lie."""


def rectifications(session: Session, scope: Scope, question: RectificationQuestion) -> Answer:
    """Return who has closed how much of what was found, in time or not, and the ranking of it."""
    ground = ground_of(session, question)
    period = ground.period
    items = items_of(session, scope, question, period)
    before = items_of(session, scope, question, period_before(period))
    rows = _rows(items, before, question, period)
    totals = _totals(items, period)
    days = days_of_items(session, period.timezone, ground.known_at)
    return Answer(
        subject="rectifications",
        grid=question.grid,
        as_of=period.as_of,
        window_days=period.window_days,
        revisions=ground.revisions,
        parameters={
            "by": question.by,
            "about": question.about,
            "known_at": question.known_at and question.known_at.isoformat(),
        },
        decisions=(
            *about_knowledge(question.known_at, question.grid),
            *about_days(period, days),
            *_decisions(items, totals, question),
        ),
        totals=totals,
        outside=_outside(items, question, scope),
        data_until=days.last,
        simulated=ground.city.simulated,
        rows=rows,
        extra={"rates": _rates(items, totals)},
    )


def items_of(
    session: Session, scope: Scope, question: RectificationQuestion, period: Period
) -> DataFrame:
    """Return the items that `question` is about, as they stood when `period` ended."""
    grid = None if question.grid is None else grid_id(session, question.grid)
    known_at = known_moment(question.known_at, period.timezone)
    items = work_items(session, scope, period, known_at=known_at, grid=grid)
    return items if question.about is None else items[items["about"] == question.about]


def is_open(items: DataFrame) -> "pd.Series[bool]":
    """Tell of each item whether somebody still has to bring it to an end.

    An exemption that one side has not confirmed ends nothing.
    """
    return items["state"].isin([*OPEN, "exempt"]) & ~items["is_exempt"]


def period_before(period: Period) -> Period:
    """Return the period that ends where the window of `period` begins."""
    return replace(period, as_of=period.day - timedelta(days=period.window_days))


def figures_of(items: DataFrame, group: str, period: Period) -> DataFrame:
    """Return the figures of `geo.ranking.party_figures` for each value of the column `group`.

    What was handed to somebody outside the campaign counts as `n_transferred` and in no other
    figure.
    """
    gone = items["state"] == "transferred"
    figures = party_figures(items[~gone].rename(columns={group: "party"}), period.day)
    transferred = items.loc[gone, group].value_counts().rename("n_transferred")
    joined = figures.join(transferred, how="outer").rename_axis("party")
    counts = joined[list(COUNTS)].fillna(0).astype("int64")
    return joined.assign(**counts)


def _rows(
    items: DataFrame, before: DataFrame, question: RectificationQuestion, period: Period
) -> DataFrame:
    """Return one row a group, the best first; groups too small to rank follow by code."""
    key, code, name = GROUPS[question.by]
    last = ranking(figures_of(before, key, period_before(period)))
    ranked = ranking(figures_of(items, key, period), last)
    names = items.dropna(subset=[key]).drop_duplicates(key).set_index(key, drop=False)
    known_names = names[[code, name]].set_axis(["code", "name"], axis=1)
    since = pd.Timestamp(period.start.date())
    grouped = items.dropna(subset=[key]).groupby(key)
    rows = known_names.reindex(ranked.index).join(ranked)
    return rows.assign(
        n_open=is_open(items).groupby(items[key]).sum().reindex(rows.index),
        n_new=grouped["found_on"].agg(lambda days: (days >= since).sum()).reindex(rows.index),
        n_closed_lately=grouped["closed_on"]
        .agg(lambda days: (days >= since).sum())
        .reindex(rows.index),
    )


def _totals(items: DataFrame, period: Period) -> dict[str, Any]:
    everybody = figures_of(items.assign(everybody=EVERYBODY), EVERYBODY, period)
    sums = everybody[list(COUNTS)].sum().astype(int).tolist()
    by_state = items["state"].value_counts()
    still_open = is_open(items)
    return {
        "n_items": len(items),
        **dict(zip(COUNTS, sums, strict=True)),
        "n_open": int(still_open.sum()),
        "n_reopened": int((items["n_reopened"] > 0).sum()),
        "n_without_limit": int((still_open & items["due_on"].isna()).sum()),
        "by_state": {state: int(by_state.get(state, 0)) for state in STATES},
    }


def _rates(items: DataFrame, totals: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each rate with everything it is made of."""
    left_out = totals["n_exempt"] + totals["n_transferred"]
    segments = items[items["about"] == "segment"]
    n_relit = int((segments["state"] == "closed").sum())
    n_undue = totals["n_found"] - totals["n_due"]
    return [
        rate("completion", totals["n_closed"], totals["n_found"], left_out),
        rate("on_time", totals["n_in_time"], totals["n_due"], left_out + n_undue),
        rate("segments_relit", n_relit, len(segments), 0),
    ]


FIGURES = (*(name.removeprefix("n_") for name in COUNTS), "open")
"""What may be asked of the items behind a figure."""


def items_behind(items: DataFrame, figure: str, period: Period) -> DataFrame:
    """Return the items that a figure counts: each is counted alone, the way all are."""
    if figure == "open":
        return items[is_open(items)]
    alone = figures_of(items.assign(alone=items.index), "alone", period)
    return items[alone[f"n_{figure}"].reindex(items.index) > 0]


def rate(name: str, numerator: int, denominator: int, excluded: int) -> dict[str, Any]:
    """Return one rate; without a denominator its value is unknown, not 0."""
    return {
        "name": name,
        "numerator": numerator,
        "denominator": denominator,
        "excluded": excluded,
        "value": numerator / denominator if denominator else None,
    }


def _outside(
    items: DataFrame, question: RectificationQuestion, scope: Scope
) -> dict[str, int | None]:
    """Return how many items are in no row."""
    if scope.cell_ids is not None:
        return {"outside": None, "without_position": None}
    return {"outside": int(items[GROUPS[question.by].key].isna().sum()), "without_position": None}


def _decisions(
    items: DataFrame, totals: Mapping[str, Any], question: RectificationQuestion
) -> Iterator[Decision]:
    yield Decision("ranked_from", {"n": MIN_BASE})
    if items.empty:
        yield Decision("no_work_items")
    ungrouped = int(items[GROUPS[question.by].key].isna().sum())
    yield from counted(
        {
            "exempt_items": totals["n_exempt"],
            "transferred_items": totals["n_transferred"],
            "items_without_limit": totals["n_without_limit"],
            f"items_without_{question.by}": ungrouped,
        }
    )
