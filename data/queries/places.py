"""The city, its clock and revisions, its grids and their cells."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVarTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.errors import NoCityError, NotFoundError
from data.models import Cell, City, Grid, Placement, Revision
from data.queries.reading import read_rows
from data.scope import Scope
from geo.periods import Period

Row = TypeVarTuple("Row")


class CityFacts(NamedTuple):
    """What a question needs to know of the city."""

    name: str
    timezone: str
    metric_srid: int | None
    default_as_of: date | None
    today: date
    simulated: bool


def city_facts(session: Session) -> CityFacts:
    """Return the facts of the one city; today is the database's, by the city's clock."""
    row = session.execute(
        select(
            City.name,
            City.timezone,
            City.metric_srid,
            City.default_as_of,
            local_day(func.now(), City.timezone),
            City.simulated,
        )
    ).one_or_none()
    if row is None:
        raise NoCityError("the store holds no city yet: run guatu init, import or demo")
    return CityFacts(*row)


def period_for(city: CityFacts, as_of: date | None, window_days: int) -> Period:
    """Return the asked day; without one the city's own, or else today."""
    return Period(as_of or city.default_as_of or city.today, window_days, city.timezone)


def resolve_period(session: Session, as_of: date | None, window_days: int) -> Period:
    """Return the asked day; without one the city's own, or else today by the city's clock."""
    return period_for(city_facts(session), as_of, window_days)


def revisions(session: Session, subjects: Iterable[str]) -> dict[str, int]:
    """Return the counters of `subjects`, in alphabetic order."""
    statement = (
        select(Revision.subject, Revision.value)
        .where(Revision.subject.in_(list(subjects)))
        .order_by(Revision.subject)
    )
    return {row.subject: row.value for row in session.execute(statement)}


def local_day(moment: Any, timezone: Any) -> ColumnElement[date]:
    """Return the day of a stored moment by the clock of `timezone`."""
    return cast(func.timezone(timezone, moment), Date)


class LedgerDays(NamedTuple):
    """The local days of a ledger's first and last event; ``None`` while it is empty."""

    first: date | None
    last: date | None


def local_days(
    session: Session,
    moment: InstrumentedAttribute[datetime],
    timezone: str,
    *conditions: ColumnElement[bool],
) -> LedgerDays:
    """Return the first and the last local day of `moment` among the rows that meet `conditions`."""
    first, last = func.min(moment), func.max(moment)
    statement = select(local_day(first, timezone), local_day(last, timezone)).where(*conditions)
    return LedgerDays(*session.execute(statement).one())


def grid_id(session: Session, code: str) -> int:
    """Return the id of the grid with that code."""
    found = session.scalar(select(Grid.id).where(Grid.code == code))
    if found is None:
        raise NotFoundError(f"grid {code!r}: there is no grid of that code")
    return found


def valid_on(table: type[Cell] | type[Grid], day: date) -> ColumnElement[bool]:
    """Return the condition that a cell or grid is in force on `day`."""
    return and_(
        or_(table.valid_from.is_(None), table.valid_from <= day),
        or_(table.valid_to.is_(None), table.valid_to > day),
    )


def in_cells(
    statement: Select[*Row],
    thing: SQLColumnExpression[int],
    placed: SQLColumnExpression[int | None],
    grid: int,
    day: date,
) -> Select[*Row]:
    """Join the cell of `grid` that each thing effectively lies in on `day`, if any."""
    return statement.outerjoin(
        Placement, and_(placed == thing, Placement.grid_id == grid)
    ).outerjoin(Cell, and_(Cell.id == Placement.cell_id, valid_on(Cell, day)))


def seen(
    statement: Select[*Row],
    scope: Scope,
    placed: SQLColumnExpression[int | None],
    thing: SQLColumnExpression[int],
) -> Select[*Row]:
    """Keep the things that lie in a cell, of whichever grid, that the reader may see."""
    if scope.cell_ids is None:
        return statement
    visible = Placement.cell_id.in_(sorted(scope.cell_ids))
    return statement.where(exists().where(placed == thing, visible))


CELL_OR_NONE: ColumnElement[int] = func.coalesce(Cell.id, -1, type_=Integer)
"""The joined cell, -1 for none: for columns that may not be NULL."""


def cells_of(session: Session, scope: Scope, grid: int, day: date) -> DataFrame:
    """Return ``code`` and ``name`` of the visible cells, by id, in the byte order of codes."""
    statement = (
        select(Cell.id, Cell.code, Cell.name)
        .where(Cell.grid_id == grid, valid_on(Cell, day))
        .order_by(Cell.code)
    )
    return read_rows(session, scope.narrow(statement, Cell.id)).set_index("id")


def cell_polygons(session: Session, cells: Iterable[int]) -> NDArray[np.object_]:
    """Return the polygons of the cells, in degrees, in the order of the ids given."""
    return shapes(session, select(Cell.id, func.ST_AsBinary(Cell.geom)), Cell.id, cells)


def shapes(
    session: Session,
    statement: Select[int, bytes],
    key: InstrumentedAttribute[int],
    ids: Iterable[int],
) -> NDArray[np.object_]:
    """Return the geometries that `statement` gives for `ids`, in the order of the ids."""
    wanted = list(ids)
    found = {row[0]: row[1] for row in session.execute(statement.where(key.in_(wanted)))}
    polygons: NDArray[np.object_] = shapely.from_wkb([found[one] for one in wanted])
    return polygons
