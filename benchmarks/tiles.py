"""Vector tiles of a big city over HTTP: made anew beside tipg, and sent again beside constants.

tipg reads a view with the same columns on the same day, and may send as many features as there are.
Both serve from a process of their own; the same reader asks for the same tiles in turn. Far tiles
are those of a city of a million hazards, each on a day that nobody has asked for before.

Tiles that are sent again are asked for by a browser's reader: over as many connections as one
opens, so that a service is asked while it answers; and one after another, as a single connection
does. The same reader asks for tiles that are made anew, for some of which the service adds up what
it has in memory, and for constants. Beside it stands how long the store takes for all of them by
its statements, one after another without HTTP. The reader takes a fifth of a core: it waits for the
service.
"""

import asyncio
import http.client
import importlib
import multiprocessing
import os
import socket
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pyogrio
import shapely
import uvicorn
from numpy.typing import NDArray
from sqlalchemy import URL, text
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.app import create_app
from api.settings import Settings
from benchmarks.big_city import CORNER, DAY, GRID, SPAN, ZONE, big_city, city_of_hazards
from benchmarks.measuring import Contender, DifferentAnswersError, Row, forked, measure, timed
from data.engine import make_engine
from data.queries.tiles import LAYERS, TileRequest, tile
from data.scope import WHOLE_CITY
from geo.periods import Period

Tile = tuple[int, int, int]
Wanted = list[tuple[str, Tile]]
"""Layers with a tile of each."""

NEAR = {"hazards": 13, "segments": 13, "lamps": 14}
WINDOW = 36_500
ZOOMS = range(10, 17)
FAR = range(8, 13)
DAYS = 10
ROUNDS = 25
CONNECTIONS = 6
"""Of a browser to one service."""

PATIENCE_S = 60
HOST = "127.0.0.1"
INSIDE = shapely.box(1, 1, 4095, 4095)
"""Of what lies on the edge each service may think otherwise."""

VIEWS = f"""
    CREATE SCHEMA IF NOT EXISTS peers;
    CREATE OR REPLACE VIEW peers.hazards AS
    SELECT id, external_code AS code, level, category, count,
        CAST(CAST(found_at AT TIME ZONE 'Asia/Shanghai' AS date) AS text) AS found_on,
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


def guatu(city: Callable[[], URL] = big_city) -> Any:
    """Return the service on a city, with one more route: a constant of any size."""
    settings = Settings(database_url=city().render_as_string(hide_password=False))
    app = create_app(settings)
    content = bytes(2**22)

    async def constant(request: Request) -> Response:
        return Response(content[: int(request.query_params["bytes"])])

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


def asked(day: date) -> str:
    return f"as_of={day}&window={WINDOW}&grid={GRID}"


def path_of(layer: str, tile: Tile) -> str:
    return f"/tiles/{layer}/{'/'.join(map(str, tile))}.mvt"


class Service:
    """A service in a process of its own, which ends with this one, and a reader of it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        fork = multiprocessing.get_context("fork")
        fork.Process(target=_serve, args=(make, self.port), daemon=True).start()
        self._connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
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

    def made(self, tiles: Iterable[Tile], layer: str, day: date = DAY) -> list[bytes]:
        """Return tiles that nobody has asked for before."""
        return [self.get(path) for path in self.paths([(layer, tile) for tile in tiles], day)]

    def paths(self, tiles: Iterable[tuple[str, Tile]], day: date = DAY) -> list[str]:
        """Return addresses of tiles that nobody has asked for before."""
        query = f"{asked(day)}&rev={next(self._rev)}"
        return [f"{path_of(layer, tile)}?{query}" for layer, tile in tiles]

    def _wait(self) -> None:
        for _ in range(PATIENCE_S * 10):
            try:
                self._connection.connect()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the service does not start")


class Browser:
    """A reader who asks over several connections at once, as a browser does.

    It speaks as little HTTP as the answers need: a library would take longer than the service.
    """

    def __init__(self, service: Service, connections: int = CONNECTIONS) -> None:
        self.service = service
        self._loop = asyncio.new_event_loop()
        self._connections = [
            self._loop.run_until_complete(asyncio.open_connection(HOST, service.port))
            for _ in range(connections)
        ]

    def get(self, paths: Sequence[str]) -> list[bytes]:
        """Return the bodies that `paths` answer with, in their order."""
        bodies = [b""] * len(paths)
        todo = iter(enumerate(paths))
        self._loop.run_until_complete(self._share(todo, bodies))
        return bodies

    async def _share(self, todo: Iterator[tuple[int, str]], bodies: list[bytes]) -> None:
        await asyncio.gather(*(self._ask(*pair, todo, bodies) for pair in self._connections))

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        todo: Iterator[tuple[int, str]],
        bodies: list[bytes],
    ) -> None:
        for number, path in todo:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if not head.startswith((b"http/1.1 200", b"http/1.1 204")):
                raise RuntimeError(f"{path}: {head!r}")
            _, found, rest = head.partition(b"content-length:")
            bodies[number] = await reader.readexactly(int(rest.split()[0]) if found else 0)


def _serve(make: Callable[[], Any], port: int) -> None:
    uvicorn.run(make(), host=HOST, port=port, log_level="error", timeout_keep_alive=3600)


def by_tipg(service: Service, tiles: Iterable[Tile], layer: str) -> list[bytes]:
    path = f"/collections/peers.{layer}/tiles/WebMercatorQuad"
    return [service.get(f"{path}/{z}/{x}/{y}") for z, x, y in tiles]


def contents_of(tiles: Sequence[bytes]) -> NDArray[np.float64]:
    """Return what lies in each tile, as GDAL reads it: where, and a number of all it says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tile.mvt"
        return np.vstack([_content(path, content) for content in tiles])


def _content(path: Path, content: bytes) -> NDArray[np.float64]:
    path.write_bytes(content)
    rows = pyogrio.read_dataframe(path)
    rows = rows[rows.intersects(INSIDE)].sort_values("code")
    said = rows.drop(columns=["geometry", "id", "mvt_id"], errors="ignore").sort_index(axis=1)
    numbers = [_number(row) for row in said.to_dict("records")]
    return np.column_stack([numbers, rows.bounds])


def _number(row: dict[str, Any]) -> int:
    known = {name: str(value) for name, value in row.items() if not pd.isna(value)}
    return zlib.crc32(repr(known).encode())


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
                    contents_of,
                ),
                Contender(
                    "tipg",
                    lambda: Service(tipg),
                    lambda service, t=tiles, n=layer: by_tipg(service, t, n),
                    contents_of,
                ),
            ],
            tolerance=1,  # unit of a tile
            rounds=ROUNDS,
        )


def of_all_layers() -> list[tuple[str, Tile]]:
    """Return the tiles of the middle and the outskirts, from all of the city to a street."""
    return [
        (layer, tile)
        for zoom in ZOOMS
        for layer, drawn in LAYERS.items()
        if drawn.min_zoom <= zoom
        for tile in spots(zoom)
    ]


def sent_again() -> Iterator[Row]:
    """Ask for what a reader comes by, as a browser does and one after another."""
    wanted = of_all_layers()
    sizes = forked(lambda: sizes_of(require_same(wanted)))
    work = f"a reader's tiles, {len(wanted)} of them"
    yield from measure(work, readers(wanted, sizes, CONNECTIONS))
    yield from measure(f"{work}, one after another", readers(wanted, sizes, 1))


def readers(wanted: Wanted, sizes: NDArray[np.int64], connections: int) -> list[Contender]:
    """Return who gets the tiles: kept, made anew, from the store alone, and constants of a size."""
    kept = kept_paths(wanted)
    constants = [f"/constant?bytes={size}" for size in sizes]

    def opened() -> Browser:
        return Browser(Service(guatu), connections)

    return [
        Contender("Guatu, kept", opened, lambda browser: browser.get(kept), sizes_of),
        Contender(
            "Guatu, made anew",
            opened,
            lambda browser: browser.get(browser.service.paths(wanted)),
            sizes_of,
        ),
        Contender(
            "PostGIS, each by its statement",
            lambda: Session(make_engine(big_city())),
            lambda session: from_the_store(session, wanted),
            sizes_of,
        ),
        Contender("constants", opened, lambda browser: browser.get(constants), sizes_of),
    ]


def require_same(wanted: Wanted) -> list[bytes]:
    """Return the tiles, which are the same however they are come by.

    Raises
    ------
    DifferentAnswersError
        When they are not.
    """
    browser, kept = Browser(Service(guatu)), kept_paths(wanted)
    bodies = browser.get(browser.service.paths(wanted))
    stored = from_the_store(Session(make_engine(big_city())), wanted)
    if not browser.get(kept) == browser.get(kept) == bodies == stored:
        raise DifferentAnswersError("tiles that are kept, made anew and from the store")
    return bodies


def kept_paths(wanted: Wanted) -> list[str]:
    return [f"{path_of(layer, tile)}?{asked(DAY)}" for layer, tile in wanted]


def sizes_of(bodies: Sequence[bytes]) -> NDArray[np.int64]:
    return np.array([len(body) for body in bodies])


def from_the_store(session: Session, wanted: Wanted) -> list[bytes]:
    return [by_statement(session, layer, of_world) for layer, of_world in wanted]


def by_statement(session: Session, layer: str, of_world: Tile, day: date = DAY) -> bytes:
    request = TileRequest(layer, *of_world, grid=GRID, as_of=day, window_days=WINDOW)
    return tile(session, WHOLE_CITY, request, Period(day, WINDOW, ZONE))


def far_questions() -> list[tuple[Tile, date]]:
    days = [DAY - timedelta(days=days) for days in range(DAYS)]
    return [(tile, day) for zoom in FAR for tile in spots(zoom) for day in days]


def by_statements(session: Session) -> list[bytes]:
    return [by_statement(session, "hazards", of_world, day) for of_world, day in far_questions()]


def far() -> Iterator[Row]:
    """Ask for sums of a million hazards; then how long the slowest in twenty take."""
    questions = far_questions()
    n = f"{len(questions)} far tiles of 1,000,000 hazards"

    def by_service(service: Service) -> list[bytes]:
        return [service.made([tile], "hazards", day)[0] for tile, day in questions]

    def bodies(found: Sequence[bytes]) -> NDArray[np.int64]:
        return np.array([zlib.crc32(body) for body in found])

    def start() -> Service:
        return Service(lambda: guatu(city_of_hazards))

    def slowest_in_twenty() -> tuple[float, float]:
        service = start()
        cold = timed(lambda: service.made([questions[0][0]], "hazards"))[1]
        taken = [timed(lambda t=t, d=d: service.made([t], "hazards", d))[1] for t, d in questions]
        return cold, float(np.quantile(taken, 0.95))

    yield from measure(
        n,
        [
            Contender("Guatu, made anew", start, by_service, bodies),
            Contender(
                "PostGIS, each summed",
                lambda: Session(make_engine(city_of_hazards())),
                by_statements,
                bodies,
            ),
        ],
    )
    cold_s, warm_s = forked(slowest_in_twenty)
    yield Row(f"the slowest in twenty of {n}", "Guatu, made anew", cold_s, warm_s, 0.0)


def run() -> list[Row]:
    big_city()
    city_of_hazards()
    return [*made_anew(), *sent_again(), *far()]
