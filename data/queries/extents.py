"""How far what a map shows reaches."""

from datetime import date
from typing import Any

from sqlalchemy import Float, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from data.models import Cell, Grid, Placement, Segment
from data.queries.places import seen, valid_on
from data.scope import Scope

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def extent_of_lights(session: Session, scope: Scope) -> Bounds | None:
    """Return the bounds of the visible segments with surveyed lamps, or else of all of them."""
    everywhere = seen(_bounds(Segment.geom), scope, Placement.segment_id, Segment.id)
    surveyed = everywhere.where(Segment.lamp_survey == "surveyed")
    return _extent(session, surveyed) or _extent(session, everywhere)


def extent_of_cells(session: Session, scope: Scope, grid: str, day: date) -> Bounds | None:
    """Return the bounds of the visible cells of a grid on a day."""
    statement = _bounds(Cell.geom).join(Grid, Grid.id == Cell.grid_id)
    return _extent(
        session, scope.narrow(statement.where(Grid.code == grid, valid_on(Cell, day)), Cell.id)
    )


def _bounds(geom: SQLColumnExpression[Any]) -> Select[*tuple[Any, ...]]:
    extent = func.ST_Extent(geom)
    corners = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)
    return select(*(corner(extent, type_=Float) for corner in corners))


def _extent(session: Session, bounds: Select[*tuple[Any, ...]]) -> Bounds | None:
    west, south, east, north = session.execute(bounds).one()
    return None if west is None else (west, south, east, north)
