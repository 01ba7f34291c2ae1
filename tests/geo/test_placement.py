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
CORNER = np.array([120.0, 30.0])


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
    """The slow way: every polygon whose box holds the point is asked, the lowest is taken."""
    tree = shapely.STRtree(polygons)
    point, polygon = tree.query(shapely.points(x, y), predicate="intersects")
    lowest = np.full(len(x), len(polygons))
    np.minimum.at(lowest, point, polygon)
    return np.where(lowest == len(polygons), -1, lowest)


def irregular_cells(n, rng):
    """Cells with crooked sides that tile a square of one degree, each corner on three of them."""
    square = box(120, 30, 121, 31)
    seeds = shapely.MultiPoint(rng.random((n, 2)) + CORNER)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square))
    return shapely.segmentize(shapely.intersection(cells, square), 0.2 / np.sqrt(n))


def with_dirt(cells, rng):
    """Holes, multipolygons, overlaps, slivers and nothing at all among the cells."""
    dirty, n = cells.copy(), len(cells)
    centers, width = shapely.centroid(cells), 1 / np.sqrt(n)
    dirty[::7] = shapely.difference(cells[::7], shapely.buffer(centers[::7], width / 5))
    dirty[1::7] = shapely.union(cells[1::7], cells[rng.integers(0, n, len(cells[1::7]))])
    dirty[2::7] = shapely.buffer(cells[2::7], width / 8)
    dirty[3::7] = shapely.buffer(shapely.boundary(cells[3::7]), width / 1e6, quad_segs=1)
    dirty[4::97] = shapely.Polygon()
    dirty[5::97] = None
    return dirty


def planted(polygons, n, rng):
    """Points on corners and, as near as doubles allow, on edges of the polygons."""
    corners = shapely.get_coordinates(polygons)
    at = rng.integers(0, len(corners) - 1, n)
    share = rng.choice([0, 0.25, 0.5, 0.7], n)[:, None]
    return corners[at] + share * (corners[at + 1] - corners[at])


@pytest.mark.parametrize("n", [1, 20, 3000])
@pytest.mark.parametrize("dirty", [False, True])
def test_points_planted_on_edges_and_corners_agree_with_shapely(n, dirty):
    rng = np.random.default_rng(n)
    polygons = irregular_cells(n, rng)
    polygons = with_dirt(polygons, rng) if dirty else polygons
    points = np.vstack([planted(polygons, 5000, rng), rng.random((5000, 2)) + CORNER])
    expected = asked_of_shapely(polygons, *points.T)
    np.testing.assert_array_equal(Placer(polygons).place(*points.T), expected)


@pytest.mark.usefixtures("uncompiled")
def test_the_kernels_place_uncompiled_as_compiled():
    rng = np.random.default_rng(20)
    polygons = with_dirt(irregular_cells(20, rng), rng)
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
