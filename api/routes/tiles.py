"""Vector tiles, and what they hold (TileJSON)."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.asking import TileAsked, Word
from api.caching import KEEP_A_MINUTE, REVALIDATE, respond, state_key
from api.deps import Reading, Reads
from api.schemas import PROBLEMS
from data.answers import resolve_period
from data.cities import bounds_of, the_city
from data.errors import NotFoundError
from data.queries.tiles import LAYERS, MAX_ZOOM, tile, tile_bounds
from maps.frame import Bounds

router = APIRouter(tags=["tiles"], responses=PROBLEMS)

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MARGIN = 1 / 64
"""Share of a tile beyond its edge that it still draws."""

Name = Annotated[Word, Path(description="Name of the layer.")]
Zoom = Annotated[int, Path(ge=0, le=MAX_ZOOM)]
Number = Annotated[int, Path(ge=0, lt=2**MAX_ZOOM)]
Asked = Annotated[TileAsked, Query()]


@router.get("/tiles/{layer}/{z}/{x}/{y}.mvt", response_class=Response)
def vector_tile(
    reading: Reads, layer: Name, z: Zoom, x: Number, y: Number, asked: Asked
) -> Response:
    """Return one tile of a layer; 204 when there is nothing in it."""
    session, scope = reading.session, reading.scope
    wanted = asked.tile(layer, z, x, y)
    if not _meet(bounds_of(the_city(session)), tile_bounds(z, x, y, MARGIN)):
        return Response(status_code=204)
    period = resolve_period(session, asked.as_of, asked.window)

    def make() -> Response:
        content = tile(session, scope, wanted)
        return Response(content, status_code=200 if content else 204, media_type=MEDIA_TYPE)

    state = (state_key(session, scope, LAYERS[layer].subjects), period.as_of)
    # An address with `rev` is another address as soon as anything is written.
    return respond(reading, state, make, cache=KEEP_A_MINUTE if asked.rev else REVALIDATE)


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
