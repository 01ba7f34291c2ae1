"""From a statement to a frame, in one round trip."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import BigInteger, Boolean, Date, Float, Integer, Select, SmallInteger
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from data.errors import StoreError

_HEADER_BYTES = 19
_TRAILER_BYTES = 2
_FIRST_DAY = np.datetime64("2000-01-01", "s")
_FORMATS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (SmallInteger, ">i2"),
    (BigInteger, ">i8"),
    (Integer, ">i4"),
    (Float, ">f8"),
    (Date, ">i4"),
    (Boolean, "u1"),
)


def read_rows(session: Session, statement: Select[*tuple[Any, ...]]) -> DataFrame:
    """Return the rows of any statement; for texts and for few rows."""
    result = session.execute(statement)
    return DataFrame.from_records([tuple(row) for row in result.all()], columns=list(result.keys()))


def read_columns(session: Session, statement: Select[*tuple[Any, ...]]) -> DataFrame:
    """Return fixed-width columns by binary COPY, seen by numpy without a Python object a row.

    Columns are integers, floats, dates or booleans; in the database none may be NULL (coalesce
    them), except that a date of ``-infinity`` comes out as NaT.

    Raises
    ------
    StoreError
        When a column holds NULL or is of another width than its declared type.
    """
    kinds = {str(column.key): column.type for column in statement.selected_columns}
    layout: list[tuple[str, str]] = [("n_fields", ">i2")]
    for name, kind in kinds.items():
        layout += [(f"{name} bytes", ">i4"), (name, _format(name, kind))]
    rows = _records(_copy_out(session, statement), np.dtype(layout), list(kinds))
    return DataFrame({name: _native(rows[name], kind) for name, kind in kinds.items()})


def _format(name: str, kind: TypeEngine[Any]) -> str:
    for known, code in _FORMATS:
        if isinstance(kind, known):
            return code
    raise StoreError(f"column {name}: {kind} has no fixed width")


def _copy_out(session: Session, statement: Select[*tuple[Any, ...]]) -> bytes:
    connection = session.connection()
    compiled = statement.compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT binary)", compiled.params) as copy,
    ):
        return b"".join(copy)


def _records(payload: bytes, layout: np.dtype[Any], names: list[str]) -> NDArray[Any]:
    n_rows, rest = divmod(len(payload) - _HEADER_BYTES - _TRAILER_BYTES, layout.itemsize)
    rows = np.frombuffer(payload, layout, count=n_rows, offset=_HEADER_BYTES)
    for name in names:
        if rest or (rows[f"{name} bytes"] != layout[name].itemsize).any():
            raise StoreError(f"column {name}: NULL, or of another width than {layout[name]}")
    return rows


def _native(column: NDArray[Any], kind: TypeEngine[Any]) -> NDArray[Any]:
    if isinstance(kind, Boolean):
        return column.astype(bool)
    values = column.astype(column.dtype.newbyteorder("="))
    if not isinstance(kind, Date):
        return values
    days = _FIRST_DAY + values.astype("timedelta64[D]").astype("timedelta64[s]")
    return np.where(values == np.iinfo(np.int32).min, np.datetime64("NaT", "s"), days)
