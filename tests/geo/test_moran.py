import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from esda.moran import Moran, Moran_Local
from libpysal.weights import WSP
from scipy.sparse import csr_array
from scipy.stats import kstest

from geo.errors import WrongValueError
from geo.moran import local_moran, morans_i, significant_quadrants
from geo.permutations import _count_extreme_orders, _count_extreme_sums


def lattice(side, *, reach=1):
    """Squares, each a neighbor of those around it, corners included."""
    y, x = np.divmod(np.arange(side * side), side)
    near = (abs(y[:, None] - y) <= reach) & (abs(x[:, None] - x) <= reach)
    np.fill_diagonal(near, val=False)
    return csr_array(near.astype(float))


CHAIN = csr_array(np.eye(4, k=1) + np.eye(4, k=-1))
NOISE = np.random.default_rng(11).normal(size=100)


def weights_of_esda(neighbors):
    return WSP(neighbors).to_W(silence_warnings=True)


def test_i_of_a_chain_can_be_checked_by_hand():
    # deviations -1.5 -0.5 0.5 1.5; binary pairs .75 - .25 + .75, twice; 4 / 6 * 2.5 / 5
    found = morans_i([1, 2, 3, 4], CHAIN, row_standardised=False)
    assert found.morans_i == pytest.approx(1 / 3)
    assert found.expected == pytest.approx(-1 / 3)


@pytest.mark.parametrize(("standardised", "transform"), [(True, "r"), (False, "b")])
def test_global_i_equals_esda(standardised, transform):
    found = morans_i(NOISE, lattice(10), row_standardised=standardised)
    esda = Moran(NOISE, weights_of_esda(lattice(10)), transformation=transform, permutations=0)
    ours = [found.morans_i, found.variance_norm, found.variance_rand, found.z_rand, found.p_rand]
    np.testing.assert_allclose(ours, [esda.I, esda.VI_norm, esda.VI_rand, esda.z_rand, esda.p_rand])


@pytest.mark.parametrize("values", [[1, 2, 3, np.nan], [5, 5, 5, 5]])
def test_too_few_or_equal_values_have_no_global_i(values):
    assert np.isnan(morans_i(values, CHAIN).morans_i)


def test_cells_without_neighbors_have_no_global_i():
    assert np.isnan(morans_i([1, 2, 3, 4], csr_array((4, 4))).z_norm)


def test_where_all_cells_are_neighbors_i_is_its_expectation_and_has_no_test():
    found = morans_i([1, 2, 4, 8], lattice(2))
    assert found.morans_i == pytest.approx(-1 / 3)
    assert np.isnan([found.z_norm, found.p_norm, found.z_rand]).all()


def test_local_i_of_a_chain_can_be_checked_by_hand():
    # first cell: 3 * -1.5 * -0.5 / 5; second: 3 * -0.5 * (-1.5 + 0.5) / 2 / 5
    found = local_moran([1, 2, 3, 4], CHAIN)["moran_i"]
    np.testing.assert_allclose(found, [0.45, 0.15, 0.15, 0.45])


@pytest.mark.parametrize(("standardised", "transform"), [(True, "r"), (False, "b")])
def test_local_i_equals_esda(standardised, transform):
    found = local_moran(NOISE, lattice(10), row_standardised=standardised, permutations=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = weights_of_esda(lattice(10))
        esda = Moran_Local(NOISE, weights, transformation=transform, permutations=0)
    np.testing.assert_allclose(found["moran_i"], esda.Is)


@pytest.mark.parametrize("standardised", [True, False])
def test_z_and_p_are_those_of_every_order_of_the_other_values(standardised):
    values = np.array([3, 1, 4, 1.5, 9, 2.6])  # in a ring: the first lies between 1 and 2.6
    ring = csr_array(np.roll(np.eye(6), 1, axis=0) + np.roll(np.eye(6), -1, axis=0))
    found = local_moran(values, ring, permutations=9999, row_standardised=standardised).loc[0]
    z = values - values.mean()
    beside = np.array([sum(pair) for pair in permutations(z[1:], 2)]) / (2 if standardised else 1)
    every_i = 5 * z[0] * beside / (z @ z)
    assert found["moran_z"] == pytest.approx((found["moran_i"] - every_i.mean()) / every_i.std())
    as_high, as_low = (every_i >= found["moran_i"] - 1e-9), (every_i <= found["moran_i"] + 1e-9)
    assert found["moran_p"] == pytest.approx(2 * min(as_high.mean(), as_low.mean()), abs=0.03)


def test_the_quadrant_names_the_cell_first_and_its_neighbors_second():
    found = local_moran([9, 8, 1, 9], CHAIN)["quadrant"]
    assert found.tolist() == ["HH", "HL", "LH", "HL"]


def test_values_of_chance_alone_have_evenly_spread_p():
    values = np.random.default_rng(5).normal(size=900)
    spaced = np.arange(900).reshape(30, 30)[::4, ::4].ravel()
    p = local_moran(values, lattice(30))["moran_p"][spaced]
    assert kstest(p, "uniform").pvalue > 0.01


def test_permuted_p_agrees_with_the_normal_one_on_normal_values():
    permuted = local_moran(NOISE, lattice(10), permutations=4999)["moran_p"]
    analytic = local_moran(NOISE, lattice(10), permutations=0)["moran_p"]
    assert (permuted - analytic).abs().max() < 0.05


def test_a_heap_in_one_corner_is_significant_and_an_exact_smallest_p():
    values = NOISE * 0.01
    values[[0, 1, 10, 11]] = 10
    p = local_moran(values, lattice(10), permutations=99)["moran_p"]
    assert p[0] == 2 / 100


def test_the_same_seed_gives_the_same_p_and_another_seed_another():
    one, same, other = (local_moran(NOISE, lattice(10), seed=s)["moran_p"] for s in (1, 1, 2))
    pd.testing.assert_series_equal(one, same)
    assert (one != other).any()


def test_orders_that_equal_the_observed_one_count_on_both_sides():
    assert local_moran([1, 1, 1, 2], CHAIN)["moran_p"][0] == 1


def test_the_compiled_kernel_counts_as_the_plain_one():
    plain = getattr(_count_extreme_orders, "py_func", _count_extreme_orders)
    weights = csr_array(np.pad(lattice(4).toarray() / 8, (0, 1)))  # the last cell is an island
    z = NOISE[:17] - NOISE[:17].mean()
    frozen = (z, weights @ z, weights.indptr, weights.data, 19)
    counts = [
        kernel(*frozen, np.random.default_rng(3)) for kernel in (plain, _count_extreme_orders)
    ]
    np.testing.assert_array_equal(*counts)


def test_shared_orders_count_as_if_each_list_were_drawn_without_the_cell_itself():
    z, weights = NOISE[:16] - NOISE[:16].mean(), lattice(4)
    counts = _count_extreme_sums(z, weights @ z, weights, 50, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    lists = np.array([rng.choice(15, 8, replace=False) for _ in range(50)])
    for cell, k in enumerate(np.diff(weights.indptr)):
        others = np.where(lists[:, :k] == cell, 15, lists[:, :k])
        sums, observed = z[others].sum(axis=1), (weights @ z)[cell]
        as_extreme = [(sums >= observed - 1e-9).sum(), (sums <= observed + 1e-9).sum()]
        assert counts[cell].tolist() == as_extreme


def test_shared_orders_agree_with_independent_ones_within_their_error():
    z, weights = NOISE - NOISE.mean(), lattice(10)
    shared = _count_extreme_sums(z, weights @ z, weights, 4999, np.random.default_rng(1))
    frozen = (z, weights @ z, weights.indptr, weights.data, 4999)
    independent = _count_extreme_orders(*frozen, np.random.default_rng(2))
    share = (shared + independent)[:, 0] / 9998
    error = np.sqrt(2 * share * (1 - share) / 4999)
    assert (abs(shared - independent)[:, 0] <= 4.5 * 4999 * error + 1).all()


def test_neighbors_of_different_weights_have_orders_of_their_own():
    uneven = lattice(10) * np.tile([1.0, 1.0001], 50)
    found = local_moran(NOISE, csr_array(uneven), permutations=4999)["moran_p"]
    even = local_moran(NOISE, lattice(10), permutations=4999)["moran_p"]
    assert (found != even).any()
    assert (found - even).abs().max() < 0.1


@pytest.mark.parametrize("n", [0, 99])
def test_a_cell_without_neighbors_has_no_test_and_no_quadrant(n):
    neighbors = csr_array(np.pad(CHAIN.toarray(), (0, 1)))
    island = local_moran([1, 2, 3, 4, 9], neighbors, permutations=n).loc[4]
    assert island["moran_i"] == 0
    assert np.isnan([island["moran_z"], island["moran_p"]]).all()
    assert island["quadrant"] is None


def test_a_cell_without_a_value_is_nobodys_neighbor():
    neighbors = csr_array(np.eye(5, k=1) + np.eye(5, k=-1))
    found = local_moran([1, 2, 3, 4, np.nan], neighbors, permutations=9)
    without = local_moran([1, 2, 3, 4], CHAIN, permutations=9)
    pd.testing.assert_frame_equal(found.iloc[:4], without)
    assert found.iloc[4].isna().all()


@pytest.mark.parametrize("values", [[3, 3, 3, 3], [1, 2, np.nan, np.nan]])
def test_equal_or_too_few_values_have_no_local_i(values):
    assert local_moran(values, CHAIN).isna().all(axis=None)


def test_a_cell_beside_all_the_others_has_no_z():
    assert local_moran([1, 2, 4, 8], lattice(2))["moran_z"].isna().all()


def test_the_index_of_the_values_is_kept():
    values = pd.Series([1, 2, 3, 4], index=["d", "c", "b", "a"])
    assert local_moran(values, CHAIN).index.tolist() == ["d", "c", "b", "a"]


def test_fewer_than_no_permutations_are_refused():
    with pytest.raises(WrongValueError, match="permutations: -1"):
        local_moran([1, 2, 3, 4], CHAIN, permutations=-1)


def test_only_quadrants_whose_p_survives_the_correction_are_significant():
    local = pd.DataFrame(
        {"moran_p": [0.001, 0.04, 0.9, np.nan], "quadrant": ["HH", "LL", "HL", None]}
    )
    # 0.04 is 0.06 after the correction over three tests.
    assert list(significant_quadrants(local)) == ["HH", "none", "none", None]
