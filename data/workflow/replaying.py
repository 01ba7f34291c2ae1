"""Take many actions in a simulated city, each at its own moment, and write them down at once.

Guards, transitions and events are those of `data.workflow.acting`, and so is what is left in the
store; only the writing goes by bulk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from data.cities import the_city
from data.clock import tell_time
from data.engine import must_move
from data.errors import NotFoundError
from data.models import Event, Rectification
from data.models.rectifications import STOPPING
from data.references import PARTIES, party_ids
from data.upserts import table_of, upsert
from data.workflow.acting import allowed_step, changes_of, event_of, items_with_now
from data.workflow.items import Brought, Case, Item
from data.workflow.records import write_records
from geo.errors import WrongValueError

_TOLD = ("before", "after", "evidence")
# The time is told before the row comes for which the chain asks it.
_WRITE_EVENT = text("""
    INSERT INTO event (actor, action, subject, subject_id, before, after, evidence)
    SELECT :actor, :action, :subject, :subject_id, :before, :after, :evidence
    FROM set_config('guatu.told_time', :told, true)
""").bindparams(*(bindparam(name, type_=JSONB(none_as_null=True)) for name in _TOLD))
_RECORDED = ("close", "reopen", "sanction", "resume", "extend", "list", "unlist")
"""Actions that write rows of which it is asked when they were recorded, whatever is brought."""

_COLUMNS = [
    name
    for name in Item.__dataclass_fields__
    if name in table_of(Rectification).columns and name not in ("id", "origin")
]


@dataclass(frozen=True)
class Deed:
    """An action taken on the rectification `item` at a moment of the past: `brought.at`."""

    item: int
    action: str
    brought: Brought

    @property
    def at(self) -> datetime:
        """When it was done, and written down."""
        if self.brought.at is None:
            raise WrongValueError(f"rectification {self.item}: {self.action} has no moment")
        return self.brought.at


@dataclass(frozen=True)
class _Done:
    """What a deed led to: the item after it, how many were done to it before, and its event.

    `origin` is the item's own: guards look at that of its hazard first.
    """

    at: datetime
    item: Item
    origin: str | None
    n_before: int
    event: Event


def replay(session: Session, deeds: Iterable[Deed], actor: str) -> int:
    """Take the actions in the order of their moments; return how many.

    Raises
    ------
    WrongValueError
        When the city is not simulated, or a deed has no moment.
    NotFoundError, WrongStateError, ActRefusedError
        As `data.workflow.act` does; then the transaction must not be committed.
    """
    city = the_city(session)
    if not city.simulated:
        raise WrongValueError("only in a simulated city can the past be acted out")
    in_order = sorted(deeds, key=lambda deed: deed.at)
    done = list(_take(session, in_order, ZoneInfo(city.timezone), actor))
    session.flush()
    _write_items(session, done)
    _write_events(session, done)
    if done:
        must_move(session, "rectifications")
    return len(done)


def _take(session: Session, deeds: list[Deed], zone: tzinfo, actor: str) -> Iterator[_Done]:
    """Lead each item from state to state; what an action leaves beside the item is written."""
    items = _items(session, {deed.item for deed in deeds})
    origins = _own_origins(session, items)
    n_done = dict.fromkeys(items, 0)
    for deed in deeds:
        case = Case(items[deed.item], deed.brought, deed.at, zone)
        step = allowed_step(deed.action, case)
        changes = changes_of(step, case)
        after = _after(case, deed.action, changes)
        told = {**changes, **_records(session, deed, case), "version": after.version}
        origins[deed.item] = changes.get("origin", origins[deed.item])
        event = event_of(actor, step, case, told)
        yield _Done(deed.at, after, origins[deed.item], n_done[deed.item], event)
        items[deed.item] = after
        n_done[deed.item] += 1


def _records(session: Session, deed: Deed, case: Case) -> dict[str, Any]:
    """Write what the deed leaves besides the item, at its moment where that is recorded."""
    if deed.action not in _RECORDED and not deed.brought.evidence:
        return write_records(session, deed.action, case)
    tell_time(session, deed.at)
    told = write_records(session, deed.action, case)
    session.flush()
    return told


def _items(session: Session, numbers: set[int]) -> dict[int, Item]:
    statement = items_with_now().where(Rectification.id.in_(numbers))
    rows = [row._asdict() for row in session.execute(statement)]
    items = {row["id"]: Item(**{k: v for k, v in row.items() if k != "now"}) for row in rows}
    if missing := numbers - items.keys():
        raise NotFoundError(f"rectification {min(missing)}: there is none of that number")
    return items


def _own_origins(session: Session, items: Iterable[int]) -> dict[int, str | None]:
    statement = select(Rectification.id, Rectification.origin).where(Rectification.id.in_(items))
    return {row.id: row.origin for row in session.execute(statement)}


def _after(case: Case, action: str, changes: dict[str, Any]) -> Item:
    """Return the item with its new values, and with what the store would count anew."""
    item = case.item
    counted: dict[str, Any] = {
        "version": item.version + 1,
        "n_evidence": 0 if action == "reopen" else item.n_evidence + len(case.brought.evidence),
        "is_listed": {"list": True, "unlist": False}.get(action, item.is_listed),
        "stopped_on": _stopped_on(case, action),
    }
    return replace(item, **changes, **counted)


def _stopped_on(case: Case, action: str) -> date | None:
    """Return since when a sanction keeps the unit closed, once `action` is taken."""
    stopped_on, more = case.item.stopped_on, case.brought.more
    if action == "sanction" and more["kind"] in STOPPING:
        issued_on: date = more["issued_on"]
        return max(issued_on, stopped_on or issued_on)
    return None if action == "resume" else stopped_on


def _write_items(session: Session, done: list[_Done]) -> None:
    """Write the first version of every item, then the second, until each stands as it came out."""
    versions = _versions(session, done)
    for _, rows in versions.groupby("n_before"):
        upsert(session, table_of(Rectification), rows, ("id",))


def _versions(session: Session, done: list[_Done]) -> pd.DataFrame:
    versions = pd.DataFrame(
        [
            {"id": one.item.id, "n_before": one.n_before, "recorded_at": one.at}
            | {"origin": one.origin}
            | {name: getattr(one.item, name) for name in (*_COLUMNS, *PARTIES)}
            for one in done
        ],
        columns=["id", "n_before", "recorded_at", "origin", *_COLUMNS, *PARTIES],
    )
    versions["money_yuan"] = versions["money_yuan"].map(str, na_action="ignore")
    ids = {column: party_ids(session, versions[name]) for name, column in PARTIES.items()}
    return versions.assign(**ids)


def _write_events(session: Session, done: list[_Done]) -> None:
    rows = [
        {name: getattr(one.event, name) for name in ("actor", "action", "subject", "subject_id")}
        | {name: getattr(one.event, name) for name in _TOLD}
        | {"told": one.at.isoformat()}
        for one in done
    ]
    if rows:
        session.connection().execute(_WRITE_EVENT, rows)
        tell_time(session, done[-1].at)
