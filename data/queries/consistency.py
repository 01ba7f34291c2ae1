"""The rows behind what does not fit together."""

from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from data.models import (
    Hazard,
    Inspection,
    Outage,
    Placement,
    Publication,
    Rectification,
    Sanction,
    Segment,
    Unit,
)
from data.queries.places import local_day, seen
from data.queries.rectifications import items_at, sees
from data.queries.streetlights import out_at_end
from data.scope import Scope
from geo.periods import Period

Rows = list[dict[str, Any]]


def unmapped_levels(session: Session, scope: Scope, period: Period) -> Rows:
    """Return hazards whose own word for the level is none that is known here."""
    statement = select(Hazard.external_code.label("code"), Hazard.native_level).where(
        Hazard.found_at < period.end,
        Hazard.level.is_(None),
        func.coalesce(Hazard.native_level, "") != "",
    )
    return _rows(session, seen(statement, scope, Placement.hazard_id, Hazard.id))


def visits_to_the_unregistered(session: Session, scope: Scope, period: Period) -> Rows:
    """Return visits to units before they were registered, or after they were closed."""
    day = local_day(Inspection.inspected_at, period.timezone)
    statement = (
        select(
            Inspection.external_code.label("code"),
            Unit.external_code.label("unit"),
            day.label("visited_on"),
            Unit.registered_on,
            Unit.closed_on,
        )
        .join(Unit, Unit.id == Inspection.unit_id)
        .where(
            Inspection.inspected_at < period.end,
            or_(day < Unit.registered_on, day > Unit.closed_on),
        )
    )
    return _rows(session, seen(statement, scope, Placement.unit_id, Unit.id))


def weeks_of_visits(session: Session, scope: Scope, period: Period) -> Rows:
    """Return the visits of each week, and the hazards that they found."""
    week = func.date_trunc("week", func.timezone(period.timezone, Inspection.inspected_at))
    found = (
        select(Hazard.inspection_id, func.sum(Hazard.count).label("n"))
        .where(Hazard.inspection_id.isnot(None), Hazard.found_at < period.end)
        .group_by(Hazard.inspection_id)
        .subquery()
    )
    statement = (
        select(
            func.to_char(week, "YYYY-MM-DD").label("code"),
            func.count().label("n_visits"),
            func.coalesce(func.sum(found.c.n), 0).label("n_hazards"),
        )
        .join(Unit, Unit.id == Inspection.unit_id)
        .outerjoin(found, found.c.inspection_id == Inspection.id)
        .where(Inspection.inspected_at < period.end)
        .group_by(week)
    )
    return _rows(session, seen(statement, scope, Placement.unit_id, Unit.id))


def unsurveyed_segments(session: Session, scope: Scope) -> Rows:
    """Return the segments whose lamps nobody surveyed."""
    statement = select(Segment.external_code.label("code"), Segment.name).where(
        Segment.lamp_survey == "not_surveyed"
    )
    return _rows(session, seen(statement, scope, Placement.segment_id, Segment.id))


def dark_without_lamps(session: Session, scope: Scope, period: Period) -> Rows:
    """Return segments that have no lamps, and yet outages or work on the lamps."""
    item = items_at(period)
    statement = select(Segment.external_code.label("code"), Segment.name).where(
        Segment.lamp_survey == "no_lamp",
        or_(
            exists().where(Outage.segment_id == Segment.id, out_at_end(period)),
            Segment.id.in_(select(item.segment_id).where(item.segment_id.isnot(None))),
        ),
    )
    return _rows(session, seen(statement, scope, Placement.segment_id, Segment.id))


def ended_apart(session: Session, scope: Scope, period: Period) -> Rows:
    """Return closed work on hazards that are open, and open work on hazards that are closed.

    What was closed in vain, and is reopened by now, was open all the time.
    """
    item = items_at(period)
    is_over = and_(Hazard.closed_at < period.end)
    statement = (
        select(item.external_code.label("code"), Hazard.external_code.label("hazard"), item.state)
        .join(Hazard, Hazard.id == item.hazard_id)
        .join(Rectification, Rectification.id == item.id)
        .where(
            Hazard.closing_known,
            or_(
                and_(
                    item.state == "closed",
                    func.coalesce(is_over, False).is_(False),
                    Rectification.n_reopened == item.n_reopened,
                ),
                and_(item.state.not_in(("closed", "exempt", "transferred")), is_over),
            ),
        )
    )
    return _rows(session, sees(statement, item, scope))


def unnumbered_sanctions(session: Session, scope: Scope, period: Period) -> Rows:
    """Return sanctions without the number of a document."""
    statement = (
        select(Sanction.external_code.label("code"), Sanction.kind, Sanction.issued_on)
        .join(Unit, Unit.id == Sanction.unit_id)
        .where(
            Sanction.issued_on <= period.day,
            func.coalesce(Sanction.document_number, "") == "",
        )
    )
    return _rows(session, seen(statement, scope, Placement.unit_id, Unit.id))


def issued_totals(session: Session, period: Period) -> Rows:
    """Return the totals of work of each issued bulletin, by kind and in the order of cut-off.

    One that was corrected is left out.
    """
    correction = aliased(Publication)
    statement = (
        select(
            Publication.kind,
            Publication.number.label("code"),
            Publication.figures["facts"]["totals"]["n_items"].as_integer().label("n_items"),
        )
        .where(
            Publication.issued_at.isnot(None),
            Publication.cut_off_at <= period.end,
            ~exists().where(
                correction.corrects_id == Publication.id, correction.issued_at.isnot(None)
            ),
        )
        .order_by(Publication.kind, Publication.cut_off_at, Publication.number)
    )
    return _rows(session, statement)


def n_issued(session: Session) -> int:
    """Return how many bulletins were issued: issuing one moves no revision."""
    issued = select(func.count()).where(Publication.issued_at.isnot(None))
    return session.execute(issued).scalar_one()


def any_sanctions(session: Session) -> bool:
    """Tell whether any sanction was ever recorded."""
    return session.execute(select(exists().select_from(Sanction))).scalar_one()


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> Rows:
    found = session.execute(statement.order_by("code")).mappings()
    return [
        {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in row.items()
        }
        for row in found
    ]
