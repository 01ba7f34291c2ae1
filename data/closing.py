"""Hazards are closed when the work on them is (销号), whatever their ledger leaves out."""

from datetime import datetime

import pandas as pd
from psycopg import sql
from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from data.engine import must_move
from data.history import keep
from data.models import Event, Hazard, Rectification
from data.upserts import table_of

_HAZARD_OF = sql.SQL("SELECT hazard_id FROM rectification WHERE id = {}")


def close_hazard(session: Session, item: int, at: datetime) -> None:
    """Close the hazard of a rectification with it, unless its ledger has closed it before."""
    _set(session, item, at, was_closed=False)


def open_hazard(session: Session, item: int) -> None:
    """Open the hazard of a rectification again: it was closed in vain."""
    _set(session, item, None, was_closed=True)


def _set(session: Session, item: int, closed_at: datetime | None, *, was_closed: bool) -> None:
    stands = sql.SQL("closed_at IS NOT NULL" if was_closed else "closed_at IS NULL")
    ours = sql.SQL("SELECT id FROM hazard WHERE id = ({}) AND {} FOR UPDATE").format(
        _HAZARD_OF.format(sql.Literal(item)), stands
    )
    if not keep(session, table_of(Hazard), ours):
        return
    own = select(Rectification.hazard_id).where(Rectification.id == item).scalar_subquery()
    told = None if closed_at is None else func.greatest(closed_at, Hazard.found_at)
    recorded_at = func.greatest(func.guatu_now(), Hazard.recorded_at)
    session.execute(
        update(Hazard)
        .where(Hazard.id == own)
        .values(closed_at=told, closing_known=True, recorded_at=recorded_at)
        .execution_options(synchronize_session=False)
    )
    must_move(session, "ledgers")


def as_closed_by_work(session: Session, rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return the rows of hazards with what closing the work on them said where they are silent."""
    work = _work_of(session, source)
    ours = rows["external_code"].isin(work.index)
    if not ours.any():
        return rows
    filled = {}
    if "closed_at" in rows:
        said, told = rows["closed_at"], rows["external_code"].map(work)
        if isinstance(said.dtype, pd.DatetimeTZDtype):
            told = told.astype(said.dtype)
        else:
            said = said.astype(object)
        filled["closed_at"] = said.where(said.notna() | ~ours, told)
    if "closing_known" in rows:
        filled["closing_known"] = rows["closing_known"].mask(ours, other=True)
    return rows.assign(**filled)


def _work_of(session: Session, source: str) -> pd.Series:
    """Return when the work on the hazards of `source` that was ever closed is, by their codes.

    Of work that was reopened, or follows other work, it is not known: NaT.
    """
    was_closed = exists().where(
        Event.subject == "rectification",
        Event.subject_id == Rectification.id,
        Event.action == "close",
    )
    statement = (
        select(Hazard.external_code, Rectification.state, Rectification.closed_at)
        .join(Rectification, Rectification.hazard_id == Hazard.id)
        .where(Hazard.source == source, was_closed)
        .order_by(Rectification.id)
    )
    found = pd.DataFrame(session.execute(statement), columns=["code", "state", "closed_at"])
    last = found.drop_duplicates("code", keep="last").set_index("code")
    closed_at = pd.to_datetime(last["closed_at"], utc=True)
    return closed_at.where(last["state"] == "closed")
