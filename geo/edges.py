"""Edges of polygons, row by row of a lattice, to tell what a closed polygon contains."""

from typing import NamedTuple

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

OUTSIDE, INSIDE, TOO_CLOSE = 0, 1, 2
"""What `contains` says; it leaves to others what lies too close to an edge for its arithmetic."""

_ROUNDING = (3 + 16 * 2.0**-53) * 2.0**-53
"""Relative error of the sign of a triangle's area: Shewchuk (1997), bound A of orient2d."""

_SLIGHTEST_SPAN = 1e-6
"""Coordinates closer than this part of their own size are not told apart by a lattice."""


class Lattice(NamedTuple):
    """Rows and columns of equal size over a box, which belongs to it with all its sides."""

    west: float
    south: float
    east: float
    north: float
    columns_per_x: float
    rows_per_y: float
    n_columns: int
    n_rows: int


class Edges(NamedTuple):
    """Edges as rows of x0, y0, x1, y1, and the polygon of each, in ascending order."""

    ends: NDArray[np.float64]
    polygon: NDArray[np.int64]


class Strips(NamedTuple):
    """The edges of each polygon in each row of a lattice that they touch.

    A strip is a polygon in a row: polygon p in row r is number offset[p] + r, and its edges are
    ends[starts[s]] to ends[starts[s + 1]], side by side in memory. The rows of p are first_row[p]
    to last_row[p], none when the first is above the last.
    """

    first_row: NDArray[np.int64]
    last_row: NDArray[np.int64]
    offset: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.float64]


def edges_of(polygons: NDArray[np.object_]) -> Edges:
    """Return the edges of all rings; a polygon with a coordinate that is not finite has none."""
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    corners, of_corner = shapely.get_coordinates(rings, return_index=True)
    polygon = of_part[of_ring[of_corner]]
    finite = np.ones(len(polygons), dtype=bool)
    finite[polygon[~np.isfinite(corners).all(axis=1)]] = False
    joined = np.flatnonzero((of_corner[1:] == of_corner[:-1]) & finite[polygon[1:]])
    return Edges(np.hstack([corners[joined], corners[joined + 1]]), polygon[joined])


def lattice_over(edges: Edges, n: int) -> Lattice:
    """Return `n` columns and `n` rows over the box that holds all edges, of which there is one."""
    x, y = edges.ends[:, 0], edges.ends[:, 1]
    west, south, east, north = (float(end) for end in (x.min(), y.min(), x.max(), y.max()))
    return Lattice(west, south, east, north, n / _span(west, east), n / _span(south, north), n, n)


def _span(low: float, high: float) -> float:
    """Return the distance of two coordinates, or what rounding leaves safely distinct."""
    return max(high - low, _SLIGHTEST_SPAN * max(abs(low), abs(high)), float(np.finfo(float).tiny))


@njit(nogil=True, cache=True)
def slot(coordinate: float, low: float, per_unit: float, n: int) -> int:
    """Return the row or column of a coordinate, the first or last when it lies beyond."""
    return int(min(max((coordinate - low) * per_unit, 0.0), n - 1.0))


@njit(nogil=True, cache=True)
def columns_near(
    ends: NDArray[np.float64], edge: int, row: int, lattice: Lattice, margin: float
) -> tuple[int, int]:
    """Return the first and last column that an edge crosses in a row, or by `margin` cells."""
    x0, y0, x1, y1 = ends[edge, 0], ends[edge, 1], ends[edge, 2], ends[edge, 3]
    west, per_x, n = lattice.west, lattice.columns_per_x, lattice.n_columns
    if y0 != y1:
        slope, low, high = (x1 - x0) / (y1 - y0), min(y0, y1), max(y0, y1)
        bottom = lattice.south + (row - margin) / lattice.rows_per_y
        top = lattice.south + (row + 1 + margin) / lattice.rows_per_y
        one, other = min(max(bottom, low), high), min(max(top, low), high)
        x0, x1 = x0 + (one - y0) * slope, x0 + (other - y0) * slope
    reach = margin / per_x
    return slot(min(x0, x1) - reach, west, per_x, n), slot(max(x0, x1) + reach, west, per_x, n)


def strips_of(edges: Edges, lattice: Lattice) -> Strips:
    """List the edges of each polygon by the rows that they touch."""
    rows = (np.sort(edges.ends[:, [1, 3]]) - lattice.south) * lattice.rows_per_y
    rows = rows.clip(0, lattice.n_rows - 1).astype(np.int64)  # as `slot` has it
    n = edges.polygon[-1] + 1
    first_row, last_row = np.full(n, lattice.n_rows), np.full(n, -1)
    np.minimum.at(first_row, edges.polygon, rows[:, 0])
    np.maximum.at(last_row, edges.polygon, rows[:, 1])
    n_strips = (last_row - first_row + 1).clip(0)
    offset = n_strips.cumsum() - n_strips - first_row
    starts, ends = _by_strip(edges.ends, rows + offset[edges.polygon, None], int(n_strips.sum()))
    return Strips(first_row, last_row, offset, starts, ends)


@njit(nogil=True, cache=True)
def _by_strip(
    ends: NDArray[np.float64], strips: NDArray[np.int64], n_strips: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return where each strip starts, and the edges, each in its first to its last strip."""
    starts = np.zeros(n_strips + 1, dtype=np.int64)
    for edge in range(len(ends)):
        for strip in range(strips[edge, 0], strips[edge, 1] + 1):
            starts[strip] += 1
    n = 0
    for strip in range(n_strips + 1):
        n += starts[strip]
        starts[strip] = n  # its end; counted down below, it becomes its start
    listed = np.empty((n, 4))
    for edge in range(len(ends)):
        for strip in range(strips[edge, 0], strips[edge, 1] + 1):
            starts[strip] -= 1
            for part in range(4):  # quicker to compile than a slice
                listed[starts[strip], part] = ends[edge, part]
    return starts, listed


@njit(nogil=True, cache=True)
def contains(ends: NDArray[np.float64], start: int, stop: int, x: float, y: float) -> int:
    """Return whether (x, y) is INSIDE a closed polygon, OUTSIDE, or TOO_CLOSE to an edge to tell.

    The polygon's edges from `start` to `stop` must be all that a ray from the point to the east
    could meet; inside is where it meets an odd number of them.
    """
    is_inside = False
    for edge in range(start, stop):
        x0, y0, x1, y1 = ends[edge, 0], ends[edge, 1], ends[edge, 2], ends[edge, 3]
        if max(x0, x1) < x or max(y0, y1) < y or min(y0, y1) > y:
            continue
        if y0 == y1:
            if min(x0, x1) <= x:
                return INSIDE
            continue
        upward, downward = (x0 - x) * (y1 - y), (y0 - y) * (x1 - x)
        if upward == 0 and downward == 0:
            return INSIDE  # on the edge itself: zeros are exact
        area = upward - downward
        if not abs(area) > _ROUNDING * (abs(upward) + abs(downward)):
            return TOO_CLOSE
        if (y0 > y) != (y1 > y):
            is_inside ^= (area > 0) == (y1 > y0)
    return INSIDE if is_inside else OUTSIDE
