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
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numba import njit
from numpy.typing import NDArray
from psycopg import Connection, sql
from psycopg.copy import QueuedLibpqWriter
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
_NOTHING = np.empty(0, dtype=np.uint8)
_HOLDS_NUL = "holds a NUL character"
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
    # Its own thread sends what is encoded, while the next rows are.
    cursor = _driver(session).cursor()
    with cursor, cursor.copy(statement, writer=QueuedLibpqWriter(cursor)) as copy:
        copy.write(_HEADER)
        for rows in _encoded(frame, types):
            copy.write(rows)
        copy.write(_TRAILER)


def _driver(session: Session) -> Connection[Any]:
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, Connection):
        raise TypeError("COPY needs a psycopg connection")
    return connection


def _encoded(frame: pd.DataFrame, types: Mapping[str, ColumnType]) -> Iterator[memoryview]:
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


def _rows(fields: Sequence[_Field]) -> memoryview:
    """Interleave encoded columns into rows."""
    sizes = sum((np.maximum(field.lengths, 0) for field in fields), np.int64(2 + 4 * len(fields)))
    ends = np.cumsum(sizes)
    at = ends - sizes
    out = np.empty(int(ends[-1]), dtype=np.uint8)
    _put_number(out, at, len(fields), 2)
    for field in fields:
        _put_field(out, at, field.lengths, field.content)
    return out.data


@njit(nogil=True, cache=True)
def _put_number(out: Bytes, at: NDArray[np.int64], number: int, size: int) -> None:
    """Write the same number at every place, and move the places behind it."""
    for row in range(len(at)):
        for byte in range(size):
            out[at[row] + byte] = (number >> (8 * (size - 1 - byte))) & 0xFF
        at[row] += size


@njit(nogil=True, cache=True)
def _put_field(
    out: Bytes, at: NDArray[np.int64], lengths: NDArray[np.int32], content: Bytes
) -> None:
    """Write the length and the bytes of every value at its place, and move the place behind it."""
    begin = 0
    for row in range(len(at)):
        place, length = at[row], lengths[row]
        for byte in range(4):
            out[place + byte] = (length >> (24 - 8 * byte)) & 0xFF
        place, length = place + 4, max(length, 0)
        for byte in range(length):
            out[place + byte] = content[begin + byte]
        begin += length
        at[row] = place + length


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
    if isinstance(series.dtype, pd.StringDtype):
        return _arrow_texts(series)
    missing = series.isna().to_numpy()
    field = _joined_texts(series.to_numpy(dtype=object)[~missing])
    lengths = np.full(len(missing), -1, dtype=np.int32)
    lengths[~missing] = field.lengths
    return _Field(lengths, field.content)


def _arrow_texts(series: pd.Series[Any]) -> _Field:
    """Take the bytes as they lie in memory: pandas keeps its own strings encoded, end to end."""
    texts = pa.array(series).cast(pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    lengths = pc.fill_null(pc.binary_length(texts), -1).to_numpy(zero_copy_only=False)
    # A missing text may hide bytes, and a part of a column begins behind those of the others.
    known = texts.drop_null()
    _, offsets, held = known.buffers()
    starts = np.frombuffer(offsets, np.int64)[known.offset : known.offset + len(known) + 1]
    content = np.frombuffer(held, np.uint8)[starts[0] : starts[-1]] if len(known) else _NOTHING
    if not content.all():
        raise ValueError(_HOLDS_NUL)
    return _Field(lengths.astype(np.int32), content)


def _joined_texts(values: NDArray[np.object_]) -> _Field:
    """Encode all texts in one go, parted by the one character that no text may hold."""
    content = np.frombuffer("\0".join([*values, ""]).encode(), np.uint8)
    ends = np.flatnonzero(content == 0)
    if len(ends) != len(values):
        raise ValueError(_HOLDS_NUL)
    return _Field((np.diff(ends, prepend=-1) - 1).astype(np.int32), content[content != 0])


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
        raise ValueError(_HOLDS_NUL)
    return b"\x01" + written.encode()


def _geometries(series: pd.Series[Any]) -> _Field:
    values = series.astype(object).where(series.notna(), None).to_numpy()
    missing = shapely.is_missing(values)
    known = values[~missing]
    if (shapely.get_type_id(known) == shapely.GeometryType.POINT).all():
        xy = shapely.get_coordinates(known)
        if len(xy) == len(known):  # none is empty
            return _points(xy, missing)
    written = shapely.to_wkb(
        shapely.set_srid(values, _SRID), include_srid=True, output_dimension=2, byte_order=1
    )
    return _joined(list(written))


def _points(xy: NDArray[np.float64], missing: NDArray[np.bool_]) -> _Field:
    points = np.empty(len(xy), dtype=_EWKB_POINT)
    points["order"] = 1
    points["type"] = _EWKB_POINT_WITH_SRID
    points["srid"] = _SRID
    points["xy"] = xy
    lengths = np.where(missing, -1, _EWKB_POINT.itemsize).astype(np.int32)
    return _Field(lengths, points.view(np.uint8))


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
