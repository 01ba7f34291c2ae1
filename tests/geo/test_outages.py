import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import floyd_warshall

from geo.errors import MissingColumnError, WrongValueError
from geo.outages import (
    Rate,
    _diameter,
    _walkable,
    dark_runs,
    dark_walk,
    out_at,
    outage_density,
    rates,
    segment_figures,
    served_stretches,
)


def street(length_m=100, **survey):
    return pd.DataFrame({"length_m": [length_m], **survey}, index=[1])


def lamps(*places):
    """Lamps on segment 1 from (measure, 'x' when out)."""
    out = [len(place) == 2 for place in places]
    return pd.DataFrame({"segment": 1, "measure_m": [p[0] for p in places], "is_out": out})


def runs_of(*places, length_m=100, max_gap_m=120):
    runs = dark_runs(lamps(*places), street(length_m), max_gap_m)
    return runs[["from_m", "to_m", "n_lamps"]].to_numpy().tolist()


def figures_of(*places, length_m=100, max_gap_m=120, **survey):
    return segment_figures(lamps(*places), street(length_m, **survey), max_gap_m).loc[1]


def test_a_lamp_serves_half_way_to_its_neighbors():
    served = served_stretches(lamps((20,), (50,), (90,)), street())
    assert served[["from_m", "to_m"]].to_numpy().tolist() == [[0, 35], [35, 70], [70, 100]]


def test_a_lamp_serves_at_most_half_the_gap_each_way():
    served = served_stretches(lamps((100,), (300,)), street(1000), 120)
    assert served[["from_m", "to_m"]].to_numpy().tolist() == [[40, 160], [240, 360]]


def test_lamps_are_taken_in_order_of_their_measure():
    served = served_stretches(lamps((90,), (20,), (50,)), street())
    assert served["from_m"].tolist() == [0, 35, 70]


def test_lamps_at_one_measure_are_taken_in_order_of_their_code():
    both = lamps((50, "x"), (50,)).assign(code=["L2", "L1"])
    assert dark_runs(both, street())["from_m"].tolist() == [50]
    assert dark_runs(both.assign(code=["L1", "L2"]), street())["to_m"].tolist() == [50]


@pytest.mark.parametrize("nowhere", [{"segment": -1}, {"segment": np.nan}, {"measure_m": np.nan}])
def test_a_lamp_that_stands_on_no_segment_serves_nothing(nowhere):
    assert served_stretches(lamps((20, "x")).assign(**nowhere), street()).empty


def test_a_measure_past_the_end_means_the_end():
    assert runs_of((20,), (100.3, "x")) == [[60, 100, 1]]


def test_consecutive_lamps_out_are_one_run():
    assert runs_of((20,), (40, "x"), (60, "x"), (90,)) == [[30, 75, 2]]


def test_a_lit_lamp_splits_a_dark_run():
    assert runs_of((20, "x"), (50,), (80, "x")) == [[0, 35, 1], [65, 100, 1]]


def test_a_gap_over_the_limit_splits_a_dark_run_and_one_at_the_limit_does_not():
    assert runs_of((0, "x"), (40, "x"), (81, "x"), max_gap_m=40) == [[0, 60, 2], [61, 100, 1]]


def test_a_run_does_not_pass_from_one_segment_to_the_next():
    both = pd.DataFrame({"segment": ["a", "b"], "measure_m": [9.0, 1.0], "is_out": True})
    runs = dark_runs(both, pd.Series({"a": 10.0, "b": 10.0}))
    assert runs[["segment", "length_m"]].to_numpy().tolist() == [["a", 10], ["b", 10]]


def test_a_run_knows_whether_it_holds_the_first_and_the_last_lamp():
    runs = dark_runs(lamps((20, "x"), (50,), (70, "x"), (80,)), street())
    assert runs[["at_start", "at_end"]].to_numpy().tolist() == [[True, False], [False, False]]


def test_no_lamps_give_no_runs():
    assert dark_runs(lamps().astype({"measure_m": float}), street()).empty


def test_the_figures_of_a_street_with_one_of_three_lamps_out():
    figures = figures_of((20,), (50, "x"), (90,), length_m=160, max_gap_m=60)
    counts = {"n_lamps": 3, "n_out": 1, "status": "scattered"}
    metres = {"dark_m": 35, "lit_m": 85, "unserved_m": 40, "longest_run_m": 35}
    assert figures.to_dict() == {**counts, **metres, "dark_share": 35 / 120}


@pytest.mark.parametrize(("n_out", "status"), [(0, "lit"), (1, "scattered"), (4, "dark")])
def test_a_segment_is_dark_from_four_of_five_lamps_out(n_out, status):
    places = [(10 * i, "x") if i < n_out else (10 * i,) for i in range(5)]
    assert figures_of(*places)["status"] == status


def test_a_surveyed_segment_without_lamps_is_wholly_unserved():
    figures = figures_of(lamp_survey="surveyed")
    assert (figures["status"], figures["unserved_m"]) == ("no_lamp", 100)
    assert np.isnan(figures["dark_share"])


@pytest.mark.parametrize("places", [[], [(50, "x")]])
def test_a_segment_not_surveyed_says_so_whatever_lamps_are_known(places):
    assert figures_of(*places, lamp_survey="not_surveyed")["status"] == "not_surveyed"


def test_the_longest_of_several_runs_is_named():
    assert figures_of((10, "x"), (30,), (50, "x"), (70, "x"))["longest_run_m"] == 60


def test_every_segment_has_figures_on_its_own_index():
    figures = segment_figures(lamps((5, "x")), pd.Series({3: 10.0, 1: 10.0}))
    assert figures.index.tolist() == [3, 1]
    assert figures["status"].tolist() == ["no_lamp", "dark"]


places = st.lists(
    st.tuples(st.sampled_from([1, 2, -1]), st.floats(0, 500), st.booleans()), max_size=15
)


@settings(max_examples=40)
@given(places, st.floats(0.5, 600) | st.just(np.inf))
def test_dark_lit_and_unserved_make_the_length(rows, max_gap_m):
    frame = pd.DataFrame(rows, columns=["segment", "measure_m", "is_out"])
    lengths = pd.Series({1: 480.0, 2: 300.0})
    figures = segment_figures(frame, lengths, max_gap_m)
    total = figures["dark_m"] + figures["lit_m"] + figures["unserved_m"]
    np.testing.assert_allclose(total, lengths)


@settings(max_examples=40)
@given(places, st.floats(0.5, 600))
def test_runs_hold_every_lamp_out_once_and_do_not_overlap(rows, max_gap_m):
    frame = pd.DataFrame(rows, columns=["segment", "measure_m", "is_out"])
    runs = dark_runs(frame, pd.Series({1: 480.0, 2: 300.0}), max_gap_m)
    assert runs["n_lamps"].sum() == (frame["is_out"] & (frame["segment"] > 0)).sum()
    for _, along in runs.groupby("segment"):
        assert (along["from_m"].to_numpy()[1:] >= along["to_m"].to_numpy()[:-1] - 1e-9).all()


@settings(max_examples=40)
@given(places)
def test_with_every_lamp_out_and_no_gap_limit_a_segment_is_one_run(rows):
    frame = pd.DataFrame(rows, columns=["segment", "measure_m", "is_out"]).assign(is_out=True)
    runs = dark_runs(frame, pd.Series({1: 480.0, 2: 300.0}), np.inf)
    assert runs["segment"].is_unique
    assert runs["length_m"].isin([480.0, 300.0]).all()


def test_a_lamp_on_an_unknown_segment_is_refused():
    with pytest.raises(WrongValueError, match="segment 1 is not known"):
        dark_runs(lamps((5,)), pd.Series({2: 10.0}))


@pytest.mark.parametrize("lengths", [{1: -1.0}, {1: np.nan}])
def test_a_segment_without_a_length_is_refused(lengths):
    with pytest.raises(WrongValueError, match="length_m"):
        segment_figures(lamps((5,)), pd.Series(lengths))


@pytest.mark.parametrize("gap", [0, -5, np.nan])
def test_a_gap_that_is_not_positive_is_refused(gap):
    with pytest.raises(WrongValueError, match="max_gap_m"):
        dark_runs(lamps((5,)), street(), gap)


def test_segments_without_lengths_are_refused():
    with pytest.raises(MissingColumnError, match="length_m"):
        dark_runs(lamps((5,)), street().drop(columns="length_m"))


def network(**segments):
    """Segments from name=(length_m, from_node, to_node)."""
    return pd.DataFrame.from_dict(
        segments, orient="index", columns=["length_m", "from_node", "to_node"]
    )


def all_out(segments, *, lit=()):
    """A lamp every 20 m, all out except those at (segment, measure) in `lit`."""
    rows = [
        (name, float(at), (name, at) not in lit)
        for name, length in segments["length_m"].items()
        for at in range(10, int(length), 20)
    ]
    return pd.DataFrame(rows, columns=["segment", "measure_m", "is_out"])


def walk_of(segments, *, lit=(), max_gap_m=120):
    return dark_walk(
        dark_runs(all_out(segments, lit=lit), segments, max_gap_m), segments, max_gap_m
    )


def test_runs_that_meet_at_a_junction_are_one_walk():
    walk = walk_of(network(a=(100, 0, 1), b=(60, 1, 2)))
    assert walk.length_m == 160
    assert sorted(walk.segments) == ["a", "b"]


def test_at_a_star_of_three_streets_the_walk_takes_the_two_longest():
    walk = walk_of(network(a=(100, 0, 1), b=(60, 1, 2), c=(80, 3, 1)))
    assert walk.length_m == 180
    assert sorted(walk.segments) == ["a", "c"]


def test_a_lit_lamp_before_the_junction_ends_the_walk():
    segments = network(a=(100, 0, 1), b=(60, 1, 2))
    assert walk_of(segments, lit={("a", 90)}).length_m == 80


def test_a_run_farther_than_the_gap_from_the_junction_does_not_meet_it():
    segments = network(a=(300, 0, 1), b=(60, 1, 2))
    near_start = all_out(segments).query("segment == 'b' or measure_m < 60")
    walk = dark_walk(dark_runs(near_start, segments), segments)
    assert walk.length_m == 110  # 0 to 50 m and 60 m more: 190 m from the junction


def test_streets_that_do_not_meet_are_not_added_up():
    assert walk_of(network(a=(100, 0, 1), b=(60, 2, 3))).length_m == 100


def test_the_longest_walk_need_not_lie_where_most_is_dark():
    star = {f"s{arm}": (40, 0, arm) for arm in range(1, 6)}  # 200 m dark, no walk over 80 m
    small_star = {f"t{arm}": (40, 10, 10 + arm) for arm in range(1, 4)}  # 120 m, no longer walk
    assert walk_of(network(**star, **small_star)).length_m == 80
    assert walk_of(network(**star, **small_star, u=(100, 20, 21))).segments == ("u",)


def test_of_two_ways_between_two_junctions_the_shorter_one_counts():
    segments = network(a=(100, 0, 1), b=(60, 1, 2), c=(300, 1, 2), d=(40, 2, 3))
    walk = walk_of(segments)
    assert walk.length_m == 250  # from 0 over a, then to the middle of c: 100 + 150
    assert walk.segments in [("a", "c"), ("c", "a")]


def test_a_dark_loop_is_half_its_length_to_walk():
    walk = walk_of(network(a=(200, 0, 0)))
    assert (walk.length_m, walk.segments) == (100, ("a",))


def test_a_run_that_meets_no_junction_is_a_walk_by_itself():
    segments = network(a=(100, 0, 1))
    walk = walk_of(segments, lit={("a", 10), ("a", 90)})
    assert (walk.length_m, walk.runs) == (60, (0,))


def test_segments_of_a_walk_come_in_walking_order():
    walk = walk_of(network(b=(100, 1, 2), a=(100, 0, 1), c=(100, 2, 3)))
    assert walk.segments in [("a", "b", "c"), ("c", "b", "a")]


def test_where_nothing_is_dark_there_is_no_walk():
    segments = network(a=(20, 0, 1))
    assert walk_of(segments, lit={("a", 10)}).length_m == 0
    assert walk_of(segments, lit={("a", 10)}).segments == ()


def test_a_run_without_length_is_no_walk():
    segments = network(a=(0, 0, 1))
    lamp = pd.DataFrame({"segment": ["a"], "measure_m": [0.0], "is_out": [True]})
    assert dark_walk(dark_runs(lamp, segments), segments).length_m == 0


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(20, 400), st.integers(0, 6), st.integers(0, 6)),
        min_size=1,
        max_size=12,
    )
)
def test_the_walk_is_the_largest_of_all_shortest_distances(rows):
    segments = pd.DataFrame(rows, columns=["length_m", "from_node", "to_node"])
    runs = dark_runs(all_out(segments), segments)
    graph, _ = _walkable(runs, segments, 120)
    distances = floyd_warshall(graph, directed=False)
    expected = distances[np.isfinite(distances)].max()
    walk = dark_walk(runs, segments)
    assert walk.length_m == pytest.approx(expected)
    assert len(set(walk.runs)) == len(walk.runs)


def test_a_graph_of_one_node_has_no_extent():
    assert _diameter(csr_array((1, 1))) == (0.0, [0])


def test_the_three_rates_of_a_campaign_with_57_exempt_of_396_segments():
    found, exempt = set(range(396)), set(range(57))
    completion, relit, lit = rates(found, found - exempt, exempt, 50_000, 49_000)
    assert completion == Rate("completion", 339, 339, 57, 1.0)
    assert relit == Rate("segments_relit", 339, 396, 0, 339 / 396)
    assert lit == Rate("lamps_lit", 49_000, 50_000, 0, 0.98)


def test_a_rate_of_nothing_is_unknown():
    assert [rate.value for rate in rates(set(), set(), set(), 0, 0)] == [None, None, None]


def test_what_was_never_found_counts_neither_as_relit_nor_as_exempt():
    completion, relit, _ = rates({1, 2}, {1, 9}, {2, 8}, 0, 0)
    assert (completion.numerator, completion.denominator, completion.excluded) == (1, 1, 1)
    assert (relit.numerator, relit.denominator) == (1, 2)


HOUR = pd.Timestamp("2019-08-30 22:00", tz="Asia/Shanghai")


def outage(lamp, start_h, end_h):
    at = [None if h is None else HOUR + pd.Timedelta(hours=h) for h in (start_h, end_h)]
    return {"lamp": lamp, "started_at": at[0], "ended_at": at[1]}


def test_what_ends_at_the_moment_lasted_until_then_and_what_starts_at_it_comes_after():
    rows = pd.DataFrame([outage("a", -2, 0), outage("b", -1, None), outage("c", 0, 3)])
    assert out_at(rows, HOUR).tolist() == ["a", "b"]
    assert out_at(rows, HOUR + pd.Timedelta(seconds=1)).tolist() == ["b", "c"]


def test_outages_that_overlap_are_one_lamp():
    rows = pd.DataFrame([outage("b", -5, 2), outage("b", -1, None), outage("a", -2, None)])
    assert out_at(rows, HOUR).tolist() == ["a", "b"]


def test_outages_per_lamp_and_per_hundred_metres_are_unknown_where_the_base_is():
    found = outage_density(
        pd.Series([3, 0, 2, None]), pd.Series([6, 4, None, 5]), pd.Series([150.0, 50, 400, 0])
    )
    assert found["outages_per_lamp"].tolist()[:2] == [0.5, 0]
    assert found["outages_per_100m"].tolist()[:3] == [2, 0, 0.5]
    assert found.isna().to_numpy().tolist()[2:] == [[True, False], [True, True]]
