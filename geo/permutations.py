"""Could it be chance? A cell's neighbors against all others in their place: conditional p-values.

The value of the cell stays, and the other values lie around it in any order. A p-value says how
often the sum over its neighbors would then be as far out as it is, on either side: twice the
smaller share of orders in which it is at least, or at most, as high.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import comb

from geo.errors import WrongValueError

_EQUAL_SUMS = 1e-12
_MOST_STEPS = 1e9
_TOO_MANY = "values: too many or too far apart for every order; give a number of permutations"


class _Draws(NamedTuple):
    """Chances of sums: `chance[j, s]`, that j of the cells drawn at random have the sum s."""

    n_cells: int
    chance: NDArray[np.float64]


def conditional_p(
    values: NDArray[np.float64], weights: csr_array, permutations: int | None, seed: int
) -> NDArray[np.float64]:
    """Return the two-sided conditional p of each cell, NaN for one without neighbors.

    Parameters
    ----------
    values
        One number a cell, all known.
    weights
        Square; those of each cell's neighbors in its row.
    permutations
        Random orders, the observed one counted besides; at least 1. None for all there are, which
        is exact and needs whole numbers and one weight for all neighbors of a cell.
    seed
        Of the random orders.

    Raises
    ------
    WrongValueError
        When not all orders can be counted.

    References
    ----------
    Anselin, L. (1995), Geographical Analysis 27, 93-115: conditional permutation.
    """
    if permutations is None:
        return _exact_p(values, weights)
    if permutations < 1:
        raise WrongValueError(f"permutations: {permutations}; it must not be below 0")
    z = values - values.mean()
    return _permuted_p(z, weights @ z, weights, permutations, seed)


def _exact_p(values: NDArray[np.float64], weights: csr_array) -> NDArray[np.float64]:
    """Return `conditional_p` over every order of whole numbers, by counting them.

    How often k neighbors drawn from n cells have the sum s follows value by value: of j cells
    drawn, those with the next value are hypergeometric in number. Cells of one value share the
    result; what is drawn with the cell itself among them is then taken out.
    """
    if not _equal_in_rows(weights) or not (values == np.rint(values)).all():
        raise WrongValueError(
            "values: every order is counted only for whole numbers and one weight"
        )
    x = (values - values.min()).astype(np.int64)
    n_near = np.diff(weights.indptr)
    near = csr_array((np.ones(weights.nnz), weights.indices, weights.indptr), weights.shape)
    sums = np.rint(near @ x.astype(np.float64)).astype(np.int64)
    p = np.full(len(x), np.nan)
    draws = _draws(x, int(n_near.max(initial=0)))
    for value in np.unique(x):
        cells = np.flatnonzero((x == value) & (n_near > 0))
        others = _without(draws, int(value))
        at_most = others.cumsum(axis=1)[n_near[cells], sums[cells]]
        at_least = others[:, ::-1].cumsum(axis=1)[n_near[cells], -1 - sums[cells]]
        p[cells] = np.minimum(2 * np.minimum(at_most, at_least), 1.0)
    return p


def _draws(x: NDArray[np.int64], longest: int) -> _Draws:
    """Return the chances of the sums of 0 to `longest` cells drawn from all."""
    values, kinds = np.unique(x, return_counts=True)
    width = longest * int(values[-1]) + 1
    if float(len(values)) * longest**2 * width > _MOST_STEPS:
        raise WrongValueError(_TOO_MANY)
    chance = np.zeros((longest + 1, width))
    chance[0, 0] = 1.0
    before = 0
    for value, n_of_kind in zip(values.tolist(), kinds.tolist(), strict=True):
        for drawn in range(min(longest, before + n_of_kind), 0, -1):
            mixed = np.zeros(width)
            for of_kind, share in _hypergeometric(drawn, n_of_kind, before):
                shift = of_kind * value
                mixed[shift:] += share * chance[drawn - of_kind, : width - shift]
            chance[drawn] = mixed
        before += n_of_kind
    return _Draws(before, chance)


def _hypergeometric(drawn: int, n_of_kind: int, n_others: int) -> Iterator[tuple[int, float]]:
    """Yield how many of the cells drawn may be of a kind, and the chance of each number."""
    n_all = n_of_kind + n_others - np.arange(drawn)
    for of_kind in range(max(0, drawn - n_others), min(drawn, n_of_kind) + 1):
        kind, others = np.arange(of_kind), np.arange(drawn - of_kind)
        falling = np.concatenate([n_of_kind - kind, n_others - others])
        yield of_kind, float(comb(drawn, of_kind) * (falling / n_all).prod())


def _without(draws: _Draws, value: int) -> NDArray[np.float64]:
    """Return the chances of the sums when one cell of `value` is never drawn.

    A draw of j cells holds it with chance j / n; without it, j are drawn from the others.
    """
    chance = draws.chance.copy()
    for drawn in range(1, min(len(chance), draws.n_cells)):
        held = drawn / draws.n_cells
        with_it = np.zeros(chance.shape[1])
        with_it[value:] = chance[drawn - 1, : chance.shape[1] - value]
        chance[drawn] = np.maximum((chance[drawn] - held * with_it) / (1 - held), 0.0)
    return chance


def _permuted_p(
    z: NDArray[np.float64],
    lag: NDArray[np.float64],
    weights: csr_array,
    permutations: int,
    seed: int,
) -> NDArray[np.float64]:
    """Return twice the smaller share of orders, the observed one included, as extreme as it."""
    rng = np.random.default_rng(seed)
    if _equal_in_rows(weights):
        counts = _count_extreme_sums(z, lag, weights, permutations, rng)
    else:
        orders = (weights.indptr, weights.data, permutations, rng)
        counts = _count_extreme_orders(z, lag, *orders)
    p: NDArray[np.float64] = np.minimum(2 * (counts.min(axis=1) + 1) / (permutations + 1), 1.0)
    p[np.diff(weights.indptr) == 0] = np.nan
    return p


def _equal_in_rows(weights: csr_array) -> bool:
    """Return whether each cell's neighbors have one weight, as they have in 0 and 1."""
    inside = np.ones(len(weights.data), dtype=bool)
    inside[weights.indptr[:-1][np.diff(weights.indptr) > 0]] = False
    return bool((weights.data[1:] == weights.data[:-1])[inside[1:]].all())


def _count_extreme_sums(
    z: NDArray[np.float64],
    lag: NDArray[np.float64],
    weights: csr_array,
    permutations: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Count as `_count_extreme_orders` does where each cell's neighbors have one weight.

    Then only the sum of their values matters, and all cells share the random orders, each a list of
    distinct cells in 0 to n - 2. A cell with k neighbors takes the first k of a list; where it
    meets itself the last cell, n - 1, stands in. So its lists are random draws from the others, and
    the sums are those of all cells but for the few lists in which it occurs.
    """
    n, n_near = len(z), np.diff(weights.indptr)
    longest = int(n_near.max())
    lists = np.array([rng.choice(n - 1, longest, replace=False) for _ in range(permutations)])
    sums = z[lists].cumsum(axis=1)
    tolerance = _EQUAL_SUMS * np.abs(z).max() * np.maximum(n_near, 1)
    observed = lag * n_near / np.where(n_near > 0, weights.sum(axis=1), 1)
    bounds = np.column_stack([observed - tolerance, observed + tolerance])
    counts = np.zeros((n, 2), dtype=np.int64)
    for k in np.unique(n_near[n_near > 0]):
        cells, ascending = np.flatnonzero(n_near == k), np.sort(sums[:, k - 1])
        counts[cells, 0] = permutations - np.searchsorted(ascending, bounds[cells, 0], "left")
        counts[cells, 1] = np.searchsorted(ascending, bounds[cells, 1], "right")
    order, place = np.nonzero(np.arange(longest) < n_near[lists])
    itself = lists[order, place]
    shared = sums[order, n_near[itself] - 1]
    own = shared - z[itself] + z[-1]
    for side, as_extreme in enumerate((np.greater_equal, np.less_equal)):
        bound = bounds[itself, side]
        change = as_extreme(own, bound).astype(np.int64) - as_extreme(shared, bound)
        np.add.at(counts[:, side], itself, change)
    return counts


@njit(cache=True)
def _count_extreme_orders(
    z: NDArray[np.float64],
    lag: NDArray[np.float64],
    indptr: NDArray[np.int32],
    data: NDArray[np.float64],
    permutations: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Return for each cell how many random orders have a lag at least, and at most, as observed.

    Neighbors are drawn by the first steps of a Fisher-Yates shuffle; the pool need not be put back
    in order, a shuffled one serves as well. Sums that differ by rounding only are equal.
    """
    n = len(z)
    counts = np.zeros((n, 2), dtype=np.int64)
    pool = np.arange(n - 1)
    tolerance = _EQUAL_SUMS * np.abs(z).max()
    for cell in range(n):
        start, end = indptr[cell], indptr[cell + 1]
        if start == end:
            continue
        for _ in range(permutations):
            total = 0.0
            for drawn in range(end - start):
                swap = drawn + int(rng.random() * (n - 1 - drawn))
                pool[drawn], pool[swap] = pool[swap], pool[drawn]
                other = pool[drawn]
                if other >= cell:
                    other += 1
                total += data[start + drawn] * z[other]
            if total >= lag[cell] - tolerance:
                counts[cell, 0] += 1
            if total <= lag[cell] + tolerance:
                counts[cell, 1] += 1
    return counts
