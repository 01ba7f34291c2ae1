"""The figures of a bulletin: plain values, gathered once, that can be frozen as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Literal, get_args

from sqlalchemy.orm import Session

from data.answers.answer import Answer, records
from data.answers.ground import ground_of
from data.answers.item_changes import item_changes
from data.answers.item_lists import item_list, item_rows
from data.answers.outlines import outlines
from data.answers.questions import GroupedBy, RectificationQuestion
from data.answers.rectifications import period_before, rectifications
from data.queries.places import cell_polygons, cells_of, grid_id, grids
from data.queries.reported import hazards_found, sanctions, submissions, visits
from data.scope import Scope
from geo.periods import Period

BulletinKind = Literal["daily", "ranking", "weekly", "monthly"]
KINDS: tuple[str, ...] = get_args(BulletinKind)
_DAYS: Mapping[str, int] = {"daily": 1, "ranking": 3, "weekly": 7}
_COARSE_FIRST = ("administrative", "management", "square", "hexagon")
_MOST_LATE = 30
"""Late items that a bulletin names; the four lists have them all."""

_TOLD = (
    "ranked_from",
    "exempt_items",
    "transferred_items",
    "items_without_limit",
    "items_without_owner",
)
"""What is told of how the figures were made; how far the ledgers go now is not frozen with them."""

_LATE = ("code", "thing_name", "thing_code", "owner_name", "person", "due_on", "days_left", "state")

Facts = dict[str, Any]


@dataclass(frozen=True)
class BulletinQuestion:
    """Which bulletin, as of when, and as far as it was known at which moment.

    Attributes
    ----------
    grid
        Code of the grid whose cells are listed and drawn; ``None``: the coarsest there is.
    """

    subjects: ClassVar[tuple[str, ...]] = RectificationQuestion.subjects

    kind: BulletinKind
    as_of: date | None = None
    known_at: date | None = None
    grid: str | None = None


def bulletin(session: Session, scope: Scope, question: BulletinQuestion) -> Facts:
    """Return every figure of a bulletin as JSON has it; what is not known is None.

    The ranking has only figures of rectification, which come out the same for one `known_at`
    whatever was corrected since.
    """
    asked = _asked(session, scope, question)
    ground = ground_of(session, asked)
    period = ground.period
    owners = rectifications(session, scope, asked)
    facts = {
        "kind": question.kind,
        "city": ground.city.name,
        "simulated": ground.city.simulated,
        "day": period.day.isoformat(),
        "cut_off": cut_off(period),
        "known_at": moment_of(ground.known_at, period),
        "since": period.start.date().isoformat(),
        "totals": dict(owners.totals),
        "rates": owners.extra["rates"],
        "decisions": [
            {"code": d.code, "values": dict(d.values)} for d in owners.decisions if d.code in _TOLD
        ],
        "owners": records(owners.rows),
        "before": _before(session, scope, asked, period),
        "segments": _segments(session, scope, asked),
        "changes": _changes(session, scope, asked, period),
        "late": _late(session, scope, asked),
        **_of_cells(session, scope, asked, period),
    }
    if question.kind != "ranking":
        facts |= {
            "visits": visits(session, scope, period),
            "hazards": hazards_found(session, scope, period),
            "sanctions": sanctions(session, scope, period),
            "submissions": submissions(session, period, ground.known_at),
        }
    return facts


def window_of(kind: BulletinKind, day: date) -> int:
    """Return the days a bulletin covers; a monthly one begins with the month."""
    return _DAYS.get(kind, day.day)


def _asked(session: Session, scope: Scope, question: BulletinQuestion) -> RectificationQuestion:
    asked = RectificationQuestion(as_of=question.as_of, known_at=question.known_at)
    day = ground_of(session, asked).period.day
    grid = question.grid or coarsest_grid(session, scope)
    return replace(asked, grid=grid, window_days=window_of(question.kind, day))


def coarsest_grid(session: Session, scope: Scope) -> str | None:
    """Return the code of the grid a city is told by: districts before squares, few cells first."""
    known = grids(session, scope)
    known.sort(key=lambda grid: (_COARSE_FIRST.index(grid["kind"]), grid["n_cells"], grid["code"]))
    return known[0]["code"] if known else None


def cut_off(period: Period) -> str:
    """Return the day, which ends at 24:00, or the moment."""
    return moment_of(period.as_of, period) or period.day.isoformat()


def moment_of(known: date | None, period: Period) -> str | None:
    """Return a moment by the city's clock; None for a day."""
    if not isinstance(known, datetime):
        return None
    return known.astimezone(period.zone).isoformat(timespec="minutes")


def _before(
    session: Session, scope: Scope, asked: RectificationQuestion, period: Period
) -> Facts | None:
    """Return the day before the window and completion then."""
    earlier = period_before(period)
    then = rectifications(session, scope, replace(asked, as_of=earlier.as_of))
    return {"day": earlier.day.isoformat(), "completion": then.extra["rates"][0]}


def _segments(session: Session, scope: Scope, asked: RectificationQuestion) -> Facts | None:
    """Return the figures of dark segments alone; None where there is none."""
    found = rectifications(session, scope, replace(asked, about="segment"))
    if not found.totals["n_items"]:
        return None
    return {"totals": dict(found.totals), "rates": found.extra["rates"]}


def _changes(session: Session, scope: Scope, asked: RectificationQuestion, period: Period) -> Facts:
    return dict(item_changes(session, scope, asked, period_before(period).as_of).totals)


def _late(session: Session, scope: Scope, asked: RectificationQuestion) -> list[Facts]:
    """Return the open items past their limit, the latest first."""
    late = item_list(session, scope, asked, "overdue").sort_values("days_left", kind="stable")
    return [{name: row[name] for name in _LATE} for row in item_rows(late.head(_MOST_LATE))]


def _of_cells(
    session: Session, scope: Scope, asked: RectificationQuestion, period: Period
) -> Facts:
    """Return the figures of each cell, best first, and the outlines of all of them."""
    if asked.grid is None:
        return {"grid": None, "cells": [], "outlines": []}
    by: GroupedBy = "cell"
    ranked: Answer = rectifications(session, scope, replace(asked, by=by))
    known = cells_of(session, scope, grid_id(session, asked.grid), period.day)
    drawn = outlines(cell_polygons(session, scope, known.index)) if len(known) else []
    name = next(one["name"] for one in grids(session, scope) if one["code"] == asked.grid)
    return {
        "grid": {"code": asked.grid, "name": name},
        "cells": records(ranked.rows),
        "outside": ranked.outside["outside"],
        "outlines": [
            {"code": code, "rings": rings} for code, rings in zip(known["code"], drawn, strict=True)
        ],
    }
