"""Units and the visits to them."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from data.models import RISKS, Cell, Inspection, Placement, Unit
from data.queries.places import CELL_OR_NONE, LedgerDays, in_cells, local_day
from data.queries.reading import PackedSelect
from data.scope import Scope
from geo.periods import Period

_SEEN_STATE = text("SELECT CAST(pg_current_snapshot() AS text), now()")
# Of two snapshots the older one holds nothing that the newer one does not.
_CHANGES_SINCE = text("""
    WITH change AS (
        SELECT unit_ids FROM unit_change, CAST(:seen AS pg_snapshot) AS seen
        WHERE written_by >= CAST(CAST(pg_snapshot_xmin(seen) AS text) AS bigint)
            AND NOT pg_visible_in_snapshot(CAST(CAST(written_by AS text) AS xid8), seen)
    )
    SELECT CAST(state AS text) AS snapshot, now() AS read_at,
        pg_snapshot_xmax(state) < pg_snapshot_xmax(seen) OR EXISTS (
            SELECT FROM pg_snapshot_xip(state) AS running
            WHERE pg_visible_in_snapshot(running, seen)) AS is_before,
        EXISTS (SELECT FROM change WHERE unit_ids IS NULL) AS are_many,
        ARRAY(SELECT DISTINCT unnest(unit_ids) FROM change) AS units
    FROM pg_current_snapshot() AS state, CAST(:seen AS pg_snapshot) AS seen
""")

_ONLY = bindparam("only", type_=ARRAY(Integer))


class Changes(NamedTuple):
    """What happened between a snapshot and the state that a transaction sees.

    `is_before` says that the state is older than the snapshot. `units` are those whose row, cell or
    visits may be others; None for many. The log of changes goes back for a day.
    """

    snapshot: str
    read_at: datetime
    is_before: bool
    units: Sequence[int] | None


def units_by_cell(
    session: Session,
    scope: Scope,
    grid: int,
    period: Period,
    only: Sequence[int] | None = None,
) -> dict[str, NDArray[Any]]:
    """Return the units a reader may see, each with its cell of `grid` (-1: none) and its dates.

    `closed_undated` marks a unit whose status is closed while nobody knows since when. With `only`
    it is just these units, by id.
    """
    statement = _units_by_cell(scope, are_all=only is None)
    units = statement.arrays(session, grid=grid, day=period.day, only=only)
    return units | {"risk": np.array([None, *RISKS], dtype=object)[units["risk"]]}


@lru_cache(maxsize=64)
def _units_by_cell(scope: Scope, *, are_all: bool) -> PackedSelect:
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
        bindparam("grid", type_=Integer),
        bindparam("day", type_=Date),
    )
    if not are_all:
        statement = statement.where(Unit.id == func.any(_ONLY))
    return PackedSelect(scope.narrow(statement, Cell.id).order_by(Unit.id))


def _day(column: Any) -> ColumnElement[date]:
    return func.coalesce(column, literal("-infinity").cast(Date), type_=Date)


def visits_until(
    session: Session, period: Period, only: Sequence[int] | None = None
) -> dict[str, NDArray[Any]]:
    """Return every visit before the end of the period, with `only` to these units, with its day."""
    statement = _visits_until(period.timezone, are_all=only is None)
    return statement.arrays(session, end=period.end, only=only)


@lru_cache(maxsize=8)
def _visits_until(timezone: str, *, are_all: bool) -> PackedSelect:
    statement = select(
        Inspection.unit_id.label("unit"),
        local_day(Inspection.inspected_at, timezone).label("visited_on"),
    ).where(Inspection.inspected_at < bindparam("end", type_=DateTime(timezone=True)))
    if not are_all:
        statement = statement.where(Inspection.unit_id == func.any(_ONLY))
    return PackedSelect(statement)


def seen_state(session: Session) -> tuple[str, datetime]:
    """Return what names the state that this transaction sees, and its time."""
    snapshot, read_at = session.execute(_SEEN_STATE).one()
    return snapshot, read_at


def changes_since(session: Session, snapshot: str) -> Changes:
    """Return what changed since a state that `seen_state` named."""
    row = session.execute(_CHANGES_SINCE, {"seen": snapshot}).one()
    units = None if row.are_many else row.units
    return Changes(row.snapshot, row.read_at, row.is_before, units)


def days_known(session: Session, timezone: str) -> tuple[LedgerDays, date | None]:
    """Return the days of the first and last visit, and the first day anything is known of."""
    first, last, registered = session.execute(_days_known(timezone)).one()
    return LedgerDays(first, last), min((day for day in (first, registered) if day), default=None)


@lru_cache(maxsize=8)
def _days_known(timezone: str) -> Select[date | None, date | None, date | None]:
    moment = Inspection.inspected_at
    first, last = (local_day(end(moment), timezone) for end in (func.min, func.max))
    return select(first, last, select(func.min(Unit.registered_on)).scalar_subquery())
