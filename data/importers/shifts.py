"""Whether the points of a ledger all lie off in one direction, as those of another datum do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.cities import metric_srid
from data.importers.ledger import Ledger
from data.importers.report import Remark
from data.loading import LOCATED
from data.models import Cell, Grid, Segment
from data.queries.places import wkb
from data.queries.reading import read_rows
from geo.crs import to_metric
from geo.datum import NAMES
from geo.shift import (
    FEWEST_KNOWN,
    MOST_PLACES,
    Places,
    Verdict,
    beside_known,
    beside_streets,
    inside,
    readings,
    streets_of,
)

_AROUND_DEG = 0.02
_MOST_SHAPES = 50_000
_WHERE = {
    "streets": ("of the streets and of what is known beside them", "on them"),
    "known": ("of where the same codes are stored", "there"),
    "inside": ("of where more of them lie inside the city", "inside"),
}


@dataclass(frozen=True)
class _Batch:
    """The points of a ledger in one datum: in metres by each reading, and their codes."""

    kind: str
    source: str
    datum: str
    srid: int
    codes: list[str]
    bounds: tuple[float, float, float, float]
    read: Mapping[str, Places]


def check_shift(session: Session, kind: str, source: str, ledger: Ledger) -> None:
    """Remark that points lie off in one direction, and the datum in which they would not."""
    batch = _batch(session, kind, source, ledger.rows)
    if batch is None:
        return
    for test, verdict in (
        ("streets", beside_streets(batch.read, batch.datum, streets_of(_beside(session, batch)))),
        ("known", _beside_known(session, batch)),
        ("inside", inside(batch.read, batch.datum, _city(session, batch))),
    ):
        if verdict.answer == "shifted":
            ledger.remarks.append(Remark("shifted", _told(test, verdict)))
        if verdict.answer != "unknown":
            return


def _batch(session: Session, kind: str, source: str, rows: pd.DataFrame) -> _Batch | None:
    """Return the points in the datum that most rows have; None where there are too few."""
    if kind not in LOCATED or not {"original_x", "datum"} <= set(rows):
        return None
    given = rows[rows["geom"].notna() & rows["datum"].isin(NAMES) & rows["external_code"].notna()]
    if len(given) < FEWEST_KNOWN:
        return None
    datum = str(given["datum"].mode()[0])
    chosen = given[given["datum"] == datum]
    if len(chosen) > 2 * MOST_PLACES:
        chosen = chosen.sample(2 * MOST_PLACES, random_state=0)
    x, y = chosen["original_x"].to_numpy(float), chosen["original_y"].to_numpy(float)
    points = {
        name: np.asarray(shapely.points(*pair)) for name, pair in readings(x, y, datum).items()
    }
    srid = metric_srid(session, points[datum])
    west, south, east, north = shapely.total_bounds(np.concatenate(list(points.values())))
    around = west - _AROUND_DEG, south - _AROUND_DEG, east + _AROUND_DEG, north + _AROUND_DEG
    read = {name: shapely.get_coordinates(to_metric(one, srid)) for name, one in points.items()}
    codes = chosen["external_code"].astype(str).tolist()
    return _Batch(kind, source, datum, srid, codes, around, read)


def _beside(session: Session, batch: _Batch) -> NDArray[np.object_]:
    """Return the streets around the batch, and the points of other ledgers that lie along them."""
    near = func.ST_MakeEnvelope(*batch.bounds, 4326)
    found = [_shapes(session, batch, select(wkb(Segment.geom)).where(Segment.geom.op("&&")(near)))]
    for kind, model in LOCATED.items():
        chosen = select(wkb(model.geom)).where(model.geom.op("&&")(near))
        if kind == batch.kind:
            chosen = chosen.where(model.source != batch.source)
        found.append(_shapes(session, batch, chosen))
    return np.concatenate(found)


def _beside_known(session: Session, batch: _Batch) -> Verdict:
    model = LOCATED[batch.kind]
    stored = select(model.external_code, wkb(model.geom)).where(
        model.source == batch.source,
        model.external_code == func.any(batch.codes),
        model.geom.is_not(None),
    )
    rows = read_rows(session, stored)
    known = np.full((len(batch.codes), 2), np.nan)
    if len(rows):
        points = to_metric(shapely.from_wkb(rows["wkb"].to_numpy(dtype=object)), batch.srid)
        at = dict(zip(rows["external_code"], shapely.get_coordinates(points), strict=True))
        known = np.array([at.get(code, (np.nan, np.nan)) for code in batch.codes])
    return beside_known(batch.read, batch.datum, known)


def _city(session: Session, batch: _Batch) -> NDArray[np.object_]:
    """Return the polygons of the coarsest grid that people drew."""
    n_cells = (
        select(Cell.grid_id)
        .join(Grid, Grid.id == Cell.grid_id)
        .where(Grid.kind.in_(("administrative", "management")))
        .group_by(Cell.grid_id)
        .order_by(func.count(), Cell.grid_id)
        .limit(1)
    )
    return _shapes(session, batch, select(wkb(Cell.geom)).where(Cell.grid_id.in_(n_cells)))


def _shapes(session: Session, batch: _Batch, statement: Select[bytes]) -> NDArray[np.object_]:
    rows = read_rows(session, statement.limit(_MOST_SHAPES))
    return to_metric(shapely.from_wkb(rows["wkb"].to_numpy(dtype=object)), batch.srid)


def _told(test: str, verdict: Verdict) -> str:
    there, well = _WHERE[test]
    message = (
        f"the {verdict.n_places} points lie {verdict.distance_m:.0f} m {verdict.direction} {there}"
    )
    if verdict.datum is None:
        return f"{message}, and no datum known here would bring them there"
    if test == "known":
        doubt = "this file or the stored rows were given in another datum"
        return f"{message}; read as {verdict.datum} they lie {well}: {doubt}"
    return (
        f"{message}; read as {verdict.datum} they lie {well}: import with --datum {verdict.datum}"
    )
