"""Moran's I: are like values beside like values, in the whole city and around each cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, diags_array
from scipy.special import ndtr

from geo.frames import index_of, require_numbers
from geo.neighbors import require_weights, weight_sums
from geo.permutations import conditional_p
from geo.rates import eb_standardised
from geo.significance import fdr_limits

QUADRANTS = ("HH", "LH", "LL", "HL")
"""High or low value of a cell, then high or low values around it."""

NOT_SIGNIFICANT = "none"
"""In place of the quadrant of a cell that chance may have made."""

_UNTESTED = {"moran_i": np.nan, "moran_z": np.nan, "moran_p": np.nan, "quadrant": None}
_EQUAL_SUMS = 1e-12


@dataclass(frozen=True)
class MoransI:
    """Global Moran's I, its moments when values fall anywhere, and two-sided tests.

    `_norm` takes the values as drawn from a normal distribution, `_rand` as these very values in
    random order. `n` is the number of cells that have a value.
    """

    n: int
    morans_i: float
    expected: float
    variance_norm: float
    variance_rand: float
    z_norm: float
    p_norm: float
    z_rand: float
    p_rand: float


def morans_i(
    values: ArrayLike | pd.Series, neighbors: csr_array, *, row_standardised: bool = True
) -> MoransI:
    """Return global Moran's I of the cells that have a value.

    With z the deviations from the mean and S0 the sum of the weights,
    I = (n / S0) sum_ij w_ij z_i z_j / sum_i z_i^2; its expectation is -1 / (n - 1).

    Parameters
    ----------
    values
        One number a cell. NaN leaves the cell out: it is nobody's neighbor.
    neighbors
        Square sparse matrix of any form, 1 where two cells are neighbors; nothing on the diagonal.
    row_standardised
        Let the weights of each cell's neighbors sum to 1; otherwise as they are.

    Returns
    -------
    MoransI
        NaN throughout for equal values, fewer than four cells, or no neighbors at all.

    References
    ----------
    Cliff, A. D. and Ord, J. K. (1981), Spatial Processes, chapter 2.
    """
    x, weights, _ = _known(values, neighbors, row_standardised=row_standardised)
    n, s0 = len(x), float(weights.sum())
    if n < 4 or s0 == 0 or x.min() == x.max():
        return MoransI(n, *[np.nan] * 8)
    z = x - x.mean()
    found = n / s0 * float(z @ (weights @ z)) / float(z @ z)
    expected = -1 / (n - 1)
    variance_norm, variance_rand = _variances(z, weights)
    z_norm, z_rand = (_standardised(found - expected, v) for v in (variance_norm, variance_rand))
    return MoransI(
        n=n,
        morans_i=found,
        expected=expected,
        variance_norm=variance_norm,
        variance_rand=variance_rand,
        z_norm=z_norm,
        p_norm=float(2 * ndtr(-abs(z_norm))),
        z_rand=z_rand,
        p_rand=float(2 * ndtr(-abs(z_rand))),
    )


def morans_i_of_rates(
    events: ArrayLike, base: ArrayLike, neighbors: csr_array, *, row_standardised: bool = True
) -> MoransI:
    """Return global Moran's I of rates, each in units of its own standard deviation.

    A rate over a small base varies more by chance; `geo.rates.eb_standardised` takes that out, so
    that I does not rise or fall with where the bases are small.

    Parameters
    ----------
    events, base
        One count a cell each, not below 0; a cell whose base is 0 or NaN is left out.
    neighbors, row_standardised
        As for `morans_i`.

    References
    ----------
    Assunção, R. M. and Reis, E. A. (1999), Statistics in Medicine 18, 2147-2162.
    """
    rates = eb_standardised(events, base)
    return morans_i(rates, neighbors, row_standardised=row_standardised)


def significant_quadrants(local: pd.DataFrame, alpha: float = 0.05) -> "pd.Series[Any]":
    """Return the quadrants of the cells that are surely unlike chance.

    Parameters
    ----------
    local
        As from `local_moran`: `moran_p` and `quadrant`.
    alpha
        Expected share of false ones among them (Benjamini-Hochberg over the tested cells).

    Returns
    -------
    Series
        On the index of `local`: the quadrant, `NOT_SIGNIFICANT`, or None for a cell without p.
    """
    p = local["moran_p"].to_numpy(dtype=float)
    (limit,) = fdr_limits(p, [alpha])
    found = np.where(p <= limit, local["quadrant"], NOT_SIGNIFICANT)
    found[np.isnan(p)] = None
    return pd.Series(found, index=local.index, name="cluster", dtype=object)


def local_moran(
    values: ArrayLike | pd.Series,
    neighbors: csr_array,
    *,
    row_standardised: bool = True,
    permutations: int | None = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Return local Moran's I of each cell: how like it is to the cells around it.

    I_i = (n - 1) z_i sum_j w_ij z_j / sum_j z_j^2 with z the deviations from the mean. It is tested
    against the other values in random order around the cell, whose own value stays: `moran_z` by
    the exact mean and variance over all orders, `moran_p` by `permutations` random ones, or by all.

    Parameters
    ----------
    values, neighbors, row_standardised
        As for `morans_i`.
    permutations
        Random orders for each cell. None takes all there are, which is exact and faster: for whole
        numbers, such as counts, where the neighbors of each cell have one weight. 0 takes p from
        `moran_z` and the normal distribution.
    seed
        Of the random orders; the same seed gives the same p. Cells share them where the neighbors
        of each have one weight, as in 0 and 1; otherwise each cell has its own.

    Returns
    -------
    DataFrame
        On the index of `values`: `moran_i`; `moran_z`; `moran_p`, two-sided; `quadrant`, 'HH',
        'LH', 'LL' or 'HL', whether significant or not. A cell without a value has NaN and no
        quadrant, also every cell when the values are equal or fewer than three; a cell without
        neighbors has I = 0 and no test.

    References
    ----------
    Anselin, L. (1995), Geographical Analysis 27, 93-115.
    Sokal, R. R., Oden, N. L. and Thomson, B. A. (1998), Geographical Analysis 30, 331-354.
    """
    x, weights, at = _known(values, neighbors, row_standardised=row_standardised)
    result = pd.DataFrame(_UNTESTED, index=pd.RangeIndex(len(index_of(values))))
    result["quadrant"] = result["quadrant"].astype(object)
    if len(x) >= 3 and x.min() != x.max():
        for column, found in _local(x, weights, permutations, seed).items():
            result.loc[at, column] = found
    return result.set_axis(index_of(values), axis=0)


def _local(
    x: NDArray[np.float64], weights: csr_array, permutations: int | None, seed: int
) -> dict[str, NDArray[Any]]:
    z = x - x.mean()
    lag = weights @ z
    conditional_z = _conditional_z(z, lag, weights)
    if permutations == 0:
        p = 2 * ndtr(-np.abs(conditional_z))
    else:
        p = conditional_p(x, weights, permutations, seed)
    return {
        "moran_i": (len(z) - 1) * z * lag / (z @ z),
        "moran_z": conditional_z,
        "moran_p": p,
        "quadrant": _quadrants(z, lag, weights),
    }


def _known(
    values: ArrayLike | pd.Series, neighbors: csr_array, *, row_standardised: bool
) -> tuple[NDArray[np.float64], csr_array, NDArray[np.intp]]:
    """Return the values that are known, the weights between their cells, and where they stand."""
    x = require_numbers(values)
    at = np.flatnonzero(~np.isnan(x))
    weights = require_weights(neighbors, len(x))[at][:, at]
    if row_standardised:
        total = weights.sum(axis=1)
        weights = (diags_array(1 / np.where(total > 0, total, 1)) @ weights).tocsr()
    return x[at], weights, at


def _variances(z: NDArray[np.float64], weights: csr_array) -> tuple[float, float]:
    """Return the variance of I under normality and under randomisation (Cliff and Ord 1981)."""
    n = len(z)
    s0, s1, s2 = weight_sums(weights)
    kurtosis = n * float((z**4).sum()) / float(z @ z) ** 2
    squared = 1 / (n - 1) ** 2
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / (s0**2 * (n**2 - 1)) - squared
    random = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    random -= kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return normal, random / ((n - 1) * (n - 2) * (n - 3) * s0**2) - squared


def _standardised(above: float, variance: float) -> float:
    """Return standard deviations above the mean; NaN where I can have one value only."""
    return above / variance**0.5 if variance > _EQUAL_SUMS else np.nan


def _conditional_z(
    z: NDArray[np.float64], lag: NDArray[np.float64], weights: csr_array
) -> NDArray[np.float64]:
    """Return how many standard deviations I_i lies above its mean over all orders of the others."""
    n = len(z)
    total, squares = weights.sum(axis=1), weights.power(2).sum(axis=1)
    mean = -z / (n - 1)
    variance = (z @ z - z**2) / (n - 1) - mean**2
    spread = variance * (n - 1) / (n - 2) * (squares - total**2 / (n - 1))
    deviation = np.sqrt(np.where(spread > _EQUAL_SUMS * (z @ z), spread, np.nan))
    return np.sign(z) * (lag - total * mean) / deviation


def _quadrants(
    z: NDArray[np.float64], lag: NDArray[np.float64], weights: csr_array
) -> NDArray[np.object_]:
    high, around = z > 0, lag > 0
    names = np.select(
        [high & around, ~high & around, ~high & ~around], QUADRANTS[:3], default=QUADRANTS[3]
    ).astype(object)
    names[np.diff(weights.indptr) == 0] = None
    return names
