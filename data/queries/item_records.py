"""Everything that was ever done about one rectification."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from data.errors import NotFoundError
from data.models import (
    Event,
    Evidence,
    Extension,
    Hazard,
    Party,
    Placement,
    Rectification,
    Sanction,
    Supervision,
)
from data.queries.places import resolve_period, seen
from data.queries.rectifications import sees
from data.scope import Scope
from data.workflow import OPEN, steps_of
from data.workflow.finding import THINGS
from data.workflow.guards import WORDS

Record = dict[str, Any]

_LEAD, _HELPING = aliased(Party), aliased(Party)


def item_record(session: Session, scope: Scope, number: int) -> Record:
    """Return the item of that id as it stands, what may be done next, and what was done.

    Raises
    ------
    NotFoundError
        When there is none, or the reader may not see it.
    """
    statement = (
        select(Rectification, Hazard.level, _LEAD, _HELPING)
        .outerjoin(Hazard, Hazard.id == Rectification.hazard_id)
        .outerjoin(_LEAD, _LEAD.id == Rectification.lead_party_id)
        .outerjoin(_HELPING, _HELPING.id == Rectification.helping_party_id)
        .where(Rectification.id == number)
    )
    found = session.execute(sees(statement, Rectification, scope)).one_or_none()
    if found is None:
        raise NotFoundError(f"rectification {number}: there is none of that number")
    item, level, lead, helping = found
    steps = steps_of(session, number)
    return {
        **_columns(item),
        "level": level,
        **_parties(lead_party=lead, helping_party=helping),
        **_countdown(session, item),
        "steps": [asdict(step) for step in steps.open],
        "other_steps": [asdict(step) for step in steps.closed],
        "choices": {name: list(words) for name, words in WORDS.items()},
        "events": _events(session, number),
        "evidence": _rows(session, Evidence, number),
        "extensions": _rows(session, Extension, number),
        "supervisions": _supervisions(session, number),
        "sanctions": _rows(session, Sanction, number),
    }


def items_on(session: Session, scope: Scope, about: str, code: str) -> list[Record]:
    """Return the hazards or segments of that code, and the ids of the items on each.

    Several sources may use one code. Of the items, the one found last goes first.
    """
    thing = THINGS[about]
    own = getattr(Rectification, f"{about}_id")
    placed = getattr(Placement, f"{about}_id")
    things = seen(select(thing.id), scope, placed, thing.id).where(thing.external_code == code)
    ids = session.scalars(things.order_by(thing.id)).all()
    items = select(Rectification.id, own).where(own.in_(ids))
    latest = items.order_by(Rectification.found_at.desc(), Rectification.id.desc())
    found: dict[int, list[int]] = {number: [] for number in ids}
    for item, number in session.execute(latest):
        found[number].append(item)
    return [{"thing": number, "items": numbers} for number, numbers in found.items()]


def _parties(**parties: Party | None) -> Record:
    """Return the code and the name of each; None where there is none."""
    codes = {name: party and party.code for name, party in parties.items()}
    return codes | {f"{name}_name": party and party.name for name, party in parties.items()}


def _countdown(session: Session, item: Rectification) -> Record:
    """Return the city's own day, and the days that are left by then of what is to be fixed.

    They are negative once it is overdue, and None without a deadline or once it is ended.
    """
    period = resolve_period(session, None, 1)
    due_on = item.due_on if item.state in OPEN else None
    return {
        "today": period.day.isoformat(),
        "timezone": period.timezone,
        "days_left": None if due_on is None else (due_on - period.day).days,
    }


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


def _supervisions(session: Session, number: int) -> list[Record]:
    statement = (
        select(Supervision, Party)
        .outerjoin(Party, Party.id == Supervision.party_id)
        .where(Supervision.rectification_id == number)
        .order_by(Supervision.id)
    )
    return [_columns(row) | _parties(listed_by=by) for row, by in session.execute(statement)]


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
