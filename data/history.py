"""Rows as they stood before they were changed or removed."""

from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import Table
from sqlalchemy.orm import Session

# Geometries as text are EWKB, which comes back to the last bit; GeoJSON would be rounded.
_KEEP = sql.SQL("""
    INSERT INTO row_history
        (table_name, row_id, data, batch, recorded_at, replaced_at, replaced_by)
    SELECT {name}, old.id, (SELECT to_jsonb(kept) FROM (SELECT {columns}) AS kept),
        {batch}, {recorded_at}, greatest({replaced_at}, {recorded_at}), {replaced_by}
    FROM {table} AS old WHERE old.id IN ({ids}){asked}
""")
"""The next version of a row is recorded no earlier than the one before, whoever's clock began
first: two transactions of which the later one waited give an empty interval, never a negative one.
"""


NOW = sql.SQL("(SELECT guatu_now())")
"""When this transaction records what it writes, or the time that a simulated city was told."""

_STOOD_A_WHILE = sql.SQL(" AND {replaced_at} > {recorded_at}")


def keep(
    session: Session,
    table: Table,
    ids: sql.Composable,
    *,
    replaced_by: int | None = None,
    replaced_at: sql.Composable = NOW,
    follows: bool = False,
) -> int:
    """Write down rows of `table` as they stand, before they are changed or removed.

    Parameters
    ----------
    ids
        A query of the ids of the rows.
    replaced_by
        The batch that changes them.
    replaced_at
        When each of them, `old`, is changed; now, unless a simulation says another time.
    follows
        Whether what changes only follows from another row: then no ledger says so, and no batch is
        named, for taking one back computes it again. What stood for no time is not written down.

    Returns
    -------
        How many rows were written down.
    """
    batch = "import_batch_id" in table.columns and not follows
    dated = "recorded_at" in table.columns
    since = sql.Identifier("old", "recorded_at") if dated else sql.SQL("now()")
    stood = _STOOD_A_WHILE.format(replaced_at=replaced_at, recorded_at=since)
    statement = _KEEP.format(
        name=sql.Literal(table.name),
        columns=_columns(table),
        batch=sql.Identifier("old", "import_batch_id") if batch else sql.SQL("NULL::int"),
        recorded_at=since,
        replaced_at=replaced_at,
        replaced_by=sql.SQL("{}::int").format(sql.Literal(replaced_by)),
        table=sql.Identifier(table.name),
        ids=ids,
        asked=stood if follows else sql.SQL(""),
    )
    # A percent sign would be taken for a parameter.
    written = statement.as_string().replace("%", "%%")
    return session.connection().exec_driver_sql(written).rowcount


def _columns(table: Table) -> sql.Composed:
    """Return every column of `old` that is stored and not computed, geometries as text."""
    stored = [column for column in table.columns if column.computed is None]
    return sql.SQL(", ").join(
        sql.SQL("old.{0}::text AS {0}").format(sql.Identifier(column.name))
        if isinstance(column.type, Geometry)
        else sql.Identifier("old", column.name)
        for column in stored
    )
