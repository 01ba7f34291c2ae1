"""The city, its clock and revisions, its grids and their cells."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVarTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Date,
    Integer,
    LargeBinary,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.cities import the_city
from data.engine import PREPARED
from data.errors import NotFoundError
from data.models import Cell, City, Grid, Placement, Revision, Unit
from data.queries.reading import read_rows
from data.scope import Scope
from geo.periods import Period

Row = TypeVarTuple("Row")


def resolve_period(session: Session, as_of: date | None, window_days: int) -> Period:
    """Return the asked day; without one the city's own, or else today by the city's clock."""
    city = the_city(session)
    day = as_of or city.default_as_of or _today(session, city.timezone)
    return Period(day, window_days, city.timezone)


def known_moment(known_at: date | None, timezone: str) -> datetime | None:
    """Return the last moment of knowledge: that moment, or the last one of that local day."""
    if known_at is None or isinstance(known_at, datetime):
        return known_at
    return Period(known_at, 1, timezone).end - timedelta(microseconds=1)


def _today(session: Session, timezone: str) -> date:
    return session.scalars(select(local_day(func.now(), timezone))).one()


def revisions(session: Session, subjects: Iterable[str]) -> dict[str, int]:
    """Return the counters of `subjects`, in alphabetic order."""
    found = session.execute(_REVISIONS, {"subjects": list(subjects)})
    return {row.subject: row.value for row in found}


_REVISIONS = (
    select(Revision.subject, Revision.value)
    .where(Revision.subject == func.any(bindparam("subjects", type_=ARRAY(Text))))
    .order_by(Revision.subject)
)


class CityState(NamedTuple):
    """`the_city`, its `revisions` and the ids of its grids by code."""

    city: City
    revisions: dict[str, int]
    grids: dict[str, int]


def city_state(session: Session, subjects: Iterable[str]) -> CityState:
    """Return what every answer reads first, in one round trip."""
    found = session.execute(_CITY_STATE, {"subjects": list(subjects)}).all()
    if not found:
        return CityState(the_city(session), {}, {})
    revisions = {row.subject: row.value for row in found}
    return CityState(found[0].City, revisions, found[0].grids or {})


_GRIDS = select(func.json_object_agg(Grid.code, Grid.id, type_=JSON)).scalar_subquery()
_CITY_STATE = (
    _REVISIONS.join_from(Revision, City, true())
    .add_columns(City, _GRIDS.label("grids"))
    .execution_options(**PREPARED)
)


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


def grids(session: Session, scope: Scope) -> list[dict[str, Any]]:
    """Return the grids with a cell the reader may see, and how many of them, by code."""
    statement = (
        select(Grid.code, Grid.name, Grid.kind, Grid.size_m, func.count(Cell.id).label("n_cells"))
        .join(Cell, Cell.grid_id == Grid.id)
        .group_by(Grid.id)
        .order_by(Grid.code)
    )
    return [dict(row) for row in session.execute(scope.narrow(statement, Cell.id)).mappings()]


def grid_id(session: Session, code: str) -> int:
    """Return the id of the grid with that code."""
    found = session.scalar(_GRID_ID, {"code": code})
    if found is None:
        raise no_grid(code)
    return found


_GRID_ID = select(Grid.id).where(Grid.code == bindparam("code"))


def no_grid(code: str) -> NotFoundError:
    """Return the error about a grid that does not exist."""
    return NotFoundError(f"grid {code!r}: there is no grid of that code")


def valid_on(
    table: type[Cell] | type[Grid], day: date | ColumnElement[date]
) -> ColumnElement[bool]:
    """Return the condition that a cell or grid is in force on `day`."""
    return and_(
        or_(table.valid_from.is_(None), table.valid_from <= day),
        or_(table.valid_to.is_(None), table.valid_to > day),
    )


def in_cells(
    statement: Select[*Row],
    thing: SQLColumnExpression[int],
    placed: SQLColumnExpression[int | None],
    grid: int | ColumnElement[int],
    day: date | ColumnElement[date],
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
    return statement.where(exists().where(placed == thing, visible).correlate_except(Placement))


CELL_OR_NONE: ColumnElement[int] = func.coalesce(Cell.id, -1, type_=Integer)
"""The joined cell, -1 for none: for columns that may not be NULL."""


def cells_of(session: Session, scope: Scope, grid: int, day: date) -> DataFrame:
    """Return the visible cells by id, in the byte order of codes.

    Columns: ``code``, ``name`` and ``officer``, who is responsible for it (None: nobody).
    """
    statement = (
        select(Cell.id, Cell.code, Cell.name, Cell.officer)
        .where(Cell.grid_id == grid, valid_on(Cell, day))
        .order_by(Cell.code)
    )
    return read_rows(session, scope.narrow(statement, Cell.id)).set_index("id")


def cell_polygons(session: Session, scope: Scope, ids: Iterable[int]) -> NDArray[np.object_]:
    """Return the polygons of cells, in degrees, in the order of `ids`; None for an unseen one."""
    statement = select(Cell.id, wkb(Cell.geom)).where(Cell.id == func.any(list(ids)))
    return shapes(session, scope.narrow(statement, Cell.id), ids)


def unit_places(session: Session, ids: Iterable[int]) -> DataFrame:
    """Return ``code``, ``name`` and ``geometry`` (degrees, None for no place) of units, by id."""
    statement = select(Unit.id, Unit.external_code.label("code"), Unit.name, wkb(Unit.geom))
    wanted = [int(number) for number in ids]
    found = read_rows(session, statement.where(Unit.id == func.any(wanted))).set_index("id")
    places = found.pop("wkb").astype(object)
    return found.assign(geometry=shapely.from_wkb(places.where(places.notna(), None)))


def wkb(geom: SQLColumnExpression[Any]) -> ColumnElement[bytes]:
    """Return a geometry as the bytes that shapely reads."""
    return func.ST_AsBinary(geom, type_=LargeBinary).label("wkb")


def shapes(
    session: Session, statement: Select[int, bytes], ids: Iterable[int]
) -> NDArray[np.object_]:
    """Return the geometries of a statement of ids and WKB, in the order of `ids`."""
    found = read_rows(session, statement).set_index("id")["wkb"].astype(object).reindex(list(ids))
    geometries: NDArray[np.object_] = shapely.from_wkb(found.where(found.notna(), None))
    return geometries
