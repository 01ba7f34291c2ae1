from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import kstest

from geo.errors import WrongValueError
from geo.hotspots import gi_star
from geo.moran import local_moran
from geo.permutations import conditional_p

RING = csr_array(np.roll(np.eye(6), 1, axis=0) + np.roll(np.eye(6), -1, axis=0))
CHAIN = csr_array(np.eye(4, k=1) + np.eye(4, k=-1))


def lattice(side):
    """Squares, each a neighbor of those around it, corners included."""
    y, x = np.divmod(np.arange(side * side), side)
    near = (abs(y[:, None] - y) <= 1) & (abs(x[:, None] - x) <= 1)
    np.fill_diagonal(near, val=False)
    return csr_array(near.astype(float))


def of_every_order(values, weights, cell):
    """The slow way: all orders of the other values are laid around the cell, one by one."""
    near = weights.toarray()[cell] > 0
    others = np.arange(len(values)) != cell
    orders = np.array(list(permutations(np.asarray(values, dtype=float)[others])))
    sums, observed = orders @ near[others], values @ near
    return min(1.0, 2 * min((sums >= observed).mean(), (sums <= observed).mean()))


def test_exact_p_of_a_chain_can_be_counted_by_hand():
    # the first cell has one neighbor: 0 of the values 0 1 5, so at most it in one case of three
    p = conditional_p(np.array([2.0, 0, 1, 5]), CHAIN, None, 0)
    assert p[0] == pytest.approx(2 / 3)
    # the second lies between 2 and 1: of the pairs 2+1 2+5 1+5 none is lower
    assert p[1] == pytest.approx(2 / 3)


@given(st.lists(st.integers(-2, 5), min_size=6, max_size=6), st.sampled_from([RING, RING * 0.5]))
def test_exact_p_is_that_of_every_order(values, weights):
    p = conditional_p(np.array(values, dtype=float), weights, None, 0)
    expected = [of_every_order(np.array(values), weights, cell) for cell in range(6)]
    np.testing.assert_allclose(p, expected, atol=1e-12)


def test_exact_p_knows_cells_with_all_one_and_no_neighbors():
    near = np.zeros((5, 5))
    near[0, 1:], near[1, 2] = 1, 1
    p = conditional_p(np.array([7.0, 0, 3, 3, 1]), csr_array(near), None, 0)
    assert p[0] == pytest.approx(1)
    assert p[1] == pytest.approx(1)  # 3 of 7 3 3 1: at most it are three of four, at least it too
    assert np.isnan(p[2:]).all()


def test_exact_p_agrees_with_random_orders_within_their_error():
    values = np.random.default_rng(7).poisson(3, 400).astype(float)
    exact = conditional_p(values, lattice(20), None, 0)
    drawn = conditional_p(values, lattice(20), 19_999, 1)
    error = np.sqrt(2 * exact * (1 - exact / 2) / 19_999)
    assert (abs(exact - drawn) <= 4.5 * error + 2 / 20_000).all()


def test_exact_p_of_many_different_values_is_evenly_spread_by_chance_alone():
    values = np.random.default_rng(8).integers(0, 300, 2500).astype(float)
    apart = np.arange(2500).reshape(50, 50)[::3, ::3].ravel()
    p = conditional_p(values, lattice(50), None, 0)[apart]
    assert kstest(p, "uniform").pvalue > 0.01


def test_random_orders_that_cells_share_have_evenly_spread_p_by_chance_alone():
    values = np.random.default_rng(9).normal(size=2500)
    apart = np.arange(2500).reshape(50, 50)[::3, ::3].ravel()
    p = conditional_p(values, lattice(50), 999, 4)[apart]
    assert kstest(p, "uniform").pvalue > 0.01


def test_far_fewer_cells_than_a_thousandth_can_be_told_exactly():
    values = np.zeros(900)
    values[[0, 1, 30, 31]] = 9
    p = conditional_p(values, lattice(30), None, 0)
    # all three neighbors of the corner among the three nines that are left of 899
    assert p[0] == pytest.approx(2 * 6 / (899 * 898 * 897))


@pytest.mark.parametrize("permutations", [None, 199])
def test_gi_star_and_moran_ask_the_same_of_the_neighbors(permutations):
    values = np.random.default_rng(7).poisson(3, 400).astype(float)
    gi = gi_star(values, lattice(20), permutations=permutations)["gi_p"]
    moran = local_moran(values, lattice(20), permutations=permutations)["moran_p"]
    np.testing.assert_allclose(gi, moran, atol=1e-12)


def test_the_bins_of_gi_star_follow_the_permuted_p():
    values = np.random.default_rng(7).poisson(3, 400).astype(float)
    values[:21] += 30
    found = gi_star(values, lattice(20), permutations=None, fdr=False)
    assert (found["gi_bin"].abs() == 3).equals(found["gi_p"] <= 0.01)
    assert (found["gi_bin"] > 0).any()


@pytest.mark.parametrize(
    ("values", "weights"),
    [([0.5, 1, 2, 3], CHAIN), ([4, 1, 2, 3], CHAIN * np.array([1.0, 2, 3, 4]))],
)
def test_every_order_is_of_whole_numbers_and_equal_weights(values, weights):
    with pytest.raises(WrongValueError, match="whole numbers"):
        conditional_p(np.array(values, dtype=float), csr_array(weights), None, 0)


def test_values_too_far_apart_for_every_order_are_refused_before_the_work():
    values = np.arange(10_000.0)
    with pytest.raises(WrongValueError, match="give a number of permutations"):
        conditional_p(values, lattice(100), None, 0)


def test_fewer_than_no_permutations_are_refused():
    with pytest.raises(WrongValueError, match="permutations: -1"):
        gi_star([1, 2, 3, 5], CHAIN, permutations=-1)
