"""Rates of events per base, that do not light up where people look most."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import WrongValueError


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
    m, between, within = _moments(rates[known], np.asarray(base, dtype=float)[known])
    between = max(0.0, between)
    trust = np.divide(between, between + within, out=np.zeros(len(within)), where=within > 0)
    rates[known] = m + trust * (rates[known] - m)
    return rates


def eb_standardised(events: ArrayLike, base: ArrayLike) -> NDArray[np.float64]:
    """Return how many standard deviations each rate lies above that of all cells together.

    With m and A as for `eb_rates`, but A not raised to 0, z = (r - m) / sqrt(A + m / b); where
    A + m / b is below 0, m / b stands for it. NaN where the base is 0 or NaN, and everywhere when
    there is no event at all.

    References
    ----------
    Assunção, R. M. and Reis, E. A. (1999), Statistics in Medicine 18, 2147-2162.
    """
    rates = crude_rates(events, base)
    known = ~np.isnan(rates)
    if not known.any():
        return rates
    m, between, within = _moments(rates[known], np.asarray(base, dtype=float)[known])
    variance = np.where(between + within < 0, within, between + within)
    rates[known] = (rates[known] - m) / np.sqrt(np.where(variance > 0, variance, np.nan))
    return rates


def _moments(
    rates: NDArray[np.float64], base: NDArray[np.float64]
) -> tuple[float, float, NDArray[np.float64]]:
    """Return the overall rate, the variance between cells, and the one by chance within each."""
    m = float(np.average(rates, weights=base))
    between = float(np.average((rates - m) ** 2, weights=base)) - m / float(base.mean())
    return m, between, m / base


def _events_and_base(
    events: ArrayLike, base: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    counts, at_risk = np.asarray(events, dtype=float), np.asarray(base, dtype=float)
    if counts.shape != at_risk.shape:
        raise WrongValueError(f"events: shape {counts.shape}, base: shape {at_risk.shape}")
    if (at_risk < 0).any() or (counts < 0).any():
        raise WrongValueError("events and base: counts are not below 0")
    return counts, at_risk
