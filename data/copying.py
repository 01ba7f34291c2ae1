"""Bulk writes by PostgreSQL's binary COPY, encoded with arrays instead of row by row.

The format is that of "Binary Format" on the page of COPY in PostgreSQL's manual: a header, then for
each row the number of fields and for each field its length (−1: NULL) and its bytes, big-endian.
"""

from __future__ import annotations  # pandas' Series takes a parameter for mypy only

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from psycopg import Connection, sql
from sqlalchemy.orm import Session

from geo import frames
from geo.errors import WrongValueError

ColumnType = Literal[
    "int4", "int8", "float8", "bool", "text", "date", "timestamptz", "jsonb", "geometry", "bytea"
]
Bytes = NDArray[np.uint8]

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_ROWS_AT_ONCE = 20_000
_SRID = 4326
_EWKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("xy", "<f8", 2)])
_EWKB_POINT_WITH_SRID = 0x20000001
_POSTGRES_EPOCH = pd.Timestamp("2000-01-01")
_JSON_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True)
class _Field:
    """One encoded column: the length of each value (−1: NULL) and all values end to end."""

    lengths: NDArray[np.int32]
    content: Bytes


def copy_frame(
    session: Session, table: str, frame: pd.DataFrame, types: Mapping[str, ColumnType]
) -> None:
    """Append `frame` to `table`: its columns named in `types`, missing values as NULL.

    Dates are ``datetime64`` or date objects; moments must carry a time zone; geometries are shapely
    objects in degrees (4326); ``jsonb`` takes what `json.dumps` takes.

    Raises
    ------
    MissingColumnError
        When `frame` lacks a column.
    WrongValueError
        Naming row and field, when a value does not fit its type: text with a NUL character or half
        a surrogate pair, an integer too large, a moment without time zone.
    """
    frames.require(frame, *types)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, types))
    )
    with _driver(session).cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEADER)
        for rows in _encoded(frame, types):
            copy.write(rows)
        copy.write(_TRAILER)


def _driver(session: Session) -> Connection[Any]:
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, Connection):
        raise TypeError("COPY needs a psycopg connection")
    return connection


def _encoded(frame: pd.DataFrame, types: Mapping[str, ColumnType]) -> Iterator[bytes]:
    for first in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[first : first + _ROWS_AT_ONCE]
        yield _rows([_field(part[column], kind) for column, kind in types.items()])


def _field(series: pd.Series[Any], kind: ColumnType) -> _Field:
    """Encode one column; a value that does not fit is named with its row and field."""
    try:
        return _ENCODERS[kind](series)
    except (ValueError, TypeError, OverflowError) as error:
        raise WrongValueError(_explain(series, kind, str(error))) from error


def _explain(series: pd.Series[Any], kind: ColumnType, reason: str) -> str:
    """Find the first value that cannot be encoded alone; the slow way, taken only to complain."""
    for at, (row, value) in enumerate(series.items()):
        try:
            _ENCODERS[kind](series.iloc[at : at + 1])
        except (ValueError, TypeError, OverflowError):
            return f"row {row}, field {series.name}: {value!r:.80} is no {kind} ({reason})"
    return f"field {series.name}: {reason}"


def _rows(fields: Sequence[_Field]) -> bytes:
    """Interleave encoded columns into rows."""
    present = [np.maximum(field.lengths, 0).astype(np.int64) for field in fields]
    row_sizes = np.full(len(fields[0].lengths), 2 + 4 * len(fields), dtype=np.int64)
    row_sizes += sum(present)
    at = np.cumsum(row_sizes) - row_sizes
    out = np.zeros(int(row_sizes.sum()), dtype=np.uint8)
    _scatter_numbers(out, at, np.full(len(at), len(fields), dtype=">i2"))
    at += 2
    for field, lengths in zip(fields, present, strict=True):
        _scatter_numbers(out, at, field.lengths.astype(">i4"))
        at += 4
        starts = np.cumsum(lengths) - lengths
        out[np.repeat(at - starts, lengths) + np.arange(len(field.content))] = field.content
        at += lengths
    return out.tobytes()


def _scatter_numbers(out: Bytes, at: NDArray[np.int64], numbers: NDArray[Any]) -> None:
    size = numbers.dtype.itemsize
    out[at[:, None] + np.arange(size)] = numbers.view(np.uint8).reshape(-1, size)


def _fixed(values: NDArray[Any], missing: NDArray[np.bool_]) -> _Field:
    """Encode values that all take the same number of bytes."""
    lengths = np.where(missing, -1, values.dtype.itemsize).astype(np.int32)
    return _Field(lengths, np.ascontiguousarray(values[~missing]).view(np.uint8).reshape(-1))


def _joined(values: Sequence[bytes | None]) -> _Field:
    lengths = np.fromiter((-1 if v is None else len(v) for v in values), np.int32, len(values))
    return _Field(lengths, np.frombuffer(b"".join(v for v in values if v is not None), np.uint8))


def _integers(dtype: str) -> Callable[[pd.Series[Any]], _Field]:
    limits = np.iinfo(np.dtype(dtype))

    def encode(series: pd.Series[Any]) -> _Field:
        values = series.astype("Int64")
        missing = values.isna().to_numpy()
        numbers = values.to_numpy(dtype=np.int64, na_value=0)
        if ((numbers < limits.min) | (numbers > limits.max)).any():
            raise OverflowError("out of range")
        return _fixed(numbers.astype(dtype), missing)

    return encode


def _floats(series: pd.Series[Any]) -> _Field:
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    return _fixed(numbers.astype(">f8"), np.isnan(numbers))


def _booleans(series: pd.Series[Any]) -> _Field:
    values = series.astype("boolean")
    return _fixed(values.to_numpy(dtype=np.uint8, na_value=0), values.isna().to_numpy())


def _texts(series: pd.Series[Any]) -> _Field:
    """Encode all texts in one go, parted by the one character that no text may hold."""
    missing = series.isna().to_numpy()
    values = series.to_numpy(dtype=object)[~missing]
    content = np.frombuffer("\0".join([*values, ""]).encode(), np.uint8)
    ends = np.flatnonzero(content == 0)
    if len(ends) != len(values):
        raise ValueError("holds a NUL character")
    lengths = np.full(len(missing), -1, dtype=np.int32)
    lengths[~missing] = np.diff(ends, prepend=-1) - 1
    return _Field(lengths, content[content != 0])


def _dates(series: pd.Series[Any]) -> _Field:
    days = pd.to_datetime(series).dt.normalize()
    numbers = ((days - _POSTGRES_EPOCH) // pd.Timedelta(days=1)).fillna(0)
    return _fixed(numbers.to_numpy(dtype=">i4"), days.isna().to_numpy())


def _moments(series: pd.Series[Any]) -> _Field:
    if not isinstance(series.dtype, pd.DatetimeTZDtype):
        if series.notna().any() and pd.to_datetime(series.dropna()).dt.tz is None:
            raise ValueError("has no time zone")
        series = pd.to_datetime(series, utc=True)
    moments = series.dt.tz_convert("UTC").dt.tz_localize(None).dt.as_unit("us")
    since = moments - _POSTGRES_EPOCH.as_unit("us")
    return _fixed(since.to_numpy().view(np.int64).astype(">i8"), moments.isna().to_numpy())


def _json(series: pd.Series[Any]) -> _Field:
    return _joined([None if _is_missing(value) else _json_bytes(value) for value in series])


def _is_missing(value: object) -> bool:
    # NaN is the one value that differs from itself.
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _json_bytes(value: object) -> bytes:
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if _JSON_NUL.search(written):
        raise ValueError("holds a NUL character")
    return b"\x01" + written.encode()


def _geometries(series: pd.Series[Any]) -> _Field:
    values = series.astype(object).where(series.notna(), None).to_numpy()
    missing = shapely.is_missing(values)
    is_point = (shapely.get_type_id(values) == shapely.GeometryType.POINT) & ~shapely.has_z(values)
    if (is_point & ~shapely.is_empty(values) | missing).all():
        return _fixed(_points(values), missing)
    written = shapely.to_wkb(
        shapely.set_srid(values, _SRID), include_srid=True, output_dimension=2, byte_order=1
    )
    return _joined(list(written))


def _points(values: NDArray[np.object_]) -> NDArray[np.void]:
    points = np.zeros(len(values), dtype=_EWKB_POINT)
    points["order"] = 1
    points["type"] = _EWKB_POINT_WITH_SRID
    points["srid"] = _SRID
    points["xy"] = np.column_stack([shapely.get_x(values), shapely.get_y(values)])
    return points


def _bytes(series: pd.Series[Any]) -> _Field:
    return _joined([None if _is_missing(value) else bytes(value) for value in series])


_ENCODERS: Mapping[ColumnType, Callable[[pd.Series[Any]], _Field]] = {
    "int4": _integers(">i4"),
    "int8": _integers(">i8"),
    "float8": _floats,
    "bool": _booleans,
    "text": _texts,
    "date": _dates,
    "timestamptz": _moments,
    "jsonb": _json,
    "geometry": _geometries,
    "bytea": _bytes,
}
