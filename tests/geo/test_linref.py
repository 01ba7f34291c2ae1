from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geo import linref
from geo.errors import WrongGeometryError, WrongValueError
from geo.linref import cut, junctions, order_along, snap

EASTWARD = LineString([(0, 0), (100, 0)])
NORTHWARD = LineString([(0, 0), (0, 100)])


def snapped(x, y, *lines, within=30.0):
    return snap([Point(x, y)], lines, within).iloc[0]


def test_a_lamp_north_of_an_eastward_street_stands_on_its_left():
    row = snapped(40, 5, EASTWARD)
    assert (row["segment"], row["measure_m"], row["offset_m"], row["side"]) == (0, 40, 5, "left")


def test_a_lamp_south_of_an_eastward_street_stands_on_its_right():
    assert snapped(40, -5, EASTWARD)["side"] == "right"


def test_a_lamp_on_the_line_counts_as_left():
    assert snapped(40, 0, EASTWARD)["side"] == "left"


def test_a_lamp_beyond_the_end_is_measured_at_the_end():
    row = snapped(103, 4, EASTWARD)
    assert (row["measure_m"], row["offset_m"], row["side"]) == (100, 5, "left")


def test_a_lamp_straight_beyond_the_end_counts_as_left():
    assert snapped(-7, 0, EASTWARD)["side"] == "left"


def test_a_lamp_in_the_elbow_of_a_sharp_left_turn_stands_on_the_right():
    hairpin = LineString([(0, 0), (100, 0), (0, 10)])
    assert snapped(103, 1, hairpin)["side"] == "right"


def test_a_lamp_outside_a_right_turn_stands_on_the_left():
    assert snapped(101, 1, LineString([(0, 0), (100, 0), (100, -50)]))["side"] == "left"


def test_a_lamp_farther_than_the_tolerance_stays_unsnapped():
    row = snapped(40, 31, EASTWARD)
    assert row["segment"] == -1
    assert row["side"] is None
    assert np.isnan([row["measure_m"], row["offset_m"]]).all()


def test_a_lamp_exactly_at_the_tolerance_is_snapped():
    assert snapped(40, 30, EASTWARD)["segment"] == 0


def test_the_nearest_of_two_streets_is_taken():
    assert snapped(10, 2, NORTHWARD, EASTWARD)["segment"] == 1


def test_of_two_streets_equally_near_the_first_is_taken():
    assert snapped(5, 5, NORTHWARD, EASTWARD)["segment"] == 0
    assert snapped(-3, -3, EASTWARD, NORTHWARD)["segment"] == 0


def test_the_street_with_the_lamps_name_goes_before_a_nearer_one():
    frame = snap(
        [Point(10, 2)], [EASTWARD, NORTHWARD], 30, point_names=["N"], line_names=["E", "N"]
    )
    assert frame[["segment", "offset_m"]].to_numpy().tolist() == [[1, 10]]


def test_the_street_with_the_lamps_name_is_not_taken_beyond_the_tolerance():
    frame = snap(
        [Point(50, 2)], [EASTWARD, NORTHWARD], 30, point_names=["N"], line_names=["E", "N"]
    )
    assert frame["segment"].tolist() == [0]


@pytest.mark.parametrize("nameless", [None, "", np.nan])
def test_lamps_without_a_name_match_no_nameless_street(nameless):
    lines, names = [EASTWARD, NORTHWARD], ["E", nameless]
    frame = snap([Point(10, 2)], lines, 30, point_names=[nameless], line_names=names)
    assert frame["segment"].tolist() == [0]


def test_lamps_without_a_position_stay_unsnapped():
    frame = snap([None, Point(), Point(np.nan, 1), Point(1, 1)], [EASTWARD], 30)
    assert frame["segment"].tolist() == [-1, -1, -1, 0]


def test_the_index_of_a_series_of_points_is_kept():
    lamps = pd.Series([Point(1, 1), Point(2, 2)], index=["L7", "L3"])
    assert snap(lamps, [EASTWARD], 30).index.tolist() == ["L7", "L3"]


def test_no_points_and_no_lines_give_no_snaps():
    assert snap([], [EASTWARD], 30).empty
    assert snap([Point(0, 0)], [], 30)["segment"].tolist() == [-1]


def test_a_polygon_is_no_street():
    with pytest.raises(WrongGeometryError, match="geometry 0 is a Polygon, not a linestring"):
        snap([Point(0, 0)], [shapely.box(0, 0, 1, 1)], 30)


@pytest.mark.parametrize("distance", [0, -1, np.nan])
def test_a_tolerance_that_is_not_positive_is_refused(distance):
    with pytest.raises(WrongValueError, match="max_distance_m"):
        snap([Point(0, 0)], [EASTWARD], distance)


coordinate = st.integers(-50, 50)
place = st.tuples(coordinate, coordinate)
street = st.lists(place, min_size=2, max_size=5, unique=True).map(LineString)


@settings(max_examples=40)
@given(st.lists(place, min_size=1, max_size=8), st.lists(street, min_size=1, max_size=5))
def test_every_snap_is_the_nearest_line_of_shapely(places, streets):
    lamps = shapely.points(places)
    frame = snap(lamps, streets, 40)
    for lamp, row in zip(lamps, frame.itertuples(), strict=True):
        distances = [line.distance(lamp) for line in streets]
        assert (row.segment >= 0) == (min(distances) <= 40)
        if row.segment >= 0:
            assert row.offset_m == pytest.approx(min(distances), abs=1e-9)
            assert row.segment == np.flatnonzero(np.isclose(distances, row.offset_m, atol=1e-6))[0]
            assert row.measure_m == pytest.approx(streets[row.segment].project(lamp), abs=1e-9)


def streets_and_lamps(n, rng):
    """Crooked streets of a city of 2 km, and lamps about them; both have one of four names."""
    corners = rng.uniform(0, 2000, (n, 1, 2)) + rng.normal(0, 80, (n, 6, 2)).cumsum(axis=1)
    lamps = shapely.points(rng.uniform(0, 2000, (n * 5, 2)))
    return shapely.linestrings(corners), lamps, rng.integers(0, 4, n), rng.integers(0, 4, n * 5)


def snapped_by_shapely(lamps, lines, within, lamp_names, line_names):
    """The slow way: every line within the distance, in the order of the rule."""
    lamp, line = shapely.STRtree(lines).query(lamps, predicate="dwithin", distance=within)
    offset = shapely.distance(lamps[lamp], lines[line])
    order = np.lexsort((line, np.round(offset, 6), lamp_names[lamp] != line_names[line], lamp))
    chosen = order[np.unique(lamp[order], return_index=True)[1]]
    lamp, line = lamp[chosen], line[chosen]
    measure = shapely.line_locate_point(lines[line], lamps[lamp])
    found = pd.DataFrame({"segment": line, "measure_m": measure, "offset_m": offset[chosen]}, lamp)
    return found.reindex(range(len(lamps))).fillna({"segment": -1}).astype({"segment": int})


@pytest.mark.parametrize("within", [0.5, 30.0, 3000.0])
def test_crooked_streets_with_names_are_found_as_by_shapely(within):
    lines, lamps, line_names, lamp_names = streets_and_lamps(60, np.random.default_rng(7))
    names = {"point_names": lamp_names, "line_names": line_names}
    found = snap(lamps, lines, within, **names).drop(columns="side")
    expected = snapped_by_shapely(lamps, lines, within, lamp_names, line_names)
    pd.testing.assert_frame_equal(found, expected, rtol=0, atol=1e-9)


@pytest.mark.usefixtures("uncompiled")
def test_the_kernels_snap_uncompiled_as_compiled():
    lines, lamps, line_names, lamp_names = streets_and_lamps(12, np.random.default_rng(8))
    found = snap(lamps, lines, 60.0, point_names=lamp_names, line_names=line_names)
    expected = snapped_by_shapely(lamps, lines, 60.0, lamp_names, line_names)
    pd.testing.assert_frame_equal(found.drop(columns="side"), expected, rtol=0, atol=1e-9)


@pytest.mark.usefixtures("uncompiled")
def test_a_lamp_at_a_bend_or_at_a_street_without_length_is_snapped():
    bend = LineString([(0, 0), (5, 0), (5, 0), (5.004, 0), (5.004, 9)])
    still = LineString([(20, 0), (20, 0)])
    places = [Point(5.002, 0), Point(5.1, -1), Point(21, 0), Point(5, 60)]
    found = snap(places, [bend, still], 30)
    assert found["segment"].tolist() == [0, 0, 1, -1]
    assert found["side"].tolist() == ["left", "right", "left", None]


def test_a_street_with_a_corner_that_is_not_finite_is_found_along_its_other_pieces():
    with np.errstate(invalid="ignore"):
        broken = LineString([(0, 0), (10, 0), (np.nan, 5), (50, 0), (60, 0)])
    assert snap([Point(5, 1), Point(30, 1)], [broken], 3)["segment"].tolist() == [0, -1]


@given(street, st.floats(0, 1), st.sampled_from([-0.01, 0.01]))
def test_a_point_set_off_a_straight_piece_snaps_back_to_its_measure_and_side(line, share, offset):
    first = LineString(line.coords[:2])
    foot, end = first.interpolate(share, normalized=True), first.coords[1]
    along = np.subtract(end, first.coords[0]) / first.length
    lamp = Point(foot.x - along[1] * offset, foot.y + along[0] * offset)
    row = snap([lamp], [first], 1).iloc[0]
    assert row["measure_m"] == pytest.approx(first.length * share, abs=1e-6)
    assert row["side"] == ("left" if offset > 0 else "right")


def test_the_stretch_between_two_measures_keeps_the_bend_between_them():
    corner = LineString([(0, 0), (10, 0), (10, 10)])
    assert cut(corner, 5, 15).wkt == "LINESTRING (5 0, 10 0, 10 5)"


def test_measures_past_the_ends_mean_the_ends():
    assert cut(EASTWARD, -5, 105).equals(EASTWARD)


@pytest.mark.parametrize(("from_m", "to_m"), [(5, 5), (6, 5), (100, 120), (-9, 0), (np.nan, 5)])
def test_an_empty_stretch_is_refused(from_m, to_m):
    with pytest.raises(WrongValueError, match="nothing between"):
        cut(EASTWARD, from_m, to_m)


@given(street, st.sets(st.integers(1, 99), min_size=1, max_size=4))
def test_the_pieces_of_a_cut_line_have_its_length(line, shares):
    measures = [0, *(line.length * share / 100 for share in sorted(shares)), line.length]
    pieces = [cut(line, *pair) for pair in pairwise(measures)]
    assert sum(piece.length for piece in pieces) == pytest.approx(line.length)


def test_streets_that_meet_share_a_node():
    nodes = junctions([EASTWARD, LineString([(100, 0), (100, 50)]), NORTHWARD])
    assert nodes.to_numpy().tolist() == [[0, 1], [1, 2], [0, 3]]


def test_ends_within_the_tolerance_are_one_node_and_ends_beyond_it_are_two():
    near, far = LineString([(100.4, 0), (200, 0)]), LineString([(200.6, 0), (300, 0)])
    assert junctions([EASTWARD, near, far]).to_numpy().tolist() == [[0, 1], [1, 2], [3, 4]]


def test_a_loop_begins_and_ends_at_one_node():
    loop = LineString([(0, 0), (10, 0), (10, 10), (0, 0)])
    assert junctions([loop]).to_numpy().tolist() == [[0, 0]]


def test_junctions_keep_the_index_of_the_lines():
    assert junctions(pd.Series([EASTWARD], index=[42])).index.tolist() == [42]


def test_no_lines_have_no_junctions():
    assert junctions([]).shape == (0, 2)


def test_an_empty_line_has_no_junctions():
    with pytest.raises(WrongGeometryError, match="empty line"):
        junctions([LineString()])


places_on_lines = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 1.5, 1.5, 7.0])))


@given(places_on_lines)
def test_places_are_ordered_by_line_then_measure_and_equal_ones_as_they_came(places):
    lines = np.array([line for line, _ in places], dtype=np.intp)
    measures = np.array([measure for _, measure in places])
    np.testing.assert_array_equal(order_along(lines, measures), np.lexsort([measures, lines]))


@pytest.mark.usefixtures("uncompiled")
def test_places_are_ordered_uncompiled_as_compiled():
    rng = np.random.default_rng(5)
    lines, measures = rng.integers(0, 9, 200), rng.integers(0, 20, 200).astype(float)
    order = linref.order_along(lines, measures)
    np.testing.assert_array_equal(order, np.lexsort([measures, lines]))
