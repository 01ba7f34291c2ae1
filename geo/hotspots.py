"""Hotspots of values on cells: Getis-Ord Gi*, and rates that do not light up where people look."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control, norm

from geo.errors import WrongValueError
from geo.frames import index_of, require_numbers
from geo.neighbors import require_weights

TOO_FEW = 30
"""Below this many cells a z-score says little; callers say so instead of coloring the map."""

_ALPHAS = (0.10, 0.05, 0.01)


def gi_star(
    values: ArrayLike | pd.Series, neighbors: csr_array, *, fdr: bool = True
) -> pd.DataFrame:
    """Return the local statistic Gi* of each cell: how far it lies among high or low values.

    With weights w_ij, 1 for the cell itself, and W_i = sum_j w_ij over the n cells that have a
    value, of mean m and population standard deviation s,

    z_i = (sum_j w_ij x_j - m W_i) / (s sqrt((n sum_j w_ij^2 - W_i^2) / (n - 1)))

    Parameters
    ----------
    values
        One number a cell. NaN leaves the cell out: it gets no z and is nobody's neighbor.
    neighbors
        Square sparse matrix of any form, 1 where two cells are neighbors; nothing on the diagonal.
    fdr
        Control the false discovery rate (Benjamini-Hochberg) over all cells in `gi_bin`.

    Returns
    -------
    DataFrame
        On the index of `values`: `gi_z`; `gi_p`, two-sided by the normal distribution, before any
        correction; `gi_bin`, from -3 to 3: 1, 2, 3 for a hotspot at 90, 95, 99 %, negative for a
        coldspot, else 0. Equal values, and a cell whose neighbors are all the cells, have z NaN.

    References
    ----------
    Ord, J. K. and Getis, A. (1995), Geographical Analysis 27, 286-306.
    Caldas de Castro, M. and Singer, B. H. (2006), Geographical Analysis 38, 180-208.
    """
    x = require_numbers(values)
    weights = require_weights(neighbors, len(x))
    known = np.flatnonzero(~np.isnan(x))
    z = np.full(len(x), np.nan)
    z[known] = _gi_star_z(x[known], weights[known][:, known])
    p = 2 * norm.sf(np.abs(z))
    return pd.DataFrame(
        {"gi_z": z, "gi_p": p, "gi_bin": _bins(z, p, fdr=fdr)}, index=index_of(values)
    )


def crude_rates(events: ArrayLike, base: ArrayLike) -> NDArray[np.float64]:
    """Return events / base; NaN where the base is 0 or NaN: no rate is known there."""
    counts, at_risk = _events_and_base(events, base)
    rates = np.full(len(counts), np.nan)
    np.divide(counts, at_risk, out=rates, where=at_risk > 0)
    return rates


def eb_rates(events: ArrayLike, base: ArrayLike) -> NDArray[np.float64]:
    """Return empirical-Bayes rates: small bases shrink towards the rate of all cells together.

    With the overall rate m = sum e / sum b and the between-cell variance
    A = max(0, sum b (r - m)^2 / sum b - m / mean b), the rate of a cell is
    m + A / (A + m / b) (r - m); NaN where the base is 0 or NaN.

    References
    ----------
    Marshall, R. J. (1991), Journal of the Royal Statistical Society C 40, 283-294.
    """
    rates = crude_rates(events, base)
    known = ~np.isnan(rates)
    if not known.any():
        return rates
    b = np.asarray(base, dtype=float)[known]
    r = rates[known]
    m = np.average(r, weights=b)
    between = max(0.0, np.average((r - m) ** 2, weights=b) - m / b.mean())
    within = m / b
    trust = np.divide(between, between + within, out=np.zeros(len(b)), where=within > 0)
    rates[known] = m + trust * (r - m)
    return rates


def _gi_star_z(x: NDArray[np.float64], weights: csr_array) -> NDArray[np.float64]:
    n = len(x)
    if n == 0 or x.min() == x.max():
        return np.full(n, np.nan)
    total = weights.sum(axis=1) + 1
    squares = weights.power(2).sum(axis=1) + 1
    spread = (n * squares - total**2) / (n - 1)
    above = weights @ x + x - x.mean() * total
    scale = x.std() * np.sqrt(np.where(spread > 0, spread, np.nan))
    return np.asarray(above / scale)


def _bins(z: NDArray[np.float64], p: NDArray[np.float64], *, fdr: bool) -> NDArray[np.int8]:
    known = ~np.isnan(p)
    judged = np.ones(len(p))
    judged[known] = false_discovery_control(p[known]) if fdr and known.any() else p[known]
    confidence = (judged[:, None] <= np.array(_ALPHAS)).sum(axis=1)
    bins: NDArray[np.int8] = (np.sign(np.nan_to_num(z)) * confidence).astype(np.int8)
    return bins


def _events_and_base(
    events: ArrayLike, base: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    counts, at_risk = np.asarray(events, dtype=float), np.asarray(base, dtype=float)
    if counts.shape != at_risk.shape:
        raise WrongValueError(f"events: shape {counts.shape}, base: shape {at_risk.shape}")
    if (at_risk < 0).any() or (counts < 0).any():
        raise WrongValueError("events and base: counts are not below 0")
    return counts, at_risk
