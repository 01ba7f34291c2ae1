"""What a series did over its periods: Mann-Kendall trend, and the 17 patterns of hot and cold."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from geo.errors import WrongValueError

NO_PATTERN = "no_pattern"
PATTERNS = (
    *("new_hotspot", "consecutive_hotspot", "intensifying_hotspot", "persistent_hotspot"),
    *("diminishing_hotspot", "sporadic_hotspot", "oscillating_hotspot", "historical_hotspot"),
    *("new_coldspot", "consecutive_coldspot", "intensifying_coldspot", "persistent_coldspot"),
    *("diminishing_coldspot", "sporadic_coldspot", "oscillating_coldspot", "historical_coldspot"),
    NO_PATTERN,
)
"""The names that `patterns` gives."""

MOSTLY = 0.9
"""A cell that was hot in at least this share of its periods is a hotspot of the whole time."""

_FEWEST = 3


def mann_kendall(series: ArrayLike | pd.DataFrame) -> pd.DataFrame:
    """Return whether each series rises or falls, whatever the shape of its rise.

    S counts the pairs of periods whose later value is higher, less those whose later is lower.
    Without a trend its mean is 0 and, for n values in groups of t equal ones, its variance is

    (n (n - 1) (2n + 5) - sum_groups t (t - 1) (2t + 5)) / 18

    Parameters
    ----------
    series
        One row a series, one column a period, in order. NaN leaves a period of that series out.

    Returns
    -------
    DataFrame
        On the index of `series`: `trend_s`; `trend_z` = (|S| - 1) / standard deviation with the
        sign of S, 0 where S is 0; `trend_p`, two-sided by the normal distribution, which is coarse
        below ten periods. Series of fewer than three values have z and p NaN.

    References
    ----------
    Mann, H. B. (1945), Econometrica 13, 245-259.
    Kendall, M. G. (1975), Rank Correlation Methods, 4th edition, chapter 4.
    """
    x = _table(series)
    s = np.zeros(len(x), dtype=np.int64)
    equal = np.zeros(x.shape, dtype=np.int64)  # other periods with the same value
    for lag in range(1, x.shape[1]):
        earlier, later = x[:, :-lag], x[:, lag:]
        s += (later > earlier).sum(axis=1) - (later < earlier).sum(axis=1)
        same = later == earlier
        equal[:, lag:] += same
        equal[:, :-lag] += same
    n = (~np.isnan(x)).sum(axis=1)
    # each of the t members of a group adds its share (t - 1) (2t + 5)
    variance = (n * (n - 1) * (2 * n + 5) - (equal * (2 * equal + 7)).sum(axis=1)) / 18
    deviation = np.sqrt(np.where(s != 0, variance, 1))
    z = np.sign(s) * np.maximum(np.abs(s) - 1, 0) / deviation
    z[n < _FEWEST] = np.nan
    trend = {"trend_s": s, "trend_z": z, "trend_p": 2 * ndtr(-np.abs(z))}
    return pd.DataFrame(trend, index=_index(series, len(x)))


def patterns(bins: ArrayLike | pd.DataFrame, trend: ArrayLike) -> pd.Series:
    """Return which of the 17 patterns of emerging hotspots each series of hot and cold shows.

    The last period decides the side: hot, cold, or neither. On either side, the first that fits:

    - new: hot now for the first time;
    - consecutive: hot now and in an unbroken run of periods up to now, never before, not mostly;
    - intensifying, persistent, diminishing: hot now and mostly, while the values rise, show no
      trend, or fall (for cold: fall, show none, or rise);
    - sporadic: hot now, on and off before, never cold;
    - oscillating: hot now, cold in an earlier period;
    - historical: mostly hot, but now neither hot nor cold.

    Mostly is at least `MOSTLY` of the periods that are known.

    Parameters
    ----------
    bins
        One row a series, one column a period, in order: above 0 hot, below 0 cold, 0 neither, NaN
        unknown. An unknown period is neither hot nor cold, and breaks a run.
    trend
        One number a series: above 0 rising, below 0 falling, 0 or NaN no trend.

    Returns
    -------
    Series
        `pattern`, one of `PATTERNS` on the index of `bins`; None where no period is known.

    References
    ----------
    The classes are those of the Emerging Hot Spot Analysis in Esri's Space Time Pattern Mining
    toolbox; two that fit at once are told apart here by the order above.
    """
    b = _table(bins)
    direction = np.nan_to_num(np.asarray(trend, dtype=float))
    if direction.shape != (len(b),):
        raise WrongValueError(f"trend: shape {direction.shape} for {len(b)} series")
    n_known = (~np.isnan(b)).sum(axis=1)
    names = np.full(len(b), NO_PATTERN, dtype=object)
    names[n_known == 0] = None
    for side, heat, rising in ((PATTERNS[:8], b, direction), (PATTERNS[8:16], -b, -direction)):
        for name, fits in zip(side[::-1], _fitting(heat, rising, n_known)[::-1], strict=True):
            names[fits] = name
    return pd.Series(names, index=_index(bins, len(b)), name="pattern", dtype=object)


def _fitting(
    heat: NDArray[np.float64], rising: NDArray[np.float64], n_known: NDArray[np.int64]
) -> list[NDArray[np.bool_]]:
    """Return for each pattern of the hot side, in their order, which series fit it."""
    hot, cold = heat > 0, heat < 0
    now, n_hot = hot[:, -1], hot.sum(axis=1)
    mostly = n_hot / np.maximum(n_known, 1) >= MOSTLY
    unbroken = np.logical_and.accumulate(hot[:, ::-1], axis=1).sum(axis=1)
    return [
        now & (n_hot == 1),
        now & (n_hot == unbroken) & ~mostly,
        now & mostly & (rising > 0),
        now & mostly & (rising == 0),
        now & mostly & (rising < 0),
        now & ~cold.any(axis=1),
        now,
        mostly & ~now & ~cold[:, -1],
    ]


def _table(series: ArrayLike | pd.DataFrame) -> NDArray[np.float64]:
    table: NDArray[np.float64] = np.asarray(series, dtype=float)
    if table.ndim != 2 or table.shape[1] == 0 or np.isinf(table).any():
        raise WrongValueError("series: give rows of at least one period, finite or NaN")
    return table


def _index(series: ArrayLike | pd.DataFrame, n: int) -> pd.Index:
    return series.index if isinstance(series, pd.DataFrame) else pd.RangeIndex(n)
