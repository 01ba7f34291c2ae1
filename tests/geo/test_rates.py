import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import WrongValueError
from geo.rates import crude_rates, eb_rates, eb_standardised


def test_a_rate_without_a_base_is_unknown():
    np.testing.assert_array_equal(crude_rates([4, 0, 1], [8, 2, 0]), [0.5, 0, np.nan])


def test_an_empirical_bayes_rate_can_be_checked_by_hand():
    # m = 9 / 20 = 0.45; weighted variance 0.1225; A = 0.1225 - 0.45 / 10 = 0.0775
    # trust = 0.0775 / (0.0775 + 0.045) = 0.632653; 0.45 +- 0.632653 * 0.35
    np.testing.assert_allclose(eb_rates([8, 1], [10, 10]), [0.671429, 0.228571], atol=1e-6)


def test_rates_that_differ_no_more_than_by_chance_shrink_to_the_overall_rate():
    np.testing.assert_allclose(eb_rates([5, 4, 6], [100, 100, 100]), [0.05] * 3)


def test_the_smaller_base_shrinks_more():
    rates = eb_rates([1, 100, 20], [2, 200, 200])
    assert abs(rates[0] - 0.5) > abs(rates[1] - 0.5)


def test_no_events_at_all_are_a_rate_of_zero_where_there_is_a_base():
    np.testing.assert_array_equal(eb_rates([0, 0], [5, 0]), [0, np.nan])


def test_no_base_at_all_leaves_every_rate_unknown():
    assert np.isnan(eb_rates([3, 1], [0, np.nan])).all()


def test_counts_below_zero_are_refused():
    with pytest.raises(WrongValueError, match="not below 0"):
        eb_rates([-1], [4])


def test_events_and_base_of_different_sizes_are_refused():
    with pytest.raises(WrongValueError, match="events: shape"):
        crude_rates([1, 2], [4])


def test_a_standardised_rate_can_be_checked_by_hand():
    # m = 0.45 and A = 0.0775 as above; 0.35 / sqrt(0.0775 + 0.045) = 1
    np.testing.assert_allclose(eb_standardised([8, 1], [10, 10]), [1, -1])


def test_where_the_variance_would_be_negative_it_is_that_of_chance():
    # m = 0.05, A = 0.00006667 - 0.0005, so A + m / b is above 0 for the small base only
    events, base = np.array([5, 4, 6.0]), np.array([90, 90, 120.0])
    m = 0.05
    between = np.average((events / base - m) ** 2, weights=base) - m / 100
    variance = np.array([between + m / 90, between + m / 90, m / 120])
    assert between + m / 120 < 0
    expected = (events / base - m) / np.sqrt(variance)
    np.testing.assert_allclose(eb_standardised(events, base), expected)


def test_without_events_or_without_a_base_nothing_is_standardised():
    assert np.isnan(eb_standardised([0, 0], [5, 9])).all()
    assert np.isnan(eb_standardised([3, 1], [0, np.nan])).all()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(10, 99)), min_size=2, max_size=9))
def test_a_standardised_rate_is_above_zero_where_the_rate_is_above_that_of_all(counts):
    events, base = np.transpose(counts)
    z = eb_standardised(events, base)
    assert ((z > 1e-9) <= (events * base.sum() > base * events.sum())).all()
