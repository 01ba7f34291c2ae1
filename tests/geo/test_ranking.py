from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from geo.errors import MissingColumnError, WrongValueError
from geo.ranking import party_figures, ranking, wilson_lower

AS_OF = date(2024, 6, 20)


def items(*rows, **more):
    """Items of party A from (found, due, closed), days of June 2024; None is unknown or open."""
    columns = {}
    for name, days in zip(
        ("found_on", "due_on", "closed_on"), zip(*rows, strict=True), strict=True
    ):
        columns[name] = pd.Series(
            [pd.Timestamp(2024, 6, day) if day else pd.NaT for day in days], dtype="datetime64[s]"
        )
    return pd.DataFrame({"party": "A", **columns, **more})


def figures_of(*rows, **more):
    return party_figures(items(*rows, **more), AS_OF).loc["A"]


def parties(**counts):
    """Figures of parties from (closed, found)."""
    closed, found = np.transpose(list(counts.values()))
    columns = {"n_found": found, "n_closed": closed, "n_due": closed, "n_in_time": closed}
    return pd.DataFrame(columns, index=list(counts))


def ranks(result):
    return {party: None if pd.isna(rank) else rank for party, rank in result["rank"].items()}


def test_completion_is_closed_of_found():
    found = figures_of((1, 10, 5), (1, 10, 12), (1, 30, None), (1, 30, None))
    assert (found["n_closed"], found["n_found"], found["completion"]) == (2, 4, 0.5)


def test_what_is_open_and_overdue_lowers_the_on_time_rate():
    # closed: one in time, one late; open: one overdue, one with time left
    found = figures_of((1, 10, 10), (1, 10, 11), (1, 19, None), (1, 30, None))
    assert (found["n_in_time"], found["n_overdue"], found["n_due"]) == (1, 1, 3)
    assert found["on_time"] == pytest.approx(1 / 3)


def test_on_the_day_of_its_limit_an_open_item_is_not_overdue():
    assert figures_of((1, 20, None))["n_overdue"] == 0


def test_an_item_without_a_limit_is_neither_in_time_nor_late():
    found = figures_of((1, None, 5), (1, None, None))
    assert (found["completion"], found["n_due"]) == (0.5, 0)
    assert np.isnan(found["on_time"])


def test_an_exempt_item_counts_in_no_rate():
    found = figures_of((1, 10, None), (1, 10, 9), is_exempt=[True, False])
    assert (found["n_exempt"], found["n_found"], found["completion"]) == (1, 1, 1)
    assert found["on_time"] == 1


def test_where_all_is_exempt_no_rate_is_known():
    found = figures_of((1, 10, 9), is_exempt=[True])
    assert np.isnan([found["completion"], found["on_time"]]).all()


def test_what_happened_after_the_day_looked_at_is_not_known_yet():
    found = figures_of((21, 30, 22), (1, 18, 21))
    assert (found["n_found"], found["n_closed"], found["n_overdue"]) == (1, 0, 1)


def test_an_item_of_nobody_is_left_out():
    assert party_figures(items((1, 10, 9), party=None), AS_OF).empty


def test_parties_rank_by_completion_whatever_the_size():
    result = ranking(parties(large=(80, 100), small=(9, 10)))
    assert ranks(result) == {"small": 1, "large": 2}


def test_equal_completion_is_one_rank_and_the_next_one_skips():
    result = ranking(parties(c=(5, 10), b=(20, 40), d=(1, 10), a=(9, 10)))
    assert list(ranks(result).items()) == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]


def test_a_base_under_ten_is_listed_below_without_a_rank():
    result = ranking(parties(tiny=(9, 9), none=(0, 0), big=(1, 10)))
    assert list(ranks(result).items()) == [("big", 1), ("none", None), ("tiny", None)]


def test_the_least_base_can_be_set():
    assert ranks(ranking(parties(tiny=(3, 3), big=(1, 10)), min_base=3))["tiny"] == 1


def test_movement_is_the_places_gained_since_the_last_ranking():
    before = ranking(parties(a=(9, 10), b=(8, 10), c=(7, 10), d=(6, 9)))
    now = ranking(parties(c=(10, 10), a=(9, 10), b=(8, 10), d=(6, 10), e=(0, 10)), before)
    known = now["movement"].dropna().to_dict()
    assert known == {"c": 2, "a": -1, "b": -1}


def test_the_first_ranking_has_no_movement():
    assert ranking(parties(a=(9, 10)))["movement"].isna().all()


def test_the_bound_of_the_smaller_base_is_lower():
    low = ranking(parties(large=(90, 100), small=(9, 10)))["completion_low"]
    assert low["small"] < low["large"] < 0.9


def test_the_bound_of_on_time_is_of_its_own_denominator():
    figures = party_figures(items(*[(1, 10, 9)] * 12, (1, None, None)), AS_OF)
    row = ranking(figures).loc["A"]
    assert row["on_time_low"] == pytest.approx(wilson_lower(12, 12))
    assert row["completion_low"] == pytest.approx(wilson_lower(12, 13))


def test_the_bound_of_all_of_ten_can_be_checked_by_hand():
    # p = 1: (1 + z2 / 20 - z2 / 20) / (1 + z2 / 10) with z2 = 1.96^2 = 3.8415
    assert wilson_lower(10, 10) == pytest.approx(1 / 1.38415, abs=1e-5)


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_bound_equals_that_of_scipy(n, data, confidence):
    k = data.draw(st.integers(0, n))
    expected = binomtest(k, n).proportion_ci(confidence, method="wilson").low
    assert wilson_lower(k, n, confidence) == pytest.approx(expected, abs=1e-12)


counts = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.dictionaries(st.text("abcdef", min_size=1), counts, min_size=1))
def test_a_rank_is_one_more_than_the_number_of_better_parties(table):
    shares = {party: Fraction(k, n) for party, (k, n) in table.items() if n >= 10}
    for party, rank in ranks(ranking(parties(**table))).items():
        better = [share for share in shares.values() if party in shares and share > shares[party]]
        assert rank == (1 + len(better) if party in shares else None)


day = st.integers(1, 30)
work = st.tuples(day, day | st.none(), day | st.none(), st.booleans())


@given(st.lists(work, min_size=1))
def test_counts_of_a_party_fit_together(rows):
    exempt = [row[3] for row in rows]
    frame = items(*[row[:3] for row in rows], is_exempt=exempt)
    for found in party_figures(frame, AS_OF).itertuples():
        assert found.n_found + found.n_exempt == sum(row[0] <= 20 for row in rows)
        assert found.n_in_time + found.n_overdue <= found.n_due <= found.n_found
        assert found.n_due <= found.n_closed + found.n_overdue


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5)])
def test_more_successes_than_trials_are_refused(k, n):
    with pytest.raises(WrongValueError, match="from 0 to n"):
        wilson_lower(k, n)


def test_a_confidence_of_one_is_refused():
    with pytest.raises(WrongValueError, match=r"confidence: 1\.0"):
        wilson_lower(1, 2, 1.0)


def test_a_missing_column_of_items_is_named():
    with pytest.raises(MissingColumnError, match="missing: due_on"):
        party_figures(items((1, 2, 3)).drop(columns="due_on"), AS_OF)
