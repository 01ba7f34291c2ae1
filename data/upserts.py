"""Write many rows at once: those that are new, and those that differ from what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
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
    exists,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from data.copying import ColumnType, copy_frame
from data.history import NOW, keep
from data.models import Base

KEY = ("source", "external_code")
"""What tells rows from outside apart."""

WRITTEN = "written"
"""The temporary table that holds the ids of the rows the last upsert of the transaction wrote."""

STAGED = "staged"
"""The temporary table that holds all rows of the last upsert of the transaction."""

_BOOKKEEPING = {"import_batch_id", "recorded_at", "located_by"}
"""Said of a row beside what it says: no reason to change one."""

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

# Not ON CONFLICT, which costs a second look at every row, also where all are new; and every pair of
# rows is compared once only. What differs is locked until it is changed.
_DIFFER = sql.SQL("""
    INSERT INTO {written}
    SELECT old.id, false FROM {table} AS old JOIN {staged} AS new ON {same_key}
    WHERE ({old}) IS DISTINCT FROM ({new}) FOR UPDATE OF old
""")
_UPDATE = sql.SQL("""
    UPDATE {table} AS old SET {changes} FROM {staged} AS new
    WHERE {same_key} AND old.id IN (SELECT id FROM {written})
""")
_INSERT = sql.SQL("""
    INSERT INTO {table} ({columns}) SELECT {values} FROM {staged} AS new {unknown} {order}
""")
_INSERT_AND_NOTE = sql.SQL("""
    WITH saved AS ({insert} RETURNING id) INSERT INTO {written} SELECT id, true FROM saved
""")
_TOLD = sql.SQL("(SELECT new.recorded_at FROM {staged} AS new WHERE {same_key})")
_UNKNOWN = sql.SQL("WHERE NOT EXISTS (SELECT FROM {table} AS old WHERE {same_key})")


@dataclass(frozen=True)
class Saved:
    """How many rows an upsert wrote."""

    new: int
    changed: int

    def __bool__(self) -> bool:
        return self.new + self.changed > 0


def upsert(
    session: Session,
    table: Table,
    frame: pd.DataFrame,
    key: Sequence[str],
    *,
    told: bool = True,
) -> Saved:
    """Update the rows of `frame` that differ from what is stored, and insert those that are new.

    What is changed is kept in `row_history` as it stood. It is recorded now, or at the
    `recorded_at` of `frame` where that has one: only what is simulated may say so.

    Columns that `frame` lacks keep their value, or get their default in new rows. The caller has
    waited for other loads (`data.engine.wait_for_loads`): nobody inserts the same keys meanwhile.

    Parameters
    ----------
    frame
        One row for each value of `key`; other columns than those of `table` are passed over.
    key
        The columns of a unique constraint of `table`.
    told
        Whether somebody will ask `WRITTEN` and `STAGED`; without that much goes faster, above all
        where all rows are new.

    Raises
    ------
    WrongValueError
        When a value does not fit its column.
    """
    columns = [column.name for column in table.columns if column.name in frame.columns]
    known = _any_known(session, table, frame, key)
    if not known and not told and not _has_decimals(table, columns):
        return _add(session, table, frame, columns, key)
    _stage(session, table, frame, columns)
    # Nobody else analyzes temporary tables, and the planner takes them for small.
    run(session, sql.SQL("ANALYZE staged ({})").format(names(key)))
    changed = _change(session, table, frame, columns, key) if known else 0
    insert = _insert(table, columns, key, known=known, in_order=_in_order(frame, key))
    if told:
        insert = _INSERT_AND_NOTE.format(insert=insert, written=_tables(table, key)["written"])
    new = run(session, insert)
    run(session, sql.SQL("ANALYZE written"))
    return Saved(new, changed)


def _add(
    session: Session, table: Table, frame: pd.DataFrame, columns: Sequence[str], key: Sequence[str]
) -> Saved:
    """Copy rows that are all new to where they belong, in the order of their keys."""
    if not _in_order(frame, key):
        keys = pa.table({column: pa.array(frame[column], pa.large_string()) for column in key})
        by_key = pc.sort_indices(keys, [(column, "ascending") for column in key])
        frame = frame.take(by_key.to_numpy())
    copy_frame(session, table.name, frame, {name: _type_of(table, name) for name in columns})
    return Saved(len(frame), 0)


def batch_of(frame: pd.DataFrame) -> int | None:
    """Return the batch that the rows of `frame` came with."""
    batches = frame.get("import_batch_id", pd.Series(dtype=object)).dropna()
    return None if batches.empty else int(batches.iloc[0])


def table_of(model: type[Base]) -> Table:
    """Return the table of `model`."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not mapped to a table")
    return table


def run(session: Session, statement: sql.Composable) -> int:
    """Execute `statement` and return how many rows it wrote."""
    # A percent sign would be taken for a parameter.
    written = statement.as_string().replace("%", "%%")
    return session.connection().exec_driver_sql(written).rowcount


def names(columns: Sequence[str]) -> sql.Composed:
    """Return the quoted names, parted by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _stage(session: Session, table: Table, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Copy `frame` to a temporary table like `table`, but with decimal columns as text."""
    run(session, sql.SQL("DROP TABLE IF EXISTS pg_temp.staged, pg_temp.written"))
    like = _listed(
        sql.SQL("{0}::text AS {0}").format(sql.Identifier(column))
        if isinstance(table.columns[column].type, Numeric)
        else sql.Identifier(column)
        for column in columns
    )
    run(
        session,
        sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            sql.Identifier(STAGED), like, sql.Identifier(table.name)
        ),
    )
    run(session, sql.SQL("CREATE TEMP TABLE written (id int, is_new bool) ON COMMIT DROP"))
    copy_frame(session, STAGED, frame, {name: _type_of(table, name) for name in columns})


def _any_known(session: Session, table: Table, frame: pd.DataFrame, key: Sequence[str]) -> bool:
    """Tell whether the table has rows of the same sources; a ledger of a new one has only news."""
    values = frame[key[0]].unique().tolist()
    known = select(exists().where(table.columns[key[0]].in_(values)))
    return session.execute(known).scalar_one()


def _change(
    session: Session,
    table: Table,
    frame: pd.DataFrame,
    columns: Sequence[str],
    key: Sequence[str],
) -> int:
    """Write down the rows that differ as they stand, then change them."""
    compared = [column for column in columns if column not in {*key, *_BOOKKEEPING}]
    named = _tables(table, key)
    differ = _DIFFER.format(
        **named,
        old=_listed(sql.Identifier("old", column) for column in compared),
        new=_listed(_value(table, column) for column in compared),
    )
    if not compared or not run(session, differ):
        return 0
    ids = sql.SQL("SELECT id FROM {written}").format(written=named["written"])
    told: sql.Composable = NOW
    if "recorded_at" in columns:
        told = _TOLD.format(**named)
        run(session, sql.SQL("CREATE INDEX ON staged ({})").format(names(key)))
    keep(session, table, ids, replaced_by=batch_of(frame), replaced_at=told)
    return run(session, _UPDATE.format(**named, changes=_changes(table, columns, key)))


def _changes(table: Table, columns: Sequence[str], key: Sequence[str]) -> sql.Composed:
    changes: list[sql.Composable] = [
        sql.SQL("{} = {}").format(sql.Identifier(column), _value(table, column))
        for column in columns
        if column not in {*key, "recorded_at"}
    ]
    if "recorded_at" in table.columns:
        told = sql.SQL("new.recorded_at") if "recorded_at" in columns else NOW
        changes.append(sql.SQL("recorded_at = greatest({}, old.recorded_at)").format(told))
    return _listed(changes)


def _insert(
    table: Table, columns: Sequence[str], key: Sequence[str], *, known: bool, in_order: bool
) -> sql.Composed:
    named = _tables(table, key)
    by_key = _listed(sql.Identifier("new", column) for column in key)
    return _INSERT.format(
        **named,
        columns=names(columns),
        values=_listed(_value(table, column) for column in columns),
        unknown=_UNKNOWN.format(**named) if known else sql.SQL(""),
        order=sql.SQL("") if in_order else sql.SQL("ORDER BY {}").format(by_key),
    )


def _in_order(frame: pd.DataFrame, key: Sequence[str]) -> bool:
    """Tell whether the rows come in the order of their keys, as ledgers often do."""
    first, *others = key
    one_source = frame[first].nunique() <= 1
    return one_source and all(frame[column].is_monotonic_increasing for column in others)


def _tables(table: Table, key: Sequence[str]) -> dict[str, sql.Composable]:
    """Return what both statements name."""
    same = (sql.SQL("old.{0} = new.{0}").format(sql.Identifier(column)) for column in key)
    return {
        "table": sql.Identifier(table.name),
        "staged": sql.Identifier("pg_temp", STAGED),
        "written": sql.Identifier("pg_temp", WRITTEN),
        "same_key": sql.SQL(" AND ").join(same),
    }


def _value(table: Table, column: str) -> sql.Composable:
    """Return a staged value; decimal ones are staged as text, so that none is rounded."""
    staged = sql.Identifier("new", column)
    if isinstance(table.columns[column].type, Numeric):
        return sql.SQL("{}::numeric").format(staged)
    return staged


def _has_decimals(table: Table, columns: Sequence[str]) -> bool:
    """Tell whether there are columns that are staged as text."""
    return any(isinstance(table.columns[column].type, Numeric) for column in columns)


def _listed(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)


def _type_of(table: Table, column: str) -> ColumnType:
    declared = table.columns[column].type
    return next(kind for known, kind in _TYPES if isinstance(declared, known))
