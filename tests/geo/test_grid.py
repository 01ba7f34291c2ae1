import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from geo.errors import WrongGeometryError, WrongValueError
from geo.grid import hexagons, squares, topology_report

MAKERS = pytest.mark.parametrize("make", [squares, hexagons])


def test_a_square_kilometre_has_four_squares_of_500_metres():
    grid = squares(box(0, 0, 1000, 1000), 500)
    assert grid["code"].tolist() == [
        *("r00000c00000", "r00000c00001", "r00001c00000", "r00001c00001")
    ]
    assert grid["geometry"][1].bounds == (500, 0, 1000, 500)


def test_edges_lie_on_multiples_of_the_size():
    grid = squares(box(760, -40, 990, 30), 100)
    assert shapely.total_bounds(grid["geometry"].to_numpy()).tolist() == [700, -100, 1000, 100]


def test_a_square_that_only_touches_the_region_is_left_out():
    corner = Polygon([(0, 0), (200, 0), (200, 100), (100, 100), (100, 200), (0, 200)])
    assert len(squares(corner, 100)) == 3


def test_squares_of_two_islands_leave_the_sea_between_them_out():
    islands = MultiPolygon([box(0, 0, 50, 50), box(950, 950, 1000, 1000)])
    assert squares(islands, 100)["code"].tolist() == ["r00000c00000", "r00009c00009"]


def test_codes_of_long_grids_keep_one_width():
    grid = squares(box(0, 0, 100_001, 1), 1)
    assert grid["code"].iloc[[0, -1]].tolist() == ["r000000c000000", "r000000c100000"]


def test_a_hexagon_is_as_wide_as_asked_and_its_sides_are_equal():
    (cell,) = hexagons(Point(0, 0).buffer(10), 100)["geometry"]
    west, _, east, _ = cell.bounds
    assert east - west == 100
    corners = shapely.get_coordinates(cell)
    np.testing.assert_allclose(np.hypot(*np.diff(corners, axis=0).T), 100 / np.sqrt(3))


def test_every_other_row_of_hexagons_is_shifted_by_half_a_hexagon():
    grid = hexagons(box(-300, -300, 300, 300), 100).set_index("code")["geometry"]
    one, above = grid["r00002c00002"].centroid, grid["r00003c00002"].centroid
    assert abs(above.x - one.x) == pytest.approx(50)
    assert above.y - one.y == pytest.approx(150 / np.sqrt(3))


@MAKERS
def test_codes_ascend_in_byte_order(make):
    codes = make(box(-430, 100, 900, 1200), 100)["code"]
    assert codes.is_monotonic_increasing
    assert codes.is_unique
    assert codes.iloc[0].startswith("r00000")


@MAKERS
@given(
    west=st.floats(-1e6, 1e6),
    south=st.floats(-1e6, 4e6),
    width=st.floats(10, 3000),
    height=st.floats(10, 3000),
    size_m=st.sampled_from([50, 100, 333.3]),
)
def test_cells_cover_the_region_and_do_not_overlap(make, west, south, width, height, size_m):
    region = box(west, south, west + width, south + height)
    cells = make(region, size_m)["geometry"].to_numpy()
    together = shapely.union_all(cells)
    assert region.difference(together.buffer(1e-6)).is_empty
    assert together.area == pytest.approx(shapely.area(cells).sum())


@MAKERS
def test_neighboring_cells_share_their_corners_exactly(make):
    cells = make(box(1e6 + 7, 3e6 + 7, 1e6 + 907, 3e6 + 907), 100 / 3)["geometry"].to_numpy()
    assert shapely.coverage_is_valid(cells)


@MAKERS
def test_too_many_cells_are_refused_before_one_is_built(make):
    with pytest.raises(WrongValueError, match=r"size_m: 1e-06 makes .* cells, over 1,000,000"):
        make(box(0, 0, 1e6, 1e6), 1e-6)


@MAKERS
@pytest.mark.parametrize("size_m", [0, -5, np.nan])
def test_a_size_that_is_not_positive_is_refused(make, size_m):
    with pytest.raises(WrongValueError, match="size_m"):
        make(box(0, 0, 1, 1), size_m)


@MAKERS
@pytest.mark.parametrize(
    "region", [Point(0, 0), Polygon(), Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])]
)
def test_a_region_without_a_proper_area_is_refused(make, region):
    with pytest.raises(WrongGeometryError):
        make(region, 1)


def report(*polygons, sliver_m=1.0):
    codes = list("ABCDEFGH")[: len(polygons)]
    found = topology_report(polygons, codes, sliver_m)
    return found[["kind", "codes", "area_m2"]].to_numpy().tolist()


def test_cells_that_only_touch_are_in_order():
    assert report(box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 10, 30, 20)) == []


def test_an_overlap_names_both_cells_and_its_area():
    assert report(box(0, 0, 10, 10), box(8, 0, 20, 10)) == [["overlap", ("A", "B"), 20]]


def test_an_overlap_no_wider_than_a_sliver_is_a_sliver():
    assert report(box(0, 0, 10, 10), box(9.5, 0, 20, 10)) == [["sliver", ("A", "B"), 5]]


FRAME = [box(0, 0, 30, 10), box(0, 20, 30, 30), box(0, 10, 10, 20), box(20, 10, 30, 20)]


def test_a_hole_between_cells_is_a_gap_and_names_those_around_it():
    assert report(*FRAME) == [["gap", ("A", "B", "C", "D"), 100]]


def test_a_hole_no_wider_than_a_sliver_is_a_sliver():
    assert report(*FRAME, sliver_m=10.1)[0][0] == "sliver"


def test_a_cell_that_stands_free_in_a_hole_is_no_part_of_the_gap():
    assert report(*FRAME, box(12, 12, 18, 18)) == [["gap", ("A", "B", "C", "D", "E"), 64]]


def test_the_largest_finding_comes_first():
    areas = [row[2] for row in report(*FRAME, box(0, 0, 30, 2))]
    assert areas == [100, 60]


def test_empty_and_missing_cells_are_passed_over():
    assert report(box(0, 0, 1, 1), Polygon(), None) == []


def test_a_cell_that_crosses_itself_is_refused_by_its_code():
    with pytest.raises(WrongGeometryError, match="cell B: Self-intersection"):
        report(box(0, 0, 1, 1), Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))


def test_every_cell_needs_a_code():
    with pytest.raises(WrongValueError, match="1 codes for 2 polygons"):
        topology_report([box(0, 0, 1, 1), box(1, 0, 2, 1)], ["A"])
