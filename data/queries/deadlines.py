"""By when work is due: the end of a campaign, or the days of the work items themselves."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.models import Campaign, Placement, Rectification
from data.queries.places import seen
from data.scope import Scope
from data.workflow.deadlines import open_at, overdue_at
from geo.periods import Period

Thing = Literal["hazards", "segments"]

COLUMNS: dict[str, tuple[SQLColumnExpression[Any], SQLColumnExpression[Any]]] = {
    "hazards": (Rectification.hazard_id, Placement.hazard_id),
    "segments": (Rectification.segment_id, Placement.segment_id),
}
"""Thing -> where a work item and a placement name it."""


@dataclass(frozen=True)
class DueDay:
    """A deadline; `campaign` is what ends on that day, ``None`` for that of a work item."""

    day: date
    campaign: str | None = None


@dataclass(frozen=True)
class OpenItems:
    """Work items that are open when a period ends, and those among them whose day is over."""

    n_open: int
    n_overdue: int


def campaign_end(session: Session, day: date) -> DueDay | None:
    """Return the next end of a campaign that has begun on `day`, or else the last that is over."""
    begun = or_(Campaign.started_on.is_(None), Campaign.started_on <= day)
    statement = (
        select(Campaign.ended_on, Campaign.name)
        .where(Campaign.ended_on.isnot(None), begun)
        .order_by(*_nearest(Campaign.ended_on, day), Campaign.code)
        .limit(1)
    )
    found = session.execute(statement).first()
    return None if found is None or found[0] is None else DueDay(found[0], found[1])


def item_due(session: Session, scope: Scope, thing: Thing, period: Period) -> DueDay | None:
    """Return the next due day of the open items on `thing`, or else the last that is over."""
    statement = (
        select(Rectification.due_on)
        .where(Rectification.due_on.isnot(None), open_at(period))
        .order_by(*_nearest(Rectification.due_on, period.day))
        .limit(1)
    )
    found = session.scalar(_of(statement, scope, thing))
    return None if found is None else DueDay(found)


def open_items(session: Session, scope: Scope, thing: Thing, period: Period) -> OpenItems | None:
    """Return how many items on `thing` are open and overdue; ``None`` where none was ever found."""
    statement = select(
        func.count(),
        func.count().filter(open_at(period)),
        func.count().filter(overdue_at(period)),
    ).where(Rectification.found_at < period.end)
    n_found, n_open, n_overdue = session.execute(_of(statement, scope, thing)).one()
    return OpenItems(n_open, n_overdue) if n_found else None


def _nearest(due: InstrumentedAttribute[date | None], day: date) -> tuple[ColumnElement[Any], ...]:
    """Return an order: days from `day` on before those that are over, the nearest first."""
    return due < day, func.abs(due - day)


def _of(statement: Select[*tuple[Any, ...]], scope: Scope, thing: Thing) -> Select[Any]:
    of_thing, placed = COLUMNS[thing]
    return seen(statement.where(of_thing.isnot(None)), scope, placed, of_thing)
