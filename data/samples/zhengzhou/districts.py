"""Sixteen schematic cells by jurisdiction, the four zones cut out: nobody's official boundary."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.grids import GridHead
from data.samples.city import SampleGrid
from data.samples.zhengzhou.names import CENTRAL, DISTRICTS, DISTRICTS_GRID
from data.samples.zhengzhou.plan import SRID
from geo import crs

WEST, SOUTH, EAST, NORTH = 112.75, 34.27, 114.20, 34.97


@dataclass(frozen=True, eq=False)
class Districts:
    """Name, cell (degrees and metres), point inside (metres), part and share of units of each."""

    names: NDArray[np.object_]
    codes: NDArray[np.object_]
    cells: NDArray[np.object_]
    cells_m: NDArray[np.object_]
    seats_m: NDArray[np.float64]
    is_central: NDArray[np.bool_]
    share: NDArray[np.float64]

    @property
    def region(self) -> BaseGeometry:
        """All cells together, in degrees."""
        return shapely.union_all(self.cells)

    def of(self, xy: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return which district each place (metres) lies in, -1 for none."""
        places = crs.to_degrees(np.asarray(shapely.points(xy)), SRID)
        found = np.full(len(xy), -1, dtype=np.intp)
        for number, cell in enumerate(self.cells):
            found[shapely.contains_xy(cell, shapely.get_coordinates(places))] = number
        return found


def districts() -> Districts:
    """Return the cells: what is nearest to a point inside each district."""
    codes, names, lon, lat, part, share = (
        np.array(column) for column in zip(*DISTRICTS, strict=True)
    )
    seats = crs.to_metric(np.asarray(shapely.points(lon, lat)), SRID)
    frame: Any = crs.to_metric(np.array([shapely.box(WEST, SOUTH, EAST, NORTH)]), SRID)[0]
    nearest = shapely.voronoi_polygons(shapely.multipoints(seats), extend_to=frame, ordered=True)
    cells_m = shapely.intersection(shapely.get_parts(nearest), frame)
    return Districts(
        names=names.astype(object),
        codes=codes.astype(object),
        cells=crs.to_degrees(cells_m, SRID),
        cells_m=cells_m,
        seats_m=shapely.get_coordinates(seats),
        is_central=part == CENTRAL,
        share=share / share.sum(),
    )


def district_grid(known: Districts) -> SampleGrid:
    """Return the districts as a grid."""
    cells = pd.DataFrame({"external_code": known.codes, "name": known.names, "geom": known.cells})
    return SampleGrid(GridHead("districts", DISTRICTS_GRID, "administrative"), cells)
