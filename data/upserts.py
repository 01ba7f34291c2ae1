"""Write many rows at once: those that are new, and those that differ from what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import pandas as pd
from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Double,
    Integer,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from data.copying import ColumnType, copy_frame
from data.models import Base

KEY = ("source", "external_code")
"""What tells rows from outside apart."""

WRITTEN = "written"
"""The temporary table that holds the ids of the rows the last upsert of the transaction wrote."""

STAGED = "staged"
"""The temporary table that holds all rows of the last upsert of the transaction."""

_BOOKKEEPING = {"import_batch_id", "recorded_at"}
_TYPES: tuple[tuple[type[TypeEngine[Any]], ColumnType], ...] = (
    (BigInteger, "int8"),
    (Integer, "int4"),
    (Double, "float8"),
    (Boolean, "bool"),
    (Text, "text"),
    (Date, "date"),
    (DateTime, "timestamptz"),
    (JSONB, "jsonb"),
    (Geometry, "geometry"),
    (Numeric, "text"),
)

_UPSERT = sql.SQL("""
    WITH saved AS (
        INSERT INTO {table} AS old ({columns})
        SELECT {staged_columns} FROM {staged} ORDER BY {key}
        ON CONFLICT ({key}) DO UPDATE SET {changes}
        WHERE ({old}) IS DISTINCT FROM ({new})
        RETURNING id, xmax = 0 AS is_new
    )
    INSERT INTO {written} SELECT id, is_new FROM saved
""")


@dataclass(frozen=True)
class Saved:
    """How many rows an upsert wrote."""

    new: int
    changed: int

    def __bool__(self) -> bool:
        return self.new + self.changed > 0


def upsert(session: Session, table: Table, frame: pd.DataFrame, key: Sequence[str]) -> Saved:
    """Insert the rows of `frame` whose `key` is new, and update those that differ.

    Columns that `frame` lacks keep their value, or get their default in new rows. Rows are written
    in the order of their key, so that two writers never wait for each other in a circle.
    """
    columns = [column.name for column in table.columns if column.name in frame.columns]
    _stage(session, table, frame, columns)
    run(session, _statement(table, columns, key))
    # Nobody else analyzes temporary tables, and the planner takes them for small.
    run(session, sql.SQL("ANALYZE staged ({})").format(names(key)))
    run(session, sql.SQL("ANALYZE written"))
    counts = session.execute(
        text("SELECT count(*) FILTER (WHERE is_new), count(*) FROM pg_temp.written")
    ).one()
    return Saved(new=counts[0], changed=counts[1] - counts[0])


def table_of(model: type[Base]) -> Table:
    """Return the table of `model`."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not mapped to a table")
    return table


def run(session: Session, statement: sql.Composable) -> int:
    """Execute `statement` and return how many rows it wrote."""
    return session.connection().exec_driver_sql(statement.as_string()).rowcount


def names(columns: Sequence[str]) -> sql.Composed:
    """Return the quoted names, parted by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _stage(session: Session, table: Table, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    run(session, sql.SQL("DROP TABLE IF EXISTS pg_temp.staged, pg_temp.written"))
    run(
        session,
        sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            sql.Identifier(STAGED), _cast(table, columns, "text"), sql.Identifier(table.name)
        ),
    )
    run(session, sql.SQL("CREATE TEMP TABLE written (id int, is_new bool) ON COMMIT DROP"))
    copy_frame(session, STAGED, frame, {name: _type_of(table, name) for name in columns})


def _statement(table: Table, columns: Sequence[str], key: Sequence[str]) -> sql.Composed:
    compared = [column for column in columns if column not in {*key, *_BOOKKEEPING}]
    changing = [column for column in columns if column not in key]
    changes: list[sql.Composable] = [
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in changing
    ]
    if "recorded_at" in table.columns:
        changes.append(sql.SQL("recorded_at = now()"))
    return _UPSERT.format(
        table=sql.Identifier(table.name),
        columns=names(columns),
        staged_columns=_cast(table, columns, "numeric"),
        staged=sql.Identifier(STAGED),
        key=names(key),
        changes=sql.SQL(", ").join(changes),
        old=sql.SQL(", ").join(sql.Identifier("old", column) for column in compared),
        new=sql.SQL(", ").join(sql.Identifier("excluded", column) for column in compared),
        written=sql.Identifier(WRITTEN),
    )


def _cast(table: Table, columns: Sequence[str], to: LiteralString) -> sql.Composed:
    """Return the columns, decimal ones cast: they are staged as text, so that none is rounded."""
    return sql.SQL(", ").join(
        sql.SQL("{0}::" + to + " AS {0}").format(sql.Identifier(column))
        if isinstance(table.columns[column].type, Numeric)
        else sql.Identifier(column)
        for column in columns
    )


def _type_of(table: Table, column: str) -> ColumnType:
    declared = table.columns[column].type
    return next(kind for known, kind in _TYPES if isinstance(declared, known))
