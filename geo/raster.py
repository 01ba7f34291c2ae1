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
    Edges,
    Lattice,
    Strips,
    columns_near,
    contains,
    edges_of,
    lattice_over,
    slot,
    strips_of,
)

NOWHERE = -1
UNDECIDED = -2
_CROSSED = -3

_LEAST_SIDE, _MOST_SIDE = 16, 4096
_SIDE_PER_LENGTH = 3.0
"""Makes about a sixth of the raster cells crossed: their number grows with the side, that of all
cells with its square."""

_MARGIN = 1e-4
"""Of a raster cell: an edge so near to a cell counts as crossing it; far above rounding errors."""


class Raster(NamedTuple):
    """What each raster cell knows, row by row from the south-west corner.

    `answer` is the polygon that holds the whole cell, NOWHERE, or _CROSSED - k for crossed cell k.
    What crosses that one is starts[k] to starts[k + 1] of `polygon`, ascending, and of `strip`,
    the number of the polygon's edges in this row; a point in none of them has answer beneath[k].
    """

    lattice: Lattice
    answer: NDArray[np.int32]
    starts: NDArray[np.int32]
    beneath: NDArray[np.int32]
    polygon: NDArray[np.int32]
    strip: NDArray[np.int32]
    strip_starts: NDArray[np.int64]
    ends: NDArray[np.float64]


class _Crossings(NamedTuple):
    """Which polygon crosses which raster cell, with the strip of its edges there."""

    cell: NDArray[np.int32]
    polygon: NDArray[np.int32]
    strip: NDArray[np.int32]


def raster_over(polygons: NDArray[np.object_]) -> Raster | None:
    """Return the raster of these polygons, None when they have no edges at all.

    It has 256 to 16.8 million cells of 4 bytes, by the length of the edges; building it takes
    about twice the memory for a moment.
    """
    edges = edges_of(polygons)
    if not len(edges.ends):
        return None
    lattice = lattice_over(edges, _side(edges))
    strips = strips_of(edges, lattice)
    width = np.abs(edges.ends[:, 2] - edges.ends[:, 0]).sum() * lattice.columns_per_x
    answer, crossings = _crossings(strips, lattice, int(2 * width) + 3 * len(strips.ends))
    starts, beneath, order = _by_cell(answer, crossings.cell)
    polygon, strip = crossings.polygon[order], crossings.strip[order]
    return Raster(lattice, answer, starts, beneath, polygon, strip, strips.starts, strips.ends)


def _side(edges: Edges) -> int:
    """Return how many rows and columns suit the edges, by their length in widths of their box."""
    box = lattice_over(edges, 1)
    lengths = np.abs(edges.ends[:, 2:] - edges.ends[:, :2]).sum(axis=0)
    length = lengths @ [box.columns_per_x, box.rows_per_y]
    return int(np.clip(_SIDE_PER_LENGTH * length, _LEAST_SIDE, _MOST_SIDE))


@njit(nogil=True, cache=True)
def _crossings(
    strips: Strips, lattice: Lattice, at_most: int
) -> tuple[NDArray[np.int32], _Crossings]:
    """Return the lowest polygon that holds each cell whole, and at most so many crossings.

    Polygons come in ascending order: what an earlier one holds whole, no later one can have.
    """
    answer = np.full(lattice.n_rows * lattice.n_columns, NOWHERE, dtype=np.int32)
    crossed_by = np.full(len(answer), NOWHERE, dtype=np.int32)
    found = np.empty((3, at_most), dtype=np.int32)
    turns = np.zeros(lattice.n_columns, dtype=np.bool_)
    n = 0
    for polygon in range(len(strips.offset)):
        for row in range(strips.first_row[polygon], strips.last_row[polygon] + 1):
            strip, corner = strips.offset[polygon] + row, row * lattice.n_columns
            west, east = lattice.n_columns, -1
            for at in range(strips.starts[strip], strips.starts[strip + 1]):
                _turn(strips.ends, at, row, lattice, turns)
                first, last = columns_near(strips.ends, at, row, lattice, _MARGIN)
                west, east = min(west, first), max(east, last)
                for cell in range(corner + first, corner + last + 1):
                    if crossed_by[cell] != polygon and answer[cell] == NOWHERE:
                        found[0, n], found[1, n], found[2, n] = cell, polygon, strip
                        n += 1
                    crossed_by[cell] = polygon
            inside = False
            for column in range(west, east + 1):
                inside ^= turns[column]
                turns[column] = False
                cell = corner + column
                if inside and crossed_by[cell] != polygon and answer[cell] == NOWHERE:
                    answer[cell] = polygon
    return answer, _Crossings(found[0, :n], found[1, :n], found[2, :n])


@njit(nogil=True, cache=True)
def _turn(
    ends: NDArray[np.float64], edge: int, row: int, lattice: Lattice, turns: NDArray[np.bool_]
) -> None:
    """Turn the column, from outside to inside or back, where the edge crosses the row's middle."""
    x0, y0, x1, y1 = ends[edge, 0], ends[edge, 1], ends[edge, 2], ends[edge, 3]
    middle = lattice.south + (row + 0.5) / lattice.rows_per_y
    if (y0 > middle) != (y1 > middle):
        x = x0 + (middle - y0) * ((x1 - x0) / (y1 - y0))
        turns[slot(x, lattice.west, lattice.columns_per_x, lattice.n_columns)] ^= True


@njit(nogil=True, cache=True)
def _by_cell(
    answer: NDArray[np.int32], cells: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Return starts, beneath and the order of crossings by cell; number the cells in `answer`.

    Polygons that cross the same cell stay in their order.
    """
    starts = np.zeros(len(cells) + 1, dtype=np.int32)
    beneath = np.empty(len(cells), dtype=np.int32)
    n = 0
    for cell in cells:
        if answer[cell] > _CROSSED:
            beneath[n] = answer[cell]
            answer[cell] = _CROSSED - n
            n += 1
        starts[_CROSSED - answer[cell] + 1] += 1
    for crossed in range(n):
        starts[crossed + 1] += starts[crossed]
    filled = starts.copy()
    order = np.empty(len(cells), dtype=np.int64)
    for at in range(len(cells)):
        crossed = _CROSSED - answer[cells[at]]
        order[filled[crossed]] = at
        filled[crossed] += 1
    return starts[: n + 1].copy(), beneath[:n].copy(), order


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
            start = raster.strip_starts[raster.strip[at]]
            stop = raster.strip_starts[raster.strip[at] + 1]
            verdict = contains(raster.ends, start, stop, x[i], y[i])
            if verdict != OUTSIDE:
                found[i] = raster.polygon[at] if verdict == INSIDE else UNDECIDED
                break
