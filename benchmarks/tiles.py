"""Vector tiles of a big city over HTTP: made anew beside tipg, and sent again beside a constant.

tipg reads a view with the same columns on the same day, and may send as many features as there are.
Both serve from a process of their own; the same reader asks for the same tiles in turn.
"""

import http.client
import importlib
import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyogrio
import shapely
import uvicorn
from numpy.typing import NDArray
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.app import create_app
from api.settings import Settings
from benchmarks.big_city import CORNER, DAY, GRID, SPAN, big_city
from benchmarks.measuring import Contender, Row, measure
from data.engine import make_engine

Tile = tuple[int, int, int]
NEAR = {"hazards": 13, "segments": 13, "lamps": 14}
AGAIN = 200
"""How often one tile is asked for in one round."""

CONSTANT_BYTES = 80_000
PATIENCE_S = 60
HOST = "127.0.0.1"
INSIDE = shapely.box(1, 1, 4095, 4095)
"""Of what lies on the edge each service may think otherwise."""

VIEWS = f"""
    CREATE SCHEMA IF NOT EXISTS peers;
    CREATE OR REPLACE VIEW peers.hazards AS
    SELECT id, external_code AS code, level, category, count,
        to_char(found_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS found_on,
        CASE WHEN closing_known THEN closed_at IS NULL OR closed_at >= '{DAY}' END AS is_open, geom
    FROM hazard WHERE found_at < timestamptz '{DAY} 24:00+08';
    CREATE OR REPLACE VIEW peers.segments AS
    SELECT id, external_code AS code, name, lamp_survey, declared_lit, geom FROM segment;
    CREATE OR REPLACE VIEW peers.lamps AS
    SELECT lamp.id, lamp.external_code AS code, road_name, status,
        segment.external_code AS segment, EXISTS (
            SELECT FROM outage WHERE lamp_id = lamp.id
                AND started_at < timestamptz '{DAY} 24:00+08'
                AND (ended_at IS NULL OR ended_at >= timestamptz '{DAY} 24:00+08')
        ) AS is_out, lamp.geom
    FROM lamp LEFT JOIN segment ON segment.id = lamp.segment_id WHERE status <> 'removed'
"""


def tile_of(z: int, east: float, north: float) -> Tile:
    """Return zoom, x and y of the tile that holds a point of the city, as shares of its sides."""
    lon, lat = CORNER + np.array([east, north]) * SPAN
    down = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2
    return z, int((lon + 180) / 360 * 2**z), int(down * 2**z)


def spots(z: int) -> list[Tile]:
    """Return tiles of the middle and of the outskirts."""
    places = [(0.2, 0.3), (0.5, 0.5), (0.7, 0.6), (0.4, 0.8)]
    return sorted({tile_of(z, *place) for place in places})


def guatu() -> Any:
    """Return the service on the city, with one more route: a constant of the size of a tile."""
    settings = Settings(database_url=big_city().render_as_string(hide_password=False))
    app = create_app(settings)
    content = bytes(CONSTANT_BYTES)

    async def constant(_: Request) -> Response:
        return Response(content)

    app.router.routes.insert(0, Route("/constant", constant))
    return app


def tipg() -> Any:
    """Return tipg over the views; it reads its settings when it is imported."""
    url = big_city()
    folder = quote(str(url.query["host"]), safe="")
    os.environ |= {
        "TIPG_MAX_FEATURES_PER_TILE": "10000000",
        "TIPG_TILE_BUFFER": "64",
        "TIPG_DB_SCHEMAS": '["peers"]',
        "DATABASE_URL": f"postgresql://{url.username}@{folder}:5432/{url.database}",
    }
    with make_engine(url, role=None).begin() as connection:
        connection.execute(text(VIEWS))
    return importlib.import_module("tipg.main").app


class Service:
    """A service in a process of its own, which ends with this one, and a reader of it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        with socket.create_server((HOST, 0)) as free:
            port = free.getsockname()[1]
        fork = multiprocessing.get_context("fork")
        fork.Process(target=_serve, args=(make, port), daemon=True).start()
        self._connection = http.client.HTTPConnection(HOST, port, timeout=300)
        self._rev = count()
        self._wait()

    def get(self, path: str) -> bytes:
        """Return the body that `path` answers with."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status not in {200, 204}:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
        return body

    def made(self, tiles: Iterable[Tile], layer: str) -> list[bytes]:
        """Return tiles that nobody has asked for before."""
        rev = next(self._rev)
        query = f"as_of={DAY}&window=36500&grid={GRID}&rev={rev}"
        return [self.get(f"/tiles/{layer}/{z}/{x}/{y}.mvt?{query}") for z, x, y in tiles]

    def _wait(self) -> None:
        for _ in range(PATIENCE_S * 10):
            try:
                self._connection.connect()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the service does not start")


def _serve(make: Callable[[], Any], port: int) -> None:
    uvicorn.run(make(), host=HOST, port=port, log_level="error", timeout_keep_alive=3600)


def by_tipg(service: Service, tiles: Iterable[Tile], layer: str) -> list[bytes]:
    path = f"/collections/peers.{layer}/tiles/WebMercatorQuad"
    return [service.get(f"{path}/{z}/{x}/{y}") for z, x, y in tiles]


def features_in(tiles: Sequence[bytes]) -> NDArray[np.int64]:
    """Return how many features lie in each tile, as GDAL reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tile.mvt"
        return np.array([_n_inside(path, content) for content in tiles])


def _n_inside(path: Path, content: bytes) -> int:
    path.write_bytes(content)
    return int(pyogrio.read_dataframe(path).geometry.intersects(INSIDE).sum())


def made_anew() -> Iterator[Row]:
    for layer, zoom in NEAR.items():
        tiles = spots(zoom)
        yield from measure(
            f"tiles of {layer} at zoom {zoom}, {len(tiles)} of them",
            [
                Contender(
                    "Guatu, made anew",
                    lambda: Service(guatu),
                    lambda service, t=tiles, n=layer: service.made(t, n),
                    features_in,
                ),
                Contender(
                    "tipg",
                    lambda: Service(tipg),
                    lambda service, t=tiles, n=layer: by_tipg(service, t, n),
                    features_in,
                ),
            ],
        )


def sent_again() -> Iterator[Row]:
    """Ask many times for one tile: kept, made anew, and a constant of the same service."""
    z, x, y = spots(NEAR["lamps"])[0]
    kept = f"/tiles/lamps/{z}/{x}/{y}.mvt?as_of={DAY}"

    def again(path: str) -> Callable[[Service], int]:
        return lambda service: sum(len(service.get(path)) > 0 for _ in range(AGAIN))

    def anew(service: Service) -> int:
        return sum(len(service.made([(z, x, y)], "lamps")[0]) > 0 for _ in range(AGAIN))

    yield from measure(
        f"one tile, {AGAIN} times",
        [
            Contender("Guatu, kept", lambda: Service(guatu), again(kept), np.array),
            Contender("Guatu, made anew", lambda: Service(guatu), anew, np.array),
            Contender("a constant", lambda: Service(guatu), again("/constant"), np.array),
        ],
    )


def run() -> list[Row]:
    big_city()
    return [*made_anew(), *sent_again()]
