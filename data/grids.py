"""Grids: sets of cells that do not overlap, written as a whole."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.engine import wait_for_loads
from data.errors import ImportRejectedError
from data.history import keep
from data.loading import LoadCounts, analyze, counted, first_of_each
from data.models import Cell, Grid, Placement
from data.placing import place
from data.upserts import table_of, upsert


@dataclass(frozen=True)
class GridHead:
    """What is known of a grid besides its cells."""

    code: str
    name: str
    kind: str
    size_m: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def load_grid(
    session: Session,
    head: GridHead,
    cells: pd.DataFrame,
    *,
    source: str,
    batch_id: int | None = None,
) -> LoadCounts:
    """Make `cells` the cells of the grid, and place everything in it anew.

    Parameters
    ----------
    cells
        `external_code`, `geom` (polygons in degrees) and any of `name` (default: the code),
        `officer`, `valid_from`, `valid_to`, `parent_code` (a cell of another grid).
        A stored cell that is not among them is removed.

    Raises
    ------
    ImportRejectedError
        When a code or a polygon is missing.
    """
    wait_for_loads(session)
    kept = first_of_each(cells, "external_code").rename(columns={"external_code": "code"})
    redefined = _stored_head(session, head.code) != head
    grid_id = _save_head(session, head, source, batch_id)
    named = kept["name"].fillna(kept["code"]) if "name" in kept else kept["code"]
    rows = kept.assign(
        grid_id=grid_id, name=named, geom=_multipolygons(kept), import_batch_id=batch_id
    )
    if "parent_code" in rows:
        rows = rows.assign(parent_id=parent_ids(session, head.code, rows["parent_code"]))
    removed = _remove_others(session, grid_id, rows["code"], batch_id)
    saved = upsert(session, table_of(Cell), rows, ("grid_id", "code"))
    if saved or removed:
        place(session, grids=(head.code,), which="all")
    analyze(session, table_of(Cell), len(kept))
    return replace(counted(cells, kept, saved), removed=removed, redefined=redefined)


def parent_ids(session: Session, grid: str, codes: pd.Series) -> pd.Series:
    """Return the id of the only cell of other grids than `grid` that has each code, else <NA>."""
    wanted = codes.dropna().unique().tolist()
    others = select(Cell.code, Cell.id).join(Grid, Grid.id == Cell.grid_id)
    rows = session.execute(others.where(Grid.code != grid, Cell.code == func.any(wanted))).all()
    known = pd.DataFrame(rows, columns=["code", "id"]).drop_duplicates("code", keep=False)
    return codes.map(known.set_index("code")["id"]).astype("Int64")


def _stored_head(session: Session, code: str) -> GridHead | None:
    columns = (getattr(Grid, field.name) for field in fields(GridHead))
    row = session.execute(select(*columns).where(Grid.code == code)).one_or_none()
    return None if row is None else GridHead(*row)


def _save_head(session: Session, head: GridHead, source: str, batch_id: int | None) -> int:
    facts = asdict(head) | {"source": source, "import_batch_id": batch_id}
    ours = sql.SQL("SELECT id FROM grid WHERE code = {}").format(sql.Literal(head.code))
    keep(session, table_of(Grid), ours, replaced_by=batch_id)
    changes = facts | {"recorded_at": func.greatest(func.guatu_now(), Grid.recorded_at)}
    statement = insert(Grid).values(facts)
    statement = statement.on_conflict_do_update(index_elements=[Grid.code], set_=changes)
    return session.execute(statement.returning(Grid.id)).scalar_one()


def _remove_others(session: Session, grid_id: int, codes: pd.Series, batch_id: int | None) -> int:
    here = session.execute(select(Cell.code, Cell.id).where(Cell.grid_id == grid_id)).all()
    gone = sorted(row.id for row in here if row.code not in set(codes))
    if gone:
        _keep_cells(session, gone, batch_id)
        session.execute(delete(Cell).where(Cell.id.in_(gone)))
    return len(gone)


def _keep_cells(session: Session, gone: list[int], batch_id: int | None) -> None:
    """Write down the cells that go, and what names them."""
    ids = sql.SQL(", ").join(map(sql.Literal, gone))
    own = sql.SQL("SELECT unnest(ARRAY[{}]::int[])").format(ids)
    children = sql.SQL("SELECT id FROM cell WHERE parent_id IN ({})").format(ids)
    words = sql.SQL(
        "SELECT id FROM placement WHERE override_cell_id IN ({0}) OR declared_cell_id IN ({0})"
    ).format(ids)
    for table, chosen in ((Cell, own), (Cell, children), (Placement, words)):
        keep(session, table_of(table), chosen, replaced_by=batch_id)


def _multipolygons(cells: pd.DataFrame) -> NDArray[np.object_]:
    shapes = shapely.force_2d(cells["geom"].to_numpy(dtype=object))
    kinds = shapely.get_type_id(shapes)
    wrong = ~np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    if (wrong | shapely.is_empty(shapes)).any():
        first = int(np.argmax(wrong | shapely.is_empty(shapes)))
        raise ImportRejectedError(f"cell {cells['code'].iloc[first]}: its polygon is missing")
    parts, cell = shapely.get_parts(shapes, return_index=True)
    # Formats disagree on which way round a ring goes; here outer ones are counter-clockwise.
    return np.asarray(shapely.multipolygons(shapely.orient_polygons(parts), indices=cell))
