"""Who is done: completion and timeliness of each party, ranked in plain order, with bounds."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from geo.errors import WrongValueError
from geo.frames import require, require_days

MIN_BASE = 10
"""A party with fewer items is listed, not ranked: one item more or less would decide its place."""


def party_figures(items: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return what each party had done by the end of the day `as_of`, and how much of it in time.

    Parameters
    ----------
    items
        One row an item of work: `party` (missing: left out), `found_on`, `due_on` (NaT: no time
        limit), `closed_on` (NaT: open) and, where there are any, `is_exempt`. Days are local and
        without a time zone.
    as_of
        The local day looked at; items found after it are left out, ones closed after it are open.

    Returns
    -------
    DataFrame
        By party in ascending order. `n_exempt` items count in no other figure. `n_found` others;
        `n_closed` of them; `n_due` of them that have a time limit and are closed, or open with the
        limit past: the day itself is still in time; `n_in_time` of these, closed by their limit;
        `n_overdue` of these, open. `completion` = n_closed / n_found and
        `on_time` = n_in_time / n_due, NaN when the denominator is 0.
    """
    require(items, "party", "found_on", "due_on", "closed_on")
    day = pd.Timestamp(as_of)
    found_on, due_on, closed_on = (
        require_days(items[name]) for name in ("found_on", "due_on", "closed_on")
    )
    is_closed, is_past = closed_on <= day, due_on < day
    is_exempt = items.get("is_exempt", pd.Series(data=False, index=items.index)).astype(bool)
    counted = pd.DataFrame(
        {
            "n_found": True,
            "n_closed": is_closed,
            "n_due": due_on.notna() & (is_closed | is_past),
            "n_in_time": is_closed & (closed_on <= due_on),
            "n_overdue": ~is_closed & is_past,
        }
    )
    counted = counted.where(~is_exempt, other=False).assign(n_exempt=is_exempt)
    known = found_on <= day
    figures = counted[known].groupby(items["party"][known]).sum().astype(np.int64)
    return figures.assign(
        completion=_share(figures["n_closed"], figures["n_found"]),
        on_time=_share(figures["n_in_time"], figures["n_due"]),
    )


def ranking(
    figures: pd.DataFrame, before: pd.DataFrame | None = None, *, min_base: int = MIN_BASE
) -> pd.DataFrame:
    """Return the parties in plain order of completion, with bounds for the annex.

    Parameters
    ----------
    figures
        By party: `n_found`, `n_closed`, `n_due` and `n_in_time`, as from `party_figures`.
    before
        The last ranking, a result of this function; None for the first.
    min_base
        Parties that found fewer items are listed below the others, by name and without a rank.

    Returns
    -------
    DataFrame
        By party, the best first and equal ones by name: `rank`, 1 for the best; equal completion is
        one rank, and the next one skips as many; `movement`, the places gained since `before`,
        negative when lost, missing without a rank then or now; the columns of `figures`;
        `completion_low` and `on_time_low`, the lower ends of their Wilson intervals.
    """
    require(figures, "n_found", "n_closed", "n_due", "n_in_time")
    completion = _share(figures["n_closed"], figures["n_found"])
    is_ranked = figures["n_found"] >= max(min_base, 1)
    # a division is rounded to the nearest number, so equal fractions are equal here too
    rank = completion.where(is_ranked).rank(ascending=False, method="min").astype("Int64")
    movement = pd.Series(pd.NA, index=figures.index, dtype="Int64")
    if before is not None:
        require(before, "rank")
        movement = before["rank"].reindex(figures.index) - rank
    bounded = figures.assign(
        completion_low=wilson_lower(figures["n_closed"], figures["n_found"]),
        on_time_low=wilson_lower(figures["n_in_time"], figures["n_due"]),
    )
    bounded.insert(0, "rank", rank)
    bounded.insert(1, "movement", movement)
    return bounded.sort_index().sort_values("rank", kind="stable")


def wilson_lower(
    successes: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> NDArray[np.float64]:
    """Return the lower end of the Wilson interval of a share: small denominators end lower.

    With p = successes / n and z the two-sided normal quantile of `confidence`,

    (p + z^2 / 2n - z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)

    Parameters
    ----------
    successes, n
        Counts of one shape, 0 <= successes <= n. The bound is NaN where n is 0.
    confidence
        Between 0 and 1, both excluded.

    References
    ----------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.
    """
    k, total = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    if not ((k >= 0) & (k <= total)).all():
        raise WrongValueError("successes: each is from 0 to n")
    if not 0 < confidence < 1:
        raise WrongValueError(f"confidence: {confidence}; it must be between 0 and 1")
    z = ndtri((1 + confidence) / 2)
    total = np.where(total > 0, total, np.nan)
    spread = z * np.sqrt(k * (total - k) / total + z**2 / 4)
    low: NDArray[np.float64] = np.maximum(k + z**2 / 2 - spread, 0) / (total + z**2)
    return low


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)
