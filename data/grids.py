"""Grids: sets of cells that do not overlap, written as a whole."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.engine import wait_for_loads
from data.errors import ImportRejectedError
from data.loading import LoadCounts, analyze, counted, first_of_each
from data.models import Cell, Grid
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
        `officer`, `valid_from`, `valid_to`. A stored cell that is not among them is removed.

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
    rows = kept.assign(grid_id=grid_id, name=named, geom=_multipolygons(kept))
    removed = _remove_others(session, grid_id, rows["code"])
    saved = upsert(session, table_of(Cell), rows, ("grid_id", "code"))
    if saved or removed:
        place(session, grids=(head.code,), which="all")
    analyze(session, table_of(Cell), len(kept))
    return replace(counted(cells, kept, saved), removed=removed, redefined=redefined)


def _stored_head(session: Session, code: str) -> GridHead | None:
    columns = (getattr(Grid, field.name) for field in fields(GridHead))
    row = session.execute(select(*columns).where(Grid.code == code)).one_or_none()
    return None if row is None else GridHead(*row)


def _save_head(session: Session, head: GridHead, source: str, batch_id: int | None) -> int:
    facts = asdict(head) | {"source": source, "import_batch_id": batch_id}
    statement = insert(Grid).values(facts)
    statement = statement.on_conflict_do_update(index_elements=[Grid.code], set_=facts)
    return session.execute(statement.returning(Grid.id)).scalar_one()


def _remove_others(session: Session, grid_id: int, codes: pd.Series) -> int:
    here = set(session.scalars(select(Cell.code).where(Cell.grid_id == grid_id)))
    gone = sorted(here - set(codes))
    if gone:
        session.execute(delete(Cell).where(Cell.grid_id == grid_id, Cell.code.in_(gone)))
    return len(gone)


def _multipolygons(cells: pd.DataFrame) -> NDArray[np.object_]:
    shapes = shapely.force_2d(cells["geom"].to_numpy(dtype=object))
    kinds = shapely.get_type_id(shapes)
    wrong = ~np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    if (wrong | shapely.is_empty(shapes)).any():
        first = int(np.argmax(wrong | shapely.is_empty(shapes)))
        raise ImportRejectedError(f"cell {cells['code'].iloc[first]}: its polygon is missing")
    parts, cell = shapely.get_parts(shapes, return_index=True)
    return np.asarray(shapely.multipolygons(parts, indices=cell))
