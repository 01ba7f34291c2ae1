"""Vector tiles: one statement a tile, rows ordered before they are encoded."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.scope import Scope
from geo.causes import MIN_LAMPS, SHARE
from geo.coverage import INTERVALS, UNKNOWN_RISK
from geo.errors import WrongValueError
from geo.periods import Period
from geo.quadtree import Squares

MAX_ZOOM = 20
POINTS_FROM = 13
"""Below this zoom hazards are sums on a lattice, from it on they are themselves, and streets have
their names."""

WORLD_M = 40_075_016.685578488
"""Around the equator, which is as wide as the tile of zoom 0."""

BOXES_FROM = 11
"""A box feeds tens of lamps, so there are few enough to be seen from farther away."""

_SQL = Path(__file__).parent.parent / "sql"
_BUFFER = 64
_EXTENT = 4096
_DETAIL = 2
"""Units of a tile, a quarter of a pixel."""

_OF_CHOSEN = ("hazards", "hazard_sums")
"""What draws the hazards that the reader chose."""

_LEDGERS = ("grids", "ledgers")
_LIGHTS = ("grids", "streetlights")


@dataclass(frozen=True)
class Layer:
    """What a layer's features carry (field: type), from which zoom, and what it depends on.

    Attributes
    ----------
    of_day
        Whether another day, window or grid may show other features.
    """

    fields: Mapping[str, str]
    min_zoom: int
    subjects: tuple[str, ...]
    max_zoom: int = MAX_ZOOM
    of_day: bool = True


LAYERS: Mapping[str, Layer] = {
    "cells": Layer({"code": "String", "name": "String"}, 0, ("grids",)),
    "units": Layer(
        {
            "code": "String",
            "name": "String",
            "sector": "String",
            "risk": "String",
            "last_visit": "String",
            "state": "String",
        },
        POINTS_FROM,
        _LEDGERS,
    ),
    "hazards": Layer(
        {
            "n": "Number",
            "n_major": "Number",
            "code": "String",
            "level": "String",
            "category": "String",
            "count": "Number",
            "found_on": "String",
            "is_open": "Boolean",
        },
        0,
        _LEDGERS,
    ),
    "segments": Layer(
        {
            "code": "String",
            "name": "String",
            "lamp_survey": "String",
            "declared_lit": "String",
        },
        0,
        _LIGHTS,
        of_day=False,
    ),
    "boxes": Layer(
        {
            "code": "String",
            "name": "String",
            "n_lamps": "Number",
            "n_out": "Number",
            "is_cause": "Boolean",
        },
        BOXES_FROM,
        _LIGHTS,
    ),
    "lamps": Layer(
        {
            "code": "String",
            "road_name": "String",
            "status": "String",
            "segment": "String",
            "is_out": "Boolean",
        },
        POINTS_FROM,
        _LIGHTS,
    ),
    "outages": Layer(
        {
            "code": "String",
            "category": "String",
            "place": "String",
            "segment": "String",
            "started_on": "String",
        },
        POINTS_FROM,
        _LIGHTS,
    ),
}


@dataclass(frozen=True)
class TileRequest:
    """One tile of one layer, as the map is on a day.

    `grid` is needed by ``cells``; `level`, `source`, `sector` and `state` choose
    among hazards.
    """

    layer: str
    z: int
    x: int
    y: int
    grid: str | None = None
    as_of: date | None = None
    window_days: int = 365
    level: str | None = None
    source: str | None = None
    sector: str | None = None
    state: str | None = None

    def __post_init__(self) -> None:
        if self.layer not in LAYERS:
            raise NotFoundError(f"layer {self.layer!r}: there is none of that name")
        if not 0 <= self.z <= MAX_ZOOM:
            raise WrongValueError(f"z: {self.z}; it must be 0 to {MAX_ZOOM}")
        if not (0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise WrongValueError(f"x, y: {self.x}, {self.y} are outside zoom {self.z}")
        if self.layer == "cells" and self.grid is None:
            raise WrongValueError("grid: the layer of cells needs one")


def is_summed(request: TileRequest) -> bool:
    """Whether the tile shows sums of hazards in place of hazards."""
    return request.layer == "hazards" and request.z < POINTS_FROM


def tile(session: Session, scope: Scope, request: TileRequest, period: Period) -> bytes:
    """Return the Mapbox vector tile; empty bytes where there is nothing to show.

    Raises
    ------
    NotFoundError
        When there is no such grid.
    """
    if request.z < LAYERS[request.layer].min_zoom:
        return b""
    name = "hazard_sums" if is_summed(request) else request.layer
    statement, names = _statement(name)
    wanted = _values(scope, request, period)
    content = session.scalar(statement, {key: wanted[key] for key in names})
    if content is None:
        raise NotFoundError(f"grid {request.grid!r}: there is no grid of that code")
    return bytes(content)


def encode_squares(session: Session, squares: Squares) -> bytes:
    """Return the far tile of hazards with these sums: of all of them, and of the major ones."""
    n, n_major = squares.sums
    columns = {"id": squares.number, "n": n, "n_major": n_major}
    columns |= {"across": squares.across, "down": squares.down}
    statement, _ = _statement("squares")
    values = {name: column.tolist() for name, column in columns.items()}
    return bytes(session.scalar(statement, values) or b"")


def tile_bounds(z: int, x: int, y: int, margin: float = 0) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a tile in degrees, `margin` tile widths wider."""
    return (
        (x - margin) / 2**z * 360 - 180,
        _latitude((y + 1 + margin) / 2**z),
        (x + 1 + margin) / 2**z * 360 - 180,
        _latitude((y - margin) / 2**z),
    )


def _latitude(down: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


@cache
def _statement(name: str) -> tuple[TextClause, frozenset[str]]:
    """Return the statement of a layer, and the names of its parameters."""
    statement = _read(f"tile_{name}.sql")
    if name in _OF_CHOSEN:
        statement = f"WITH chosen AS ({_read('chosen_hazards.sql')})\n{statement}"
    clause = text(statement)
    return clause, frozenset(clause.compile().params)


def _read(name: str) -> str:
    return (_SQL / name).read_text(encoding="utf-8")


def _values(scope: Scope, request: TileRequest, period: Period) -> dict[str, Any]:
    west, south, east, north = tile_bounds(request.z, request.x, request.y, _BUFFER / _EXTENT)
    return {
        "z": request.z,
        "x": request.x,
        "y": request.y,
        "n_tiles": 2**request.z,
        "near": request.z >= POINTS_FROM,
        "detail_m": WORLD_M / 2**request.z * _DETAIL / _EXTENT,
        "buffer": _BUFFER,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "grid": request.grid,
        "day": period.day,
        "start": period.start,
        "end": period.end,
        "timezone": period.timezone,
        "level": request.level,
        "source": request.source,
        "sector": request.sector,
        "state": request.state,
        "seen": None if scope.cell_ids is None else sorted(scope.cell_ids),
        "intervals": json.dumps(dict(INTERVALS)),
        "unknown_risk": UNKNOWN_RISK,
        "min_lamps": MIN_LAMPS,
        "share": SHARE,
    }
