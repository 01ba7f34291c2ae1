"""What has changed between two days: new, fixed, still there, worse."""

import numpy as np
import pandas as pd
from pandas import Series

CHANGES = ("new", "worse", "still", "fixed", "clear", "unknown")
"""What may have become of a row, the most urgent first."""


def changes(before: "Series[float]", after: "Series[float]") -> "Series[str]":
    """Return what became of each row between two days, on the index of `after`.

    Parameters
    ----------
    before, after
        A figure of which any amount above 0 is bad, on two days; NaN is unknown.

    Returns
    -------
    Series
        ``new``: only after; ``fixed``: only before; on both days ``worse`` where it grew, else
        ``still``; ``clear``: on neither; ``unknown``: where either day is.
    """
    was, is_ = before > 0, after > 0
    names = np.select(
        [
            before.isna() | after.isna(),
            is_ & ~was,
            was & ~is_,
            was & is_ & (after > before),
            was & is_,
        ],
        ["unknown", "new", "fixed", "worse", "still"],
        default="clear",
    )
    return pd.Series(names, index=after.index)
