from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm

from geo.errors import WrongValueError
from geo.trends import NO_PATTERN, PATTERNS, mann_kendall, patterns

series = st.lists(st.integers(0, 9), min_size=3, max_size=14)


def trend_by_pairs(values):
    """S, z and p of Mann-Kendall from the pairs and the groups of equal values, one by one."""
    s = sum((b > a) - (b < a) for a, b in combinations(values, 2))
    n, groups = len(values), [values.count(value) for value in set(values)]
    ties = sum(t * (t - 1) * (2 * t + 5) for t in groups)
    if s == 0:
        return 0, 0, 1
    z = (s - (1 if s > 0 else -1)) / ((n * (n - 1) * (2 * n + 5) - ties) / 18) ** 0.5
    return s, z, 2 * (1 - norm.cdf(abs(z)))


def pattern_of(text, trend=0):
    """The pattern of periods written as h (hot), c (cold), . (neither) and ? (unknown)."""
    bins = [{"h": 3, "c": -3, ".": 0, "?": np.nan}[period] for period in text]
    return patterns([bins], [trend])[0]


def test_a_series_that_always_rises_can_be_checked_by_hand():
    # 6 pairs, all rising; variance 4 * 3 * 13 / 18 = 26 / 3
    found = mann_kendall([[1, 2, 3, 4]]).loc[0]
    assert found["trend_s"] == 6
    assert found["trend_z"] == pytest.approx(5 / (26 / 3) ** 0.5)


def test_equal_values_lower_the_variance():
    # 1 1 2 3: 5 rising pairs, one group of 2: (4 * 3 * 13 - 2 * 1 * 9) / 18 = 23 / 3
    assert mann_kendall([[1, 1, 2, 3]])["trend_z"][0] == pytest.approx(4 / (23 / 3) ** 0.5)


@given(series)
def test_the_trend_equals_one_counted_pair_by_pair(values):
    np.testing.assert_allclose(mann_kendall([values]).loc[0], trend_by_pairs(values), atol=1e-12)


@given(series.filter(lambda values: len(set(values)) > 1))
def test_s_has_the_sign_of_kendalls_tau_with_time(values):
    tau = kendalltau(range(len(values)), values).statistic
    assert np.sign(mann_kendall([values])["trend_s"][0]) == np.sign(np.round(tau, 12))


@given(series)
def test_a_series_read_backwards_has_the_opposite_trend(values):
    there, back = mann_kendall([values, values[::-1]])["trend_z"]
    assert there == -back


def test_a_series_without_change_has_no_trend():
    found = mann_kendall([[2, 2, 2, 2]]).loc[0]
    assert found.tolist() == [0, 0, 1]


def test_an_unknown_period_is_left_out():
    with_gap = mann_kendall([[1, np.nan, 2, 2, 5]]).loc[0]
    assert with_gap.equals(mann_kendall([[1, 2, 2, 5]]).loc[0])


def test_two_values_are_too_few_for_a_trend():
    found = mann_kendall([[1, np.nan, 2]]).loc[0]
    assert found["trend_s"] == 1
    assert found[["trend_z", "trend_p"]].isna().all()


def test_the_index_of_the_series_is_kept():
    table = pd.DataFrame([[1, 2], [2, 1]], index=["a", "b"])
    assert mann_kendall(table).index.tolist() == ["a", "b"]
    assert patterns(table, [0, 0]).index.tolist() == ["a", "b"]


HOT = {
    "new": (".........h", 0),
    "consecutive": (".......hhh", 0),
    "intensifying": (".hhhhhhhhh", 1),
    "persistent": ("hhhh.hhhhh", 0),
    "diminishing": ("hhhhhhhhhh", -1),
    "sporadic": ("..h..hh..h", 0),
    "oscillating": ("cc..h.c..h", 0),
    "historical": ("hhhhhhhhh.", 0),
}


@pytest.mark.parametrize("kind", HOT)
def test_each_hot_pattern_has_its_series(kind):
    assert pattern_of(*HOT[kind]) == f"{kind}_hotspot"


@pytest.mark.parametrize("kind", HOT)
def test_each_cold_pattern_is_the_hot_one_upside_down(kind):
    text, trend = HOT[kind]
    upside_down = text.translate(str.maketrans("hc", "ch"))
    assert pattern_of(upside_down, -trend) == f"{kind}_coldspot"


@pytest.mark.parametrize("text", ["..........", "..hhh..h..", "hhhhhhhh..", "cchhcchhc."])
def test_what_is_neither_now_nor_mostly_has_no_pattern(text):
    assert pattern_of(text) == NO_PATTERN


def test_there_are_seventeen_patterns():
    assert len(set(PATTERNS)) == 17
    assert {f"{kind}_{side}" for kind in HOT for side in ("hotspot", "coldspot")} < set(PATTERNS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hhhhhhhhhc", "new_coldspot"),
        ("ccccccccch", "new_hotspot"),
        ("c.......hh", "consecutive_hotspot"),
        ("chhhhhhhhh", "persistent_hotspot"),
        ("h", "new_hotspot"),
    ],
)
def test_of_two_patterns_that_fit_the_present_and_then_the_first_decides(text, expected):
    assert pattern_of(text) == expected


def test_nine_of_ten_periods_are_mostly_and_eight_are_not():
    assert pattern_of("h.hhhhhhhh") == "persistent_hotspot"
    assert pattern_of("h.hhh.hhhh") == "sporadic_hotspot"


def test_an_unknown_period_counts_for_nothing_but_breaks_a_run():
    assert pattern_of("?hhhhhhhhh") == "persistent_hotspot"
    assert pattern_of("....hhh?hh") == "sporadic_hotspot"
    assert pattern_of("hhhhhhhhh?") == "historical_hotspot"


def test_without_any_known_period_there_is_no_answer():
    assert pattern_of("???") is None


@given(st.text("hc.?", min_size=1, max_size=12), st.integers(-1, 1))
def test_hot_and_cold_are_mirror_images(text, trend):
    swap = {"hotspot": "coldspot", "coldspot": "hotspot"}
    mirrored = pattern_of(text.translate(str.maketrans("hc", "ch")), -trend)
    kind, _, side = (pattern_of(text, trend) or "").rpartition("_")
    assert (mirrored or "") == f"{kind}{'_' * bool(kind)}{swap.get(side, side)}"


@pytest.mark.parametrize("table", [[1, 2, 3], [[]], [[1, np.inf]]])
def test_what_is_no_table_of_finite_numbers_is_refused(table):
    with pytest.raises(WrongValueError, match="at least one period"):
        mann_kendall(table)


def test_another_number_of_trends_is_refused():
    with pytest.raises(WrongValueError, match=r"trend: shape \(2,\) for 1 series"):
        patterns([[1, 2]], [0, 0])
