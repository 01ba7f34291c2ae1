import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.errors import WrongValueError
from geo.hotspots import emerging, gi_star
from geo.trends import PATTERNS, mann_kendall

HOT = {
    "new": [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],
    "consecutive": [0, 0, 0, 0, 0, 0, 0, 10, 10, 10],
    "intensifying": [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "persistent": [10, 10, 10, 0, 10, 10, 10, 10, 10, 10],
    "diminishing": [19, 18, 17, 16, 15, 14, 13, 12, 11, 10],
    "sporadic": [0, 10, 0, 10, 10, 0, 0, 10, 0, 10],
    "oscillating": [-10, 0, 0, 10, 0, -10, 0, 0, 0, 10],
    "historical": [10, 10, 10, 10, 10, 10, 10, 10, 10, 0],
}
COLD = {f"{kind}_coldspot": [-value for value in row] for kind, row in HOT.items()}
SERIES = pd.DataFrame.from_dict(
    {f"{kind}_hotspot": row for kind, row in HOT.items()}
    | COLD
    | {f"quiet {n}": [0] * 10 for n in range(200)},
    orient="index",
)


def alone(n):
    return csr_array((n, n))


def beside(n):
    """Cells in a row, each a neighbor of the next."""
    return csr_array(np.eye(n, k=1) + np.eye(n, k=-1))


def test_one_series_for_each_of_the_seventeen_patterns():
    # the mean is 0 and the deviation 2.5, so +-10 has a z of +-4 and 0 has 0
    found = emerging(SERIES, alone(len(SERIES)))["pattern"]
    assert (found[:16] == found[:16].index).all()
    assert (found[16:] == "no_pattern").all()
    assert set(found) == set(PATTERNS)


def test_hot_and_cold_periods_are_counted_and_the_last_one_is_told():
    found = emerging(SERIES, alone(len(SERIES))).loc["oscillating_hotspot"]
    assert (found["n_hot"], found["n_cold"], found["gi_bin"]) == (2, 2, 3)
    assert found["gi_z"] == pytest.approx(10 / SERIES.to_numpy().std())


def test_a_month_that_is_worse_everywhere_is_hot_only_in_the_global_window():
    row = np.arange(40.0)
    cube = np.column_stack([row, row, row + 500])
    everything = emerging(cube, beside(40), window="global")
    each_month = emerging(cube, beside(40), window="local")
    assert (everything["gi_bin"][1:39] > 0).all()
    assert each_month["gi_bin"].equals(gi_star(row, beside(40))["gi_bin"])


def test_the_local_window_is_gi_star_of_each_period():
    cube = np.random.default_rng(3).poisson(4, (30, 5)).astype(float)
    each = [gi_star(cube[:, period], beside(30)) for period in range(5)]
    found = emerging(cube, beside(30), window="local")
    z = np.column_stack([frame["gi_z"] for frame in each])
    np.testing.assert_array_equal(found["trend_z"], mann_kendall(z)["trend_z"])
    assert found["n_hot"].sum() == sum((frame["gi_bin"] > 0).sum() for frame in each)


@given(st.lists(st.integers(0, 30), min_size=8, max_size=8), st.booleans())
def test_of_one_period_both_windows_are_gi_star(values, fdr):
    expected = gi_star(values, beside(8), fdr=fdr)
    for window in ("global", "local"):
        found = emerging(np.transpose([values]), beside(8), window=window, fdr=fdr)
        pd.testing.assert_frame_equal(found[["gi_z", "gi_bin"]], expected[["gi_z", "gi_bin"]])


def test_a_trend_counts_only_when_it_is_significant():
    strict = emerging(SERIES, alone(len(SERIES)), trend_alpha=1e-6)["pattern"]
    assert strict["intensifying_hotspot"] == "persistent_hotspot"


def test_the_false_discovery_rate_takes_the_weak_hotspots_away():
    cube = np.random.default_rng(5).normal(size=(60, 8))
    weak = emerging(cube, beside(60), fdr=False)["n_hot"].sum()
    assert emerging(cube, beside(60))["n_hot"].sum() < weak


def test_a_cell_that_is_never_known_has_no_pattern_and_is_nobodys_neighbor():
    cube = np.array([[1.0, 2], [4, 1], [2, 2], [np.nan, np.nan]])
    found = emerging(cube, beside(4))
    assert found["pattern"][3] is None
    assert np.isnan(found["gi_z"][3])
    pd.testing.assert_frame_equal(found[:3], emerging(cube[:3], beside(3)))


def test_equal_values_have_no_pattern():
    found = emerging(np.ones((5, 4)), beside(5))
    assert found["pattern"].isna().all()
    assert (found["n_hot"] == 0).all()


def test_a_window_of_another_name_is_refused():
    with pytest.raises(WrongValueError, match="'year'; it is 'global' or 'local'"):
        emerging([[1, 2]], alone(1), window="year")


@pytest.mark.parametrize("cube", [[1, 2, 3], [[], []]])
def test_a_cube_without_periods_is_refused(cube):
    with pytest.raises(WrongValueError, match="give cells by periods"):
        emerging(cube, alone(2))


def test_neighbors_of_another_number_of_cells_are_refused():
    with pytest.raises(WrongValueError, match=r"shape \(3, 3\) for 2 values"):
        emerging([[1, 2], [3, 4]], beside(3))
