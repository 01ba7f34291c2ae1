"""Points in the order of a quadtree: tiles are stretches of it, and squares add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.quadtree import BITS, of_tile, places, square_sums

UNIT = st.integers(0, 2**BITS - 1)
POINTS = st.lists(st.tuples(UNIT, UNIT, st.integers(1, 9)), min_size=1, max_size=40)
ZOOM = st.integers(0, 20)


def in_order(points):
    across, down, weight = np.array(points, dtype=np.int64).T
    across, down = across.astype(np.uint32), down.astype(np.uint32)
    order = np.argsort(places(across, down))
    return across[order], down[order], weight[order]


@pytest.mark.parametrize(
    ("across", "down", "place"),
    [(0, 0, 0), (1, 0, 1), (0, 1, 2), (3, 0, 5), (2**32 - 1, 0, 0x5555555555555555)],
)
def test_the_bits_of_a_place_come_from_both_by_turns(across, down, place):
    assert places(np.array([across], "u4"), np.array([down], "u4")).tolist() == [place]


@given(POINTS, ZOOM, st.data())
def test_a_tile_is_a_stretch_of_the_order(points, z, data):
    across, down, _ = in_order(points)
    one = data.draw(st.integers(0, len(points) - 1))
    x, y = int(across[one]) >> (BITS - z), int(down[one]) >> (BITS - z)
    inside = (across.astype("i8") >> (BITS - z) == x) & (down.astype("i8") >> (BITS - z) == y)
    found = np.zeros(len(points), dtype=bool)
    found[of_tile(places(across, down), z, x, y)] = True
    assert found.tolist() == inside.tolist()


def test_the_last_tile_ends_with_the_world():
    corner = np.array([2**32 - 1], "u4")
    last = 2**20 - 1
    assert of_tile(places(corner, corner), 20, last, last) == slice(0, 1)
    assert of_tile(places(corner, corner), 20, last - 1, last) == slice(0, 0)


@given(POINTS, ZOOM)
def test_squares_are_the_sums_of_their_points(points, z):
    across, down, weight = in_order(points)
    squares = square_sums(across, down, z, weight[None])
    expected = {}
    for a, d, w in zip(across.tolist(), down.tolist(), weight.tolist(), strict=True):
        column, row = (a >> (20 - z)) % 4096, (d >> (20 - z)) % 4096
        expected.setdefault(column // 128 + 32 * (row // 128), []).append((column, row, w))
    assert squares.number.tolist() == sorted(expected)
    for number, a, d, w in zip(
        squares.number, squares.across, squares.down, squares.sums[0], strict=True
    ):
        columns, rows, weights = zip(*expected[number], strict=True)
        assert (a, d) == (sum(columns) // len(columns), sum(rows) // len(rows))
        assert w == sum(weights)
