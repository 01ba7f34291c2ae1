import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely import box

from geo.errors import WrongGeometryError, WrongValueError
from geo.grid import hexagons, squares
from geo.placement import Placer, RegularPlacer, largest_share, shares
from tests.polygons import CORNER, irregular_cells, planted, with_dirt

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


def test_more_points_than_one_part_are_all_placed(monkeypatch):
    monkeypatch.setattr("geo.placement._PART", 2)
    lon = [0.5, 1.5, np.nan, 1.0, 9.0]
    assert Placer(TWO_SQUARES).place(lon, [0.5] * 5).tolist() == [0, 1, -1, 0, -1]


def test_a_line_is_no_cell():
    with pytest.raises(WrongGeometryError, match="geometry 1 is a LineString"):
        Placer([box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])])


@pytest.mark.parametrize(("lon", "lat"), [([0.0, 1.0], [0.0]), ([[0.0]], [[0.0]]), (0.0, 0.0)])
def test_coordinates_must_be_two_equal_lists(lon, lat):
    with pytest.raises(WrongValueError, match="two equal lists"):
        Placer(TWO_SQUARES).place(lon, lat)


def test_read_only_and_strided_coordinates_are_placed():
    lon, lat = np.array([[0.5, 0.5], [1.5, 0.5]]).T
    lon.setflags(write=False)
    assert Placer(TWO_SQUARES).place(lon, lat).tolist() == [0, 1]


def test_a_polygon_with_a_coordinate_that_is_not_finite_holds_nothing():
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(0, 0), (1, 0), (np.nan, 1), (0, 1)])
    assert Placer([broken, *TWO_SQUARES]).place([0.2], [0.2]).tolist() == [1]


def test_polygons_without_any_edge_hold_nothing():
    assert Placer([None, shapely.Polygon()]).place([0.0, 1.0], [0.0, 1.0]).tolist() == [-1, -1]


def test_a_grid_smaller_than_its_coordinates_can_tell_still_answers():
    corner = np.nextafter(120.0, 121.0)
    tiny = box(120.0, 30.0, corner, np.nextafter(30.0, 31.0))
    placer = Placer([tiny])
    assert placer.place([120.0, corner, 120.1], [30.0, 30.0, 30.0]).tolist() == [0, 0, -1]


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


def asked_of_shapely(polygons, x, y):
    """The slow way: every polygon is asked for the points it contains, the lowest is taken."""
    polygon, point = shapely.STRtree(shapely.points(x, y)).query(polygons, predicate="intersects")
    lowest = np.full(len(x), len(polygons))
    np.minimum.at(lowest, point, polygon)
    return np.where(lowest == len(polygons), -1, lowest)


@pytest.mark.parametrize("n", [1, 20, 3000])
@pytest.mark.parametrize("dirty", [False, True])
def test_points_planted_on_edges_and_corners_agree_with_shapely(n, dirty):
    rng = np.random.default_rng(n)
    polygons = irregular_cells(n, rng)
    polygons = with_dirt(polygons) if dirty else polygons
    points = np.vstack([planted(polygons, 5000, rng), rng.random((5000, 2)) + CORNER])
    expected = asked_of_shapely(polygons, *points.T)
    np.testing.assert_array_equal(Placer(polygons).place(*points.T), expected)


@pytest.mark.parametrize("n", [1_000, 10_000, 100_000])
def test_a_million_points_and_ten_thousand_planted_ones_agree_with_shapely(n):
    rng = np.random.default_rng(n)
    polygons = with_dirt(irregular_cells(n, rng))
    points = np.vstack([planted(polygons, 10_000, rng), rng.random((1_000_000, 2)) + CORNER])
    expected = asked_of_shapely(polygons, *points.T)
    np.testing.assert_array_equal(Placer(polygons).place(*points.T), expected)


@pytest.mark.usefixtures("uncompiled")
def test_the_kernels_place_uncompiled_as_compiled():
    rng = np.random.default_rng(20)
    polygons = with_dirt(irregular_cells(20, rng))
    points = np.vstack([planted(polygons, 300, rng), rng.uniform(-1, 2, (300, 2)) + CORNER])
    expected = asked_of_shapely(polygons, *points.T)
    np.testing.assert_array_equal(Placer(polygons).place(*points.T), expected)


@pytest.mark.parametrize("scale", [1e-7, 1.0, 1e7])
def test_outlying_and_far_away_grids_agree_with_shapely(scale):
    rng = np.random.default_rng(3)
    near = shapely.transform(irregular_cells(200, rng), lambda xy: (xy - CORNER) * scale)
    polygons = np.append(near, box(500 * scale, 500 * scale, 501 * scale, 501 * scale))
    points = np.vstack([planted(polygons, 2000, rng), rng.random((2000, 2)) * scale])
    expected = asked_of_shapely(polygons, *points.T)
    np.testing.assert_array_equal(Placer(polygons).place(*points.T), expected)


def test_a_star_whose_edges_pass_many_rows_agrees_with_shapely():
    rng = np.random.default_rng(5)
    angle, radius = np.linspace(0, 2 * np.pi, 2000), rng.uniform(0.1, 1, 2000)
    star = shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    corners = shapely.get_coordinates(star)
    points = np.vstack([planted([star], 2000, rng), rng.uniform(-1, 1, (20_000, 2)), corners])
    expected = asked_of_shapely([star], *points.T)
    np.testing.assert_array_equal(Placer([star]).place(*points.T), expected)


def test_few_points_and_then_many_are_placed_by_one_index():
    rng = np.random.default_rng(8)
    polygons = with_dirt(irregular_cells(2000, rng))
    points = np.vstack([planted(polygons, 5000, rng), rng.random((200_000, 2)) + CORNER])
    placer = Placer(polygons)
    for some in (points[:100], points, points[::-1000]):
        expected = asked_of_shapely(polygons, *some.T)
        np.testing.assert_array_equal(placer.place(*some.T), expected)


LAKE = box(-2000, -1500, 2500, 2300) - box(-300, -200, 900, 800)
GRIDS = {"square": squares, "hexagon": hexagons}


def around_edges(polygons, n, rng):
    """Points on edges and corners, and some millimetres and centimetres off them."""
    off = rng.choice([0, 1e-9, 0.004, 0.011, 0.2], (n, 2)) * rng.choice([-1, 1], (n, 2))
    return planted(polygons, n, rng) + off


@pytest.mark.parametrize("kind", ["square", "hexagon"])
@pytest.mark.parametrize(("size_m", "east_m"), [(100.0, 0.0), (333.3, 38_500_000.0)])
def test_arithmetic_places_as_the_polygons_do(kind, size_m, east_m):
    corner = np.array([east_m, 3_800_000])
    region = shapely.transform(LAKE, lambda xy: xy + corner)
    cells = GRIDS[kind](region, size_m)["geometry"].to_numpy()
    rng = np.random.default_rng(4)
    anywhere = rng.uniform(-3000, 3000, (20_000, 2)) + corner
    points = np.vstack([anywhere, around_edges(cells, 5000, rng)])
    placed = RegularPlacer(kind, size_m, cells).place(*points.T)
    np.testing.assert_array_equal(placed, asked_of_shapely(cells, *points.T))


@pytest.mark.parametrize("kind", ["square", "hexagon"])
@pytest.mark.usefixtures("uncompiled")
def test_arithmetic_is_the_same_uncompiled(kind):
    cells = GRIDS[kind](LAKE, 400)["geometry"].to_numpy()
    points = around_edges(cells, 200, np.random.default_rng(1))
    points[0] = np.nan, np.inf
    placed = RegularPlacer(kind, 400, cells).place(*points.T)
    np.testing.assert_array_equal(placed, asked_of_shapely(cells, *points.T))


@pytest.mark.parametrize("kind", ["square", "hexagon"])
def test_the_order_of_regular_cells_decides_a_tie(kind):
    cells = GRIDS[kind](box(0, 0, 200, 50), 100)["geometry"].to_numpy()
    corners = shapely.get_coordinates(cells).T
    for order in (cells, cells[::-1]):
        placed = RegularPlacer(kind, 100, order).place(*corners)
        np.testing.assert_array_equal(placed, asked_of_shapely(order, *corners))


def test_points_far_away_and_not_finite_lie_in_no_regular_cell():
    placer = RegularPlacer("square", 10, [box(0, 0, 10, 10)])
    assert placer.place([np.nan, np.inf, 1e300, -1e300, 5], [5.0] * 5).tolist() == [-1] * 4 + [0]


def test_no_regular_cells_hold_nothing():
    placer = RegularPlacer("hexagon", 10, [])
    assert len(placer) == 0
    assert placer.place([0.0, 3.0], [0.0, 3.0]).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("polygons", "reason"),
    [
        ([box(0, 0, 10, 10), box(5, 0, 15, 10)], "polygon 1 is no cell of a lattice of 10 m"),
        ([box(0, 0, 10, 10), None], "polygon 1 is no cell"),
        ([box(2, 2, 8, 8)], "polygon 0 is no cell"),
        ([box(0, 0, 10, 10), box(0, 0, 10, 10)], "two polygons are the same cell"),
        ([box(0, 0, 10, 10), box(1e8, 1e8, 1e8 + 10, 1e8 + 10)], "too far apart"),
    ],
)
def test_polygons_that_are_no_lattice_are_refused(polygons, reason):
    with pytest.raises(WrongValueError, match=reason):
        RegularPlacer("square", 10, polygons)


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


def test_the_shares_of_a_line_are_told_cell_by_cell():
    across, along_an_edge = [(0.5, 0.5), (1.75, 0.5)], [(1, 0), (1, 1)]
    held = shares([shapely.LineString(across), shapely.LineString(along_an_edge)], TWO_SQUARES)
    assert held["shape"].tolist() == [0, 0, 1, 1]
    assert held["cell"].tolist() == [0, 1, 0, 1]
    np.testing.assert_allclose(held["share"], [0.4, 0.6, 1, 1])


@given(st.lists(rectangle, min_size=1, max_size=5))
def test_the_shares_of_areas_in_a_full_grid_sum_to_one(areas):
    cells = squares(box(0, 0, 9, 9), 2.0)["geometry"]
    sums = shares(areas, cells).groupby("shape")["share"].sum()
    np.testing.assert_allclose(sums, np.ones(len(areas)))
