"""The rows behind the figures: city, grids, cells, units, inspections, hazards, lights."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from api.asking import CellsAsked, PageOfRows, RowsAsked, Word
from api.caching import respond, state_key
from api.deps import Reading, Reads
from api.paging import page_of
from api.presenting import FORMATS, dump_json
from api.schemas import PROBLEMS, ROWS_RESPONSES, CityObject, Rows
from data.answers import resolve_period
from data.cities import bounds_of, the_city
from data.queries import ledgers, places
from data.queries.ledgers import LedgerFilter
from data.scope import Scope

router = APIRouter(prefix="/api/v1", tags=["ledgers"], responses=PROBLEMS)

LEDGERS = ("grids", "ledgers")
LIGHTS = ("grids", "streetlights")

Asked = Annotated[RowsAsked, Query()]
AskedCells = Annotated[CellsAsked, Query()]
Read = Callable[[Session, Scope, LedgerFilter], Sequence[dict[str, Any]]]


@router.get("/city", response_model=CityObject)
def city(reading: Reads) -> Response:
    """Return the city of this store."""
    state = (state_key(reading.session, reading.scope, LEDGERS),)
    return respond(reading.request, state, lambda: _json(_city(reading)))


@router.get("/grids", response_model=Rows)
def grids(reading: Reads) -> Response:
    """Return every grid with the number of its cells."""
    state = (state_key(reading.session, reading.scope, LEDGERS),)

    def make() -> Response:
        return _json({"items": places.grids(reading.session, reading.scope), "next": None})

    return respond(reading.request, state, make)


# A code may hold a slash.
@router.get("/grids/{code:path}/cells", response_model=Rows, responses=ROWS_RESPONSES)
def cells(reading: Reads, code: Annotated[Word, Path()], asked: AskedCells) -> Response:
    """Return the cells of one grid."""
    return _page(reading, asked, code, ledgers.cells, ("grids",))


@router.get("/units", response_model=Rows, responses=ROWS_RESPONSES)
def units(reading: Reads, asked: Asked) -> Response:
    """Return inspected premises."""
    return _page(reading, asked, asked.grid, ledgers.units, LEDGERS)


@router.get("/inspections", response_model=Rows, responses=ROWS_RESPONSES)
def inspections(reading: Reads, asked: Asked) -> Response:
    """Return visits to units, each where its unit is."""
    return _page(reading, asked, asked.grid, ledgers.inspections, LEDGERS)


@router.get("/hazards", response_model=Rows, responses=ROWS_RESPONSES)
def hazards(reading: Reads, asked: Asked) -> Response:
    """Return what was found that can hurt."""
    return _page(reading, asked, asked.grid, ledgers.hazards, LEDGERS)


@router.get("/segments", response_model=Rows, responses=ROWS_RESPONSES)
def segments(reading: Reads, asked: Asked) -> Response:
    """Return street centrelines between junctions."""
    return _page(reading, asked, asked.grid, ledgers.segments, LIGHTS)


@router.get("/lamps", response_model=Rows, responses=ROWS_RESPONSES)
def lamps(reading: Reads, asked: Asked) -> Response:
    """Return lamps, each with whether it is out."""
    return _page(reading, asked, asked.grid, ledgers.lamps, LIGHTS)


def _city(reading: Reading) -> dict[str, Any]:
    found = the_city(reading.session)
    return {
        "code": found.code,
        "name": found.name,
        "timezone": found.timezone,
        "metric_srid": found.metric_srid,
        "languages": found.languages,
        "default_as_of": None if found.default_as_of is None else found.default_as_of.isoformat(),
        "simulated": found.simulated,
        "attribution": found.attribution,
        "bounds": bounds_of(found),
    }


def _page(
    reading: Reading, asked: PageOfRows, grid: str | None, read: Read, subjects: tuple[str, ...]
) -> Response:
    session, scope = reading.session, reading.scope
    period = resolve_period(session, asked.as_of, 1)
    state = (state_key(session, scope, subjects), period.as_of)

    def make() -> Response:
        found = read(session, scope, asked.filter(grid))
        page = page_of(reading.request, found, asked.limit)
        if asked.format == "json":
            return _json({**page, "items": [_item(row) for row in found]})
        features = [_feature(row) for row in found]
        body = {"type": "FeatureCollection", "features": features, "next": page["next"]}
        return Response(dump_json(body), media_type=FORMATS["geojson"].media_type)

    return respond(reading.request, state, make)


def _item(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "geometry": _geometry(row)}


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    about = {name: value for name, value in row.items() if name != "geometry"}
    return {"type": "Feature", "id": row["id"], "geometry": _geometry(row), "properties": about}


def _geometry(row: dict[str, Any]) -> Any:
    return None if row["geometry"] is None else json.loads(row["geometry"])


def _json(body: Any) -> Response:
    return Response(dump_json(body), media_type="application/json")
