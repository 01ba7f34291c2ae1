"""The cells that ledgers declare for their things (属地), beside the computed ones."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from psycopg import sql
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.copying import ColumnType, copy_frame
from data.errors import NotFoundError
from data.models import Cell, Event, Placement
from data.placing import PLACED
from data.upserts import run, table_of
from geo.errors import WrongValueError

_DECLARED: dict[str, ColumnType] = {"code": "text", "grid": "int4", "cell": "int4"}
_MOVE = sql.SQL("""
    UPDATE placement AS old SET declared_cell_id = new.cell
    FROM pg_temp.declared AS new JOIN {table} AS thing ON thing.{code} = new.code
    WHERE thing.source = {source} AND old.{thing} = thing.id AND old.grid_id = new.grid
        AND old.declared_cell_id IS DISTINCT FROM new.cell
""")
_ADD = sql.SQL("""
    INSERT INTO placement (grid_id, {thing}, declared_cell_id)
    SELECT new.grid, thing.id, new.cell
    FROM pg_temp.declared AS new JOIN {table} AS thing ON thing.{code} = new.code
    WHERE thing.source = {source} AND NOT EXISTS (
        SELECT FROM placement AS old WHERE old.{thing} = thing.id AND old.grid_id = new.grid)
    ORDER BY thing.id
""")


def override_cell(
    session: Session, placement_id: int, cell: str | None, *, reason: str, actor: str
) -> str:
    """Say by hand in which cell of its grid a thing lies (None: follow what is computed).

    Returns the kind of the thing; the caller moves its revision.

    Raises
    ------
    NotFoundError
        When there is no such placement, or no cell of that code in its grid.
    WrongValueError
        When no reason is given.
    """
    if not reason.strip():
        raise WrongValueError("reason: an override needs one")
    placement = session.get(Placement, placement_id, with_for_update=True)
    if placement is None:
        raise NotFoundError(f"placement {placement_id}: there is none of that number")
    cell_id = None if cell is None else _cell_id(session, placement.grid_id, cell)
    before = {"cell": placement.override_cell_id, "reason": placement.override_reason}
    placement.override_cell_id = cell_id
    placement.override_reason = None if cell is None else reason.strip()
    session.add(
        Event(
            actor=actor,
            action="override",
            subject="placement",
            subject_id=placement_id,
            before=before,
            after={"cell": cell_id, "code": cell, "reason": reason.strip()},
        )
    )
    session.flush()
    return next(kind for kind in PLACED if getattr(placement, _thing(kind)) is not None)


def _cell_id(session: Session, grid_id: int, code: str) -> int:
    found = session.scalar(select(Cell.id).where(Cell.grid_id == grid_id, Cell.code == code))
    if found is None:
        raise NotFoundError(f"cell {code!r:.80}: the grid has no cell of that code")
    return found


def save_declared(
    session: Session, kind: str, source: str, chosen: Mapping[tuple[str, int], int]
) -> int:
    """Keep the cells that things of a ledger declare; return how many placements changed.

    `chosen` goes from the code of a stored thing and the id of a grid to the id of a cell.
    """
    if not chosen:
        return 0
    rows: list[Any] = [(code, grid, cell) for (code, grid), cell in chosen.items()]
    run(session, sql.SQL("DROP TABLE IF EXISTS pg_temp.declared"))
    made = 'CREATE TEMP TABLE declared (code text COLLATE "C", grid int, cell int) ON COMMIT DROP'
    run(session, sql.SQL(made))
    copy_frame(session, "declared", pd.DataFrame(rows, columns=list(_DECLARED)), _DECLARED)
    run(session, sql.SQL("ANALYZE declared"))
    names = {
        "thing": sql.Identifier(_thing(kind)),
        "table": sql.Identifier(table_of(PLACED[kind]).name),
        "source": sql.Literal(source),
        # The parts of a segment's line are one row of the ledger.
        "code": sql.Identifier("ledger_code" if kind == "segments" else "external_code"),
    }
    return sum(run(session, statement.format(**names)) for statement in (_MOVE, _ADD))


def _thing(kind: str) -> str:
    """Return the column of `placement` that names a thing of `kind`."""
    return f"{table_of(PLACED[kind]).name}_id"
