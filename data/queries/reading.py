"""From a statement to a frame, in one round trip."""

from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Select,
    SmallInteger,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from data.errors import StoreError

_FIRST_DAY = np.datetime64("2000-01-01", "s")
_NO_DAY = np.iinfo(np.int32).min
_FIRST_MOMENT = np.datetime64("2000-01-01", "us")
_NO_MOMENT = np.iinfo(np.int64).min
_WIRE: tuple[tuple[type[TypeEngine[Any]], str, str], ...] = (
    (SmallInteger, "int2send", ">i2"),
    (BigInteger, "int8send", ">i8"),
    (Integer, "int4send", ">i4"),
    (Float, "float8send", ">f8"),
    (Date, "date_send", ">i4"),
    (DateTime, "timestamptz_send", ">i8"),
    (Boolean, "boolsend", "u1"),
)
"""For each type the function that gives its bytes, and how numpy reads them."""


def read_rows(session: Session, statement: Select[*tuple[Any, ...]]) -> DataFrame:
    """Return the rows of any statement; for texts and for few rows."""
    result = session.execute(statement)
    return DataFrame.from_records([tuple(row) for row in result.all()], columns=list(result.keys()))


def read_columns(session: Session, statement: Select[*tuple[Any, ...]]) -> DataFrame:
    """Return columns of fixed width, packed by the database into one value that numpy reads.

    Six times as fast as rows or COPY: no message and no Python object a row. Columns are integers,
    floats, dates, moments or booleans; none may be NULL (coalesce them), except that a date or
    moment of ``-infinity`` comes out as NaT.

    Raises
    ------
    StoreError
        When a column holds NULL or has no fixed width.
    """
    return PackedSelect(statement).read(session)


class PackedSelect:
    """A statement for `read_columns`, made once for many readings with other parameters."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        columns = list(statement.subquery().columns)
        sent = (getattr(func, _wire(column)[0])(column, type_=LargeBinary) for column in columns)
        record: ColumnElement[bytes] = reduce(lambda left, right: left.concat(right), sent)
        nothing = literal(b"", LargeBinary)
        self._types = {str(column.key): column.type for column in columns}
        self._layout = np.dtype([(str(column.key), _wire(column)[1]) for column in columns])
        self.row = select(
            func.count(),
            func.string_agg(record, nothing, type_=LargeBinary),
            *(func.count(column) for column in columns),
        )
        """The statement of the one row that `unpacked` takes, also as a part of another."""

    @property
    def width(self) -> int:
        """The number of columns of `row`."""
        return 2 + len(self._types)

    def read(self, session: Session, **parameters: Any) -> DataFrame:
        """Return the columns of the statement; see `read_columns`."""
        return DataFrame(self.arrays(session, **parameters))

    def arrays(self, session: Session, **parameters: Any) -> dict[str, NDArray[Any]]:
        """Return the same columns by name: a frame costs more than a few rows do."""
        return self.unpacked(session.execute(self.row, parameters).one())

    def unpacked(self, row: Iterable[Any]) -> dict[str, NDArray[Any]]:
        """Return the columns that a row of `row` holds."""
        n_rows, payload, *n_known = row
        for name, known in zip(self._types, n_known, strict=True):
            if known < n_rows:
                raise StoreError(f"column {name}: {n_rows - known} of {n_rows} rows have no value")
        table = np.frombuffer(payload or b"", self._layout)
        return {name: _native(table[name], kind) for name, kind in self._types.items()}


def _wire(column: ColumnElement[Any]) -> tuple[str, str]:
    for known, send, code in _WIRE:
        if isinstance(column.type, known):
            return send, code
    raise StoreError(f"column {column.key}: {column.type} has no fixed width")


def _native(column: NDArray[Any], kind: TypeEngine[Any]) -> NDArray[Any]:
    if isinstance(kind, Boolean):
        return column.astype(bool)
    values = column.astype(column.dtype.newbyteorder("="))
    if isinstance(kind, DateTime):
        moments = _FIRST_MOMENT + values.astype("timedelta64[us]")
        return np.where(values == _NO_MOMENT, np.datetime64("NaT", "us"), moments)
    if not isinstance(kind, Date):
        return values
    days = _FIRST_DAY + values.astype("timedelta64[D]").astype("timedelta64[s]")
    return np.where(values == _NO_DAY, np.datetime64("NaT", "s"), days)
