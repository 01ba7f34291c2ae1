"""Rows that wait for a place: the queue, what may be meant, and the place a person gives."""

from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine

from api.caching import uncached
from api.deps import Reads
from api.paging import After, Limit, Number, page_of
from api.place_schemas import (
    PLACING_PROBLEMS,
    Offers,
    PlacedRow,
    PlaceGiven,
    UnplacedCounts,
    UnplacedRows,
)
from api.policies import Writer
from api.schemas import PointKind
from data import locating

router = APIRouter(prefix="/api/v1/unplaced", tags=["unplaced"], responses=PLACING_PROBLEMS)


@router.get("", response_model=UnplacedCounts)
def counts(reading: Reads) -> Response:
    """Return how many rows of each kind wait for a place."""
    return uncached(locating.count_unplaced(reading.session, reading.scope))


@router.get("/{kind}", response_model=UnplacedRows)
def rows(reading: Reads, kind: PointKind, limit: Limit = 100, after: After = 0) -> Response:
    """Return the rows of a kind without a place, each with the words that may name it."""
    found = locating.unplaced(reading.session, reading.scope, kind, limit, after)
    return uncached(page_of(reading.request, found, limit))


@router.get("/{kind}/{number}/offers", response_model=Offers)
def offers(reading: Reads, kind: PointKind, number: Number) -> Response:
    """Return what has a name most like the words of a row, and where it lies."""
    found = locating.offers(reading.session, reading.scope, kind, number)
    return uncached({"items": [asdict(offer) for offer in found]})


@router.post("/{kind}/{number}/place", response_model=PlacedRow)
def place(
    request: Request, actor: Writer, kind: PointKind, number: Number, given: PlaceGiven
) -> Response:
    """Give a row a place; cells, segments and the hazards of a unit follow at once."""
    engine: Engine = request.app.state.patient_engine
    spot = locating.Spot(given.lon, given.lat, given.datum)
    locating.place_row(engine, kind, number, spot, actor)
    return uncached({"id": number, "kind": kind})
