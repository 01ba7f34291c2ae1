"""Sixteen schematic cells by jurisdiction, and finer ones in each: nobody's official boundary.

A cell is what is nearest to a place inside it. The four zones have places of their own, so they are
cut out of the districts around them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2
from shapely.geometry.base import BaseGeometry

from data.grids import GridHead
from data.samples.city import SampleGrid
from data.samples.simulate import Floats
from data.samples.zhengzhou.names import (
    CENTRAL,
    DISTRICTS,
    DISTRICTS_GRID,
    FINE_GRID,
    fine_cell_name,
)
from data.samples.zhengzhou.plan import SRID
from geo import crs

AROUND_DEG = 0.1
"""How far the outermost cells reach beyond the hull of the places."""

SQUEEZE = float(np.cos(np.radians(34.65)))
"""East-west degrees are so much shorter here: straight lines stay straight, and cells fit."""

N_FINE = 11
"""Finer cells in each district."""


@dataclass(frozen=True, eq=False)
class Districts:
    """Code, name, cell and place inside (degrees), part of the city, and share of units of each."""

    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    cells: NDArray[np.object_]
    seats: Floats
    is_central: NDArray[np.bool_]
    share: Floats

    @property
    def seats_m(self) -> Floats:
        """The places inside, in metres."""
        points = np.asarray(shapely.points(self.seats))
        return np.asarray(shapely.get_coordinates(crs.to_metric(points, SRID)))

    def of(self, xy: Floats) -> NDArray[np.intp]:
        """Return which district each place (metres) lies in, -1 for none."""
        places = crs.to_degrees(np.asarray(shapely.points(xy)), SRID)
        found = np.full(len(xy), -1, dtype=np.intp)
        for number, cell in enumerate(self.cells):
            found[shapely.contains_xy(cell, shapely.get_coordinates(places))] = number
        return found


def districts() -> Districts:
    """Return the districts."""
    codes, names, lon, lat, part, share = zip(*DISTRICTS, strict=True)
    seats = np.column_stack([lon, lat])
    hull = shapely.MultiPoint(_squeezed(seats)).convex_hull
    region: BaseGeometry = hull.buffer(AROUND_DEG)
    return Districts(
        codes=np.array(codes, dtype=object),
        names=np.array(names, dtype=object),
        cells=_stretched(_nearest(_squeezed(seats), region)),
        seats=seats,
        is_central=np.array(part) == CENTRAL,
        share=np.array(share) / sum(share),
    )


def district_grid(known: Districts) -> SampleGrid:
    """Return the districts as a grid."""
    cells = pd.DataFrame({"external_code": known.codes, "name": known.names, "geom": known.cells})
    return SampleGrid(GridHead("districts", DISTRICTS_GRID, "administrative"), cells)


def fine_grid(known: Districts, units: pd.DataFrame) -> SampleGrid:
    """Return cells inside the districts, smaller where there are more units."""
    where = shapely.get_coordinates(units["geom"].to_numpy())
    parts = [
        _divided(known, number, where[(units["address"] == name).to_numpy()])
        for number, name in enumerate(known.names)
    ]
    head = GridHead("grids", FINE_GRID, "management")
    return SampleGrid(head, pd.concat(parts, ignore_index=True))


def _divided(known: Districts, number: int, where: Floats) -> pd.DataFrame:
    """Divide a district around the middles of its clusters of units, from north to south."""
    middles, _ = kmeans2(_squeezed(where), N_FINE, minit="++", rng=np.random.default_rng(number))
    middles = middles[np.argsort(-middles[:, 1])]
    district: BaseGeometry = shapely.transform(known.cells[number], _squeezed)
    counted = range(1, N_FINE + 1)
    return pd.DataFrame(
        {
            "external_code": [f"{known.codes[number]}{count:02d}" for count in counted],
            "name": [fine_cell_name(known.names[number], count) for count in counted],
            "parent_code": known.codes[number],
            "geom": _stretched(_nearest(middles, district)),
        }
    )


def _nearest(places: Floats, region: BaseGeometry) -> NDArray[np.object_]:
    """Return the part of `region` that is nearest to each place."""
    cells = shapely.voronoi_polygons(shapely.multipoints(places), extend_to=region, ordered=True)
    return np.asarray(shapely.intersection(shapely.get_parts(cells), region))


def _squeezed(xy: Floats) -> Floats:
    return xy * [SQUEEZE, 1.0]


def _stretched(cells: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.transform(cells, lambda xy: xy / [SQUEEZE, 1.0]))
