"""Which visits were made at night, or on holidays."""

from collections.abc import Mapping
from datetime import date, time

import pandas as pd

from geo.errors import WrongValueError
from geo.frames import require_days

NIGHT_BEGINS = time(22)
NIGHT_ENDS = time(6)
"""A night lasts from 22:00 to 6:00 of the next day, excluded (our default)."""


def night_of(
    moments: pd.Series,
    has_time: pd.Series,
    begins: time = NIGHT_BEGINS,
    ends: time = NIGHT_ENDS,
) -> pd.Series:
    """Return the night in which each moment lies, by the day on which that night began.

    So 23:00 on the 4th and 2:00 on the 5th are one night, that of the 4th.

    Parameters
    ----------
    moments
        Local moments without a time zone.
    has_time
        Whether the clock time is known; a day without a time is never night.
    begins, ends
        Local clock times; a night that begins before it ends lies within one day.

    Returns
    -------
    Series
        On the index of `moments`: days at midnight, NaT by day and where the time is not known.
    """
    day = require_days(moments)
    clock = moments - day
    from_begin, to_end = clock >= _since_midnight(begins), clock < _since_midnight(ends)
    if begins < ends:
        return day.where(has_time & from_begin & to_end)
    is_evening = has_time & from_begin
    return day.where(is_evening, day - pd.Timedelta(days=1)).where(is_evening | (has_time & to_end))


def on_holidays(days: pd.Series, holidays: Mapping[str, tuple[date, date]]) -> pd.DataFrame:
    """Return whether each day lies in each of some holidays, which may overlap.

    Parameters
    ----------
    days
        Local days without a time zone; NaT lies in none.
    holidays
        First and last day of each, such as ``{"National Day": (date(2019, 10, 1), date(2019, 10,
        7))}``. They move from year to year, so they are given.

    Returns
    -------
    DataFrame
        On the index of `days`, a column of booleans for each holiday.
    """
    day = require_days(days)
    for name, (first, last) in holidays.items():
        if first > last:
            raise WrongValueError(f"holiday {name!r}: from {first} to {last}")
    return pd.DataFrame(
        {
            name: day.between(pd.Timestamp(first), pd.Timestamp(last))
            for name, (first, last) in holidays.items()
        },
        index=days.index,
        dtype=bool,
    )


def _since_midnight(clock: time) -> pd.Timedelta:
    return pd.Timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
