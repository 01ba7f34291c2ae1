"""Rows that refer to others which are about to go."""

from collections.abc import Iterator, Mapping

from psycopg import sql
from sqlalchemy import Table
from sqlalchemy.orm import Session

from data.models import Base

# Where a lamp stands along a segment is computed again; in which cell a thing lies as well, unless
# a person or the ledger has said so.
_COMPUTED = {("lamp", "segment_id"), ("outage", "segment_id"), ("placement", "computed_cell_id")}
_OF_THINGS = {"unit_id", "hazard_id", "lamp_id", "segment_id"}
# Gone with the grid itself.
_PART_OF = {("cell", "grid_id"), ("placement", "grid_id")}
_COUNT = sql.SQL("""
    SELECT count(*) FROM {referring} AS t WHERE t.{column} IN ({going}) AND {other}
""")


def dependents(
    session: Session,
    table: Table,
    going: sql.Composable,
    spared: Mapping[str, sql.Composable],
) -> Iterator[str]:
    """Say how many rows of each table refer to rows of `table` that go, and stay themselves.

    Parameters
    ----------
    going
        A query of the ids of the rows that go.
    spared
        For each table a query of the ids of rows that may refer to them: they go too, or come to
        refer to another row again.
    """
    for referring, column in _references(table):
        statement = _COUNT.format(
            referring=sql.Identifier(referring.name),
            column=sql.Identifier(column),
            going=going,
            other=_others(referring, column, spared),
        )
        n = session.connection().exec_driver_sql(statement.as_string()).scalar_one()
        if n:
            yield f"{n} of {referring.name.replace('_', ' ')}"


def _references(table: Table) -> Iterator[tuple[Table, str]]:
    for referring in Base.metadata.sorted_tables:
        for key in referring.foreign_keys:
            place = (referring.name, key.parent.name)
            if key.column.table is table and place not in _COMPUTED | _PART_OF:
                yield referring, key.parent.name


def _others(referring: Table, column: str, spared: Mapping[str, sql.Composable]) -> sql.Composable:
    if referring.name == "placement" and column in _OF_THINGS:
        return sql.SQL("t.override_reason IS NOT NULL")
    if referring.name in spared:
        return sql.SQL("t.id NOT IN ({})").format(spared[referring.name])
    return sql.SQL("true")
