import warnings

import numpy as np
import pandas as pd
import pytest
from esda.getisord import G_Local
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import WSP
from scipy.sparse import csr_array

from geo.errors import WrongValueError
from geo.hotspots import crude_rates, eb_rates, gi_star


def chain(n):
    """Cells in a row, each a neighbor of the next."""
    one = np.arange(n - 1)
    rows, columns = np.concatenate([one, one + 1]), np.concatenate([one + 1, one])
    return csr_array((np.ones(2 * n - 2), (rows, columns)), shape=(n, n))


def lattice(side):
    """Squares, each a neighbor of the up to eight around it."""
    y, x = np.divmod(np.arange(side * side), side)
    near = (abs(y[:, None] - y) <= 1) & (abs(x[:, None] - x) <= 1)
    np.fill_diagonal(near, val=False)
    return csr_array(near.astype(float))


def star_of_esda(values, neighbors):
    """The z-scores of esda, which warns about islands and changes its weights."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = WSP(neighbors.astype(float)).to_W(silence_warnings=True)
        return G_Local(values, weights, transform="B", star=True, permutations=0).Zs


def test_the_z_of_three_cells_can_be_checked_by_hand():
    z = gi_star([0, 0, 3], chain(3))["gi_z"]
    # mean 1, population variance 2; first cell: sum 0 of 2 cells; (0 - 2) / sqrt(2 * (6 - 4) / 2)
    assert z[0] == pytest.approx(-2 / np.sqrt(2))
    assert z[2] == pytest.approx((3 - 2) / np.sqrt(2))


def test_a_cell_whose_neighbors_are_all_the_cells_has_no_z():
    assert np.isnan(gi_star([0, 0, 3], chain(3))["gi_z"][1])


@given(
    st.lists(st.integers(0, 50), min_size=25, max_size=25).filter(lambda v: len(set(v)) > 1),
    st.sets(st.integers(0, 24), max_size=6),
)
def test_z_equals_esda_on_a_lattice_with_islands(values, islands):
    neighbors = lattice(5).toarray()
    neighbors[list(islands)] = 0
    neighbors[:, list(islands)] = 0
    expected = star_of_esda(np.array(values, dtype=float), csr_array(neighbors))
    z = gi_star(values, csr_array(neighbors))["gi_z"]
    np.testing.assert_allclose(z, expected, atol=1e-9)


def test_p_is_two_sided():
    frame = gi_star([0, 0, 3], chain(3))
    assert frame["gi_p"][0] == pytest.approx(0.157299, abs=1e-6)  # 2 * (1 - Phi(1.414214))
    assert frame["gi_p"][2] == pytest.approx(0.479500, abs=1e-6)  # 2 * (1 - Phi(0.707107))


def heap():
    """Twenty by twenty cells of value 1, a heap of 10 in one corner."""
    values = np.ones((20, 20))
    values[:4, :4] = 10
    return values.ravel()


def test_a_heap_is_a_hotspot_and_the_plain_around_it_is_not():
    bins = gi_star(heap(), lattice(20))["gi_bin"].to_numpy().reshape(20, 20)
    assert (bins[:4, :4] == 3).all()
    assert (bins[6:, 6:] == 0).all()


def test_a_hole_is_a_coldspot():
    bins = gi_star(11 - heap(), lattice(20))["gi_bin"].to_numpy().reshape(20, 20)
    assert bins[1, 1] == -3


def test_the_correction_removes_chance_findings():
    noise = np.random.default_rng(7).normal(size=400)
    found = {fdr: (gi_star(noise, lattice(20), fdr=fdr)["gi_bin"] != 0).sum() for fdr in (0, 1)}
    assert found[0] > 20
    assert found[1] == 0


def test_without_the_correction_bins_follow_the_limits_of_p():
    frame = gi_star(np.random.default_rng(7).normal(size=400), lattice(20), fdr=False)
    limits = pd.cut(frame["gi_p"], [0, 0.01, 0.05, 0.1, 1], labels=[3, 2, 1, 0]).astype(int)
    assert (frame["gi_bin"].abs() == limits).all()


def test_a_cell_without_a_value_is_nobodys_neighbor():
    frame = gi_star([1.0, 5.0, 2.0, np.nan], chain(4))
    without = gi_star([1.0, 5.0, 2.0], chain(3))
    assert np.isnan(frame["gi_z"][3])
    assert frame["gi_bin"][3] == 0
    np.testing.assert_array_equal(frame["gi_z"][:3], without["gi_z"])


@pytest.mark.parametrize("value", [0.0, 0.1, np.nan])
def test_equal_values_have_neither_z_nor_bin(value):
    frame = gi_star([value] * 9, lattice(3))
    assert frame["gi_z"].isna().all()
    assert (frame["gi_bin"] == 0).all()


def test_one_cell_and_no_cell_have_no_z():
    assert gi_star([4.0], csr_array((1, 1)))["gi_z"].isna().all()
    assert gi_star([], csr_array((0, 0))).empty


def test_the_index_of_the_values_is_kept():
    assert gi_star(pd.Series([1, 2, 3], index=["a", "b", "c"]), chain(3)).index.tolist() == [*"abc"]


def test_weights_of_another_size_are_refused():
    with pytest.raises(WrongValueError, match=r"shape \(3, 3\) for 4 values"):
        gi_star([1, 2, 3, 4], chain(3))


def test_a_cell_that_is_its_own_neighbor_is_refused():
    with pytest.raises(WrongValueError, match="diagonal"):
        gi_star([1, 2], csr_array(np.ones((2, 2))))


def test_infinite_values_are_refused():
    with pytest.raises(WrongValueError, match="one finite number"):
        gi_star([1, np.inf], chain(2))


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
