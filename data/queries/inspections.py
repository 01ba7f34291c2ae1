"""Units and the visits to them."""

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
from pandas import DataFrame
from sqlalchemy import ColumnElement, Date, Integer, and_, func, literal, select, text
from sqlalchemy.orm import Session

from data.models import RISKS, Cell, Inspection, Placement, Unit
from data.queries.places import CELL_OR_NONE, LedgerDays, in_cells, local_day, local_days
from data.queries.reading import read_columns
from data.scope import Scope
from geo.periods import Period

# Of two snapshots the older one holds nothing that the newer one does not.
_IS_BEFORE = text("""
    SELECT pg_snapshot_xmax(now) < pg_snapshot_xmax(seen) OR EXISTS (
        SELECT FROM pg_snapshot_xip(now) AS running WHERE pg_visible_in_snapshot(running, seen))
    FROM pg_current_snapshot() AS now, CAST(:seen AS pg_snapshot) AS seen
""")
_CHANGED_SINCE = text("""
    SELECT unit_ids FROM unit_change
    WHERE written_by >= CAST(CAST(pg_snapshot_xmin(CAST(:seen AS pg_snapshot)) AS text) AS bigint)
        AND NOT pg_visible_in_snapshot(
            CAST(CAST(written_by AS text) AS xid8), CAST(:seen AS pg_snapshot))
""")


def units_by_cell(
    session: Session,
    scope: Scope,
    grid: int,
    period: Period,
    only: Collection[int] | None = None,
) -> DataFrame:
    """Return the units a reader may see, each with its cell of `grid` (-1: none) and its dates.

    `closed_undated` marks a unit whose status is closed while nobody knows since when. With `only`
    it is just these units, by id.
    """
    statement = in_cells(
        select(
            Unit.id.label("unit"),
            CELL_OR_NONE.label("cell"),
            func.coalesce(func.array_position(list(RISKS), Unit.risk), 0, type_=Integer).label(
                "risk"
            ),
            _day(Unit.registered_on).label("registered_on"),
            _day(Unit.closed_on).label("closed_on"),
            Unit.geom.is_(None).label("without_position"),
            and_(Unit.status == "closed", Unit.closed_on.is_(None)).label("closed_undated"),
        ),
        Unit.id,
        Placement.unit_id,
        grid,
        period.day,
    )
    if only is not None:
        statement = statement.where(Unit.id == func.any(list(only)))
    units = read_columns(session, scope.narrow(statement, Cell.id).order_by(Unit.id))
    return units.assign(risk=np.array([None, *RISKS], dtype=object)[units["risk"]])


def _day(column: Any) -> ColumnElement[date]:
    return func.coalesce(column, literal("-infinity").cast(Date), type_=Date)


def visits_until(
    session: Session, period: Period, only: Collection[int] | None = None
) -> DataFrame:
    """Return every visit before the end of the period, with `only` to these units, with its day."""
    statement = select(
        Inspection.unit_id.label("unit"),
        local_day(Inspection.inspected_at, period.timezone).label("visited_on"),
    ).where(Inspection.inspected_at < period.end)
    if only is not None:
        statement = statement.where(Inspection.unit_id == func.any(list(only)))
    return read_columns(session, statement)


def current_snapshot(session: Session) -> str:
    """Return what names the state that this transaction sees."""
    return str(session.scalars(text("SELECT pg_current_snapshot()::text")).one())


def is_before(session: Session, snapshot: str) -> bool:
    """Return whether the state that this transaction sees is older than that snapshot."""
    return bool(session.scalars(_IS_BEFORE, {"seen": snapshot}).one())


def units_changed_since(session: Session, snapshot: str) -> set[int] | None:
    """Return the units whose row, cell or visits may be others than in a snapshot; None for many.

    The log of changes goes back for a day.
    """
    found: set[int] = set()
    for unit_ids in session.scalars(_CHANGED_SINCE, {"seen": snapshot}):
        if unit_ids is None:
            return None
        found.update(unit_ids)
    return found


def days_of_inspections(session: Session, timezone: str) -> LedgerDays:
    """Return the days of the first and the last visit."""
    return local_days(session, Inspection.inspected_at, timezone)


def first_registration(session: Session) -> date | None:
    """Return the first day any unit was registered, if one is known."""
    return session.scalar(select(func.min(Unit.registered_on)))
