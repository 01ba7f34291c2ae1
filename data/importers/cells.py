"""One column of texts, read by its rule: equal texts are read once, the usual ones all at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.importers import fields
from data.importers.field import Field
from data.importers.report import RowError

_DAYS = (fields.day, fields.deadline)
_USUAL_DAY = r"^(19|20)\d{2}-\d{2}-\d{2}$"
_USUAL_MOMENT = r"^(19|20)\d{2}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$"

Texts = NDArray[np.object_]


@dataclass
class Column:
    """What was read of a column: a value for each row, and the rows that could not be read."""

    values: pd.Series
    errors: list[RowError] = field(default_factory=list)


def read_column(texts: pd.Series, meant: Field, zone: ZoneInfo) -> Column:
    """Read a column; blank rows and those that cannot be read are None (NaT in dates).

    Parameters
    ----------
    texts
        Text or None of each row, indexed by the number of the row in the file.
    """
    if meant.rule is fields.text:
        return Column(texts)
    which, distinct = pd.factorize(texts.to_numpy(dtype=object))
    values, reasons = _read(distinct, meant, zone)
    bad = np.flatnonzero(np.isin(which, list(reasons))).tolist()
    errors = [
        refusal(texts.index[at], meant.name, str(texts.iloc[at]), reasons[int(which[at])])
        for at in bad
    ]
    # Blank cells have the number -1: the last value, which is none.
    return Column(pd.Series(values.take(which), index=texts.index), errors)


def missing(texts: pd.Series, name: str) -> list[RowError]:
    """Return the rows that lack what they must have."""
    return [refusal(row, name, None, "is missing") for row in texts.index[texts.isna()]]


def refusal(row: Any, name: str, value: str | None, reason: str) -> RowError:
    """Return why a row is refused, with as much of the value as a person needs."""
    shown = None if value is None else f"{value:.200}".encode(errors="replace").decode()
    return RowError(int(row), name, shown, reason)


def _read(
    distinct: Texts, meant: Field, zone: ZoneInfo
) -> tuple[pd.Series | pd.DatetimeIndex | Texts, dict[int, str]]:
    """Return the value of each distinct text and of none; why some have no value."""
    if meant.rule in (*_DAYS, fields.moment):
        return _dates(distinct, meant, zone)
    if meant.rule is fields.code and not _has_long(distinct):
        values = np.array([*(text.strip() for text in distinct), None], dtype=object)
        return values, {}
    found, reasons = _one_by_one(distinct, meant.rule, zone)
    values = np.array([found.get(at) for at in range(len(distinct) + 1)], dtype=object)
    return values, reasons


def _has_long(distinct: Texts) -> bool:
    return max(map(len, distinct), default=0) > fields.LONGEST_CODE


def _one_by_one(
    distinct: Texts, rule: Callable[[str, ZoneInfo], Any], zone: ZoneInfo
) -> tuple[dict[int, Any], dict[int, str]]:
    values: dict[int, Any] = {}
    reasons: dict[int, str] = {}
    for at, text in enumerate(distinct):
        try:
            values[at] = rule(text, zone)
        except ValueError as error:
            reasons[at] = str(error)
    return values, reasons


def _dates(
    distinct: Texts, meant: Field, zone: ZoneInfo
) -> tuple[pd.DatetimeIndex, dict[int, str]]:
    """Read dates written 2019-05-31 (16:20) at once, the others each by itself."""
    found = _usual_dates(distinct, zone if meant.rule is fields.moment else None)
    left = np.flatnonzero(found.isna())
    others, reasons = _one_by_one(distinct[left], meant.rule, zone)
    if others:
        at = left[list(others)]
        whole = pd.Series(found)
        whole.iloc[at] = _as_dates(others, zone if meant.rule is fields.moment else None)
        found = pd.DatetimeIndex(whole)
    none = pd.DatetimeIndex([pd.NaT], dtype=found.dtype)
    return pd.DatetimeIndex(found.append(none)), {
        int(left[at]): reason for at, reason in reasons.items()
    }


def _as_dates(values: Mapping[int, Any], zone: ZoneInfo | None) -> pd.DatetimeIndex:
    read = pd.to_datetime(list(values.values()), utc=zone is not None)
    return pd.DatetimeIndex(read if zone is None else read.tz_convert(zone)).as_unit("us")


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
