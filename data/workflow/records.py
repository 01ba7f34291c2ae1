"""What an action leaves in tables of its own: evidence, extensions, supervisions, sanctions."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from psycopg import sql
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from data.closing import close_hazard, open_hazard
from data.history import keep
from data.models import Evidence, Extension, Sanction, Supervision
from data.models.rectifications import STOPPING
from data.references import party_ids
from data.upserts import table_of
from data.workflow.items import Case

OWN_SOURCE = "guatu"
"""The source of what is written here and came with no ledger."""

_IN_FORCE = sql.SQL(
    "SELECT id FROM sanction WHERE rectification_id = {} AND kind = ANY({}) AND resumed_on IS NULL"
)


def write_records(session: Session, action: str, case: Case) -> dict[str, Any]:
    """Write what `action` leaves besides the item, and return what the event should tell of it."""
    session.add_all(
        Evidence(
            rectification_id=case.item.id,
            round=case.item.n_reopened,
            action=action,
            file_name=shown.file_name,
            sha256=bytes.fromhex(shown.sha256),
            note=shown.note,
            added_by=case.brought.by or "",
            added_at=case.at,
        )
        for shown in case.brought.evidence
    )
    write = _WRITERS.get(action)
    return {} if write is None else write(session, case)


def party_id(session: Session, code: str) -> int:
    """Return the id of the party of that code; one not known yet is made."""
    return int(party_ids(session, pd.Series([code], dtype=object)).iloc[0])


def _extend(session: Session, case: Case) -> dict[str, Any]:
    session.add(
        Extension(
            rectification_id=case.item.id,
            old_due_on=case.item.due_on,
            new_due_on=case.after.due_on,
            reason=case.brought.reason,
            granted_at=case.at,
        )
    )
    return {}


def _list(session: Session, case: Case) -> dict[str, Any]:
    told = {
        "leader": case.brought.more["leader"],
        "listed_by": case.brought.more.get("listed_by"),
        "listed_on": case.day,
        "listed_until": case.brought.more.get("listed_until"),
    }
    by = told["listed_by"]
    session.add(
        Supervision(
            rectification_id=case.item.id,
            party_id=None if by is None else party_id(session, by),
            leader=told["leader"],
            listed_on=told["listed_on"],
            due_on=told["listed_until"],
        )
    )
    return told


def _unlist(session: Session, case: Case) -> dict[str, Any]:
    listed = (Supervision.rectification_id == case.item.id, Supervision.removed_on.is_(None))
    removed = {"removed_on": case.day, "removal_recorded_at": func.guatu_now()}
    session.execute(update(Supervision).where(*listed).values(**removed))
    return {"removed_on": case.day}


def _sanction(session: Session, case: Case) -> dict[str, Any]:
    told = {name: value for name, value in case.brought.more.items() if value is not None}
    session.add(
        Sanction(
            source=OWN_SOURCE,
            external_code=f"{case.item.id}-{case.item.version + 1}",
            unit_id=case.item.unit_id,
            rectification_id=case.item.id,
            **told,
        )
    )
    return told


def _resume(session: Session, case: Case) -> dict[str, Any]:
    in_force = _IN_FORCE.format(sql.Literal(case.item.id), sql.Literal(list(STOPPING)))
    keep(session, table_of(Sanction), in_force)
    ended = update(Sanction).where(
        Sanction.rectification_id == case.item.id,
        Sanction.kind.in_(STOPPING),
        Sanction.resumed_on.is_(None),
    )
    recorded_at = func.greatest(func.guatu_now(), Sanction.recorded_at)
    session.execute(ended.values(resumed_on=case.day, recorded_at=recorded_at))
    return {"resumed_on": case.day}


def _close(session: Session, case: Case) -> dict[str, Any]:
    if case.item.is_on_hazard:
        close_hazard(session, case.item.id, case.at)
    return {}


def _reopen(session: Session, case: Case) -> dict[str, Any]:
    if case.item.is_on_hazard and case.item.state == "closed":
        open_hazard(session, case.item.id)
    return {}


_WRITERS: Mapping[str, Callable[[Session, Case], dict[str, Any]]] = {
    "close": _close,
    "reopen": _reopen,
    "extend": _extend,
    "list": _list,
    "unlist": _unlist,
    "sanction": _sanction,
    "resume": _resume,
}
