"""Which boxes darken their streets, why, and on which evening each gives light again."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.samples.zhengzhou.plan import FIRST_PHASE_ENDS, day_number
from data.samples.zhengzhou.streets import Streets

SHARES: tuple[tuple[str, bool, int, int], ...] = (
    ("never_handed_over", False, 67, 0),
    ("under_construction", True, 12, 3),
    ("under_construction", False, 10, 2),
    ("cable_cut", False, 0, 1),
    ("no_power", False, 1, 0),
)
"""Cause, whether the works are not finished, boxes of four streets, boxes of three."""

CAUSE_OF = {"wenbo": "aged_line"}
NAMED_CAUSE = "never_handed_over"
RELIT_ON = {
    "jindai": date(2019, 8, 19),
    "smart": date(2019, 8, 24),
    "wenbo": date(2019, 8, 30),
    "jiangshan": date(2019, 8, 30),
    "hanghai": date(2019, 8, 30),
}
FIRST_RELIT = date(2019, 7, 20)
RAIN = (date(2019, 8, 9), date(2019, 8, 12))
"""Days of a rainstorm (assumed): nothing is relit, and cables that were mended fail."""


def dark_boxes(rng: np.random.Generator, laid: Streets) -> pd.DataFrame:
    """Return the boxes without power: `cause`, `is_exempt` and `relit`, the number of the day."""
    boxes = laid.boxes[["box_code", "district", "group", "n_segments"]]
    named = boxes[boxes["group"].notna()]
    named = named.assign(
        cause=named["group"].map(CAUSE_OF).fillna(NAMED_CAUSE),
        is_exempt=False,
        relit=named["group"].map(RELIT_ON).map(day_number),
    )
    nameless = boxes[boxes["group"].isna()].iloc[rng.permutation(len(boxes) - len(named))]
    of = {n: nameless[nameless["n_segments"] == n] for n in (4, 3)}
    taken = {4: 0, 3: 0}
    chosen = []
    for cause, is_exempt, fours, threes in SHARES:
        for n, wanted in ((4, fours), (3, threes)):
            some = of[n].iloc[taken[n] : taken[n] + wanted]
            chosen.append(some.assign(cause=cause, is_exempt=is_exempt))
            taken[n] += wanted
    others = pd.concat(chosen)
    others = others.assign(relit=_evenings(rng, len(others)))
    dark = pd.concat([named, others]).sort_values("box_code", ignore_index=True)
    return dark.assign(relit=dark["relit"].mask(dark["is_exempt"]).astype("Int64"))


def _evenings(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Draw evenings, ever more towards the end of the drive and none in the rain."""
    first, last = day_number(FIRST_RELIT), day_number(FIRST_PHASE_ENDS)
    days = np.arange(first, last + 1)
    weights = 1.0 + 2.0 * (days - first) / (last - first)
    weights[(days >= day_number(RAIN[0])) & (days <= day_number(RAIN[1]))] = 0.0
    return rng.choice(days, n, p=weights / weights.sum())
