"""Which cell of each grid a thing lies in, kept beside the thing.

The rule is the same for every path: the lowest code among the cells whose closed polygon contains
the point, and for a segment the cell that holds the largest part of its length.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import (
    Double,
    LargeBinary,
    Select,
    and_,
    column,
    exists,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.cities import metric_srid
from data.copying import ColumnType, copy_frame
from data.grid_cells import GridCells, cells_of_grid
from data.history import keep
from data.models import Base, Cell, Grid, Hazard, Lamp, Placement, Segment, Unit
from data.queries.reading import read_columns, read_rows
from data.upserts import STAGED, WRITTEN, run, table_of
from geo.crs import to_metric
from geo.placement import largest_share
from geo.raster import NOWHERE

Which = Literal["all", "missing", "written"]
"""Place every thing, those without a placement in the grid, or those the last upsert wrote."""

PLACED: Mapping[str, type[Unit | Hazard | Lamp | Segment]] = {
    "units": Unit,
    "hazards": Hazard,
    "lamps": Lamp,
    "segments": Segment,
}

PLACES = ("placed", "outside", "without_position")

_PLACED: dict[str, ColumnType] = {"thing": "int4", "cell": "int4", "share": "float8"}
_MOVE = sql.SQL("""
    UPDATE placement AS old SET computed_cell_id = new.cell, share = new.share
    FROM pg_temp.placed AS new
    WHERE old.{thing} = new.thing AND old.grid_id = {grid}
        AND (old.computed_cell_id, old.share) IS DISTINCT FROM (new.cell, new.share)
""")
_ADD = sql.SQL("""
    INSERT INTO placement (grid_id, {thing}, computed_cell_id, share)
    SELECT {grid}, thing, cell, share FROM pg_temp.placed AS new
    WHERE NOT EXISTS (
        SELECT FROM placement AS old WHERE old.{thing} = new.thing AND old.grid_id = {grid})
    ORDER BY thing
""")
# What has just lost its position; nothing else without one can have a computed cell.
_FORGET = sql.SQL("""
    UPDATE placement AS old SET computed_cell_id = NULL, share = NULL
    FROM {table} AS lost JOIN {written} AS written USING (id)
    WHERE old.{thing} = lost.id AND old.grid_id = {grid} AND old.computed_cell_id IS NOT NULL
        AND lost.geom IS NULL
""")


# A hazard without original coordinates has no position but that of its unit.
_LIE_AT_UNITS = sql.SQL("""
    UPDATE hazard SET geom = unit.geom FROM unit, pg_temp.written
    WHERE hazard.id = written.id AND unit.id = hazard.unit_id AND hazard.original_x IS NULL
        AND hazard.geom IS NULL
""")
_FOLLOWERS = sql.SQL("""
    WITH gone_by AS (DELETE FROM pg_temp.written RETURNING id)
    INSERT INTO pg_temp.written SELECT hazard.id, false
    FROM hazard JOIN unit ON unit.id = hazard.unit_id JOIN gone_by ON gone_by.id = unit.id
    WHERE hazard.original_x IS NULL AND hazard.geom IS DISTINCT FROM unit.geom
""")
_OF_WRITTEN = sql.SQL("SELECT id FROM pg_temp.written")
_UNITS_MOVED_AT = sql.SQL("(SELECT recorded_at FROM unit WHERE unit.id = old.unit_id)")
_FOLLOW_UNITS = sql.SQL("""
    UPDATE hazard
    SET geom = unit.geom, recorded_at = greatest(unit.recorded_at, hazard.recorded_at)
    FROM unit WHERE unit.id = hazard.unit_id AND hazard.id IN (SELECT id FROM pg_temp.written)
""")


def place(
    session: Session,
    *,
    kinds: Iterable[str] = tuple(PLACED),
    grids: Iterable[str] | None = None,
    which: Which = "missing",
) -> None:
    """Compute the placements of `kinds` in `grids` (codes; default: all) and save what changed.

    A manual override stays; only what was computed is computed again.
    """
    chosen = select(Grid.id).order_by(Grid.code)
    if grids is not None:
        chosen = chosen.where(Grid.code.in_(list(grids)))
    for grid_id in session.scalars(chosen).all():
        cells = cells_of_grid(session, grid_id)
        for kind in kinds:
            _save(session, kind, grid_id, _held(session, kind, cells, which), which)


def placement_counts(session: Session) -> dict[str, dict[str, Any]]:
    """Return for each grid how many cells it has and where each kind of thing lies.

    For segments the rows of the ledger are counted, not the parts they were split into: a row is
    placed when one of its parts is. For every kind placed + outside + without_position is the
    number of rows.
    """
    n_cells = select(Grid.code, func.count(Cell.id)).outerjoin(Cell).group_by(Grid.code)
    counts: dict[str, dict[str, Any]] = {
        code: {"cells": n} | {kind: dict.fromkeys(PLACES, 0) for kind in PLACED}
        for code, n in session.execute(n_cells.order_by(Grid.code)).all()
    }
    for kind in PLACED:
        for code, *numbers in session.execute(_counted(kind)).all():
            counts[code][kind] = dict(zip(PLACES, numbers, strict=True))
    return counts


def n_outside(session: Session, kind: str) -> int:
    """Return how many ledger rows of the last upsert have a position, but a cell in no grid.

    As long as there is no grid, there is no outside either.
    """
    model = PLACED[kind]
    if not session.scalar(select(exists().where(Grid.id.is_not(None)))):
        return 0
    # The parts of a segment's line are one row of the ledger.
    n_rows = func.count(Segment.ledger_code.distinct()) if model is Segment else func.count()
    located = _of_last_upsert(model, n_rows).where(model.geom.is_not(None))
    in_a_cell = exists().where(_thing(kind) == model.id, Placement.cell_id.is_not(None))
    return (session.scalar(located) or 0) - (session.scalar(located.where(in_a_cell)) or 0)


def n_without_position(session: Session, model: type[Base]) -> int:
    """Return how many rows of the last upsert have no position; an outage has its lamp's."""
    columns = table_of(model).columns
    if "geom" not in columns:
        return 0
    statement = _of_last_upsert(model, func.count()).where(columns["geom"].is_(None))
    if "lamp_id" in columns:
        statement = statement.where(columns["lamp_id"].is_(None))
    return session.scalar(statement) or 0


def lie_at_units(session: Session) -> None:
    """Move the hazards of the last upsert that never had a position to their units."""
    run(session, _LIE_AT_UNITS)


def follow_units(session: Session) -> None:
    """Move hazards without a position of their own after the units of the last upsert.

    Where they lay is kept until the moment at which their unit's new place was recorded.
    """
    if not run(session, _FOLLOWERS):
        return
    keep(session, table_of(Hazard), _OF_WRITTEN, replaced_at=_UNITS_MOVED_AT, follows=True)
    run(session, _FOLLOW_UNITS)
    place(session, kinds=("hazards",), which="written")


def at_their_units(session: Session, hazards: pd.DataFrame) -> pd.Series:
    """Return where the hazards lie: their own position, or else that of their unit."""
    own = hazards.get("geom", pd.Series(None, index=hazards.index, dtype=object))
    lost = own.isna() & hazards["unit_id"].notna()
    ids = hazards.loc[lost, "unit_id"].unique().astype(int).tolist()
    shape = func.ST_AsBinary(Unit.geom, type_=LargeBinary).label("wkb")
    rows = read_rows(session, select(Unit.id, shape).where(Unit.id == func.any(ids)))
    known = pd.Series(shapely.from_wkb(rows["wkb"].to_numpy(dtype=object)), index=rows["id"])
    return own.astype(object).where(~lost, hazards["unit_id"].map(known.astype(object)))


def _of_last_upsert(model: type[Base], *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return a selection from the stored rows that were given to the last upsert."""
    stored = table_of(model)
    given = table(STAGED, column("source"), column("external_code"))
    same = and_(given.c.source == stored.c.source, given.c.external_code == stored.c.external_code)
    return select(*columns).select_from(stored).join(given, same)


def _held(session: Session, kind: str, cells: GridCells, which: Which) -> pd.DataFrame:
    """Return thing, cell (``<NA>``: outside) and share of the chosen things of `kind`."""
    chosen = _chosen(kind, cells.grid_id, which)
    if kind == "segments":
        return _held_lines(session, chosen, cells)
    model = PLACED[kind]
    x, y = (func.ST_X(model.geom, type_=Double), func.ST_Y(model.geom, type_=Double))
    points = read_columns(
        session, chosen.add_columns(x.label("x"), y.label("y")).where(model.geom.is_not(None))
    )
    at = cells.placer.place(points["x"].to_numpy(), points["y"].to_numpy())
    return _placed_in(cells, points["id"], at, np.nan)


def _held_lines(session: Session, chosen: Select[int], cells: GridCells) -> pd.DataFrame:
    shape = func.ST_AsBinary(Segment.geom, type_=LargeBinary).label("wkb")
    rows = read_rows(session, chosen.add_columns(shape))
    lines = shapely.from_wkb(rows["wkb"].to_numpy(dtype=object))
    if not len(lines):
        return _placed_in(cells, rows["id"], np.empty(0, dtype=np.int32), np.nan)
    srid = metric_srid(session, lines)
    found = largest_share(to_metric(lines, srid), to_metric(cells.polygons, srid))
    share = found["share"].clip(upper=1.0).to_numpy()
    return _placed_in(cells, rows["id"], found["cell"].to_numpy(), share)


def _placed_in(
    cells: GridCells,
    things: pd.Series,
    at: NDArray[np.int32],
    share: NDArray[np.float64] | float,
) -> pd.DataFrame:
    ids = np.append(cells.ids, NOWHERE)[at]
    cell = pd.Series(ids, index=things.index, dtype="Int64").mask(at == NOWHERE)
    return pd.DataFrame({"thing": things, "cell": cell, "share": share})


def _thing(kind: str) -> InstrumentedAttribute[int | None]:
    """Return the column of `placement` that names a thing of `kind`."""
    column: InstrumentedAttribute[int | None] = getattr(
        Placement, f"{PLACED[kind].__tablename__}_id"
    )
    return column


def _chosen(kind: str, grid_id: int, which: Which) -> Select[int]:
    model = PLACED[kind]
    chosen = select(model.id).order_by(model.id)
    if which == "missing":
        here = exists().where(_thing(kind) == model.id, Placement.grid_id == grid_id)
        return chosen.where(~here)
    if which == "written":
        return chosen.where(model.id.in_(select(column("id")).select_from(table(WRITTEN))))
    return chosen


def _save(session: Session, kind: str, grid_id: int, held: pd.DataFrame, which: Which) -> None:
    names = {
        "thing": sql.Identifier(_thing(kind).key),
        "grid": sql.Literal(grid_id),
        "table": sql.Identifier(PLACED[kind].__tablename__),
        "written": sql.Identifier("pg_temp", WRITTEN),
    }
    run(session, sql.SQL("DROP TABLE IF EXISTS pg_temp.placed"))
    run(
        session,
        sql.SQL("CREATE TEMP TABLE placed (thing int, cell int, share float8) ON COMMIT DROP"),
    )
    copy_frame(session, "placed", held, _PLACED)
    run(session, sql.SQL("ANALYZE placed"))
    for statement in (_MOVE, _ADD, *((_FORGET,) if which == "written" else ())):
        run(session, statement.format(**names))


def _counted(kind: str) -> Select[str, int, int, int]:
    """Return code of the grid, placed, outside, without position; one row of the ledger each."""
    model = PLACED[kind]
    row = [Segment.source, Segment.ledger_code] if model is Segment else [model.id]
    rows = (
        select(
            Grid.code,
            func.bool_or(Placement.cell_id.is_not(None)).label("placed"),
            func.bool_or(model.geom.is_not(None)).label("located"),
        )
        .select_from(Grid)
        .join(model, literal(value=True))
        .outerjoin(Placement, and_(Placement.grid_id == Grid.id, _thing(kind) == model.id))
        .group_by(Grid.code, *row)
        .subquery()
    )
    placed, located = rows.c.placed, rows.c.located
    return select(
        rows.c.code,
        func.count().filter(placed),
        func.count().filter(~placed, located),
        func.count().filter(~placed, ~located),
    ).group_by(rows.c.code)
