"""Cells of one grid as parts of the city, and the cells of another grid inside them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from data.errors import NotFoundError
from data.models import Cell, Grid
from data.queries.places import valid_on
from data.scope import Scope


@dataclass(frozen=True)
class District:
    """A cell that stands for a part of the city."""

    id: int
    code: str
    name: str
    grid: str


def find_district(
    session: Session, scope: Scope, code: str, grid: str | None, day: date
) -> District:
    """Return the visible cell of that code, of `grid` before any other grid.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    statement = (
        select(Cell.id, Cell.code, Cell.name, Grid.code.label("grid"))
        .join(Grid, Grid.id == Cell.grid_id)
        .where(Cell.code == code, valid_on(Cell, day))
        .order_by(case((Grid.code == grid, 0), else_=1), Grid.code)
        .limit(1)
    )
    found = session.execute(scope.narrow(statement, Cell.id)).mappings().first()
    if found is None:
        raise NotFoundError(f"cell {code!r}: there is no cell of that code on {day}")
    return District(**found)


def districts_of(session: Session, scope: Scope, grid: str, day: date) -> list[District]:
    """Return the visible cells of `grid`, in the byte order of their codes."""
    statement = (
        select(Cell.id, Cell.code, Cell.name, Grid.code.label("grid"))
        .join(Grid, Grid.id == Cell.grid_id)
        .where(Grid.code == grid, valid_on(Cell, day))
        .order_by(Cell.code)
    )
    rows = session.execute(scope.narrow(statement, Cell.id)).mappings()
    return [District(**row) for row in rows]


def cells_inside(session: Session, district: District, grid: int, day: date) -> frozenset[int]:
    """Return the cells of `grid` that are, name as their parent, or lie in the district."""
    part: Any = aliased(Cell)
    lies_in = func.ST_Covers(part.geom, func.ST_PointOnSurface(Cell.geom))
    own = or_(Cell.id == part.id, Cell.parent_id == part.id, lies_in)
    statement = (
        select(Cell.id)
        .join(part, part.id == district.id)
        .where(Cell.grid_id == grid, valid_on(Cell, day), own)
    )
    return frozenset(session.scalars(statement).all())
