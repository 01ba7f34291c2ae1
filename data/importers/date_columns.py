"""A column of dates: what a single cell leaves open, the others and the title may settle."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.importers import dates, fields
from data.importers.fields import Rule
from data.importers.report import Remark

Texts = NDArray[np.object_]

_USUAL_DAY = r"^(19|20)\d{2}-\d{2}-\d{2}$"
_USUAL_MOMENT = r"^(19|20)\d{2}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?(?!\d)")
_MIDNIGHT = "00:00:00"


@dataclass(frozen=True)
class Years:
    """What says the year of dates that have none, the surest first.

    Attributes
    ----------
    asked
        The year that the importer was told.
    stated
        What was written above the headings, and the name of the file.
    """

    asked: int | None = None
    stated: tuple[str, ...] = ()

    def settle(self, distinct: Texts) -> tuple[int | None, str]:
        """Return the year of the dates without one among `distinct`, and what says so."""
        if self.asked is not None:
            return self.asked, "as asked"
        for text in self.stated:
            found = set(_YEAR.findall(unicodedata.normalize("NFKC", text)))
            if len(found) == 1:
                return int(found.pop()), f"the year in {_told(text)!r:.60}"
        others = {dates.year_of(text) for text in distinct} - {None}
        return (others.pop(), "the year of its other dates") if len(others) == 1 else (None, "")


def _told(text: str) -> str:
    """Return the words of a text that hold its year."""
    return next((word for word in text.split() if _YEAR.search(word)), text)


@dataclass(frozen=True)
class Setting:
    """What a column does not say itself.

    Attributes
    ----------
    zone
        The zone of the city's clocks.
    years
        What says the year of dates that have none.
    since_1904
        Whether numbers count the days from 1904, as in workbooks of old Macs.
    """

    zone: ZoneInfo
    years: Years = Years()
    since_1904: bool = False


@dataclass
class DistinctDates:
    """The dates of the distinct texts of a column.

    Attributes
    ----------
    values
        The date of each text, NaT where there is none.
    has_time
        Whether it names a time of day.
    reasons
        Why a text is no date, by its place.
    """

    values: pd.DatetimeIndex
    has_time: NDArray[np.bool_]
    reasons: dict[int, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def read_dates(distinct: Texts, rule: Rule, setting: Setting) -> DistinctDates:
    """Read dates written 2019-05-31 (16:20) at once, the others each by itself."""
    zone = setting.zone if rule is fields.moment else None
    timed = np.fromiter((len(text) > 10 for text in distinct), dtype=bool, count=len(distinct))
    found = DistinctDates(_usual_dates(distinct, zone), timed)
    left = np.flatnonzero(found.values.isna())
    if left.size:
        _read_others(found, distinct, left, rule, setting)
    if zone and len(distinct) and all(text.endswith(_MIDNIGHT) for text in distinct):
        found.has_time[:] = False
        found.remarks.append(Remark("midnights", "all times are midnight: read as days only"))
    return found


def _usual_dates(distinct: Texts, zone: ZoneInfo | None) -> pd.DatetimeIndex:
    """Return the dates of the usual shape, NaT for all others."""
    texts = pa.array(distinct, type=pa.large_string())
    shape = _USUAL_DAY if zone is None else _USUAL_MOMENT
    usual = pc.if_else(pc.match_substring_regex(texts, shape), texts, None)
    usual = usual.to_numpy(zero_copy_only=False)
    read = pd.DatetimeIndex(pd.to_datetime(usual, format="ISO8601", errors="coerce")).as_unit("us")
    if zone is not None:
        # Hours that a change of the clock repeats or leaves out are read by the rule.
        read = read.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    return read


def _read_others(
    found: DistinctDates,
    distinct: Texts,
    left: NDArray[np.intp],
    rule: Rule,
    setting: Setting,
) -> None:
    """Read what is not of the usual shape, now that the column is known."""
    year = _year(found, distinct, distinct[left], setting)
    keeps_zeros = any(dates.keeps_zeros(text) for text in distinct[left])
    read: dict[int, Any] = {}
    for at in left.tolist():
        try:
            if not keeps_zeros:
                dates.refuse_dropped_zero(distinct[at])
            whole = _whole(distinct[at], year, setting)
            read[at] = rule(whole, setting.zone)
            found.has_time[at] = rule is fields.moment and ":" in dates.iso(whole)
        except ValueError as error:
            found.reasons[at] = str(error)
    if read:
        values = pd.Series(found.values)
        moments = pd.to_datetime(list(read.values()), utc=rule is fields.moment)
        values.iloc[list(read)] = moments.astype(found.values.dtype)
        found.values = pd.DatetimeIndex(values)


def _year(found: DistinctDates, distinct: Texts, others: Texts, setting: Setting) -> int | None:
    """Return the year of the dates that have none, and tell it; tell of numbers read as dates."""
    serial = [text for text in others if dates.is_serial(text)]
    if serial:
        shown = f"{serial[0]} is {dates.iso(_whole(serial[0], None, setting))}"
        message = f"{len(serial)} different numbers are days counted by a sheet: {shown}"
        found.remarks.append(Remark("serial_dates", message))
    yearless = [text for text in others if dates.lacks_year(text)]
    if not yearless:
        return None
    year, why = setting.years.settle(distinct)
    if year is not None:
        message = f"{len(yearless)} different dates without a year are of {year}, {why}"
        found.remarks.append(Remark("year_rule", message))
    return year


def _whole(text: str, year: int | None, setting: Setting) -> str:
    """Return a date that says all about itself."""
    if setting.since_1904 and dates.is_serial(text):
        return dates.from_1904(text)
    return dates.with_year(text, year)
