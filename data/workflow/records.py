"""What an action leaves in tables of its own: evidence, extensions, supervisions, sanctions."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import update
from sqlalchemy.orm import Session

from data.cities import the_city
from data.models import Evidence, Extension, Sanction, Supervision
from data.references import party_ids
from data.workflow.items import Case

OWN_SOURCE = "guatu"
"""The source of what is written here and came with no ledger."""


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
        "listed_on": _day(session, case),
        "listed_until": case.brought.more.get("listed_until"),
    }
    session.add(
        Supervision(
            rectification_id=case.item.id,
            leader=told["leader"],
            listed_on=told["listed_on"],
            due_on=told["listed_until"],
        )
    )
    return told


def _unlist(session: Session, case: Case) -> dict[str, Any]:
    day = _day(session, case)
    listed = (Supervision.rectification_id == case.item.id, Supervision.removed_on.is_(None))
    session.execute(update(Supervision).where(*listed).values(removed_on=day))
    return {"removed_on": day}


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


def _day(session: Session, case: Case) -> date:
    """Return the local day on which it was done."""
    return case.at.astimezone(ZoneInfo(the_city(session).timezone)).date()


_WRITERS: Mapping[str, Callable[[Session, Case], dict[str, Any]]] = {
    "extend": _extend,
    "list": _list,
    "unlist": _unlist,
    "sanction": _sanction,
}
