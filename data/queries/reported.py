"""What was reported of a period: visits, what they found, sanctions, and who reported at all."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from data.models import Hazard, Inspection, Party, Placement, Sanction, Submission, Unit
from data.models.records import SUBMISSION_STATES
from data.models.rectifications import SANCTIONS
from data.queries.places import seen
from data.scope import Scope
from geo.periods import Period

LEVELS = ("major", "larger", "general")


def visits(session: Session, scope: Scope, period: Period) -> dict[str, int] | None:
    """Return the visits of the window and the distinct units visited; None without any ledger."""
    counts = (func.count(Inspection.id), func.count(Inspection.unit_id.distinct()))
    statement = select(*counts).join(Unit, Unit.id == Inspection.unit_id)
    statement = seen(statement, scope, Placement.unit_id, Unit.id)
    made = _within(Inspection.inspected_at, period)
    known = Inspection.inspected_at < period.end
    if session.execute(statement.where(known)).one()[0] == 0:
        return None
    n_visits, n_units = session.execute(statement.where(made)).one()
    return {"n_visits": n_visits, "n_units": n_units}


def hazards_found(session: Session, scope: Scope, period: Period) -> dict[str, int] | None:
    """Return what was found in the window, in all, by level, and by visits; None without a ledger.

    Hazards are counted as reported: a row may stand for several.
    """
    counted: dict[str, ColumnElement[bool]] = {
        "n_hazards": true(),
        **{f"n_{level}": Hazard.level == level for level in LEVELS},
        "n_by_visits": Hazard.inspection_id.isnot(None),
    }
    total = func.sum(Hazard.count)
    sums = [func.coalesce(total.filter(one), 0).label(name) for name, one in counted.items()]
    statement = seen(select(*sums), scope, Placement.hazard_id, Hazard.id)
    if session.execute(statement.where(Hazard.found_at < period.end)).one()[0] == 0:
        return None
    found = session.execute(statement.where(_within(Hazard.found_at, period))).one()
    return {name: int(value) for name, value in found._asdict().items()}


def sanctions(session: Session, scope: Scope, period: Period) -> dict[str, Any] | None:
    """Return the sanctions of the window by kind, and the sum of the fines in yuan as text.

    None where none was ever recorded: nobody knows then, which is not zero.
    """
    by_kind = [func.count().filter(Sanction.kind == kind).label(kind) for kind in SANCTIONS]
    statement = select(*by_kind, func.sum(Sanction.fine_yuan).label("fine_yuan"))
    statement = statement.join(Unit, Unit.id == Sanction.unit_id)
    statement = seen(statement, scope, Placement.unit_id, Unit.id)
    days = (Sanction.issued_on >= period.start.date(), Sanction.issued_on <= period.day)
    if not any(session.execute(statement.where(days[1])).one()):
        return None
    found = session.execute(statement.where(*days)).one()._asdict()
    fine = found.pop("fine_yuan")
    return {**found, "fine_yuan": None if fine is None else str(fine)}


def submissions(
    session: Session, period: Period, known_at: datetime | None = None
) -> dict[str, list[str]] | None:
    """Return which leading parties reported for the day, which said zero, and which did not.

    None where nobody ever reported. Of one period the last report counts. With `known_at` only what
    had come in by then counts.
    """
    in_time = and_(Submission.submitted_at < period.end, *_by(known_at))
    same = (Submission.party_id, Submission.subject, Submission.period_start)
    last = (
        select(*same, Submission.period_end, Submission.state)
        .ext(distinct_on(*same))
        .where(in_time)
        .order_by(*same, Submission.submitted_at.desc())
        .subquery()
    )
    of_the_day = and_(
        last.c.party_id == Party.id,
        last.c.period_start <= period.day,
        last.c.period_end >= period.day,
    )
    ever = select(Submission.party_id).where(in_time)
    statement = (
        select(Party.name, func.min(last.c.state))
        .outerjoin(last, of_the_day)
        .where(Party.id.in_(ever))
        .group_by(Party.id)
        .order_by(Party.code)
    )
    rows = session.execute(statement).all()
    if not rows:
        return None
    states = (*SUBMISSION_STATES, None)
    return {state or "missing": [name for name, said in rows if said == state] for state in states}


def _by(known_at: datetime | None) -> list[ColumnElement[bool]]:
    return [] if known_at is None else [Submission.submitted_at <= known_at]


def _within(moment: Any, period: Period) -> ColumnElement[bool]:
    return and_(moment >= period.start, moment < period.end)
