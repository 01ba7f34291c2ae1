"""Limits of p under a false discovery rate, beside scipy's corrected p."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from geo.significance import fdr_limits

ALPHAS = (0.10, 0.05, 0.01)
P = st.sampled_from([0.0, 0.001, 0.004, 0.01, 0.02, 0.025, 0.03, 0.05, 0.0500001, 0.1, 0.6, 1.0])


@given(st.lists(P | st.floats(0, 1), min_size=1, max_size=30))
def test_up_to_its_limit_are_the_tests_that_survive_the_correction(tests):
    p = np.array(tests)
    corrected = false_discovery_control(p)
    for alpha, limit in zip(ALPHAS, fdr_limits(p, ALPHAS), strict=True):
        np.testing.assert_array_equal(p <= limit, corrected <= alpha)


def test_three_tests_at_five_percent():
    # 0.01 * 3 / 1 = 0.03, 0.04 * 3 / 2 = 0.06, 0.9 * 3 / 3 = 0.9
    assert fdr_limits(np.array([0.04, 0.9, 0.01]), [0.05]) == [0.01]


def test_what_is_not_known_is_no_test():
    assert fdr_limits(np.array([0.03, np.nan, np.nan]), [0.05, 0.01]) == [0.03, -1.0]
    assert fdr_limits(np.array([np.nan]), [0.05]) == [-1.0]


@pytest.mark.parametrize(("modules", "slow"), [("hotspots, ranking", []), ("moran", ["numba"])])
def test_the_statistics_of_cells_load_no_more_than_they_need(modules, slow):
    loaded = "{'numba', 'scipy.stats'}.intersection(sys.modules)"
    program = f"import sys; from geo import {modules}; print(*{loaded})"
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert ended.stdout.split() == slow
