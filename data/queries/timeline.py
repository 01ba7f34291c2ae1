"""What each day of a ledger holds, and which drives ran on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.models import Campaign, Hazard, Inspection, Outage, Placement
from data.queries.places import local_day, seen
from data.scope import Scope


class _Ledger(NamedTuple):
    """When the events of a ledger are, how many a row counts for, and where its rows lie."""

    moment: InstrumentedAttribute[Any]
    number: ColumnElement[int]
    placed: SQLColumnExpression[int | None]
    thing: SQLColumnExpression[Any]


_LEDGERS: Mapping[str, _Ledger] = {
    "hazards": _Ledger(
        Hazard.found_at,
        func.sum(Hazard.count, type_=BigInteger),
        Placement.hazard_id,
        Hazard.id,
    ),
    "coverage": _Ledger(
        Inspection.inspected_at, func.count(), Placement.unit_id, Inspection.unit_id
    ),
    "streetlights": _Ledger(
        Outage.started_at, func.count(), Placement.segment_id, Outage.segment_id
    ),
}


def events_by_day(
    session: Session, scope: Scope, subject: str, timezone: str
) -> list[tuple[date, int]]:
    """Return the local days on which the ledger of `subject` has events, and how many.

    Hazards by the day they were found, visits by theirs, outages by the day they began.
    """
    moment, number, placed, thing = _LEDGERS[subject]
    day = local_day(moment, timezone).label("day")
    statement = select(day, number.label("n")).group_by(day)
    found = session.execute(seen(statement, scope, placed, thing).order_by(day))
    return [(row.day, row.n) for row in found]


def campaigns(session: Session) -> list[dict[str, Any]]:
    """Return the drives, the first to begin first."""
    statement = select(
        Campaign.code, Campaign.name, Campaign.started_on, Campaign.ended_on
    ).order_by(Campaign.started_on, Campaign.code)
    return [dict(row) for row in session.execute(statement).mappings()]
