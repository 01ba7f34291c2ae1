import numpy as np
import shapely

from data.answers.outlines import SIDE, outlines


def test_outlines_are_whole_numbers_from_0_to_their_side():
    cells = np.array([shapely.box(113, 34, 114, 35), shapely.box(114, 34, 115, 35)])
    left, right = (outline[0] for outline in outlines(cells))
    assert max(max(x, y) for x, y in left + right) == SIDE
    assert min(min(x, y) for x, y in left + right) == 0
    assert {type(value) for ring in (left, right) for point in ring for value in point} == {int}


def test_a_degree_of_longitude_is_as_short_as_it_is_there():
    (ring,) = outlines(np.array([shapely.box(0, 59.5, 1, 60.5)]))[0]
    assert [max(x for x, _ in ring), max(y for _, y in ring)] == [500, SIDE]


def test_each_part_has_a_ring_and_holes_have_none():
    whole = shapely.box(0, 0, 1, 1).difference(shapely.box(0.4, 0.4, 0.6, 0.6))
    parts = shapely.union(whole, shapely.box(2, 0, 3, 1))
    assert [len(ring) for ring in outlines(np.array([parts]))[0]] == [4, 4]
