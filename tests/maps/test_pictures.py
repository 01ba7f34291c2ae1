from io import BytesIO

import numpy as np
import pytest
import shapely
from matplotlib.image import imread

from maps.layers import DECLARED, View
from maps.palettes import PaintClass, Rule
from maps.pictures import Window, draw_picture, mercator

RED = PaintClass("red", "#ff0000", (Rule("n", above=0),), width=10)
GREEN = PaintClass("green", "#00ff00")
VIEW = View("v", "n", "count", (RED, GREEN))
WORLD = Window((0.0, 0.0, 2.0, 2.0), 200, 200)


def pixels(rows, shapes, view=VIEW, window=WORLD):
    drawn = draw_picture(view, rows, (), np.array(shapes, dtype=object), window)
    return (imread(BytesIO(drawn))[:, :, :3] * 255).astype(int)


def test_an_area_is_painted_in_the_color_of_its_class_where_it_lies():
    west, east = shapely.box(0, 0, 1, 2), shapely.box(1, 0, 2, 2)
    image = pixels([{"n": 1}, {"n": 0}], [west, east])
    assert image.shape == (200, 200, 3)
    assert image[100, 50].tolist() == [255, 0, 0]
    assert image[100, 150].tolist() == [0, 255, 0]


def test_north_is_up():
    image = pixels([{"n": 1}], [shapely.box(0, 1.5, 2, 2)])
    assert image[10, 100].tolist() == [255, 0, 0]
    assert image[190, 100].tolist() == [232, 235, 233]


def test_a_street_is_as_wide_as_its_class_says():
    image = pixels([{"n": 1}], [shapely.LineString([(0, 1), (2, 1)])])
    reds = (image[:, 100] == [255, 0, 0]).all(axis=1).sum()
    assert reds == pytest.approx(10, abs=1)


def test_what_is_out_of_view_is_not_drawn():
    image = pixels([{"n": 1}], [shapely.box(10, 10, 11, 11)])
    assert (image == [232, 235, 233]).all()


def test_the_projection_is_that_of_web_maps():
    (x, y), (_, north) = mercator(np.array([[180.0, 0.0], [0.0, 85.0511287798]]))
    assert (x, y, north) == pytest.approx((np.pi, 0, np.pi))


def test_what_has_no_figure_is_hatched():
    view = DECLARED["coverage"].views[0]
    row = {"n_units": 0, "coverage": None}
    image = pixels([row], [shapely.box(0, 0, 2, 2)], view)
    assert len(np.unique(image[40:160, 40:160].reshape(-1, 3), axis=0)) > 2
