import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from esda.getisord import G_Local
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import WSP
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control
from shapely import Point

from geo.errors import WrongValueError
from geo.grid import hexagons, squares
from geo.hotspots import general_g, gi_star
from geo.neighbors import neighbors as neighbors_of


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


@pytest.mark.parametrize("made", [squares, hexagons])
def test_z_equals_esda_on_a_grid_of_a_round_city(made):
    cells = made(Point(0, 0).buffer(5000), 250)["geometry"]
    values = np.random.default_rng(6).poisson(4, len(cells)).astype(float)
    near = neighbors_of(cells)
    expected = star_of_esda(values, near)
    np.testing.assert_allclose(gi_star(values, near)["gi_z"], expected, rtol=0, atol=1e-9)


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


@given(st.lists(st.integers(0, 60), min_size=25, max_size=25))
def test_corrected_bins_are_those_of_scipy(values):
    frame = gi_star(values, lattice(5))
    known = frame["gi_z"].notna()
    corrected = false_discovery_control(frame["gi_p"][known]) if known.any() else np.empty(0)
    limits = np.array([[0.10], [0.05], [0.01]])
    expected = np.sign(frame["gi_z"][known]) * (corrected <= limits).sum(axis=0)
    np.testing.assert_array_equal(frame["gi_bin"][known], expected)
    assert (frame["gi_bin"][~known] == 0).all()


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


@pytest.mark.parametrize("neighbors", [chain(5), csr_array(np.triu(np.ones((5, 5)), k=2))])
def test_the_moments_of_general_g_are_those_of_every_order_of_the_values(neighbors):
    values = [2, 3, 5, 8, 0]
    found = general_g(values, neighbors)
    every = [general_g(order, neighbors).general_g for order in permutations(values)]
    assert found.expected == pytest.approx(np.mean(every))
    assert found.variance == pytest.approx(np.var(every))
    assert found.z == pytest.approx((found.general_g - np.mean(every)) / np.std(every))


def test_general_g_of_a_chain_can_be_checked_by_hand():
    # neighbors: 1*2 + 2*3 + 3*4 = 20 of all pairs: (10^2 - 30) / 2 = 35; 6 of 12 pairs expected
    found = general_g([1, 2, 3, 4], chain(4))
    assert found.general_g == pytest.approx(20 / 35)
    assert found.expected == 0.5


def test_general_g_has_no_unit():
    small, large = (general_g(np.array([1, 2, 3, 9.0]) * k, chain(4)) for k in (1e-80, 1e80))
    assert small.z == pytest.approx(large.z)


def test_a_cell_without_a_value_has_no_part_in_general_g():
    assert general_g([1, 2, 3, 4, np.nan], chain(5)) == general_g([1, 2, 3, 4], chain(4))


@pytest.mark.parametrize(
    ("values", "neighbors"),
    [
        ([1, 2, 3, np.nan], chain(4)),
        ([5, 5, 5, 5], chain(4)),
        ([0, 0, 7, 0], chain(4)),
        ([1, 2, 3, 4], csr_array((4, 4))),
    ],
)
def test_too_few_or_equal_or_lonely_values_have_no_general_g(values, neighbors):
    assert np.isnan(general_g(values, neighbors).general_g)


def test_where_all_cells_are_neighbors_general_g_is_one_and_has_no_test():
    found = general_g([1, 2, 3, 4], lattice(2))
    assert found.general_g == pytest.approx(1)
    assert np.isnan([found.z, found.p]).all()


def test_general_g_refuses_values_below_zero():
    with pytest.raises(WrongValueError, match="not below 0"):
        general_g([1, -2, 3, 4], chain(4))
