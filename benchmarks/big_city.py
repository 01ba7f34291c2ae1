"""A generated city of the size of the largest: what pages and tiles are measured on.

1,000,000 lamps along 50,000 streets, 100,000 units with 300,000 visits, 126,000 hazards, 10,000
cells. Streets lie on a crooked lattice, hazards around centers; all from one seed.
"""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import URL, Engine, text

from benchmarks.measuring import say
from benchmarks.store import store, store_url
from data.cities import create_city, settle_city
from data.engine import loading
from data.grids import GridHead, load_grid
from data.loading import load
from data.models import SUBJECTS

SEED = 20191031
NAME = "big"
GRID = "squares"
DAY = date(2019, 10, 31)
ZONE = "Asia/Shanghai"
CORNER = np.array([113.4, 34.5])
SPAN = np.array([0.5, 0.42])
"""Degrees from west to east and from south to north: 46 km each way."""

SIDE = 100
STREETS_A_SIDE = 159
LAMPS_A_STREET = 20
N_UNITS, N_VISITS, N_HAZARDS = 100_000, 300_000, 126_000
N_MANY = 1_000_000
OUT_SHARE = 0.03
FOUND_SHARE = 0.04

Xy = NDArray[np.float64]


@cache
def big_city() -> URL:
    """Return the URL of the store that holds the city."""
    url = store_url(NAME)
    engine, rng = store(NAME), np.random.default_rng(SEED)
    with loading(engine, moves=SUBJECTS) as session:
        create_city(session, NAME, name="大城", timezone=ZONE, default_as_of=DAY, simulated=True)
        load_grid(session, GridHead(GRID, "五百米方格", "square", 460.0), cells(), source="t")
        streets = segments(rng)
        lamps = lamps_along(streets, rng)
        for kind, rows in {
            "units": units(rng),
            "inspections": visits(rng),
            "hazards": hazards(rng, N_HAZARDS),
            "segments": streets,
            "boxes": boxes(),
            "lamps": lamps,
            "outages": outages(lamps, rng),
            "rectifications": works(streets, rng),
        }.items():
            say(f"{len(rows):,} {kind} of a big city")
            load(session, kind, rows, source="t")
        settle_city(session)
    _vacuum(engine)
    return url


@cache
def city_of_hazards() -> URL:
    """Return the URL of a store that holds as many hazards as the big city has lamps."""
    url = store_url("hazards")
    engine, rng = store("hazards"), np.random.default_rng(SEED)
    with loading(engine, moves=SUBJECTS) as session:
        create_city(session, "hazards", name="隐患城", timezone=ZONE, default_as_of=DAY)
        say(f"{N_MANY:,} hazards of a city")
        load(session, "hazards", hazards(rng, N_MANY), source="t")
        settle_city(session)
    _vacuum(engine)
    return url


def _vacuum(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def cells() -> pd.DataFrame:
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    low = CORNER + np.column_stack([column, row]) * SPAN / SIDE
    high = CORNER + np.column_stack([column + 1, row + 1]) * SPAN / SIDE
    return pd.DataFrame(
        {
            "external_code": _codes("G", len(row)),
            "name": [f"{r + 1} 行 {c + 1} 列" for r, c in zip(row, column, strict=True)],
            "geom": shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]),
        }
    )


def segments(rng: np.random.Generator) -> pd.DataFrame:
    """Return streets between neighboring junctions of a lattice, each of five points."""
    n = STREETS_A_SIDE
    steps = np.stack(np.meshgrid(np.arange(n), np.arange(n), indexing="ij"), axis=-1)
    nodes = CORNER + (steps + 0.5 + rng.uniform(-0.2, 0.2, steps.shape)) * SPAN / n
    begin = np.concatenate([nodes[:-1].reshape(-1, 2), nodes[:, :-1].reshape(-1, 2)])
    end = np.concatenate([nodes[1:].reshape(-1, 2), nodes[:, 1:].reshape(-1, 2)])
    along = np.linspace(0, 1, 5)[None, :, None]
    points = begin[:, None] * (1 - along) + end[:, None] * along
    points[:, 1:-1] += rng.normal(0, 8e-5, (len(points), 3, 2))
    return pd.DataFrame(
        {
            "external_code": _codes("S", len(points)),
            "name": [f"第{number // 40 + 1}大街" for number in range(len(points))],
            "geom": shapely.linestrings(points),
        }
    )


def lamps_along(streets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    street = np.repeat(np.arange(len(streets)), LAMPS_A_STREET)
    share = (np.tile(np.arange(LAMPS_A_STREET), len(streets)) + 0.5) / LAMPS_A_STREET
    lines = streets["geom"].to_numpy()[street]
    feet = shapely.get_coordinates(shapely.line_interpolate_point(lines, share, normalized=True))
    spots = feet + rng.normal(0, 3e-5, feet.shape)
    return pd.DataFrame(
        {
            "external_code": _codes("L", len(street)),
            "road_name": streets["name"].to_numpy()[street],
            "box_code": np.array(_codes("B", len(streets) // 40 + 1))[street // 40],
            "geom": shapely.points(spots),
        }
    )


def boxes() -> pd.DataFrame:
    n = 2 * STREETS_A_SIDE * (STREETS_A_SIDE - 1) // 40 + 1
    return pd.DataFrame({"external_code": _codes("B", n)})


def outages(lamps: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return whole streets and single lamps without light since some day of the year."""
    street = np.arange(len(lamps)) // LAMPS_A_STREET
    dark = rng.random(street[-1] + 1)[street] < OUT_SHARE / 2
    out = np.flatnonzero(dark | (rng.random(len(lamps)) < OUT_SHARE / 2))
    return pd.DataFrame(
        {
            "external_code": _codes("O", len(out)),
            "lamp_code": lamps["external_code"].to_numpy()[out],
            "started_at": _moments(rng, len(out), days=300),
        }
    )


def works(streets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return open work on some of the streets."""
    chosen = np.flatnonzero(rng.random(len(streets)) < FOUND_SHARE)
    return pd.DataFrame(
        {
            "external_code": _codes("W", len(chosen)),
            "segment_code": streets["external_code"].to_numpy()[chosen],
            "found_at": _moments(rng, len(chosen), days=90),
            "due_on": pd.Timestamp(DAY)
            + pd.to_timedelta(rng.integers(-30, 60, len(chosen)), unit="D"),
        }
    )


def units(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": _codes("U", N_UNITS),
            "name": [f"单位 {number}" for number in range(N_UNITS)],
            "risk": rng.choice(["low", "general", "larger", "major"], N_UNITS),
            "geom": shapely.points(clustered(rng, N_UNITS)),
        }
    )


def visits(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": _codes("V", N_VISITS),
            "unit_code": np.array(_codes("U", N_UNITS))[rng.integers(0, N_UNITS // 2, N_VISITS)],
            "inspected_at": _moments(rng, N_VISITS, days=700),
        }
    )


def hazards(rng: np.random.Generator, n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": _codes("H", n),
            "level": rng.choice(["general", "larger", "major"], n, p=[0.85, 0.1, 0.05]),
            "category": rng.choice(["消防设施", "疏散通道", "用电", "燃气"], n),
            "found_at": _moments(rng, n, days=360),
            "geom": shapely.points(clustered(rng, n)),
        }
    )


def clustered(rng: np.random.Generator, n: int) -> Xy:
    """Return places, half of them around sixty centers and half anywhere."""
    centers = rng.uniform(0.1, 0.9, (60, 2))[rng.integers(0, 60, n)]
    near = centers + rng.normal(0, 0.02, (n, 2))
    spots = np.where(rng.random((n, 1)) < 0.5, near, rng.random((n, 2)))
    return CORNER + np.clip(spots, 0.001, 0.999) * SPAN


def _moments(rng: np.random.Generator, n: int, *, days: int) -> Any:
    noon = pd.Timestamp(DAY, tz=ZONE) + pd.Timedelta(hours=12)
    return noon - pd.to_timedelta(rng.integers(0, days, n), unit="D")


def _codes(letter: str, n: int) -> list[str]:
    return [f"{letter}{number:07}" for number in range(n)]
