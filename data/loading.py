"""The one way ledger rows get into the store, for importers and samples alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import DefaultClause, Table, func, select, text
from sqlalchemy.orm import Session

from data.closing import as_closed_by_work
from data.engine import wait_for_loads
from data.errors import ImportRejectedError
from data.models import (
    Base,
    Handover,
    Hazard,
    Inspection,
    Lamp,
    Outage,
    PowerBox,
    Rectification,
    Segment,
    Unit,
)
from data.placing import (
    PLACED,
    at_their_units,
    follow_units,
    lie_at_units,
    n_outside,
    n_without_position,
    place,
)
from data.references import PARTIES, REFERENCES, party_ids, resolve
from data.segments import save_segments
from data.snapping import snapped
from data.upserts import KEY, Saved, table_of, upsert
from geo import frames
from geo.errors import WrongValueError

MODELS: Mapping[str, type[Base]] = {
    "units": Unit,
    "inspections": Inspection,
    "hazards": Hazard,
    "segments": Segment,
    "handovers": Handover,
    "boxes": PowerBox,
    "lamps": Lamp,
    "outages": Outage,
    "rectifications": Rectification,
}
"""The kinds of ledgers, each after those it refers to."""

LOCATED: Mapping[str, type[Unit | Hazard | PowerBox | Lamp | Outage]] = {
    "units": Unit,
    "hazards": Hazard,
    "boxes": PowerBox,
    "lamps": Lamp,
    "outages": Outage,
}
"""The kinds whose rows are points, and may come without one."""

SUBJECTS: Mapping[str, str] = {
    "grids": "grids",
    "units": "ledgers",
    "inspections": "ledgers",
    "hazards": "ledgers",
    "segments": "streetlights",
    "handovers": "streetlights",
    "boxes": "streetlights",
    "lamps": "streetlights",
    "outages": "streetlights",
    "rectifications": "rectifications",
}
"""The counter that a transaction which loads a kind must move."""


_MANY = 1000
_READ_DEFAULT: Mapping[type, Callable[[str], object]] = {str: str, int: int, bool: "true".__eq__}
"""How the default of a column is read, by the type of its values."""


@dataclass(frozen=True)
class LoadCounts:
    """What became of the rows of one ledger; `rows` is the sum of the next four.

    Attributes
    ----------
    new, changed, same
        Rows that were not there, that differed, that were there as they are.
    duplicate
        Rows whose code an earlier row of the same ledger has; the earlier one is kept.
    without_position, outside
        Kept rows that have no position, or one in no cell of any grid (0 while there is no grid).
    removed
        Cells of the grid that the ledger no longer has.
    redefined
        Whether the grid itself became another: its name, kind, size or days.
    """

    rows: int
    new: int
    changed: int
    same: int
    duplicate: int
    without_position: int
    outside: int = 0
    removed: int = 0
    redefined: bool = False

    @property
    def wrote(self) -> bool:
        """Whether anything is stored otherwise than before."""
        return bool(self.new or self.changed or self.removed or self.redefined)


def load(
    session: Session, kind: str, rows: pd.DataFrame, *, source: str, batch_id: int | None = None
) -> LoadCounts:
    """Write the rows of one ledger, place them in every grid and snap them to segments.

    Parameters
    ----------
    rows
        `external_code` and any other columns of the model of `kind`; `geom` holds shapely objects
        in degrees. Other rows are named by their codes: `unit_code`, `inspection_code`,
        `segment_code`, `box_code`, `lamp_code`, `hazard_code`; parties by `lead_party` and
        `helping_party`. A column that is absent leaves what is stored; what is blank in one that
        must have a value gets the usual one. A hazard without a position lies where its unit lies,
        and goes where that goes.

    Raises
    ------
    ImportRejectedError
        When a code is missing, names no row or rows of several other sources, or when a line has
        no length.
    WrongValueError
        When a value does not fit its column, or the kind has no such column.
    """
    wait_for_loads(session)
    model = MODELS[kind]
    _refuse_strange_columns(kind, rows)
    kept = _with_usual(table_of(model), first_of_each(rows, "external_code"))
    if kind == "hazards":
        kept = as_closed_by_work(session, kept, source)
    linked = _linked(session, kind, kept, source).assign(source=source, import_batch_id=batch_id)
    if kind == "segments":
        saved = save_segments(session, linked)
    else:
        located = _located(session, kind, linked)
        saved = upsert(session, table_of(model), located, KEY, told=kind in {*PLACED, *LOCATED})
    if kind == "hazards":
        lie_at_units(session)
    if kind in PLACED:
        place(session, kinds=(kind,), which="written")
    analyze(session, table_of(model), len(kept))
    counts = replace(
        counted(rows, kept, saved),
        without_position=n_without_position(session, model),
        outside=n_outside(session, kind) if kind in PLACED else 0,
    )
    if kind == "units":
        follow_units(session)
    return counts


def first_of_each(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the rows without those whose code an earlier row has."""
    frames.require(rows, code)
    absent = np.flatnonzero(rows[code].isna())
    if absent.size:
        raise ImportRejectedError(f"row {rows.index[absent[0]]}: {code} is missing")
    return rows.drop_duplicates(code).reset_index(drop=True)


def counted(rows: pd.DataFrame, kept: pd.DataFrame, saved: Saved) -> LoadCounts:
    """Return what became of `rows`, of which `kept` remained and `saved` were written."""
    return LoadCounts(
        rows=len(rows),
        new=saved.new,
        changed=saved.changed,
        same=len(kept) - saved.new - saved.changed,
        duplicate=len(rows) - len(kept),
        without_position=0,
    )


def analyze(session: Session, table: Table, n_rows: int) -> None:
    """Tell the planner about a large load; small ones change no plan."""
    if n_rows >= _MANY:
        session.execute(
            select(func.guatu_analyze(text("CAST(:name AS regclass)"))), {"name": table.name}
        )


def _refuse_strange_columns(kind: str, rows: pd.DataFrame) -> None:
    """Refuse columns that would otherwise be dropped without a word."""
    known = {*table_of(MODELS[kind]).columns.keys(), *REFERENCES.get(kind, {})}
    strange = set(rows.columns) - known - (set(PARTIES) if kind == "rectifications" else set())
    if strange:
        raise WrongValueError(f"{kind} have no column {', '.join(sorted(strange))}")


def _with_usual(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the usual value for what is blank and must not be."""
    filled = {}
    for column in table.columns:
        default = column.server_default
        if column.nullable or not isinstance(default, DefaultClause) or column.name not in rows:
            continue
        blank = rows[column.name].isna()
        if isinstance(default.arg, str) and blank.any():
            usual = _READ_DEFAULT[column.type.python_type](default.arg)
            filled[column.name] = rows[column.name].astype(object).mask(blank, usual)
    return rows.assign(**filled)


def _linked(session: Session, kind: str, rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return the rows with the ids of what they name by code."""
    ids: dict[str, pd.Series] = {}
    for column, (target, model) in REFERENCES.get(kind, {}).items():
        if column in rows:
            ids[target] = resolve(session, model, rows[column], source)
            _refuse_unknown(rows, column, ids[target])
    if kind == "rectifications":
        parties = {column: target for column, target in PARTIES.items() if column in rows}
        ids |= {target: party_ids(session, rows[column]) for column, target in parties.items()}
    return rows.assign(**ids)


def _refuse_unknown(rows: pd.DataFrame, column: str, ids: pd.Series) -> None:
    unknown = rows[rows[column].notna() & ids.isna()]
    if len(unknown):
        first = unknown.iloc[0]
        raise ImportRejectedError(
            f"{len(unknown)} rows name something that is not there (or in several sources); the"
            f" first: {first['external_code']}, {column} {first[column]}"
        )


def _located(session: Session, kind: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the places that follow from what they name and what lies near."""
    if "geom" in rows and "original_x" not in rows and "original_x" in table_of(MODELS[kind]).c:
        points = rows["geom"].astype(object).where(rows["geom"].notna(), None).to_numpy()
        rows = rows.assign(original_x=shapely.get_x(points), original_y=shapely.get_y(points))
    if kind == "hazards" and {"unit_id", "geom"} <= set(rows):
        return rows.assign(geom=at_their_units(session, rows))
    if kind == "lamps" and "geom" in rows:
        return rows.join(snapped(session, rows))
    if kind == "outages" and "geom" in rows:
        # What has a lamp lies where the lamp lies.
        own = rows.get("lamp_id", pd.Series(pd.NA, index=rows.index)).isna()
        alone = rows.assign(geom=rows["geom"].astype(object).where(own, None))
        return rows.join(snapped(session, alone))
    return rows
