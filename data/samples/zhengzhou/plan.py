"""The days of the campaign as it is replayed, and how many rows there are to draw.

What the reports do not tell is assumed, and said so in `NOTES`.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data.samples.simulate import Calendar

CODE = "zhengzhou"
TIMEZONE = "Asia/Shanghai"
SRID = 4547
SEED = 2019

CALENDAR = Calendar(date(2019, 6, 10), date(2019, 10, 31), TIMEZONE)
"""From the first night of the survey of lamps (assumed) to the last figures reported."""

SURVEY_ENDS = date(2019, 6, 20)
CAMPAIGN_BEGINS = date(2019, 8, 1)
FIRST_PHASE_ENDS = date(2019, 8, 31)
LAST_DAY = CALENDAR.last
MID_AUTUMN = (date(2019, 9, 13), date(2019, 9, 15))
NATIONAL_DAY = (date(2019, 10, 1), date(2019, 10, 7))

SOURCE = "simulated"
MID_AUTUMN_SOURCE = "simulated mid-autumn"
NATIONAL_DAY_SOURCE = "simulated national day"

N_UNITS = 21_000
VISITS_TO_AUGUST = 29_939
VISITS_TO_OCTOBER = 122_302
GENERAL_TO_AUGUST = 43_578
GENERAL_TO_OCTOBER = 126_113
MAJOR_TO_AUGUST = 40
MAJOR_TO_OCTOBER = 160

NOTES = (
    "the register of units, and which of them were visited, is invented",
    "the days of the survey of lamps, of hand-over and of each relit street are assumed",
    "the register of which streets were built, handed over and accepted is invented",
    "cells are schematic: no official boundary is shipped",
)


def at(day: date, clock: str) -> datetime:
    """Return a local moment."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(TIMEZONE))


def day_number(day: date) -> int:
    """Return how many days after the calendar's first."""
    return (day - CALENDAR.first).days


def day_of(number: int) -> date:
    """Return the day that many days after the calendar's first."""
    return CALENDAR.first + timedelta(days=int(number))


def written_down(moments: pd.Series) -> pd.Series:
    """Return when a clerk recorded what happened at `moments`: just before the day was over."""
    midnight: pd.Series = moments.dt.normalize()
    return midnight + pd.Timedelta(hours=23, minutes=59)


def since_the_first_day(n: int) -> Any:
    """Return when what was there before the campaign was recorded, `n` times."""
    return CALENDAR.moments(np.zeros(n)).array


def codes(prefix: str, n: int, width: int = 6) -> np.ndarray:
    """Return codes that count from 1."""
    return np.array([f"{prefix}{number:0{width}d}" for number in range(1, n + 1)], dtype=object)
