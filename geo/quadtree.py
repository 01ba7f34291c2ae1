"""Points in the order of a quadtree: those of a map tile, of whichever zoom, lie together.

The world of web maps is a square, 2**32 units wide: tiles of zoom 20 are 4,096 units wide. Units
count from its north-west corner, across to the east and down to the south.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

BITS = 32
_TILE_BITS = 12
_SQUARE_BITS = 7
SQUARES_A_SIDE = 2 ** (_TILE_BITS - _SQUARE_BITS)
"""A tile has 32 by 32 squares of 128 by 128 of its own units."""

FARTHEST_ZOOM = BITS - _TILE_BITS
"""Up to this zoom a unit of a tile is not smaller than a unit of the world."""

Units = NDArray[np.uint32]
Whole = NDArray[np.int64]


class Squares(NamedTuple):
    """The squares of a tile that hold a point, row by row from the north-west corner.

    `across` and `down` are the mean position of the points in units of the tile, rounded down;
    `sums` has a row for each row of the weights that were summed.
    """

    number: Whole
    across: Whole
    down: Whole
    sums: Whole


def places(across: Units, down: Units) -> NDArray[np.uint64]:
    """Return where the points come in the order of the quadtree: their bits, one by one in turn."""
    return _spread(across) | _spread(down) << np.uint64(1)


def _spread(units: Units) -> NDArray[np.uint64]:
    """Put a zero before each bit."""
    spread = units.astype(np.uint64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | spread << np.uint64(shift)) & np.uint64(mask)
    return spread


def of_tile(ordered: NDArray[np.uint64], z: int, x: int, y: int) -> slice:
    """Return which of the places, in ascending order, lie in a tile."""
    corner = np.array([x << (BITS - z), y << (BITS - z)], dtype=np.uint32)
    (first,) = places(corner[:1], corner[1:])
    last = int(first) + 4 ** (BITS - z) - 1
    return slice(
        int(np.searchsorted(ordered, first)),
        int(np.searchsorted(ordered, np.uint64(last), side="right")),
    )


def square_sums(across: Units, down: Units, z: int, weights: Whole) -> Squares:
    """Return what the points of one tile of zoom `z` add to its squares.

    Parameters
    ----------
    across, down
        In units of the world.
    z
        At most `FARTHEST_ZOOM`.
    weights
        A row for each sum, a column for each point.
    """
    sums = np.zeros((SQUARES_A_SIDE**2, 3 + len(weights)), dtype=np.int64)
    _add(across, down, np.uint32(FARTHEST_ZOOM - z), weights, sums)
    number = np.flatnonzero(sums[:, 0])
    n, total_across, total_down, *summed = sums[number].T
    return Squares(number, total_across // n, total_down // n, np.array(summed))


@njit(nogil=True, cache=True)
def _add(across: Units, down: Units, shift: np.uint32, weights: Whole, sums: Whole) -> None:
    for i in range(len(across)):
        column = (across[i] >> shift) & 4095
        row = (down[i] >> shift) & 4095
        square = sums[(column >> 7) + 32 * (row >> 7)]
        square[0] += 1
        square[1] += column
        square[2] += row
        for k in range(len(weights)):
            square[3 + k] += weights[k, i]
