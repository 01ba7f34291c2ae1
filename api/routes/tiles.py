"""Vector tiles, and what they hold (TileJSON)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.asking import TileAsked, Word
from api.caching import KEEP_A_MINUTE, REVALIDATE, VERSION, respond
from api.deps import Reading, Reads, Stands
from api.policies import Reader
from api.schemas import PROBLEMS
from data.answers.hazard_sums import KeptHazards
from data.basemaps import Basemap
from data.cities import bounds_of, the_city
from data.engine import glance
from data.errors import NotFoundError
from data.queries.basemap import MAX_ZOOM as BASEMAP_ZOOM
from data.queries.standing import Standing
from data.queries.tiles import LAYERS, MAX_ZOOM, TileRequest, is_summed, tile, tile_bounds
from data.scope import Scope
from maps.frame import Bounds

router = APIRouter(tags=["tiles"], responses=PROBLEMS)

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MARGIN = 1 / 64
"""Share of a tile beyond its edge that it still draws."""

Name = Annotated[Word, Path(description="Name of the layer.")]
Zoom = Annotated[int, Path(ge=0, le=MAX_ZOOM)]
BasemapZoom = Annotated[int, Path(ge=0, le=BASEMAP_ZOOM)]
Number = Annotated[int, Path(ge=0, lt=2**MAX_ZOOM)]
Asked = Annotated[TileAsked, Query()]


class BasemapAsked(BaseModel):
    """A tile of the basemap. `rev` changes the address whenever what it shows does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rev: Word | None = None


async def tile_request(layer: Name, z: Zoom, x: Number, y: Number, asked: Asked) -> TileRequest:
    """Return the tile that an address names."""
    return asked.tile(layer, z, x, y)


@router.get(
    "/tiles/basemap/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={204: {"description": "Nothing lies there."}},
)
def basemap_tile(
    reading: Reads, z: BasemapZoom, x: Number, y: Number, asked: Annotated[BasemapAsked, Query()]
) -> Response:
    """Return one tile of the basemap (streets, boundaries, names); 204 when nothing is in it."""
    session, scope = reading.session, reading.scope
    basemap: Basemap = reading.request.app.state.around.basemap

    def make() -> Response:
        content = basemap.tile(session, scope, z, x, y)
        return Response(content, status_code=200 if content else 204, media_type=MEDIA_TYPE)

    state = (basemap.state(session), scope.key)
    cache = KEEP_A_MINUTE if asked.rev else REVALIDATE
    return respond(reading.request, state, make, cache=cache)


@router.get("/tiles/{layer}/{z}/{x}/{y}.mvt", response_class=Response)
def vector_tile(
    request: Request,
    reader: Reader,
    stands: Stands,
    wanted: Annotated[TileRequest, Depends(tile_request)],
) -> Response:
    """Return one tile of a layer; 204 when there is nothing in it."""
    if not _meet(stands.bounds, tile_bounds(wanted.z, wanted.x, wanted.y, MARGIN)):
        return Response(status_code=204)

    def make() -> Response:
        content = _content(request.app, reader, wanted, stands)
        return Response(content, status_code=200 if content else 204, media_type=MEDIA_TYPE)

    as_of = stands.period(wanted.as_of, wanted.window_days).as_of
    state = (stands.of(LAYERS[wanted.layer].subjects), as_of, reader.key, VERSION)
    # An address with `rev` is another address as soon as anything is written.
    cache = KEEP_A_MINUTE if "rev" in request.query_params else REVALIDATE
    return respond(request, state, make, cache=cache)


def _content(app: FastAPI, reader: Scope, wanted: TileRequest, stands: Standing) -> bytes:
    kept: KeptHazards = app.state.hazards
    period = stands.period(wanted.as_of, wanted.window_days)
    if not is_summed(wanted) or reader.cell_ids is not None:
        return glance(app.state.glances, lambda session: tile(session, reader, wanted, period))
    hazards = kept.hazards(stands.of(LAYERS[wanted.layer].subjects))
    return glance(app.state.glances, lambda session: hazards.tile(session, wanted, period))


@router.get("/tiles/{layer}.json")
def tile_json(reading: Reads, layer: Name, _asked: Asked) -> dict[str, Any]:
    """Describe the tiles of a layer (TileJSON 3.0)."""
    if layer not in LAYERS:
        raise NotFoundError(f"layer {layer!r}: there is none of that name")
    city = the_city(reading.session)
    return {
        "tilejson": "3.0.0",
        "name": layer,
        "attribution": city.attribution,
        "bounds": bounds_of(city),
        "minzoom": LAYERS[layer].min_zoom,
        "maxzoom": LAYERS[layer].max_zoom,
        "tiles": [_address(reading, layer)],
        "vector_layers": [{"id": layer, "fields": dict(LAYERS[layer].fields)}],
    }


def _address(reading: Reading, layer: str) -> str:
    base = str(reading.request.base_url)
    query = reading.request.url.query
    return f"{base}tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt" + (f"?{query}" if query else "")


def _meet(city: Bounds | None, box: Bounds) -> bool:
    if city is None:
        return False
    west, south, east, north = city
    return west <= box[2] and box[0] <= east and south <= box[3] and box[1] <= north
