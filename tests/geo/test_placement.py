import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely import box

from geo.errors import WrongGeometryError, WrongValueError
from geo.placement import Placer, largest_share

TWO_SQUARES = [box(0, 0, 1, 1), box(1, 0, 2, 1)]


def test_a_point_inside_a_square_belongs_to_it():
    assert Placer(TWO_SQUARES).place([0.5, 1.5], [0.5, 0.5]).tolist() == [0, 1]


def test_a_point_on_a_shared_edge_belongs_to_the_lower_of_the_two():
    assert Placer(TWO_SQUARES).place([1.0], [0.5]).tolist() == [0]


def test_the_order_of_the_polygons_decides_a_tie():
    assert Placer(TWO_SQUARES[::-1]).place([1.0], [0.5]).tolist() == [0]


def test_a_point_on_the_outer_corner_belongs_to_the_cell_it_closes():
    assert Placer(TWO_SQUARES).place([2.0, 0.0], [1.0, 0.0]).tolist() == [1, 0]


def test_a_point_in_an_overlap_belongs_to_the_lowest():
    polygons = [box(5, 5, 6, 6), box(0, 0, 3, 3), box(1, 1, 4, 4)]
    assert Placer(polygons).place([2.0], [2.0]).tolist() == [1]


def test_a_point_outside_every_polygon_is_nowhere():
    assert Placer(TWO_SQUARES).place([2.1], [0.5]).tolist() == [-1]


def test_a_point_in_a_hole_is_nowhere_and_one_on_its_rim_is_inside():
    ring = box(0, 0, 3, 3) - box(1, 1, 2, 2)
    assert Placer([ring]).place([1.5, 1.0], [1.5, 1.5]).tolist() == [-1, 0]


def test_a_multipolygon_holds_the_points_of_all_its_parts():
    islands = shapely.MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])
    assert Placer([islands]).place([0.5, 3.0, 5.5], [0.5] * 3).tolist() == [0, -1, 0]


def test_coordinates_that_are_not_finite_are_nowhere():
    lon = [np.nan, 0.5, np.inf, 0.5]
    assert Placer(TWO_SQUARES).place(lon, [0.5, np.nan, 0.5, 0.5]).tolist() == [-1, -1, -1, 0]


def test_empty_and_missing_polygons_keep_their_index_and_hold_nothing():
    placer = Placer([shapely.Polygon(), None, box(0, 0, 1, 1)])
    assert len(placer) == 3
    assert placer.place([0.5], [0.5]).tolist() == [2]


def test_no_polygons_and_no_points_are_allowed():
    assert Placer([]).place([0.5], [0.5]).tolist() == [-1]
    assert Placer(TWO_SQUARES).place([], []).dtype == np.int32


def test_more_points_than_one_chunk_are_all_placed(monkeypatch):
    monkeypatch.setattr("geo.placement._CHUNK", 2)
    lon = [0.5, 1.5, np.nan, 1.0, 9.0]
    assert Placer(TWO_SQUARES).place(lon, [0.5] * 5).tolist() == [0, 1, -1, 0, -1]


def test_a_line_is_no_cell():
    with pytest.raises(WrongGeometryError, match="geometry 1 is a LineString"):
        Placer([box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])])


@pytest.mark.parametrize(("lon", "lat"), [([0.0, 1.0], [0.0]), ([[0.0]], [[0.0]]), (0.0, 0.0)])
def test_coordinates_must_be_two_equal_lists(lon, lat):
    with pytest.raises(WrongValueError, match="two equal lists"):
        Placer(TWO_SQUARES).place(lon, lat)


lattice = st.integers(0, 6).map(float)
rectangle = st.tuples(lattice, lattice, lattice, lattice).map(
    lambda b: box(min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]) + 1, max(b[1], b[3]) + 1)
)


@given(
    st.lists(rectangle, max_size=6),
    arrays(float, (20, 2), elements=st.integers(-1, 16).map(lambda i: i / 2)),
)
def test_every_point_agrees_with_covers_polygon_by_polygon(polygons, points):
    placed = Placer(polygons).place(points[:, 0], points[:, 1])
    for (x, y), cell in zip(points, placed, strict=True):
        holding = [i for i, p in enumerate(polygons) if p.covers(shapely.Point(x, y))]
        assert cell == min(holding, default=-1)


def test_a_line_belongs_to_the_cell_with_its_longer_part():
    line = shapely.LineString([(0.8, 0.5), (1.8, 0.5)])
    row = largest_share([line], TWO_SQUARES).iloc[0]
    assert row["cell"] == 1
    assert row["share"] == pytest.approx(0.8)


def test_a_line_halved_by_an_edge_belongs_to_the_lower_cell():
    line = shapely.LineString([(0.9, 0.5), (1.1, 0.5)])
    assert largest_share([line], TWO_SQUARES)["cell"].tolist() == [0]


def test_a_line_along_a_shared_edge_belongs_wholly_to_the_lower_cell():
    shares = largest_share([shapely.LineString([(1, 0), (1, 1)])], TWO_SQUARES)
    assert shares.to_dict("list") == {"cell": [0], "share": [1.0]}


def test_a_line_that_leaves_every_cell_has_the_share_that_lies_inside():
    line = shapely.LineString([(1.5, 0.5), (3.5, 0.5)])
    assert largest_share([line], TWO_SQUARES)["share"].tolist() == [0.25]


def test_a_line_that_touches_a_corner_belongs_to_no_cell():
    shares = largest_share([shapely.LineString([(2, 1), (3, 2)])], TWO_SQUARES)
    assert shares["cell"].tolist() == [-1]
    assert np.isnan(shares["share"]).all()


def test_a_line_without_length_belongs_to_no_cell():
    still = shapely.LineString([(0.5, 0.5), (0.5, 0.5)])
    assert largest_share([still, None], TWO_SQUARES)["cell"].tolist() == [-1, -1]


def test_an_area_is_compared_by_area_and_a_neighbor_along_an_edge_has_no_share():
    shares = largest_share([box(0.9, 0, 2, 1), box(0, 1, 2, 2)], TWO_SQUARES)
    assert shares["cell"].tolist() == [1, -1]
    assert shares["share"].iloc[0] == pytest.approx(1 / 1.1)
