"""Generated grids of squares and hexagons, and what is wrong with the polygons of a drawn one."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo.errors import WrongGeometryError, WrongValueError
from geo.frames import POLYGONS, require_geometries, require_positive

MAX_CELLS = 1_000_000
"""A grid of more cells is refused before any of them is built."""

_Finding = tuple[str, NDArray[np.intp], BaseGeometry]

_DIGITS = 5
_HEXAGON = np.array([(0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1)])
"""Corners round a center, in half widths eastward and half sides northward."""


def squares(region: BaseGeometry, size_m: float) -> pd.DataFrame:
    """Return the squares of `size_m` that share area with `region`, row by row from the south-west.

    Edges lie on multiples of `size_m` in the CRS of the region, so grids made for two regions fit
    each other; neighboring squares share their corners exactly.

    Parameters
    ----------
    region
        Polygon or multipolygon in planar metres.
    size_m
        Length of a side.

    Returns
    -------
    DataFrame
        `code`, such as 'r00012c00034', ascending in byte order, and `geometry`. Rows and columns
        are counted from 0 at the south-west corner of the region.

    Raises
    ------
    WrongValueError
        When the bounding box of the region holds more than MAX_CELLS squares.
    """
    require_positive(size_m=size_m)
    west, south, east, north = _bounds(region) / size_m
    rows = _indexes(np.floor(south), np.ceil(north))
    columns = _indexes(np.floor(west), np.ceil(east))
    row, column = _every_pair(rows, columns, size_m)
    x, y = column * size_m, row * size_m
    cells = shapely.box(x, y, (column + 1) * size_m, (row + 1) * size_m)
    return _overlapping(region, cells, row, column)


def hexagons(region: BaseGeometry, size_m: float) -> pd.DataFrame:
    """Return the hexagons, `size_m` from flat to flat, that share area with `region`.

    Their points look north and south; every other row is shifted eastward by half a hexagon. The
    lattice starts at the origin of the CRS. Parameters, codes and errors are those of `squares`.
    """
    require_positive(size_m=size_m)
    half_width, half_side = size_m / 2, size_m / np.sqrt(12)
    west, south, east, north = _bounds(region) / np.tile([half_width, half_side], 2)
    rows = _indexes(np.floor((south - 2) / 3), np.ceil((north + 2) / 3) + 1)
    columns = _indexes(np.floor(west / 2) - 1, np.ceil(east / 2) + 1)
    row, column = _every_pair(rows, columns, size_m)
    centers = np.column_stack([2 * column + row % 2, 3 * row])
    corners = (centers[:, None, :] + _HEXAGON) * [half_width, half_side]
    return _overlapping(region, shapely.polygons(corners), row, column)


def topology_report(
    polygons: ArrayLike, codes: Sequence[str], sliver_m: float = 1.0
) -> pd.DataFrame:
    """Return where the polygons of a grid overlap, and the holes they leave between them.

    Parameters
    ----------
    polygons
        The cells, valid, in planar metres; empty and missing ones are passed over.
    codes
        Their codes.
    sliver_m
        An overlap or hole that is nowhere wider than this is a 'sliver'.

    Returns
    -------
    DataFrame
        `kind` ('overlap', 'gap', 'sliver'), `codes` of the cells that overlap or surround the hole,
        `area_m2` and `geometry`; the largest first.

    Raises
    ------
    WrongGeometryError
        Naming the first cell that is not valid, and why.
    """
    cells = _valid_cells(polygons, codes)
    names = np.asarray(codes, dtype=object)
    tree = shapely.STRtree(cells)
    found = [*_overlaps(cells, tree), *_holes(cells, tree)]
    rows = [
        (_kind(kind, shape, sliver_m), tuple(names[touching]), shape.area, shape)
        for kind, touching, shape in found
    ]
    report = pd.DataFrame(rows, columns=["kind", "codes", "area_m2", "geometry"])
    return report.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)


def _bounds(region: BaseGeometry) -> NDArray[np.float64]:
    require_geometries(np.array([region], dtype=object), *POLYGONS)
    if region.is_empty or not region.is_valid:
        raise WrongGeometryError(f"region: {shapely.is_valid_reason(region)}, {region.area} m²")
    return np.asarray(shapely.bounds(region))


def _indexes(first: float, end: float) -> range:
    return range(int(first), int(end))


def _every_pair(
    rows: range, columns: range, size_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the row and the column of each cell, row by row, unless there are too many."""
    n_cells = len(rows) * len(columns)
    if n_cells > MAX_CELLS:
        raise WrongValueError(f"size_m: {size_m} makes {n_cells:,} cells, over {MAX_CELLS:,}")
    row, column = np.meshgrid(np.asarray(rows), np.asarray(columns), indexing="ij")
    return row.ravel(), column.ravel()


def _overlapping(
    region: BaseGeometry,
    cells: NDArray[np.object_],
    row: NDArray[np.int64],
    column: NDArray[np.int64],
) -> pd.DataFrame:
    kept = np.flatnonzero(_shares_area(region, cells))
    row, column = row[kept] - row[kept].min(), column[kept] - column[kept].min()
    digits = max(_DIGITS, len(str(max(row.max(), column.max()))))
    codes = [f"r{r:0{digits}}c{c:0{digits}}" for r, c in zip(row, column, strict=True)]
    return pd.DataFrame({"code": codes, "geometry": cells[kept]})


def _shares_area(region: BaseGeometry, cells: NDArray[np.object_]) -> NDArray[np.bool_]:
    shapely.prepare(region)
    shares: NDArray[np.bool_] = shapely.contains_properly(region, cells)
    edge = np.flatnonzero(~shares & shapely.intersects(region, cells))
    shares[edge] = ~shapely.touches(region, cells[edge])  # slow: it alone uses no index
    return shares


def _valid_cells(polygons: ArrayLike, codes: Sequence[str]) -> NDArray[np.object_]:
    cells = require_geometries(polygons, *POLYGONS)
    if len(codes) != len(cells):
        raise WrongValueError(f"{len(codes)} codes for {len(cells)} polygons")
    wrong = np.flatnonzero(~shapely.is_missing(cells) & ~shapely.is_valid(cells))
    if wrong.size:
        reason = shapely.is_valid_reason(cells[wrong[0]])
        raise WrongGeometryError(f"cell {codes[wrong[0]]}: {reason}")
    return cells


def _overlaps(cells: NDArray[np.object_], tree: shapely.STRtree) -> Iterator[_Finding]:
    one, other = tree.query(cells, predicate="intersects")
    pairs = np.sort(np.column_stack([one, other])[one < other], axis=1)
    shared = shapely.intersection(cells[pairs[:, 0]], cells[pairs[:, 1]])
    for pair, shape in zip(pairs, shared, strict=True):
        if shape.area > 0:
            yield "overlap", pair, shape


def _holes(cells: NDArray[np.object_], tree: shapely.STRtree) -> Iterator[_Finding]:
    covered = shapely.union_all(cells)
    for part in shapely.get_parts(covered):
        for ring in part.interiors:
            hole = Polygon(ring).difference(covered)
            yield "gap", np.sort(tree.query(hole, predicate="intersects")), hole


def _kind(kind: str, shape: BaseGeometry, sliver_m: float) -> str:
    return "sliver" if shape.buffer(-sliver_m / 2).is_empty else kind
