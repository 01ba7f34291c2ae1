"""Where in a lattice of equal squares or hexagons a point lies, by arithmetic.

Lattices are those of `geo.grid`: squares have their edges on multiples of the size; hexagons look
north and south with their points, lie one size apart, every other row shifted by half a size, and
start at the origin.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

NOWHERE = -1
UNDECIDED = -2

_EDGE_M = 0.01
"""Nearer to an edge than this, arithmetic does not decide."""

_ROW = np.sqrt(0.75)
"""Rows of hexagons lie this far apart, in sizes."""

HEXAGON_AREA = float(_ROW)
"""Of a hexagon one size from flat to flat, in squared sizes."""

_FARTHEST = 2.0**52
"""Beyond so many sizes from the origin, floats no longer tell cells apart."""

Floats = NDArray[np.float64]


class Spots(NamedTuple):
    """Whole rows and columns of a lattice, and how far off their centers something is, in sizes."""

    row: Floats
    column: Floats
    off: Floats


class Table(NamedTuple):
    """The number of the cell in each row and column of the lattice, NOWHERE where there is none."""

    first_row: int
    first_column: int
    cells: NDArray[np.int32]


def square_spots(x: Floats, y: Floats, size: float) -> Spots:
    """Return the squares whose centers are nearest to these."""
    column, row = np.floor(x / size), np.floor(y / size)
    off = np.maximum(np.abs(x / size - column - 0.5), np.abs(y / size - row - 0.5))
    return Spots(row, column, off)


def hexagon_spots(x: Floats, y: Floats, size: float) -> Spots:
    """Return the hexagons whose centers these are, or nearly."""
    row = np.rint(y / size / _ROW)
    across = x / size - row % 2 / 2
    column = np.rint(across)
    off = np.maximum(np.abs(across - column), np.abs(y / size - row * _ROW))
    return Spots(row, column, off)


@njit(nogil=True, cache=True)
def find_squares(x: Floats, y: Floats, size: float, table: Table, found: NDArray[np.int32]) -> None:
    """Write the cell of each point, UNDECIDED near an edge; others than finite points are left."""
    for i in range(len(x)):
        across, up = x[i] / size, y[i] / size
        if abs(across) < _FARTHEST and abs(up) < _FARTHEST:
            column, row = np.floor(across), np.floor(up)
            to_edge = min(across - column, column + 1 - across, up - row, row + 1 - up)
            found[i] = _cell(table, int(row), int(column), to_edge * size)


@njit(nogil=True, cache=True)
def find_hexagons(
    x: Floats, y: Floats, size: float, table: Table, found: NDArray[np.int32]
) -> None:
    """Write the cell of each point, UNDECIDED near an edge; others than finite points are left."""
    for i in range(len(x)):
        across, up = x[i] / size, y[i] / size
        if abs(across) < _FARTHEST and abs(up) < _FARTHEST:
            row, column, to_edge = _nearest_center(across, up)
            found[i] = _cell(table, row, column, to_edge * size)


@njit(nogil=True, cache=True)
def _nearest_center(across: float, up: float) -> tuple[int, int, float]:
    """Return row and column of the hexagon whose center is nearest, and how far its edge is.

    The nearest center and the next one lie in the rows below and above the point, to its left or
    right. The edge between them is half the difference of their squared distances away.
    """
    nearest, second = np.inf, np.inf
    at_row, at_column = 0, 0
    below = int(np.floor(up / _ROW))
    for row in (below, below + 1):
        shift = row % 2 / 2
        left = int(np.floor(across - shift))
        for column in (left, left + 1):
            away = (across - column - shift) ** 2 + (up - row * _ROW) ** 2
            if away < nearest:
                nearest, second = away, nearest
                at_row, at_column = row, column
            elif away < second:
                second = away
    return at_row, at_column, (second - nearest) / 2


@njit(nogil=True, cache=True)
def _cell(table: Table, row: int, column: int, to_edge_m: float) -> int:
    if to_edge_m < _EDGE_M:
        return UNDECIDED
    n_rows, n_columns = table.cells.shape
    row, column = row - table.first_row, column - table.first_column
    if 0 <= row < n_rows and 0 <= column < n_columns:
        return int(table.cells[row, column])
    return NOWHERE
