"""Who reported to the campaign office on which evening: a report, zero, or nothing at all."""

import numpy as np
import pandas as pd

from data.samples.zhengzhou.districts import Districts
from data.samples.zhengzhou.plan import CALENDAR, CAMPAIGN_BEGINS, LAST_DAY, day_number, day_of

SUBJECT = "hazards"
SHARE_MISSING = 0.04
EARLIEST, LATEST = 17.0, 20.0


def submissions(rng: np.random.Generator, known: Districts, found: pd.DataFrame) -> pd.DataFrame:
    """Return what each district sent in; who found nothing that day sent zero.

    `found` has `district` and `found_at` of every hazard.
    """
    days = range(day_number(CAMPAIGN_BEGINS), day_number(LAST_DAY) + 1)
    every = pd.MultiIndex.from_product([known.names, days], names=["party", "day"])
    sent = every[rng.random(len(every)) >= SHARE_MISSING].to_frame(index=False)
    had = set(zip(found["district"], found["found_at"].dt.date, strict=True))
    day = [day_of(number) for number in sent["day"]]
    is_zero = [pair not in had for pair in zip(sent["party"], day, strict=True)]
    hours = rng.uniform(EARLIEST, LATEST, len(sent))
    return pd.DataFrame(
        {
            "party": sent["party"],
            "subject": SUBJECT,
            "period_start": day,
            "period_end": day,
            "state": np.where(is_zero, "zero_report", "reported"),
            "submitted_at": CALENDAR.moments(sent["day"], hours),
        }
    )
