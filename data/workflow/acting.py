"""Take an action on a rectification: compare, set, and write down the one event of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import sql
from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from data.cities import the_city
from data.clock import by_the_clock
from data.engine import must_move
from data.errors import ActRefusedError, NotFoundError, OvertakenError
from data.history import keep
from data.models import (
    Event,
    Evidence,
    Hazard,
    Party,
    Rectification,
    Sanction,
    Segment,
    Supervision,
)
from data.models.rectifications import STOPPING
from data.references import PARTIES
from data.upserts import table_of
from data.workflow.items import Brought, Case, Item
from data.workflow.records import party_id, write_records
from data.workflow.rules import due_by_rule, thing_of_item
from data.workflow.table import CONFIRMED, OPEN, Transition, refusals_of, transition, way_of

_AS_SEEN = sql.SQL(
    "SELECT id FROM rectification WHERE id = {id} AND state = {state} AND version = {version}"
    " FOR UPDATE"
)
_UNCHECKED = {"rechecked_by": None, "recheck_verified": None}
_NOT_EXEMPT = dict.fromkeys(CONFIRMED)
_LEAD, _HELPING = aliased(Party), aliased(Party)
_OWN = (
    "id",
    "state",
    "version",
    "found_at",
    "state_at",
    "closed_at",
    "due_on",
    "person",
    "measure",
    "money_yuan",
    "contingency",
    "handover_batch",
    "cause",
    "exempt_reason",
    "exempt_confirmed_by_city",
    "exempt_confirmed_by_builder",
    "escalation",
    "reported_fixed_by",
    "rechecked_by",
    "recheck_verified",
    "n_reopened",
)


@dataclass(frozen=True)
class Seen:
    """The item as whoever acts has seen it; without a version its state alone must still hold."""

    state: str
    version: int | None = None


@dataclass(frozen=True)
class Acted:
    """What an action led to: the state and version of the item, and the event that tells of it."""

    state: str
    version: int
    event: int


def act(
    session: Session, number: int, action: str, seen: Seen, brought: Brought, actor: str
) -> Acted:
    """Take `action` on the rectification `number`, in the transaction of the caller.

    Of any number of callers who saw the same version, one acts; the others are told so. What is
    refused has written nothing.

    Raises
    ------
    NotFoundError
        When there is no such rectification.
    OvertakenError
        When it is not as it was seen.
    WrongStateError
        When the action is not for its state.
    ActRefusedError
        When a guard refuses; names every field that is wrong.
    """
    if action == "reopen":
        _hold_thing(session, number)
    found = looked_at(session, number)
    item = found.item
    case = replace(found, brought=_with_deadline(session, action, item, brought, found.now))
    _compare(item, seen)
    step = allowed_step(action, case)
    _lock(session, item)
    changes = changes_of(step, case)
    version = _set(session, item, changes)
    changes |= write_records(session, action, case)
    event = event_of(actor, step, case, {**changes, "version": version})
    session.add(event)
    session.flush()
    must_move(session, "rectifications")
    return Acted(step.target or item.state, version, event.id)


def _hold_thing(session: Session, number: int) -> None:
    """Let nobody else find or reopen work on the item's hazard or segment until the end."""
    for thing, own in ((Hazard, Rectification.hazard_id), (Segment, Rectification.segment_id)):
        held = select(thing.id).join(Rectification, own == thing.id)
        session.execute(held.where(Rectification.id == number).with_for_update(of=thing))


def looked_at(session: Session, number: int) -> Case:
    """Return the rectification as guards see it, and the time it is; nothing is brought yet.

    Raises
    ------
    NotFoundError
        When there is no such rectification.
    """
    row = session.execute(items_with_now().where(Rectification.id == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"rectification {number}: there is none of that number")
    told = row._asdict()
    now, zone = told.pop("now"), ZoneInfo(the_city(session).timezone)
    return Case(Item(**told), Brought(), now, zone)


def _with_deadline(
    session: Session, action: str, item: Item, brought: Brought, now: datetime
) -> Brought:
    """Let the rules of the city say by when what is handed over is due, where nobody does."""
    if action != "hand_over" or item.due_on or brought.columns.get("due_on"):
        return brought
    thing = thing_of_item(session, item.id, brought.columns.get("cause") or item.cause)
    due_on = due_by_rule(session, thing, brought.at or now)
    return (
        brought
        if due_on is None
        else replace(brought, columns={**brought.columns, "due_on": due_on})
    )


def items_with_now() -> Select[*tuple[Any, ...]]:
    """Return the query of all items as guards see them, each beside the time it is."""
    shown = (
        select(func.count())
        .where(Evidence.rectification_id == Rectification.id)
        .where(Evidence.round == Rectification.n_reopened)
        .scalar_subquery()
    )
    other = aliased(Rectification)
    followed = exists().where(
        or_(
            other.hazard_id == Rectification.hazard_id,
            other.segment_id == Rectification.segment_id,
        ),
        other.id != Rectification.id,
        other.state.in_(OPEN),
    )
    listed = exists().where(
        Supervision.rectification_id == Rectification.id, Supervision.removed_on.is_(None)
    )
    stopped_on = (
        select(func.max(Sanction.issued_on))
        .where(Sanction.rectification_id == Rectification.id)
        .where(Sanction.kind.in_(STOPPING), Sanction.resumed_on.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            *(getattr(Rectification, name) for name in _OWN),
            Rectification.hazard_id.is_not(None).label("is_on_hazard"),
            (func.coalesce(Hazard.level, "") == "major").label("is_major"),
            func.coalesce(Hazard.origin, Rectification.origin).label("origin"),
            Hazard.unit_id,
            _LEAD.code.label("lead_party"),
            _HELPING.code.label("helping_party"),
            shown.label("n_evidence"),
            followed.label("is_followed"),
            listed.label("is_listed"),
            stopped_on.label("stopped_on"),
            by_the_clock(func.clock_timestamp()).label("now"),
        )
        .outerjoin(Hazard, Hazard.id == Rectification.hazard_id)
        .outerjoin(_LEAD, _LEAD.id == Rectification.lead_party_id)
        .outerjoin(_HELPING, _HELPING.id == Rectification.helping_party_id)
    )


def allowed_step(action: str, case: Case) -> Transition:
    """Return what `action` does in that case; the refusal of a guard names every wrong field."""
    item = case.item
    step = transition(action, item.state, way_of(is_major=item.is_major))
    if refusals := refusals_of(step, case):
        told = "; ".join(map(str, refusals))
        raise ActRefusedError(f"rectification {item.id}: {action}: {told}", refusals)
    return step


def _compare(item: Item, seen: Seen) -> None:
    if seen.state == item.state and seen.version in (None, item.version):
        return
    asked = seen.state if seen.version is None else f"{seen.state} at version {seen.version}"
    raise OvertakenError(
        f"rectification {item.id} is {item.state} at version {item.version}, no longer {asked}"
    )


def _lock(session: Session, item: Item) -> None:
    """Write down the row as it was seen, and let nobody else write it until the end."""
    seen = _AS_SEEN.format(
        id=sql.Literal(item.id), state=sql.Literal(item.state), version=sql.Literal(item.version)
    )
    if not keep(session, table_of(Rectification), seen):
        raise OvertakenError(
            f"rectification {item.id} is no longer {item.state} at version {item.version}:"
            " somebody else was faster"
        )


def changes_of(step: Transition, case: Case) -> dict[str, Any]:
    """Return the new values of the item's columns."""
    told = dict(case.brought.told)
    if step.target is not None:
        told |= {"state": step.target, "state_at": case.at}
    follows = _FOLLOWS.get(step.action)
    return told if follows is None else told | follows(case)


def _fixed(case: Case) -> dict[str, Any]:
    return {"reported_fixed_by": case.brought.by, **_UNCHECKED}


def _rechecked(case: Case) -> dict[str, Any]:
    # Nobody can prove a name before there are accounts.
    return {"rechecked_by": case.brought.by, "recheck_verified": False}


def _unchecked(_case: Case) -> dict[str, Any]:
    return _UNCHECKED


def _closed(case: Case) -> dict[str, Any]:
    return {"closed_at": case.at}


def _reopened(case: Case) -> dict[str, Any]:
    again = {"closed_at": None, "n_reopened": case.item.n_reopened + 1, "reported_fixed_by": None}
    return again | _UNCHECKED | _NOT_EXEMPT


_FOLLOWS: Mapping[str, Callable[[Case], dict[str, Any]]] = {
    "fix_on_site": _fixed,
    "report_fixed": _fixed,
    "recheck": _rechecked,
    "fail_recheck": _unchecked,
    "refuse": _unchecked,
    "close": _closed,
    "reopen": _reopened,
}
"""What an action sets besides the state and what was brought."""


def _set(session: Session, item: Item, changes: Mapping[str, Any]) -> int:
    """Write the new values where the row still is as it was seen; return its new version."""
    values = dict(changes)
    for name in PARTIES.keys() & values.keys():
        values[PARTIES[name]] = party_id(session, values.pop(name))
    statement = (
        update(Rectification)
        .where(Rectification.id == item.id)
        .where(Rectification.state == item.state, Rectification.version == item.version)
        .values(**values, recorded_at=func.greatest(func.guatu_now(), Rectification.recorded_at))
        .returning(Rectification.version)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).scalar_one()


def event_of(actor: str, step: Transition, case: Case, changes: Mapping[str, Any]) -> Event:
    """Return the event that tells of `changes`, not yet written."""
    item, brought = case.item, case.brought
    before = {"state": item.state, "version": item.version} | {
        name: getattr(item, name) for name in changes if hasattr(item, name)
    }
    after = {"state": step.target or item.state, "at": case.at, **changes}
    after |= {"by": brought.by, "reason": brought.reason}
    shown = [asdict(one) for one in brought.evidence]
    return Event(
        actor=actor,
        action=step.action,
        subject="rectification",
        subject_id=item.id,
        before=_plain(before),
        after=_plain(after),
        evidence={"files": shown} if shown else None,
    )


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON has them; amounts as text, so that none is rounded."""
    return {name: _text(value) for name, value in told.items()}


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
