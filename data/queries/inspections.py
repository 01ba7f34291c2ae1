"""Units and the visits to them."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Double,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from data.models import RISKS, Cell, Inspection, Placement, Unit
from data.queries.places import CELL_OR_NONE, LedgerDays, in_cells, local_day
from data.queries.reading import PackedSelect, read_columns
from data.scope import Scope
from geo.periods import Period

DaysStatement = Select[date | None, date | None, date | None]


class DaysKnown(NamedTuple):
    """The days of the first and last visit, and of the first registration of a unit."""

    first_visit: date | None
    last_visit: date | None
    first_registration: date | None

    @property
    def visits(self) -> LedgerDays:
        """The days of the ledger of visits."""
        return LedgerDays(self.first_visit, self.last_visit)

    @property
    def first(self) -> date | None:
        """The first day anything is known of."""
        return min(
            (day for day in (self.first_visit, self.first_registration) if day), default=None
        )


def units_by_cell(
    session: Session, scope: Scope, grid: int, period: Period
) -> dict[str, NDArray[Any]]:
    """Return the units a reader may see, each with its cell of `grid` (-1: none) and its dates.

    `closed_undated` marks a unit whose status is closed while nobody knows since when.
    """
    return with_risks(_units_by_cell(scope).arrays(session, grid=grid, day=period.day))


@lru_cache(maxsize=64)
def _units_by_cell(scope: Scope) -> PackedSelect:
    return PackedSelect(units_statement(scope).order_by(Unit.id))


def units_statement(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the statement of `units_by_cell`, with parameters `grid` and `day`."""
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
    return scope.narrow(statement, Cell.id)


def with_risks(units: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return what `units_statement` gave with the names of risks in place of their numbers."""
    return units | {"risk": np.array([None, *RISKS], dtype=object)[units["risk"]]}


def _day(column: Any) -> ColumnElement[date]:
    return func.coalesce(column, literal("-infinity").cast(Date), type_=Date)


def visits_until(session: Session, period: Period) -> dict[str, NDArray[Any]]:
    """Return every visit before the end of the period with its day."""
    return _visits_until(period.timezone).arrays(session, end=period.end)


@lru_cache(maxsize=8)
def _visits_until(timezone: str) -> PackedSelect:
    return PackedSelect(visits_statement(timezone))


def visits_statement(timezone: str) -> Select[int, date]:
    """Return the statement of `visits_until`, with the parameter `end`."""
    return select(
        Inspection.unit_id.label("unit"),
        local_day(Inspection.inspected_at, timezone).label("visited_on"),
    ).where(Inspection.inspected_at < bindparam("end", type_=DateTime(timezone=True)))


def visited_places(session: Session, period: Period) -> DataFrame:
    """Return ``lon`` and ``lat`` of every unit of the city that was visited in the window."""
    visited = select(Inspection.unit_id).where(
        Inspection.inspected_at >= period.start, Inspection.inspected_at < period.end
    )
    statement = select(
        func.ST_X(Unit.geom, type_=Double).label("lon"),
        func.ST_Y(Unit.geom, type_=Double).label("lat"),
    ).where(Unit.geom.isnot(None), Unit.id.in_(visited))
    return read_columns(session, statement)


def days_known(session: Session, timezone: str) -> DaysKnown:
    """Return between which days there are visits, and since when anything is known."""
    return DaysKnown(*session.execute(_days_known(timezone)).one())


@lru_cache(maxsize=8)
def _days_known(timezone: str) -> DaysStatement:
    return days_statement(timezone)


def days_statement(timezone: str) -> DaysStatement:
    """Return the statement of `days_known`."""
    moment = Inspection.inspected_at
    first, last = (local_day(end(moment), timezone) for end in (func.min, func.max))
    registered = select(func.min(Unit.registered_on)).scalar_subquery()
    return select(first.label("first"), last.label("last"), registered.label("registered"))
