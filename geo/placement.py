"""Which cell a thing lies in: points by the closed polygon, lines and areas by largest share."""

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.edges import rings_of
from geo.errors import WrongValueError
from geo.frames import LINES, POLYGONS, require_geometries, require_positive
from geo.lattices import (
    HEXAGON_AREA,
    Table,
    find_hexagons,
    find_squares,
    hexagon_spots,
    square_spots,
)
from geo.raster import (
    NOWHERE,
    UNDECIDED,
    Raster,
    ask_polygons,
    length_of,
    look_up,
    raster_over,
    side_for,
)

_PART = 1 << 16
_FINER = 2
"""Times as many rows and columns: what a raster must gain to be made again."""

_TIE_DIGITS = 9
_AREAL = 2
_OFF_CENTER = 1e-6
_MOST_SPOTS = 1 << 28


class Placer:
    """An index over the polygons of a grid, given in the order of their codes.

    A point belongs to the first polygon whose closed area contains it, so that one on a shared edge
    or corner, or in an overlap, still has exactly one cell. Polygons may be empty or None; one with
    a coordinate that is not finite holds nothing.

    The index is a raster (`geo.raster`), made when there are points to place and as fine as suits
    all that were placed so far. It may be used by several threads at once.

    Raises
    ------
    WrongGeometryError
        When something other than polygons and multipolygons is among them.
    """

    def __init__(self, polygons: ArrayLike) -> None:
        self._polygons = require_geometries(polygons, *POLYGONS)
        self._rings = rings_of(self._polygons)
        self._length = length_of(self._rings) if len(self._rings.corners) else 0.0
        self._raster: Raster | None = None
        self._n_placed = 0

    def __len__(self) -> int:
        return len(self._polygons)

    def place(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int32]:
        """Return the index of each point's polygon, -1 where there is none.

        Parameters
        ----------
        lon, lat
            Coordinates in the CRS of the polygons, one-dimensional and of equal length; NaN and
            infinite ones lie nowhere.
        """
        x, y = _equal_lists(lon=lon, lat=lat)
        cells = np.full(len(x), NOWHERE, dtype=np.int32)
        if len(x) and len(self._rings.corners):
            self._n_placed += len(x)
            _place(self._suitable_raster(), x, y, cells)
        undecided = np.flatnonzero(cells == UNDECIDED)
        if undecided.size:
            cells[undecided] = _lowest(self._tree, x[undecided], y[undecided])
        return cells

    def _suitable_raster(self) -> Raster:
        """Return a raster that suits the points so far; one much finer replaces a coarser."""
        raster, side = self._raster, side_for(self._length, self._n_placed)
        if raster is None or side >= _FINER * raster.lattice.n_rows:
            self._raster = raster = raster_over(self._rings, side)
        return raster

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._polygons)


class RegularPlacer:
    """An index over the squares or hexagons of one of `geo.grid`'s lattices, in planar metres.

    Answers as `Placer` does on the same polygons, with no edges to index: arithmetic finds the
    cell, the polygons themselves decide within a centimetre of an edge.

    Parameters
    ----------
    kind
        'square' or 'hexagon'.
    size_m
        Length of a side, or from flat to flat.
    polygons
        The cells there are, in the order of their codes.

    Raises
    ------
    WrongValueError
        When a polygon is no cell of the lattice, two are the same, or they lie too far apart.
    """

    def __init__(
        self, kind: Literal["square", "hexagon"], size_m: float, polygons: ArrayLike
    ) -> None:
        require_positive(size_m=size_m)
        self._size_m = size_m
        self._polygons = require_geometries(polygons, *POLYGONS)
        is_hexagon = kind == "hexagon"
        self._spots = hexagon_spots if is_hexagon else square_spots
        self._find = find_hexagons if is_hexagon else find_squares
        self._table = self._numbered(size_m**2 * (HEXAGON_AREA if is_hexagon else 1.0))

    def __len__(self) -> int:
        return len(self._polygons)

    def place(self, x_m: ArrayLike, y_m: ArrayLike) -> NDArray[np.int32]:
        """Return the index of each point's polygon, -1 where there is none.

        Parameters
        ----------
        x_m, y_m
            Planar metres, one-dimensional and of equal length; NaN and infinite ones lie nowhere.
        """
        x, y = _equal_lists(x_m=x_m, y_m=y_m)
        cells = np.full(len(x), NOWHERE, dtype=np.int32)
        self._find(x, y, self._size_m, self._table, cells)
        undecided = np.flatnonzero(cells == UNDECIDED)
        if undecided.size:
            cells[undecided] = _lowest(self._tree, x[undecided], y[undecided])
        return cells

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._polygons)

    def _numbered(self, area_m2: float) -> Table:
        """Return the table of the cells by row and column; each must have the area of one."""
        if not len(self):
            return Table(0, 0, np.empty((0, 0), dtype=np.int32))
        west, south, east, north = shapely.bounds(self._polygons).T
        row, column, off = self._spots((west + east) / 2, (south + north) / 2, self._size_m)
        is_whole = np.isclose(shapely.area(self._polygons), area_m2)
        wrong = np.flatnonzero(~(is_whole & (off <= _OFF_CENTER)))
        if wrong.size:
            raise WrongValueError(f"polygon {wrong[0]} is no cell of a lattice of {self._size_m} m")
        row, column = row.astype(np.int64), column.astype(np.int64)
        n_rows, n_columns = int(np.ptp(row)) + 1, int(np.ptp(column)) + 1
        if n_rows * n_columns > _MOST_SPOTS:
            raise WrongValueError("the polygons lie too far apart for a table of rows and columns")
        table = Table(int(row.min()), int(column.min()), np.full((n_rows, n_columns), NOWHERE))
        table.cells[row - table.first_row, column - table.first_column] = np.arange(len(row))
        if np.count_nonzero(table.cells != NOWHERE) < len(row):
            raise WrongValueError("two polygons are the same cell")
        return table


def _place(
    raster: Raster, x: NDArray[np.float64], y: NDArray[np.float64], cells: NDArray[np.int32]
) -> None:
    """Write the cells of all points, in parts: threads share them, and the caches hold them."""

    def place(start: int) -> None:
        part = slice(start, start + _PART)
        look_up(raster, x[part], y[part], cells[part])
        ask_polygons(raster, x[part], y[part], cells[part])

    with ThreadPoolExecutor() as pool:
        list(pool.map(place, range(0, len(x), _PART)))


def _equal_lists(**coordinates: ArrayLike) -> list[NDArray[np.float64]]:
    """Return the two lists of coordinates as the kernels take them."""
    x, y = (np.require(given, np.float64, ["C", "W"]) for given in coordinates.values())
    if x.ndim != 1 or x.shape != y.shape:
        one, other = coordinates
        raise WrongValueError(f"{one} has shape {x.shape}, {other} {y.shape}: give two equal lists")
    return [x, y]


def _lowest(
    tree: shapely.STRtree, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return for each point the lowest polygon that contains it, as shapely tells.

    Its arithmetic tells on which side of an edge the nearest points lie.
    """
    n_polygons = len(tree.geometries)
    point, polygon = tree.query(shapely.points(x, y), predicate="intersects")
    lowest = np.full(len(x), n_polygons, dtype=np.int32)
    np.minimum.at(lowest, point, polygon.astype(np.int32))
    return np.where(lowest == n_polygons, np.int32(NOWHERE), lowest)


def shares(shapes: ArrayLike, polygons: ArrayLike) -> pd.DataFrame:
    """Return how much of each line (or polygon) lies in each polygon that holds a part of it.

    Parameters
    ----------
    shapes
        Lines, compared by length, or polygons, compared by area; planar metres.
    polygons
        The cells in the order of their codes.

    Returns
    -------
    DataFrame
        One row a `shape` and `cell` (positions, int64) with `share`, the part of the shape in that
        cell, above 0 to 1; in order of shape and cell. What lies on an edge between two polygons
        is part of both.
    """
    things = require_geometries(shapes, *LINES, shapely.GeometryType.MULTILINESTRING, *POLYGONS)
    cells = require_geometries(polygons, *POLYGONS)
    thing, cell = shapely.STRtree(cells).query(things, predicate="intersects")
    share = _shares(things[thing], cells[cell])
    held = pd.DataFrame({"shape": thing, "cell": cell, "share": share})[share > 0]
    return held.sort_values(["shape", "cell"], ignore_index=True)


def largest_share(shapes: ArrayLike, polygons: ArrayLike) -> pd.DataFrame:
    """Return for each line (or polygon) the polygon that holds the largest part of it.

    Parameters are those of `shares`; on equal shares the lowest cell wins.

    Returns
    -------
    DataFrame
        `cell` (int32, -1 when no polygon holds more than a point of the shape) and `share`, the
        part of the shape in that cell, 0 to 1, NaN where cell is -1.
    """
    held = shares(shapes, polygons)
    rounded = held["share"].round(_TIE_DIGITS)
    first = held.loc[rounded.groupby(held["shape"]).idxmax()].set_index("shape")
    result = first.reindex(pd.RangeIndex(len(np.asarray(shapes, dtype=object))))
    return result.rename_axis(None).assign(cell=result["cell"].fillna(NOWHERE).astype(np.int32))


def _shares(things: NDArray[np.object_], cells: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return which part of each thing lies in its cell; 0 for a thing without extent."""
    areal = shapely.get_dimensions(things) == _AREAL
    total = _extent(things, areal)
    shapely.prepare(cells)
    inside = np.where(shapely.covers(cells, things), total, 0.0)
    crossing = np.flatnonzero(inside < total)
    parts = shapely.intersection(things[crossing], cells[crossing])
    inside[crossing] = np.minimum(_extent(parts, areal[crossing]), total[crossing])
    return np.divide(inside, total, out=np.zeros(len(things)), where=total > 0)


def _extent(shapes: NDArray[np.object_], areal: NDArray[np.bool_]) -> NDArray[np.float64]:
    extent: NDArray[np.float64] = np.where(areal, shapely.area(shapes), shapely.length(shapes))
    return extent
