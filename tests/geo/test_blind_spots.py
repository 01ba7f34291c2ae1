import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from geo.coverage import blind_spots
from geo.errors import WrongGeometryError, WrongValueError

SQUARE = box(0, 0, 1000, 1000)
FOUR = [box(x, y, x + 1000, y + 1000) for x in (0, 1000) for y in (0, 1000)]


def blind(cells, *visited, distance_m=500):
    x_m, y_m = np.reshape(visited, (-1, 2)).T
    return blind_spots(cells, x_m, y_m, distance_m)


def test_a_visit_in_the_middle_sees_a_circle():
    found = blind([SQUARE], (500, 500)).loc[0]
    assert found["blind_m2"] == pytest.approx(1e6 - np.pi * 500**2, rel=0.002)
    assert found["blind_share"] == found["blind_m2"] / 1e6


def test_a_visit_in_a_corner_sees_a_quarter_of_a_circle():
    assert blind([SQUARE], (0, 0))["blind_m2"][0] == pytest.approx(
        1e6 - np.pi * 500**2 / 4, rel=1e-3
    )


def test_a_visit_sees_into_the_next_cell():
    found = blind([box(0, 0, 100, 100), box(100, 0, 200, 100)], (90, 50), distance_m=20)
    assert (found["blind_m2"] < 100**2).all()


def test_without_any_visit_every_cell_is_blind():
    found = blind([SQUARE, FOUR[3]])
    assert found["blind_share"].tolist() == [1, 1]
    assert found["geometry"][0].equals(SQUARE)


def test_a_cell_within_the_distance_of_one_visit_is_seen_to_its_corners():
    # the corner of a square of 600 is 424.3 from its middle
    assert blind([box(0, 0, 600, 600)], (300, 300), distance_m=424.3)["blind_m2"][0] == 0
    assert blind([box(0, 0, 600, 600)], (300, 300), distance_m=424)["blind_m2"][0] > 0


def test_several_visits_together_see_a_whole_cell():
    corners = [(x, y) for x in (250, 750) for y in (250, 750)]
    found = blind([SQUARE], *corners, distance_m=360).loc[0]
    assert found["blind_m2"] == 0
    assert found["geometry"].is_empty


def test_a_blind_spot_in_the_middle_is_a_polygon_inside_the_cell():
    spot = blind([SQUARE], *[(x, y) for x in (0, 1000) for y in (0, 1000)], distance_m=600)
    geometry = spot["geometry"][0]
    assert geometry.geom_type == "Polygon"
    assert geometry.contains(Point(500, 500))


def test_a_visit_of_unknown_place_sees_nothing():
    assert blind([SQUARE], (np.nan, 500), (500, np.nan))["blind_share"][0] == 1


def test_cells_without_area_have_no_blind_spot():
    found = blind([None, Polygon(), SQUARE], (500, 500))
    assert found["blind_m2"][:2].tolist() == [0, 0]
    assert found["blind_share"][:2].isna().all()


def test_a_cell_of_two_parts_is_seen_part_by_part():
    cell = MultiPolygon([box(0, 0, 10, 10), box(5000, 0, 5010, 10)])
    assert blind([cell], (5, 5))["blind_share"][0] == pytest.approx(0.5)


def test_the_index_of_the_cells_is_kept_and_they_are_not_changed():
    cells = pd.Series(FOUR, index=[*"abcd"])
    found = blind(cells, (1000, 1000), distance_m=2000)
    assert found["blind_m2"].to_dict() == dict.fromkeys("abcd", 0)
    assert cells.tolist() == FOUR


spots = st.lists(st.tuples(*[st.integers(-200, 2200)] * 2), max_size=6)


@settings(max_examples=40)
@given(spots, st.integers(50, 900))
def test_what_is_blind_and_what_is_near_make_up_the_cells(visited, distance_m):
    found = blind(FOUR, *visited, distance_m=distance_m)
    near = shapely.union_all(shapely.buffer([Point(place) for place in visited], distance_m))
    # the test's circle has 32 sides, those of the blind spots 128
    seen = box(0, 0, 2000, 2000).intersection(near).area
    assert found["blind_m2"].sum() + seen == pytest.approx(4e6, abs=1 + 0.008 * near.area)


@settings(max_examples=40)
@given(spots, st.integers(50, 900))
def test_one_more_visit_never_makes_more_blind(visited, distance_m):
    before = blind(FOUR, *visited, distance_m=distance_m)["blind_m2"]
    after = blind(FOUR, *visited, (700, 1300), distance_m=distance_m)["blind_m2"]
    assert (after <= before + 1e-6).all()


def test_a_distance_of_zero_is_refused():
    with pytest.raises(WrongValueError, match="distance_m"):
        blind([SQUARE], distance_m=0)


def test_cells_that_are_no_polygons_are_refused():
    with pytest.raises(WrongGeometryError, match="geometry 0 is a Point"):
        blind([Point(0, 0)])
