"""The basemap: streets, boundaries and their names, from what the store holds."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.orm import Session

from data.cities import bounds_of, the_city
from data.errors import NotFoundError
from data.importers.road_classes import ROAD_RANKS
from data.models import Cell, Grid
from data.queries.extents import Bounds
from data.queries.places import resolve_period, valid_on
from data.queries.tiles import WORLD_M, tile_bounds
from data.scope import WHOLE_CITY, Scope
from geo.errors import WrongValueError

MAX_ZOOM = 14
"""From here on a tile is detailed enough to be drawn larger."""

UNKNOWN_RANK, UNKNOWN_FROM = 3, 11
"""Of a street without a class, and the zoom from which it is drawn: where a whole city is seen, all
of its streets are a haze."""

RANKS_FROM = {1: 6, 2: 8, 3: 10, 4: 12, 5: 14}
"""The zoom from which streets of a rank are drawn."""

NEAR = 13
"""Below this zoom streets have no names."""

CELL_PX = 48
"""Boundaries are drawn while the cells between them are about as wide as this on the screen."""

_NEVER = max(RANKS_FROM) + 1
_SQL = Path(__file__).parent.parent / "sql"
_EXTENT, _BUFFER, _DETAIL = 4096, 64, 2
_TILE_PX = 512


def basemap_tile(session: Session, scope: Scope, z: int, x: int, y: int) -> bytes:
    """Return one vector tile of the basemap; empty bytes where there is nothing to show.

    Its features have ``kind`` (``road``, ``boundary`` or ``place``), ``rank`` (of streets as in
    `ROAD_RANKS`, of the others the level of their grid, 1 the coarsest) and ``name``.
    """
    _require_tile(z, x, y)
    width_m = WORLD_M / 2**z
    margin = _BUFFER / _EXTENT
    left, top = (x - margin) * width_m - WORLD_M / 2, WORLD_M / 2 - (y - margin) * width_m
    side_m = width_m * (1 + 2 * margin)
    drawn = _drawn(
        session,
        scope,
        _Window(
            degrees=tile_bounds(z, x, y, margin),
            metres=(left, top - side_m, left + side_m, top),
            zoom=z,
            detail_m=width_m * _DETAIL / _EXTENT,
        ),
    )
    values = drawn | {"z": z, "x": x, "y": y, "buffer": _BUFFER}
    return bytes(session.execute(_statement("basemap_tile.sql"), values).scalar_one())


def basemap_features(session: Session, *, streets: bool) -> list[dict[str, Any]]:
    """Return the basemap of the whole city as features of GeoJSON, with or without its streets."""
    half = WORLD_M / 2
    whole = _Window((-180, -90, 180, 90), (-half, -half, half, half), MAX_ZOOM, detail_m=0)
    values = _drawn(session, WHOLE_CITY, whole)
    if not streets:
        values["last_rank"] = 0
    return [
        {
            "type": "Feature",
            "geometry": json.loads(row.geometry),
            "properties": {"kind": row.kind, "rank": row.rank, "name": row.name},
        }
        for row in session.execute(_statement("basemap_features.sql"), values)
    ]


@dataclass(frozen=True)
class _Window:
    """What part of the map is drawn, in degrees and on the map of the world, and how finely."""

    degrees: tuple[float, float, float, float]
    metres: tuple[float, float, float, float]
    zoom: int
    detail_m: float


def _drawn(session: Session, scope: Scope, window: _Window) -> dict[str, Any]:
    """Return the values of ``basemap.sql``."""
    return {
        **dict(zip(("west", "south", "east", "north"), window.degrees, strict=True)),
        **dict(zip(("min_x", "min_y", "max_x", "max_y"), window.metres, strict=True)),
        "near": window.zoom >= NEAR,
        "detail_m": window.detail_m,
        "day": resolve_period(session, None, 1).day,
        "ranks": json.dumps(ROAD_RANKS),
        "unknown_rank": UNKNOWN_RANK if window.zoom >= UNKNOWN_FROM else _NEVER,
        "last_rank": max(
            (rank for rank, first in RANKS_FROM.items() if first <= window.zoom), default=0
        ),
        "levels": json.dumps(_levels(session, window.zoom)),
        "seen": None if scope.cell_ids is None else sorted(scope.cell_ids),
    }


def _require_tile(z: int, x: int, y: int) -> None:
    if not 0 <= z <= MAX_ZOOM:
        raise NotFoundError(f"z: {z}; the basemap has zooms 0 to {MAX_ZOOM}")
    if not (0 <= x < 2**z and 0 <= y < 2**z):
        raise WrongValueError(f"x, y: {x}, {y} are outside zoom {z}")


@cache
def _statement(name: str) -> TextClause:
    drawn, told = ((_SQL / file).read_text(encoding="utf-8") for file in ("basemap.sql", name))
    return text(f"WITH drawn AS ({drawn})\n{told}")


def _levels(session: Session, z: int) -> list[dict[str, int]]:
    """Return the grids whose boundaries are drawn at a zoom, from the coarsest on."""
    return [
        {"grid": grid, "level": level}
        for level, (grid, width_m) in enumerate(_grids(session), 1)
        if level == 1 or width_m >= CELL_PX * _px_m(z)
    ]


def _px_m(z: int) -> float:
    return WORLD_M / 2.0**z / _TILE_PX


def _grids(session: Session) -> list[tuple[int, float]]:
    """Return the grids of boundaries, the coarsest first, each with the width of a cell.

    The width is on the map of the world, where a metre is longer the farther from the equator.
    """
    bounds = bounds_of(the_city(session))
    if bounds is None:
        return []
    day = resolve_period(session, None, 1).day
    n_cells = func.count(Cell.id)
    statement = (
        select(Grid.id, n_cells)
        .join(Cell, Cell.grid_id == Grid.id)
        .where(Grid.kind == "administrative", valid_on(Cell, day))
        .group_by(Grid.id)
        .order_by(n_cells, Grid.code)
    )
    return [(grid, _width_m(bounds, n)) for grid, n in session.execute(statement)]


def _width_m(bounds: Bounds, n_cells: int) -> float:
    west, south, east, north = bounds
    stretched = math.cos(math.radians((south + north) / 2))
    area_m2 = (east - west) * (north - south) / stretched * (WORLD_M / 360) ** 2
    return math.sqrt(area_m2 / n_cells)


def zoom_of_cells(session: Session, n_cells: int, width_px: float) -> int:
    """Return the first zoom at which cells, so many to the city, are as wide as that on the screen.

    At least 0, and at most `MAX_ZOOM`; 0 while nothing is stored.
    """
    bounds = bounds_of(the_city(session))
    if bounds is None:
        return 0
    width_m = _width_m(bounds, n_cells)
    return next((z for z in range(MAX_ZOOM) if width_m >= width_px * _px_m(z)), MAX_ZOOM)


def basemap_state(session: Session) -> str:
    """Return a short text that changes when a street, a boundary or a name of either does."""
    sql = _statement("basemap_tile.sql").text
    unknown = (UNKNOWN_RANK, UNKNOWN_FROM)
    drawing = (sorted(ROAD_RANKS.items()), RANKS_FROM, unknown, NEAR, CELL_PX, _DETAIL, sql)
    values: dict[str, Any] = {
        "day": resolve_period(session, None, 1).day,
        "drawing": " ".join(map(str, drawing)),
    }
    return str(session.execute(_STATE, values).scalar_one())


_STATE = text("""
    SELECT md5(concat_ws(' ', CAST(:drawing AS text),
        (SELECT md5(string_agg(md5(concat_ws('|', id, name, road_class, ST_AsBinary(geom))), ''
            ORDER BY id)) FROM segment),
        (SELECT md5(string_agg(md5(concat_ws('|', cell.id, cell.name, grid.code,
            ST_AsBinary(cell.geom))), '' ORDER BY cell.id))
        FROM cell JOIN grid ON grid.id = cell.grid_id
        WHERE grid.kind = 'administrative'
            AND (cell.valid_from IS NULL OR cell.valid_from <= :day)
            AND (cell.valid_to IS NULL OR cell.valid_to > :day)),
        (SELECT ST_AsText(bounds) FROM city)
    ))
""")
