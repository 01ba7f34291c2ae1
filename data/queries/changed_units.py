"""The units that changed since the store was last read, and what is now known of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    Integer,
    Select,
    Text,
    cast,
    func,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session

from data.engine import PREPARED
from data.models import Inspection, Unit
from data.queries.inspections import (
    DaysKnown,
    days_statement,
    units_statement,
    visits_statement,
    with_risks,
)
from data.queries.reading import PackedSelect
from data.scope import Scope
from geo.periods import Period

_SEEN_STATE = text("SELECT CAST(pg_current_snapshot() AS text), now()")
# Of two snapshots the older one holds nothing that the newer one does not.
_CHANGE = (
    text("""
    WITH change AS (
        SELECT unit_ids FROM unit_change, CAST(:seen AS pg_snapshot) AS seen
        WHERE written_by >= CAST(CAST(pg_snapshot_xmin(seen) AS text) AS bigint)
            AND NOT pg_visible_in_snapshot(CAST(CAST(written_by AS text) AS xid8), seen)
    )
    SELECT CAST(state AS text) AS snapshot, now() AS read_at,
        pg_snapshot_xmax(state) < pg_snapshot_xmax(seen) OR EXISTS (
            SELECT FROM pg_snapshot_xip(state) AS running
            WHERE pg_visible_in_snapshot(running, seen)) AS is_before,
        CASE WHEN EXISTS (SELECT FROM change WHERE unit_ids IS NULL) THEN NULL
            ELSE ARRAY(SELECT DISTINCT unnest(unit_ids) FROM change) END AS units
    FROM pg_current_snapshot() AS state, CAST(:seen AS pg_snapshot) AS seen
    """)
    .columns(
        snapshot=Text, read_at=DateTime(timezone=True), is_before=Boolean, units=ARRAY(Integer)
    )
    .cte("seen_change")
)


class Changes(NamedTuple):
    """What happened between a snapshot and the state that a transaction sees.

    `is_before` says that the state is older than the snapshot. `units` are those whose row, cell or
    visits may be others; None for many. `rows` and `visits` are what `units_by_cell` and
    `visits_until` say of just these. The log of changes goes back for a day.
    """

    snapshot: str
    read_at: datetime
    is_before: bool
    units: Sequence[int] | None
    days: DaysKnown
    rows: Mapping[str, NDArray[Any]]
    visits: Mapping[str, NDArray[Any]]


def seen_state(session: Session) -> tuple[str, datetime]:
    """Return what names the state that this transaction sees, and its time."""
    snapshot, read_at = session.execute(_SEEN_STATE).one()
    return snapshot, read_at


def changes_since(
    session: Session, snapshot: str, scope: Scope, grid: int, period: Period
) -> Changes:
    """Return what changed since a state that `seen_state` named, in one round trip."""
    reading = _reading(scope, period.timezone)
    parameters = {"seen": snapshot, "grid": grid, "day": period.day, "end": period.end}
    row = iter(session.execute(reading.statement, parameters).one())
    seen, read_at, is_before, units = islice(row, len(_CHANGE.c))
    days = DaysKnown(*islice(row, len(DaysKnown._fields)))
    rows = with_risks(reading.units.unpacked(islice(row, reading.units.width)))
    return Changes(seen, read_at, is_before, units, days, rows, reading.visits.unpacked(row))


class _Reading(NamedTuple):
    units: PackedSelect
    visits: PackedSelect
    statement: Select[*tuple[Any, ...]]


@lru_cache(maxsize=64)
def _reading(scope: Scope, timezone: str) -> _Reading:
    changed = func.any(cast(select(_CHANGE.c.units).scalar_subquery(), ARRAY(Integer)))
    units = PackedSelect(units_statement(scope).where(Unit.id == changed))
    visits = PackedSelect(visits_statement(timezone).where(Inspection.unit_id == changed))
    days, rows, visited = (
        one.subquery() for one in (days_statement(timezone), units.row, visits.row)
    )
    together = _CHANGE.join(days, true()).join(rows, true()).join(visited, true())
    statement = select(_CHANGE, days, rows, visited).select_from(together)
    return _Reading(units, visits, statement.execution_options(**PREPARED))
