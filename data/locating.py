"""Rows that wait for a place: what is known by a name like theirs, and the place a person gives."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process
from sqlalchemy import Double, Engine, Select, Text, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from data.cities import bounds_of, settle_city, the_city
from data.engine import loading
from data.errors import NotFoundError
from data.importers.datums import UNKNOWN, datum_named, usable
from data.importers.spots import place_spots
from data.importers.surroundings import swapped
from data.loading import LOCATED, SUBJECTS, load
from data.models import Event, Hazard, Lamp, Outage, PowerBox, Segment, Unit
from data.queries.reading import read_rows
from data.scope import Scope
from geo.errors import WrongValueError

LEAST_LIKE = 60
"""Of 100: what is less alike is not offered."""

_SAID: Mapping[str, tuple[Any, ...]] = {
    "units": (Unit.address, Unit.name),
    "hazards": (Hazard.place,),
    "boxes": (PowerBox.name,),
    "lamps": (Lamp.road_name, Lamp.external_code),
    "outages": (Outage.place,),
}
"""The words of a row that may name where it is."""

_NO_ROW = "no row {} of {} waits for a place"
_LIES_ELSEWHERE = {"hazards": Hazard.unit_id, "outages": Outage.lamp_id}
"""What has one of these lies where that lies, and waits for nothing else."""


@dataclass(frozen=True)
class Spot:
    """A place that a person gives: lon and lat, or metres, in `datum`."""

    x: float
    y: float
    datum: str = "wgs84"


@dataclass(frozen=True)
class Offer:
    """Something known by a name like that of a row; of a road the middle of its longest segment.

    Attributes
    ----------
    thing
        'unit', 'lamp', 'box' or 'road'.
    likeness
        0 to 1.
    """

    thing: str
    code: str
    name: str
    likeness: float
    lon: float
    lat: float


def unplaced(
    session: Session, scope: Scope, kind: str, limit: int = 100, after: int = 0
) -> list[dict[str, Any]]:
    """Return the rows of `kind` without a place, in the order of their ids.

    Each has id, source, code and the words that may name where it is. They lie in no cell, so only
    who may see the whole city sees them.
    """
    if scope.cell_ids is not None:
        return []
    model = LOCATED[kind]
    statement = (
        select(model.id, model.source, model.external_code.label("code"), _said(kind))
        .where(*_waits(kind), model.id > after)
        .order_by(model.id)
        .limit(limit)
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def count_unplaced(session: Session, scope: Scope) -> dict[str, int]:
    """Return how many rows of each kind wait for a place that the reader may see."""
    if scope.cell_ids is not None:
        return dict.fromkeys(LOCATED, 0)
    counts = (
        select(literal(kind).label("kind"), func.count(model.id).label("n")).where(*_waits(kind))
        for kind, model in LOCATED.items()
    )
    return {row.kind: row.n for row in session.execute(union_all(*counts))}


def offers(session: Session, scope: Scope, kind: str, row_id: int, limit: int = 5) -> list[Offer]:
    """Return what has a name most like the words of a row, the most alike first.

    Likeness is that of rapidfuzz's weighted ratio: of letters in any script, whatever the locale of
    the database, which the trigrams of PostgreSQL are not.

    Raises
    ------
    NotFoundError
        When no such row waits for a place, or the reader may not see it.
    """
    waiting = select(_said(kind)).where(LOCATED[kind].id == row_id, *_may_be_placed(kind))
    said = None if scope.cell_ids is not None else session.scalar(waiting)
    if said is None:
        raise NotFoundError(_NO_ROW.format(row_id, kind))
    known = read_rows(session, _known(said))
    names = known["name"].map(_folded).tolist()
    found = process.extract(
        _folded(said), names, scorer=fuzz.WRatio, limit=limit, score_cutoff=LEAST_LIKE
    )
    return [_offer(known.iloc[at], score) for _, score, at in found]


def waiting(session: Session, kind: str, code: str, source: str | None = None) -> int:
    """Return the id of the row of that code, and where it is named of that source, to be placed.

    Raises
    ------
    NotFoundError
        When no such row waits for a place.
    WrongValueError
        When rows of several sources do, and none is named.
    """
    model = LOCATED[kind]
    chosen = select(model.id, model.source).where(
        model.external_code == code, *_may_be_placed(kind)
    )
    if source is not None:
        chosen = chosen.where(model.source == source)
    found = session.execute(chosen.order_by(model.source)).all()
    if not found:
        raise NotFoundError(_NO_ROW.format(code, kind))
    if len(found) > 1:
        sources = ", ".join(row.source for row in found)
        raise WrongValueError(f"{code}: several sources have it: {sources}")
    number: int = found[0].id
    return number


def place_row(engine: Engine, kind: str, row_id: int, spot: Spot, actor: str) -> None:
    """Give a row the place a person says; what follows from it is computed in the transaction.

    A row that a person or a name has placed may be placed anew; one with coordinates of its ledger
    may not.

    Raises
    ------
    NotFoundError
        When no such row waits.
    WrongValueError
        When the spot is no place, or lies in the city only with lon and lat swapped.
    """
    with loading(engine, moves=(SUBJECTS[kind],)) as session:
        row = _to_be_placed(session, kind, row_id)
        facts = row | _facts(session, spot)
        source, batch = facts.pop("source"), facts.pop("import_batch_id")
        load(session, kind, pd.DataFrame([facts]), source=source, batch_id=batch)
        settle_city(session)
        session.add(
            Event(
                actor=actor,
                action="place",
                subject=kind,
                subject_id=row_id,
                after={"x": spot.x, "y": spot.y, "datum": facts["datum"]},
            )
        )


def _to_be_placed(session: Session, kind: str, row_id: int) -> dict[str, Any]:
    """Lock a row; return what the store calls it and, of a lamp, the road it stands on."""
    model = LOCATED[kind]
    columns = [model.external_code, model.source, model.import_batch_id]
    road = [Lamp.road_name] if model is Lamp else []
    chosen = select(*columns, *road).where(model.id == row_id, *_may_be_placed(kind))
    row = session.execute(chosen.with_for_update()).mappings().one_or_none()
    if row is None:
        raise NotFoundError(_NO_ROW.format(row_id, kind))
    return dict(row)


def _facts(session: Session, spot: Spot) -> dict[str, Any]:
    """Return the columns of a row that lies at a spot."""
    datum = usable(datum_named(spot.datum))
    if datum is None:
        raise WrongValueError(f"datum {spot.datum:.80}: {UNKNOWN}")
    bounds = bounds_of(the_city(session))
    here = place_spots(
        np.array([spot.x]), np.array([spot.y]), np.array([datum], dtype=object), bounds
    )
    if not here.good[0]:
        reason = here.reason(0) if here.given[0] else "is no place"
        raise WrongValueError(f"lon, lat {spot.x}, {spot.y}: {reason}")
    point = shapely.Point(here.lon[0], here.lat[0])
    wrong = swapped(pd.DataFrame({"geom": [point]}, dtype=object), bounds)
    if wrong:
        raise WrongValueError(f"lon, lat {spot.x}, {spot.y}: {wrong[0].reason}")
    return {
        "geom": point,
        "datum": here.datum[0],
        "original_x": spot.x,
        "original_y": spot.y,
        "located_by": "person",
    }


def _said(kind: str) -> Any:
    return func.concat_ws(" ", *_SAID[kind], type_=Text).label("said")


def _waits(kind: str) -> list[Any]:
    nowhere = LOCATED[kind].geom.is_(None)
    elsewhere = _LIES_ELSEWHERE.get(kind)
    return [nowhere] if elsewhere is None else [nowhere, elsewhere.is_(None)]


def _may_be_placed(kind: str) -> list[Any]:
    _, *own = _waits(kind)
    return [or_(LOCATED[kind].geom.is_(None), LOCATED[kind].located_by.is_not(None)), *own]


def _offer(known: pd.Series, score: float) -> Offer:
    likeness = round(score / 100, 3)
    return Offer(known["thing"], known["code"], known["name"], likeness, known["lon"], known["lat"])


def _known(said: str) -> Select[*tuple[Any, ...]]:
    """Return everything that has a name and a place: thing, code, name, lon, lat.

    Of lamps, of which there may be a million, only those whose code is among the words.
    """
    lamps = _named("lamp", Lamp, Lamp.external_code)
    roads = (
        select(Segment)
        .ext(distinct_on(Segment.name))
        .where(Segment.name.is_not(None))
        .order_by(Segment.name, Segment.length_m.desc(), Segment.id)
        .subquery()
    )
    middle = func.ST_LineInterpolatePoint(roads.c.geom, 0.5)
    every = union_all(
        _named("unit", Unit, Unit.name),
        _named("unit", Unit, Unit.address),
        _named("box", PowerBox, PowerBox.name),
        lamps.where(func.strpos(said, Lamp.external_code) > 0),
        select(
            literal("road").label("thing"),
            roads.c.external_code.label("code"),
            roads.c.name,
            func.ST_X(middle, type_=Double).label("lon"),
            func.ST_Y(middle, type_=Double).label("lat"),
        ),
    ).subquery()
    return select(every).order_by(every.c.thing, every.c.code, every.c.name)


def _named(thing: str, model: Any, name: Any) -> Select[*tuple[Any, ...]]:
    return select(
        literal(thing).label("thing"),
        model.external_code.label("code"),
        name.label("name"),
        func.ST_X(model.geom, type_=Double).label("lon"),
        func.ST_Y(model.geom, type_=Double).label("lat"),
    ).where(model.geom.is_not(None), name.is_not(None))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
