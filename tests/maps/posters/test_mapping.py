import numpy as np
import pytest
import shapely

from maps.posters.furniture import scale_box
from maps.posters.mapping import paths_of, projection, round_up
from maps.posters.paper import Box, Paper

BOX = Box(10, 20, 210, 120)


def shapes(*found):
    return np.array(found, dtype=object)


@pytest.mark.parametrize(
    ("needed", "rounded"), [(9_100, 10_000), (27_500, 28_000), (30_000, 30_000), (1.01e5, 1.1e5)]
)
def test_a_scale_is_rounded_to_one_that_reads_well(needed, rounded):
    assert round_up(needed) == pytest.approx(rounded)


def test_a_kilometre_is_as_long_as_the_scale_says():
    found = projection(BOX, shapes(shapely.box(0, 0, 1860, 500)), 1.0)
    assert found.denominator == 10_000
    (left, _), (right, _) = found.to_mm(0, 0), found.to_mm(1000, 0)
    assert right - left == pytest.approx(100)


def test_a_larger_sheet_has_the_larger_scale():
    square = shapes(shapely.box(0, 0, 1860, 500))
    a3, a0 = projection(BOX, square, 1.0), projection(BOX, square, Paper("A0").scale)
    assert a0.denominator == 3600 or a0.denominator < a3.denominator / 2


def test_north_is_up_and_everything_lies_inside_the_margin():
    found = projection(BOX, shapes(shapely.box(5000, 7000, 5300, 9000)), 1.0)
    left, bottom = found.to_mm(5000, 7000)
    right, top = found.to_mm(5300, 9000)
    assert top < bottom
    assert BOX.grown(-6.9).holds(Box(left, top, right, bottom))


def test_a_city_without_a_shape_still_has_a_map():
    assert projection(BOX, shapes(), 1.0).denominator > 0


def test_a_hole_turns_the_other_way_than_its_shell():
    ring = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    (path,) = paths_of([ring, None, shapely.Polygon()])
    turns = [shapely.LinearRing(part).is_ccw for part in path.to_polygons()]
    assert turns == [True, False]


def test_a_box_of_the_sheet_covers_what_is_drawn_in_it():
    found = projection(BOX, shapes(shapely.box(0, 0, 1860, 500)), 1.0)
    left, top = found.to_mm(100, 400)
    right, bottom = found.to_mm(300, 150)
    assert found.to_m(Box(left, top, right, bottom)).bounds == pytest.approx((100, 150, 300, 400))


@pytest.mark.parametrize(("corner", "left"), [((0, 3000), True), ((0, 0), False)])
def test_the_scale_bar_covers_the_emptier_corner(make_poster, corner, left):
    x, y = corner
    places = [shapely.box(x, y, x + 900, y + 900), shapely.box(9000, 7400, 9900, 8300)]
    poster = make_poster(["a", "b"], shapes=shapes(*places))
    found = projection(Box(0, 0, 276, 234), poster.shapes, 1.0)
    assert (scale_box(poster, found).left < 100) is left
