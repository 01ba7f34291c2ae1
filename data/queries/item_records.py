"""Everything that was ever done about one rectification."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.models import Event, Evidence, Extension, Hazard, Rectification, Sanction, Supervision
from data.queries.rectifications import sees
from data.scope import Scope
from data.workflow import TRANSITIONS, way_of

Record = dict[str, Any]


def item_record(session: Session, scope: Scope, number: int) -> Record:
    """Return the item of that id as it stands, what may be done next, and what was done.

    Raises
    ------
    NotFoundError
        When there is none, or the reader may not see it.
    """
    statement = (
        select(Rectification, Hazard.level)
        .outerjoin(Hazard, Hazard.id == Rectification.hazard_id)
        .where(Rectification.id == number)
    )
    found = session.execute(sees(statement, Rectification, scope)).one_or_none()
    if found is None:
        raise NotFoundError(f"rectification {number}: there is none of that number")
    item, level = found
    return {
        **_columns(item),
        "level": level,
        "steps": _steps(item.state, way_of(is_major=level == "major")),
        "events": _events(session, number),
        "evidence": _rows(session, Evidence, number),
        "extensions": _rows(session, Extension, number),
        "supervisions": _rows(session, Supervision, number),
        "sanctions": _rows(session, Sanction, number),
    }


def _steps(state: str, way: str) -> list[Record]:
    return [
        {"action": one.action, "leads_to": one.target, "takes": list(one.takes)}
        for one in TRANSITIONS
        if state in one.sources and way in one.ways
    ]


def _events(session: Session, number: int) -> list[Record]:
    statement = (
        select(Event)
        .where(Event.subject == "rectification", Event.subject_id == number)
        .order_by(Event.id)
    )
    hidden = {"subject", "subject_id", "previous_hash"}
    return [
        {name: value for name, value in _columns(event).items() if name not in hidden}
        for event in session.scalars(statement)
    ]


def _rows(session: Session, model: Any, number: int) -> list[Record]:
    statement = select(model).where(model.rectification_id == number).order_by(model.id)
    return [_columns(row) for row in session.scalars(statement)]


def _columns(row: Any) -> Record:
    """Return the columns of a row as JSON has them; amounts and hashes as text."""
    values = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
