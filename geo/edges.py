"""Edges of polygons, row by row of a lattice, to tell what a closed polygon contains."""

from typing import NamedTuple

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

OUTSIDE, INSIDE, TOO_CLOSE = 0, 1, 2
"""What `contains` says; it leaves to others what lies too close to an edge for its arithmetic."""

_NEVER, _ONCE, _AT_ITS_START = -1, -2, -3
"""Where a ray meets an edge that it can be told of; else TOO_CLOSE."""

_ROUNDING = (3 + 16 * 2.0**-53) * 2.0**-53
"""Relative error of the sign of a triangle's area: Shewchuk (1997), bound A of orient2d."""

_SLIGHTEST_SPAN = 1e-6
"""Coordinates closer than this part of their own size are not told apart by a lattice."""

Edge = tuple[float, float, float, float]
"""x0, y0, x1, y1 of its ends."""

_CHAIN = np.dtype(
    [
        ("first", np.int64),
        ("last", np.int64),
        ("west", np.float64),
        ("east", np.float64),
        ("y_first", np.float64),
        ("y_last", np.float64),
    ]
)
"""Corners of a ring from `first` to `last`, their least and most x, and y at both ends.

Seen from the west of all of them, a ray meets their edges an odd number of times when the ends lie
on different sides of it.
"""

Strip = tuple[int, int]
"""The first of its chains, and the one behind its last."""


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


class Rings(NamedTuple):
    """Closed rings: ring r is corners[starts[r]] to corners[starts[r + 1] - 1], of polygon[r].

    Corners are rows of x, y; polygons come in ascending order.
    """

    corners: NDArray[np.float64]
    starts: NDArray[np.int64]
    polygon: NDArray[np.int64]


class Strips(NamedTuple):
    """The edges of each polygon in each row of a lattice that they touch.

    A strip is a polygon in a row: polygon p in row r is number offset[p] + r, of the rows
    first_row[p] to last_row[p], none when the first is above the last. Its edges are those of
    chains[starts[s]] to chains[starts[s + 1]]: a chain, of the `_CHAIN` type, is what one ring does
    between entering the row and leaving it.
    """

    first_row: NDArray[np.int64]
    last_row: NDArray[np.int64]
    offset: NDArray[np.int64]
    starts: NDArray[np.int64]
    chains: NDArray[np.void]


def rings_of(polygons: NDArray[np.object_]) -> Rings:
    """Return all rings; a polygon with a coordinate that is not finite has none."""
    corners = shapely.get_coordinates(polygons)
    if not np.isfinite(corners).all():
        return rings_of(_finite(polygons))
    has_one = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    has_one &= shapely.get_num_interior_rings(polygons) == 0
    one, others = np.flatnonzero(has_one), np.flatnonzero(~has_one)
    # Taking polygons apart is slow: only those are that have more than one ring.
    parts, of_part = shapely.get_parts(polygons[others], return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    polygon = np.concatenate([one, others[of_part[of_ring]]])
    n_corners = shapely.get_num_coordinates(np.concatenate([polygons[one], rings]))
    order = polygon.argsort(kind="stable")
    return Rings(corners, np.append(0, n_corners[order].cumsum()), polygon[order])


def _finite(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the polygons with None for those that have a coordinate that is not finite."""
    corners, polygon = shapely.get_coordinates(polygons, return_index=True)
    finite = polygons.copy()
    finite[polygon[~np.isfinite(corners).all(axis=1)]] = None
    return finite


def lattice_over(corners: NDArray[np.float64], n: int) -> Lattice:
    """Return `n` columns and `n` rows over the box of all corners, of which there is one."""
    x, y = corners.T
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
def columns_near(edge: Edge, row: int, lattice: Lattice, margin: float) -> tuple[int, int]:
    """Return the first and last column that an edge crosses in a row, or by `margin` cells."""
    x0, y0, x1, y1 = edge
    west, per_x, n = lattice.west, lattice.columns_per_x, lattice.n_columns
    if y0 != y1:
        slope, low, high = (x1 - x0) / (y1 - y0), min(y0, y1), max(y0, y1)
        bottom = lattice.south + (row - margin) / lattice.rows_per_y
        top = lattice.south + (row + 1 + margin) / lattice.rows_per_y
        one, other = min(max(bottom, low), high), min(max(top, low), high)
        x0, x1 = x0 + (one - y0) * slope, x0 + (other - y0) * slope
    reach = margin / per_x
    return slot(min(x0, x1) - reach, west, per_x, n), slot(max(x0, x1) + reach, west, per_x, n)


@njit(nogil=True, cache=True)
def strips_of(rings: Rings, lattice: Lattice) -> Strips:
    """List the edges of each polygon by the rows that they touch."""
    first_row, last_row, n_chains = _rows_of(rings, lattice)
    offset = np.empty(len(first_row), dtype=np.int64)
    n_strips = 0
    for polygon in range(len(first_row)):
        offset[polygon] = n_strips - first_row[polygon]
        n_strips += max(last_row[polygon] - first_row[polygon] + 1, 0)
    strip, ends = _walk(rings, lattice, offset, n_chains)
    starts, order = grouped(strip, n_strips)
    return Strips(first_row, last_row, offset, starts, _chains(rings.corners, ends[order]))


@njit(nogil=True, cache=True)
def _chains(corners: NDArray[np.float64], ends: NDArray[np.int64]) -> NDArray[np.void]:
    """Return the chains that have these first and last corners."""
    chains = np.empty(len(ends), dtype=_CHAIN)
    for at in range(len(ends)):
        first, last = ends[at, 0], ends[at, 1]
        chain = chains[at]
        chain["first"], chain["last"] = first, last
        chain["y_first"], chain["y_last"] = corners[first, 1], corners[last, 1]
        west = east = corners[first, 0]
        for corner in range(first + 1, last + 1):
            west, east = min(west, corners[corner, 0]), max(east, corners[corner, 0])
        chain["west"], chain["east"] = west, east
    return chains


@njit(nogil=True, cache=True)
def _row(rings: Rings, corner: int, lattice: Lattice) -> int:
    return slot(rings.corners[corner, 1], lattice.south, lattice.rows_per_y, lattice.n_rows)


@njit(nogil=True, cache=True)
def _rows_of(rings: Rings, lattice: Lattice) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return the first and the last row of each polygon, and the number of all chains.

    A ring begins one, and each row that it goes on to another.
    """
    n_polygons = rings.polygon[-1] + 1
    first_row, last_row = np.full(n_polygons, lattice.n_rows), np.full(n_polygons, -1)
    n_chains = 0
    for ring in range(len(rings.polygon)):
        polygon = rings.polygon[ring]
        before = -1
        for corner in range(rings.starts[ring], rings.starts[ring + 1]):
            row = _row(rings, corner, lattice)
            n_chains += 1 if before == -1 else abs(row - before)
            first_row[polygon] = min(first_row[polygon], row)
            last_row[polygon] = max(last_row[polygon], row)
            before = row
    return first_row, last_row, n_chains


@njit(nogil=True, cache=True)
def _walk(
    rings: Rings, lattice: Lattice, offset: NDArray[np.int64], n_chains: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the strip, and the first and the last corner, of each chain.

    An edge that passes several rows belongs to a chain in each of them.
    """
    strip, ends = np.empty(n_chains, np.int64), np.empty((n_chains, 2), np.int64)
    n = 0
    for ring in range(len(rings.polygon)):
        start, end = rings.starts[ring], rings.starts[ring + 1]
        if start == end:
            continue
        of_ring = offset[rings.polygon[ring]]
        first, row = start, _row(rings, start, lattice)
        for corner in range(start + 1, end):
            next_row = _row(rings, corner, lattice)
            while row != next_row:
                strip[n], ends[n, 0], ends[n, 1] = of_ring + row, first, corner
                n += 1
                row += 1 if next_row > row else -1
                first = corner - 1
        strip[n], ends[n, 0], ends[n, 1] = of_ring + row, first, end - 1
        n += 1
    return strip, ends


@njit(nogil=True, cache=True)
def grouped(group: NDArray[np.int64], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each of `n` groups starts in the order that sorts by group, and that order.

    Members of the same group stay in their order.
    """
    starts = np.zeros(n + 1, dtype=np.int64)
    for member in group:
        starts[member + 1] += 1
    starts = starts.cumsum()
    following, order = starts.copy(), np.empty(len(group), dtype=np.int64)
    for at in range(len(group)):
        order[following[group[at]]] = at
        following[group[at]] += 1
    return starts, order


@njit(nogil=True, cache=True)
def edge_at(corners: NDArray[np.float64], corner: int) -> Edge:
    """Return the edge from a corner to the next."""
    return corners[corner, 0], corners[corner, 1], corners[corner + 1, 0], corners[corner + 1, 1]


@njit(nogil=True, cache=True)
def contains(
    corners: NDArray[np.float64], chains: NDArray[np.void], strip: Strip, x: float, y: float
) -> int:
    """Return whether (x, y) is INSIDE a closed polygon, OUTSIDE, or TOO_CLOSE to an edge to tell.

    The polygon's edges in `strip` must be all that a ray from the point to the east could meet;
    inside is where it meets an odd number of them.
    """
    is_inside = False
    for at in range(strip[0], strip[1]):
        chain = chains[at]
        if x < chain["west"]:
            is_inside ^= (chain["y_first"] > y) != (chain["y_last"] > y)
        elif x <= chain["east"]:
            for corner in range(chain["first"], chain["last"]):
                met = _ray_meets(edge_at(corners, corner), x, y)
                if met == _AT_ITS_START:
                    return INSIDE
                if met == TOO_CLOSE:
                    return TOO_CLOSE
                is_inside ^= met == _ONCE
    return INSIDE if is_inside else OUTSIDE


@njit(nogil=True, cache=True)
def _ray_meets(edge: Edge, x: float, y: float) -> int:
    """Return whether a ray from (x, y) to the east meets an edge, without its upper end."""
    x0, y0, x1, y1 = edge
    if max(x0, x1) < x or max(y0, y1) < y or min(y0, y1) > y:
        return _NEVER
    if y0 == y1:
        return _AT_ITS_START if min(x0, x1) <= x else _NEVER
    upward, downward = (x0 - x) * (y1 - y), (y0 - y) * (x1 - x)
    if upward == 0 and downward == 0:
        return _AT_ITS_START  # zeros are exact
    area = upward - downward
    if not abs(area) > _ROUNDING * (abs(upward) + abs(downward)):
        return TOO_CLOSE
    is_met = (y0 > y) != (y1 > y) and (area > 0) == (y1 > y0)
    return _ONCE if is_met else _NEVER
