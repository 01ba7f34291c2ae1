"""What follows from rows is computed again after they became what they were."""

from collections.abc import Iterable

from psycopg import sql
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.history import NOW, keep
from data.models import Grid, Rectification
from data.placing import PLACED, follow_units, place
from data.snapping import resnap
from data.upserts import run, table_of

# What is missing in a word of a person or of a ledger because the cell had gone; and the same for
# cells whose coarser cell had gone.
_SAY_AGAIN = (
    sql.SQL("""
        UPDATE placement AS now SET
            override_cell_id = coalesce(now.override_cell_id, was.override_cell_id),
            declared_cell_id = coalesce(now.declared_cell_id, was.declared_cell_id)
        FROM (SELECT DISTINCT ON (row_id) row_id, (data->>'override_cell_id')::int
                AS override_cell_id, (data->>'declared_cell_id')::int AS declared_cell_id
              FROM row_history WHERE table_name = 'placement' AND replaced_by = {batch}
              ORDER BY row_id, id) AS was
        WHERE now.id = was.row_id
    """),
    sql.SQL("""
        UPDATE cell AS now SET parent_id = (was.data->>'parent_id')::int
        FROM pg_temp.before_cell AS was
        WHERE now.id = was.id AND now.parent_id IS NULL
            AND EXISTS (SELECT FROM cell WHERE id = (was.data->>'parent_id')::int)
    """),
)
_HANDED_ON = sql.SQL("""
    SELECT now.id FROM rectification AS now JOIN pg_temp.before_rectification AS was USING (id)
    WHERE now.import_batch_id IS DISTINCT FROM {batch}
        AND EXISTS (SELECT FROM segment WHERE id = (was.data->>'segment_id')::int)
""")
_HAND_BACK = sql.SQL("""
    UPDATE rectification AS now SET segment_id = (was.data->>'segment_id')::int,
        recorded_at = greatest({now}, now.recorded_at)
    FROM pg_temp.before_rectification AS was
    WHERE now.id = was.id AND now.id IN ({handed_on})
""")
_WRITTEN = sql.SQL("""
    DROP TABLE IF EXISTS pg_temp.written;
    CREATE TEMP TABLE written ON COMMIT DROP AS
        SELECT id, false AS is_new FROM {before} WHERE id IN (SELECT id FROM {table})
""")
_LIE_AT_UNITS = sql.SQL("""
    UPDATE hazard SET geom = unit.geom FROM unit, pg_temp.written
    WHERE hazard.id = written.id AND unit.id = hazard.unit_id AND hazard.original_x IS NULL
        AND hazard.geom IS DISTINCT FROM unit.geom
""")


def say_again(session: Session, batch_id: int) -> None:
    """Bring back what others said of rows that had gone with a batch."""
    for statement in _SAY_AGAIN:
        run(session, statement.format(batch=sql.Literal(batch_id)))
    handed_on = _HANDED_ON.format(batch=sql.Literal(batch_id))
    keep(session, table_of(Rectification), handed_on, follows=True)
    run(session, _HAND_BACK.format(handed_on=handed_on, now=NOW))


def recompute(session: Session, touched: Iterable[str]) -> None:
    """Snap and place anew what lies in or along the rows of the tables that were touched."""
    tables = set(touched)
    if tables & {"grid", "cell"}:
        place(session, grids=list(session.scalars(select(Grid.code))), which="all")
    if tables & {"segment", "lamp", "outage"}:
        resnap(session)
    for kind, model in PLACED.items():
        if model.__tablename__ in tables:
            _place(session, kind, model.__tablename__)


def _place(session: Session, kind: str, table: str) -> None:
    before = sql.Identifier("pg_temp", f"before_{table}")
    run(session, _WRITTEN.format(before=before, table=sql.Identifier(table)))
    if kind == "hazards":
        run(session, _LIE_AT_UNITS)
    place(session, kinds=(kind,), which="written")
    if kind == "units":
        follow_units(session)
