from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from geo import clusters
from geo.clusters import NOISE, density_clusters, repeat_sites
from geo.errors import MissingColumnError, WrongValueError

AS_OF = date(2024, 6, 30)


def along(*x_m, radius_m=10, min_points=3):
    """The clusters of points on a line."""
    return density_clusters(x_m, np.zeros(len(x_m)), radius_m, min_points).tolist()


def by_scikit_learn(points, radius_m, min_points):
    return DBSCAN(eps=radius_m, min_samples=min_points).fit_predict(points)


@pytest.fixture(params=["compiled", "plain"])
def kernels(request, monkeypatch):
    """The kernels as they run, and as Python, whose lines can be counted."""
    if request.param == "plain":
        for name, kernel in list(vars(clusters).items()):
            monkeypatch.setattr(clusters, name, getattr(kernel, "py_func", kernel))


def test_three_points_within_the_radius_of_the_middle_one_are_a_cluster():
    assert along(0, 10, 20) == [0, 0, 0]


def test_a_distance_equal_to_the_radius_is_near_and_one_above_is_not():
    assert along(0, 10, 20, 31) == [0, 0, 0, NOISE]


def test_fewer_than_the_least_number_of_points_are_noise():
    assert along(0, 10) == [NOISE, NOISE]


def test_points_at_one_place_count_each():
    assert along(5, 5, 5, 16) == [0, 0, 0, NOISE]


def test_a_border_point_between_two_clusters_belongs_to_the_lower_one():
    # 18 has two points near it, 28 and 8, and is no core point; each of these has four and is one
    found = along(28, 33, 33, 33, 18, 8, 3, 3, 3, min_points=4)
    assert found == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_clusters_are_numbered_in_the_order_of_their_first_core_point():
    # 90 is the first point, but only a border of the cluster of 100
    assert along(90, 0, 1, 2, 100, 101, 102) == [1, 0, 0, 0, 1, 1, 1]


def test_a_chain_of_core_points_is_one_cluster_however_long():
    assert set(along(*range(0, 1000, 5))) == {0}


def test_a_point_without_a_position_is_noise_and_the_index_is_kept():
    x_m = pd.Series([0, 1, np.nan, 2, 3], index=[*"abcde"])
    found = density_clusters(x_m, [0, 0, 0, np.nan, 0], 5, 3)
    assert found.to_dict() == {"a": 0, "b": 0, "c": NOISE, "d": NOISE, "e": 0}


def test_no_points_have_no_clusters():
    assert density_clusters([], []).empty


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize(("radius_m", "min_points"), [(100, 1), (100, 5), (40, 3), (300, 40)])
def test_labels_equal_scikit_learn_among_crowds_and_strays(radius_m, min_points):
    rng = np.random.default_rng(8)
    crowds = rng.uniform(0, 3000, (6, 1, 2)) + rng.normal(scale=90, size=(6, 40, 2))
    points = rng.permutation(np.vstack([*crowds, rng.uniform(0, 3000, (90, 2))]))
    points += 4.6e5, 3.8e6
    found = density_clusters(*points.T, radius_m, min_points)
    np.testing.assert_array_equal(found, by_scikit_learn(points, radius_m, min_points))


# whole numbers, so that many distances are exactly the radius
lattice_points = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1)


@given(lattice_points, st.sampled_from([1, 2, 5, 10, 13]), st.integers(1, 6))
def test_labels_equal_scikit_learn_where_distances_equal_the_radius(points, radius_m, min_points):
    found = density_clusters(*np.transpose(points), radius_m, min_points)
    np.testing.assert_array_equal(found, by_scikit_learn(points, radius_m, min_points))


@given(lattice_points, st.randoms())
def test_the_order_of_the_points_changes_neither_noise_nor_the_number_of_clusters(points, random):
    shuffled = random.sample(points, len(points))
    one, other = (density_clusters(*np.transpose(p), 4, 3) for p in (points, shuffled))
    assert one.max() == other.max()
    assert (one == NOISE).sum() == (other == NOISE).sum()


@pytest.mark.parametrize("wrong", [{"radius_m": 0}, {"radius_m": np.nan}, {"min_points": 0}])
def test_a_radius_or_a_number_of_points_of_zero_is_refused(wrong):
    with pytest.raises(WrongValueError, match=next(iter(wrong))):
        density_clusters([0], [0], **wrong)


def test_coordinates_of_different_numbers_are_refused():
    with pytest.raises(WrongValueError, match="2 x_m for 1 y_m"):
        density_clusters([0, 1], [0])


def test_a_radius_too_small_for_the_extent_is_refused():
    with pytest.raises(WrongValueError, match="too small for points so far apart"):
        density_clusters([0, 4e6], [0, 4e6], 1e-4)


def events(*rows, **more):
    """Hazards from (unit, category, found on, closed on), days of June 2024; None is open."""
    unit, category, found, closed = zip(*rows, strict=True)
    days = [[pd.Timestamp(2024, 6, d) if d else pd.NaT for d in when] for when in (found, closed)]
    return pd.DataFrame(
        {"unit": unit, "category": category, "found_on": days[0], "closed_on": days[1], **more}
    )


def times(frame, **options):
    sites = repeat_sites(frame, AS_OF, **options)
    return sites[["unit", "category", "n_times", "n_returned"]].to_numpy().tolist()


def test_a_hazard_found_again_after_it_was_closed_has_returned():
    assert times(events((1, "fire", 3, 5), (1, "fire", 9, None))) == [[1, "fire", 2, 1]]


@pytest.mark.parametrize("closed", [None, 20, 9])
def test_a_hazard_found_again_while_it_is_open_has_not_returned(closed):
    assert times(events((1, "fire", 3, closed), (1, "fire", 9, None))) == [[1, "fire", 2, 0]]


def test_it_returns_only_when_all_that_was_found_before_is_closed():
    frame = events((1, "fire", 3, 25), (1, "fire", 9, 10), (1, "fire", 20, 21))
    assert times(frame) == [[1, "fire", 3, 0]]


def test_two_of_a_category_on_one_day_are_one_time():
    assert times(events((1, "fire", 3, 5), (1, "fire", 3, 4))) == []


def test_another_category_or_another_unit_is_another_site():
    assert times(events((1, "fire", 3, 5), (1, "exits", 9, 10), (2, "fire", 9, 10))) == []


def test_a_hazard_that_was_reopened_has_returned():
    assert times(events((1, "fire", 3, 5), n_reopened=[2])) == [[1, "fire", 3, 2]]


def test_hazards_without_a_unit_or_a_category_are_no_site():
    frame = events((None, "fire", 3, 5), (None, "fire", 9, 9), (1, None, 3, 5), (1, None, 9, 9))
    assert repeat_sites(frame, AS_OF).empty


def test_what_happened_after_the_day_looked_at_is_not_known_yet():
    frame = events((1, "fire", 3, 5), (1, "fire", 9, 20), (1, "fire", 12, None))
    site = repeat_sites(frame, date(2024, 6, 10)).loc[0]
    assert (site["n_times"], site["n_returned"], site["is_open"]) == (2, 1, True)
    assert (site["first_on"].day, site["last_on"].day) == (3, 9)


def test_a_site_whose_hazards_are_all_closed_is_not_open():
    assert not repeat_sites(events((1, "fire", 3, 5), (1, "fire", 9, 10)), AS_OF)["is_open"][0]


def test_sites_with_the_most_returns_come_first():
    still = [(1, "fire", day, None) for day in (2, 4, 6)]
    back = [(9, "fire", day, day) for day in (2, 4)]
    later = [(7, "fire", day, day) for day in (2, 4)]
    assert [row[0] for row in times(events(*still, *back, *later))] == [7, 9, 1]


def test_the_least_number_of_times_can_be_set():
    frame = events((1, "fire", 3, 5), (1, "fire", 9, 10))
    assert times(frame, min_times=3) == []


def test_a_missing_column_of_events_is_named():
    with pytest.raises(MissingColumnError, match="missing: closed_on"):
        repeat_sites(events((1, "fire", 3, 5)).drop(columns="closed_on"), AS_OF)
