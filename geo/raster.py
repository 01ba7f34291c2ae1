"""A fine raster over polygons that knows, nearly everywhere, which of them a point lies in.

A raster cell that no edge crosses lies wholly inside a polygon or outside: one look-up answers for
every point in it. In a cell that edges cross, the few polygons they belong to are asked.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.edges import (
    INSIDE,
    OUTSIDE,
    Lattice,
    Rings,
    Strips,
    columns_near,
    contains,
    edge_at,
    grouped,
    lattice_over,
    slot,
    strips_of,
)

NOWHERE = -1
UNDECIDED = -2
_CROSSED = -3

_LEAST_SIDE, _MOST_SIDE = 16, 4096
_CELLS_PER_POINT = 2.0
_LEAST_PER_LENGTH, _MOST_PER_LENGTH = 1 / 3, 3.0
"""With the most about a sixth of the raster cells are crossed: their number grows with the side,
that of all cells with its square."""

_MARGIN = 1e-4
"""Of a raster cell: an edge so near to a cell counts as crossing it; far above rounding errors."""


_CROSSING = np.dtype([("polygon", np.int32), ("start", np.int32), ("stop", np.int32)])
"""A polygon that crosses a raster cell, and which are the chains of its edges in that row."""


class Raster(NamedTuple):
    """What each raster cell knows, row by row from the south-west corner.

    `answer` is the polygon that holds the whole cell, NOWHERE, or _CROSSED - k for crossed cell k.
    What crosses that one is crossings[starts[k]] to crossings[starts[k + 1]], in ascending order of
    polygons; a point in none of them has answer beneath[k].
    """

    lattice: Lattice
    answer: NDArray[np.int32]
    starts: NDArray[np.int64]
    beneath: NDArray[np.int32]
    crossings: NDArray[np.void]
    chains: NDArray[np.void]
    corners: NDArray[np.float64]


def raster_over(rings: Rings, side: int) -> Raster:
    """Return the raster of `side` rows and columns over rings, of which there is at least one."""
    return _raster(rings, lattice_over(rings.corners, side))


def length_of(rings: Rings) -> float:
    """Return the length of all edges along both axes, in widths and heights of their box."""
    return float(_length(rings, lattice_over(rings.corners, 1)))


def side_for(length: float, n_points: int) -> int:
    """Return how many rows and columns suit edges of a length (`length_of`) and so many points.

    A finer raster answers more points by look-up and takes longer to make.
    """
    least, most = _LEAST_PER_LENGTH * length, _MOST_PER_LENGTH * length
    wanted = np.clip((_CELLS_PER_POINT * n_points) ** 0.5, least, most)
    return int(np.clip(wanted, _LEAST_SIDE, _MOST_SIDE))


@njit(nogil=True, cache=True)
def _length(rings: Rings, box: Lattice) -> float:
    length = 0.0
    for ring in range(len(rings.polygon)):
        for corner in range(rings.starts[ring], rings.starts[ring + 1] - 1):
            x0, y0, x1, y1 = edge_at(rings.corners, corner)
            length += abs(x1 - x0) * box.columns_per_x + abs(y1 - y0) * box.rows_per_y
    return length


@njit(nogil=True, cache=True)
def _raster(rings: Rings, lattice: Lattice) -> Raster:
    strips = strips_of(rings, lattice)
    answer, cells, crossings = _crossings(rings.corners, strips, lattice)
    crossed, beneath = _numbered(answer, cells)
    starts, order = grouped(crossed, len(beneath))
    return Raster(lattice, answer, starts, beneath, crossings[order], strips.chains, rings.corners)


@njit(nogil=True, cache=True)
def _crossings(
    corners: NDArray[np.float64], strips: Strips, lattice: Lattice
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.void]]:
    """Return the lowest polygon that holds each cell whole; a cell and a polygon for each crossing.

    Polygons come in ascending order: what an earlier one holds whole, no later one can have.
    """
    answer = np.full(lattice.n_rows * lattice.n_columns, np.int32(NOWHERE))
    at_most = _most_crossings(strips.chains, lattice)
    cells, crossings = np.empty(at_most, dtype=np.int32), np.empty(at_most, dtype=_CROSSING)
    crossed = np.zeros(lattice.n_columns, dtype=np.bool_)
    turned = np.zeros(lattice.n_columns, dtype=np.bool_)
    n = 0
    for polygon in range(len(strips.offset)):
        for row in range(strips.first_row[polygon], strips.last_row[polygon] + 1):
            at = strips.offset[polygon] + row
            start, stop = strips.starts[at], strips.starts[at + 1]
            west, east = lattice.n_columns, -1
            for chain in range(start, stop):
                ends = strips.chains[chain]["first"], strips.chains[chain]["last"]
                first, last = _trace(corners, ends, row, lattice, turned)
                crossed[first : last + 1] = True
                west, east = min(west, first), max(east, last)
            inside = False
            for column in range(west, east + 1):
                inside ^= turned[column]
                cell = row * lattice.n_columns + column
                if answer[cell] == NOWHERE and crossed[column]:
                    cells[n] = cell
                    crossing = crossings[n]
                    crossing["polygon"], crossing["start"], crossing["stop"] = polygon, start, stop
                    n += 1
                elif answer[cell] == NOWHERE and inside:
                    answer[cell] = polygon
                crossed[column] = turned[column] = False
    return answer, cells[:n], crossings[:n]


@njit(nogil=True, cache=True)
def _most_crossings(chains: NDArray[np.void], lattice: Lattice) -> int:
    """Return an upper bound: a chain crosses the columns from its west end to its east end."""
    width = 0.0
    for chain in range(len(chains)):
        width += chains[chain]["east"] - chains[chain]["west"]
    return int(width * lattice.columns_per_x) + 3 * len(chains)


@njit(nogil=True, cache=True)
def _trace(
    corners: NDArray[np.float64],
    ends: tuple[int, int],
    row: int,
    lattice: Lattice,
    turned: NDArray[np.bool_],
) -> tuple[int, int]:
    """Return the first and last column that a chain crosses in a row; turn those where it does.

    A turn, from outside to inside or back, is where an edge crosses the middle of the row. All
    corners but the ends lie in the row.
    """
    first, last = ends
    middle = lattice.south + (row + 0.5) / lattice.rows_per_y
    west, east = columns_near(edge_at(corners, first), row, lattice, _MARGIN)
    other_west, other_east = columns_near(edge_at(corners, last - 1), row, lattice, _MARGIN)
    least_x, most_x = np.inf, -np.inf
    for corner in range(first, last):
        x0, y0, x1, y1 = edge_at(corners, corner)
        if corner > first:
            least_x, most_x = min(least_x, x0), max(most_x, x0)
        if (y0 > middle) != (y1 > middle):
            x = x0 + (middle - y0) * ((x1 - x0) / (y1 - y0))
            turned[slot(x, lattice.west, lattice.columns_per_x, lattice.n_columns)] ^= True
    reach = _MARGIN / lattice.columns_per_x
    inner_west = slot(least_x - reach, lattice.west, lattice.columns_per_x, lattice.n_columns)
    inner_east = slot(most_x + reach, lattice.west, lattice.columns_per_x, lattice.n_columns)
    return min(west, other_west, inner_west), max(east, other_east, inner_east)


@njit(nogil=True, cache=True)
def _numbered(
    answer: NDArray[np.int32], cells: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the number of each crossing's cell, and what lies beneath; number it in `answer`."""
    number = np.empty(len(cells), dtype=np.int64)
    beneath = np.empty(len(cells), dtype=np.int32)
    n = 0
    for at in range(len(cells)):
        cell = cells[at]
        if answer[cell] > _CROSSED:
            beneath[n] = answer[cell]
            answer[cell] = _CROSSED - n
            n += 1
        number[at] = _CROSSED - answer[cell]
    return number, beneath[:n].copy()


@njit(nogil=True, cache=True)
def look_up(
    raster: Raster, x: NDArray[np.float64], y: NDArray[np.float64], found: NDArray[np.int32]
) -> None:
    """Write the answer of each point's raster cell to `found`, NOWHERE beyond the raster."""
    lattice = raster.lattice
    for i in range(len(x)):
        found[i] = NOWHERE
        if lattice.west <= x[i] <= lattice.east and lattice.south <= y[i] <= lattice.north:
            column = slot(x[i], lattice.west, lattice.columns_per_x, lattice.n_columns)
            row = slot(y[i], lattice.south, lattice.rows_per_y, lattice.n_rows)
            found[i] = raster.answer[row * lattice.n_columns + column]


@njit(nogil=True, cache=True)
def ask_polygons(
    raster: Raster, x: NDArray[np.float64], y: NDArray[np.float64], found: NDArray[np.int32]
) -> None:
    """Replace each crossed cell in `found` by the lowest polygon at the point, or UNDECIDED."""
    for i in range(len(x)):
        if found[i] > _CROSSED:
            continue
        crossed = _CROSSED - found[i]
        found[i] = raster.beneath[crossed]
        for at in range(raster.starts[crossed], raster.starts[crossed + 1]):
            crossing = raster.crossings[at]
            strip = crossing["start"], crossing["stop"]
            verdict = contains(raster.corners, raster.chains, strip, x[i], y[i])
            if verdict != OUTSIDE:
                found[i] = crossing["polygon"] if verdict == INSIDE else UNDECIDED
                break
