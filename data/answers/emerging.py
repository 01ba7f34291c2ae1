"""How the hotspots of a window came and went: its days in equal steps, and a pattern a cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame
from scipy.sparse import csr_array

from data.answers.decisions import Decision
from data.queries.places import LedgerDays
from geo.hotspots import TOO_FEW, emerging
from geo.periods import Period
from geo.trends import MOSTLY

N_STEPS = 12
"""The trend of fewer than ten periods says little."""

COLUMNS = ["pattern", "n_hot_periods", "n_cold_periods", "trend_z", "trend_p"]


@dataclass(frozen=True)
class Steps:
    """The days of a window that the ledger knows, and the equal steps that end with them.

    Attributes
    ----------
    n_days
        Days that the ledger knows.
    days
        Length of a step; 0 where there are fewer days than steps.
    starts
        The moments they begin at; what is left over before the first is in no step.
    """

    n_days: int
    days: int
    starts: tuple[datetime, ...]


def steps_of(period: Period, ledger: LedgerDays) -> Steps:
    """Cut the window, from the ledger's first day on, into `N_STEPS` steps of whole days."""
    first = max(period.start.date(), ledger.first or date.max)
    n_days = max(0, (period.day - first).days + 1)
    days = n_days // N_STEPS
    if days == 0:
        return Steps(n_days, 0, ())
    after = period.day + timedelta(days=1)
    begins = (after - timedelta(days=days * left) for left in range(N_STEPS, 0, -1))
    starts = tuple(datetime.combine(day, time.min, tzinfo=period.zone) for day in begins)
    return Steps(n_days, days, starts)


def patterns_of(counts: DataFrame, cells: pd.Index, touching: csr_array, steps: Steps) -> DataFrame:
    """Return the pattern of every cell, with its trend; all missing where nothing can be said.

    Parameters
    ----------
    counts
        As from `hazards_by_cell`, by the steps' starts.
    """
    unknown = DataFrame(index=cells, columns=COLUMNS, dtype=object)
    if steps.days == 0 or len(cells) < TOO_FEW:
        return unknown
    inside = counts[counts["step"] > 0]
    sums = inside.pivot_table(index="cell", columns="step", values="n", aggfunc="sum")
    cube = sums.reindex(index=cells, columns=range(1, N_STEPS + 1)).fillna(0.0)
    found = emerging(cube, touching)
    told = found.rename(columns={"n_hot": "n_hot_periods", "n_cold": "n_cold_periods"})[COLUMNS]
    return told.where(told["pattern"].notna(), np.nan)


def about_steps(steps: Steps) -> Iterator[Decision]:
    """Say how the window was cut."""
    if steps.days == 0:
        yield Decision("too_few_days", {"n": steps.n_days, "needed": N_STEPS})
        return
    values: dict[str, Any] = {
        "n": N_STEPS,
        "days": steps.days,
        "first_day": steps.starts[0].date().isoformat(),
        "share": MOSTLY,
    }
    yield Decision("emerging", values)
