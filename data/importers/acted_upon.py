"""Rectifications that somebody has acted upon: no ledger moves their state."""

import pandas as pd
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from data.importers.cells import refusal
from data.importers.report import RowError
from data.models import Event, Rectification

REASON = "is not as it was acted upon: only an action changes the state of this item"


def moved_states(session: Session, rows: pd.DataFrame, source: str) -> list[RowError]:
    """Return the rows that would move the state of an item which an action has brought there.

    A blank state would move it too: it stands for an item that was only found.
    """
    if not {"external_code", "state"} <= set(rows):
        return []
    known = _acted_upon(session, rows["external_code"].dropna().unique().tolist(), source)
    stands = rows["external_code"].map(known)
    moved = stands.notna() & (rows["state"] != stands)
    told = rows.loc[moved, "state"]
    return [
        refusal(row, "state", state if isinstance(state, str) else None, REASON)
        for row, state in told.items()
    ]


def _acted_upon(session: Session, codes: list[str], source: str) -> dict[str, str]:
    """Return the state of each item of `codes` that an event tells of, by its code."""
    acted = exists().where(Event.subject == "rectification", Event.subject_id == Rectification.id)
    statement = (
        select(Rectification.external_code, Rectification.state)
        .where(Rectification.source == source, Rectification.external_code == func.any(codes))
        .where(acted)
    )
    return {row.external_code: row.state for row in session.execute(statement)}
