"""One column of texts, read by its rule: equal texts are read once, the usual ones all at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.importers import fields
from data.importers.date_columns import Setting, read_dates
from data.importers.field import Field
from data.importers.report import Remark, RowError

_DATES = (fields.day, fields.deadline, fields.moment)

Texts = NDArray[np.object_]


@dataclass
class Column:
    """What was read of a column.

    Attributes
    ----------
    values
        A value for each row.
    errors, remarks
        The rows that could not be read, and what a person should know of the others.
    has_time
        Of dates: whether the row names a time of day.
    """

    values: pd.Series
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    has_time: pd.Series | None = None


def read_column(texts: pd.Series, meant: Field, setting: Setting) -> Column:
    """Read a column; blank rows and those that cannot be read are None (NaT in dates).

    Parameters
    ----------
    texts
        Text or None of each row, indexed by the number of the row in the file.
    """
    if meant.rule is fields.text:
        return Column(texts)
    if meant.rule is fields.code and (codes := _codes(texts)) is not None:
        return Column(codes)
    which, distinct = _distinct(texts)
    if meant.rule in _DATES:
        return _dates(texts, which, distinct, meant, setting)
    found, reasons = _one_by_one(distinct, meant.rule, setting.zone)
    read = np.array([found.get(at) for at in range(len(distinct) + 1)], dtype=object)
    # Blank cells have the number -1: the last value, which is none.
    values = pd.Series(read.take(which), index=texts.index, dtype=object)
    return Column(values, _refusals(texts, meant, which, reasons))


def _codes(texts: pd.Series) -> pd.Series | None:
    """Return codes without blanks around them, None where one is too long."""
    codes = [None if text is None else text.strip() for text in texts.tolist()]
    if max(map(len, filter(None, codes)), default=0) > fields.LONGEST_CODE:
        return None
    return pd.Series(codes, index=texts.index, dtype=object)


def _distinct(texts: pd.Series) -> tuple[NDArray[np.intp], Texts]:
    """Return which of the distinct texts each row has, -1 where it is blank, and those texts."""
    which, distinct = pd.factorize(texts.to_numpy(dtype=object))
    return which, np.asarray(distinct, dtype=object)


def _dates(
    texts: pd.Series, which: NDArray[np.intp], distinct: Texts, meant: Field, setting: Setting
) -> Column:
    found = read_dates(distinct, meant.rule, setting)
    none = pd.DatetimeIndex([pd.NaT], dtype=found.values.dtype)
    timed = np.append(found.has_time, [False]).take(which)
    return Column(
        pd.Series(found.values.append(none).take(which), index=texts.index),
        _refusals(texts, meant, which, found.reasons),
        [Remark(one.code, f"{texts.name}: {one.message}") for one in found.remarks],
        pd.Series(timed, index=texts.index),
    )


def _refusals(
    texts: pd.Series, meant: Field, which: NDArray[np.intp], reasons: Mapping[int, str]
) -> list[RowError]:
    if not reasons:
        return []
    bad = np.flatnonzero(np.isin(which, list(reasons))).tolist()
    return [
        refusal(texts.index[at], meant.name, str(texts.iloc[at]), reasons[int(which[at])])
        for at in bad
    ]


def missing(texts: pd.Series, name: str) -> list[RowError]:
    """Return the rows that lack what they must have."""
    return [refusal(row, name, None, "is missing") for row in texts.index[texts.isna()]]


def refusal(row: Any, name: str, value: str | None, reason: str) -> RowError:
    """Return why a row is refused, with as much of the value as a person needs."""
    shown = None if value is None else f"{value:.200}".encode(errors="replace").decode()
    return RowError(int(row), name, shown, reason)


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
