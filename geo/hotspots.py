"""Hotspots of values on cells: Getis-Ord Gi*, general G, and hotspots that emerge over time."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, eye_array, kron
from scipy.special import ndtr

from geo.errors import WrongValueError
from geo.frames import index_of, require_numbers
from geo.neighbors import require_weights, weight_sums
from geo.rates import crude_rates, eb_rates
from geo.significance import fdr_limits
from geo.trends import mann_kendall, patterns

__all__ = ["TOO_FEW", "GeneralG", "crude_rates", "eb_rates", "emerging", "general_g", "gi_star"]

TOO_FEW = 30
"""Below this many cells a z-score says little; callers say so instead of coloring the map."""

_ALPHAS = (0.10, 0.05, 0.01)
_EQUAL_Z_DIGITS = 9
_NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class GeneralG:
    """Global G, its moments when the same values fall on the cells in any order, two-sided test.

    `n` is the number of cells that have a value.
    """

    n: int
    general_g: float
    expected: float
    variance: float
    z: float
    p: float


def gi_star(
    values: ArrayLike | pd.Series,
    neighbors: csr_array,
    *,
    fdr: bool = True,
    permutations: int | None = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the local statistic Gi* of each cell: how far it lies among high or low values.

    With weights w_ij, 1 for the cell itself, and W_i = sum_j w_ij over the n cells that have a
    value, of mean m and population standard deviation s (over n, not n - 1),
    z_i = (sum_j w_ij x_j - m W_i) / (s sqrt((n sum_j w_ij^2 - W_i^2) / (n - 1)))

    Parameters
    ----------
    values
        One number a cell. NaN leaves the cell out: it gets no z and is nobody's neighbor.
    neighbors
        Square sparse matrix of any form, 1 where two cells are neighbors; nothing on the diagonal.
    fdr
        Control the false discovery rate (Benjamini-Hochberg) over all cells in `gi_bin`.
    permutations, seed
        0 takes p from z and the normal distribution. Otherwise p is conditional on the cell's own
        value, over so many random orders of the others; None is all orders: see `local_moran`.

    Returns
    -------
    DataFrame
        On the index of `values`: `gi_z`; `gi_p`, two-sided, before correction, NaN by permutations
        without neighbors; `gi_bin`, from -3 to 3: 1, 2, 3 for a hotspot at 90, 95, 99 %, negative
        for a coldspot, else 0. Equal values, and a cell beside all the others, have z NaN.

    References
    ----------
    Ord, J. K. and Getis, A. (1995), Geographical Analysis 27, 286-306.
    Caldas de Castro, M. and Singer, B. H. (2006), Geographical Analysis 38, 180-208.
    """
    x = require_numbers(values)
    weights = require_weights(neighbors, len(x))
    known = np.flatnonzero(~np.isnan(x))
    z = np.full(len(x), np.nan)
    among_known = weights if len(known) == len(x) else weights[known][:, known]
    z[known] = _gi_star_z(x[known], among_known)
    p = 2 * ndtr(-np.abs(z))
    if permutations != 0:
        # What it is compiled with takes as long to load as all else here.
        from geo.permutations import conditional_p

        p[known] = conditional_p(x[known], among_known, permutations, seed)
        p[np.isnan(z)] = np.nan
    found = {"gi_z": z, "gi_p": p, "gi_bin": _bins(z, p, fdr=fdr)}
    return pd.DataFrame(found, index=index_of(values))


def emerging(
    cube: ArrayLike | pd.DataFrame,
    neighbors: csr_array,
    *,
    window: Literal["global", "local"] = "global",
    fdr: bool = True,
    trend_alpha: float = 0.05,
) -> pd.DataFrame:
    """Return how the hotspots of each cell came and went: Gi* of every period, trend and pattern.

    Parameters
    ----------
    cube
        One row a cell, one column a period, in order. NaN leaves the cell out of that period.
    neighbors
        As for `gi_star`: of cells. The same cells are neighbors in every period; periods are not.
    window
        What a cell in a period is compared with: 'global', all cells in all periods, so that a bad
        month is hot; 'local', all cells in its own period, so that each month has its own hotspots.
    fdr
        Control the false discovery rate over all that it is compared with.
    trend_alpha
        The trend of z counts when its p is at most this.

    Returns
    -------
    DataFrame
        On the index of `cube`: `pattern`, one of `geo.trends.PATTERNS`, None for a cell that has no
        z in any period; `trend_z` and `trend_p` of the series of z (Mann-Kendall); `n_hot` and
        `n_cold` periods; `gi_z` and `gi_bin` of the last period.
    """
    values = np.asarray(cube, dtype=float)
    if values.ndim != 2 or values.shape[1] == 0:
        raise WrongValueError(f"cube: shape {values.shape}; give cells by periods")
    if window not in {"global", "local"}:
        raise WrongValueError(f"window: {window!r}; it is 'global' or 'local'")
    weights = require_weights(neighbors, len(values))
    spans = [values] if window == "global" else np.hsplit(values, values.shape[1])
    found = [_gi_star_of_periods(span, weights, fdr=fdr) for span in spans]
    z, bins = (np.hstack(parts) for parts in zip(*found, strict=True))
    result = _emerged(z, bins, trend_alpha)
    return result.set_axis(cube.index, axis=0) if isinstance(cube, pd.DataFrame) else result


def _emerged(z: NDArray[np.float64], bins: NDArray[np.int8], trend_alpha: float) -> pd.DataFrame:
    trend = mann_kendall(z.round(_EQUAL_Z_DIGITS))
    counts = trend["trend_p"] <= trend_alpha
    return pd.DataFrame(
        {
            "pattern": patterns(np.where(np.isnan(z), np.nan, bins), trend["trend_z"] * counts),
            "trend_z": trend["trend_z"],
            "trend_p": trend["trend_p"],
            "n_hot": (bins > 0).sum(axis=1),
            "n_cold": (bins < 0).sum(axis=1),
            "gi_z": z[:, -1],
            "gi_bin": bins[:, -1],
        }
    )


def _gi_star_of_periods(
    values: NDArray[np.float64], neighbors: csr_array, *, fdr: bool
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return z and bin of each cell in each period, all compared with each other."""
    in_every_period = kron(eye_array(values.shape[1]), neighbors, format="csr")
    frame = gi_star(values.T.ravel(), in_every_period, fdr=fdr)
    z, bins = (frame[name].to_numpy().reshape(values.T.shape).T for name in ("gi_z", "gi_bin"))
    return z, bins


def general_g(values: ArrayLike | pd.Series, neighbors: csr_array) -> GeneralG:
    """Return general G: how much of all products of two values is that of neighboring cells.

    G = sum_ij w_ij x_i x_j / sum_(i != j) x_i x_j, between 0 and 1 for binary weights. Above its
    expectation S0 / (n (n - 1)) high values lie together, below it low ones do.

    Parameters
    ----------
    values
        One number a cell, none below 0. NaN leaves the cell out: it is nobody's neighbor.
    neighbors
        Square sparse matrix of any form, 1 where two cells are neighbors; nothing on the diagonal.

    Returns
    -------
    GeneralG
        NaN throughout for equal values, fewer than four cells, fewer than two values above 0, or
        no neighbors at all; z and p NaN where G can have one value only.

    References
    ----------
    Getis, A. and Ord, J. K. (1992), Geographical Analysis 24, 189-206.
    """
    x = require_numbers(values)
    if (x < 0).any():
        raise WrongValueError("values: general G is of values that are not below 0")
    known = np.flatnonzero(~np.isnan(x))
    weights = require_weights(neighbors, len(x))[known][:, known]
    x, n = x[known], len(known)
    if n < 4 or weights.nnz == 0 or x.min() == x.max() or np.count_nonzero(x) < 2:
        return GeneralG(n, *[np.nan] * 5)
    x = x / x.max()  # G has no unit, and the fourth powers below must not overflow
    found = float(x @ (weights @ x)) / float(x.sum() ** 2 - x @ x)
    expected = float(weights.sum()) / (n * (n - 1))
    variance = _second_moment_of_g(x, weights) - expected**2
    z = (found - expected) / variance**0.5 if variance > _NO_VARIANCE * expected**2 else np.nan
    return GeneralG(n, found, expected, variance, z, float(2 * ndtr(-abs(z))))


def _second_moment_of_g(x: NDArray[np.float64], weights: csr_array) -> float:
    """Return the mean of G squared over all orders of the values (Getis and Ord 1992)."""
    n = len(x)
    s0, s1, s2 = weight_sums(weights)
    m1, m2, m3, m4 = (float((x**power).sum()) for power in (1, 2, 3, 4))
    b0 = (n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2
    b1 = -((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2
    b4 = s1 - s2 + s0**2
    total = b0 * m2**2 + b1 * m4 + b2 * m1**2 * m2 + b3 * m1 * m3 + b4 * m1**4
    return total / ((m1**2 - m2) ** 2 * n * (n - 1) * (n - 2) * (n - 3))


def _gi_star_z(x: NDArray[np.float64], weights: csr_array) -> NDArray[np.float64]:
    n = len(x)
    if n == 0 or x.min() == x.max():
        return np.full(n, np.nan)
    ones = np.ones(n)
    total = weights @ ones + 1
    is_binary = bool((weights.data == 1).all())
    squares = total if is_binary else weights.power(2) @ ones + 1
    spread = (n * squares - total**2) / (n - 1)
    above = weights @ x + x - x.mean() * total
    scale = x.std() * np.sqrt(np.where(spread > 0, spread, np.nan))
    return np.asarray(above / scale)


def _bins(z: NDArray[np.float64], p: NDArray[np.float64], *, fdr: bool) -> NDArray[np.int8]:
    confidence = np.zeros(len(p), dtype=np.int8)
    for limit in fdr_limits(p, _ALPHAS) if fdr else _ALPHAS:
        confidence += p <= limit
    return np.where(z > 0, confidence, -confidence)
