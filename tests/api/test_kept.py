"""Tiles and answers are sent again from memory, never after something they show was written."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import cast

import pytest
import shapely
from fastapi.testclient import TestClient
from pandas import DataFrame
from sqlalchemy import URL, Engine, event
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.kept import BESIDE_BYTES, KeptResponses, subjects_of
from api.settings import Settings
from api.watching import Watch
from data.answers import CoverageQuestion, HotspotQuestion, OutageQuestion
from data.cities import create_city, settle_city
from data.engine import make_engine, transaction
from data.errors import StoreError
from data.grids import GridHead, load_grid
from data.loading import load
from data.models import SUBJECTS
from data.queries.standing import Standing
from data.scope import WHOLE_CITY
from data.scope import Scope as Seen

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
FOUND = datetime(2019, 8, 1, 10, tzinfo=UTC)
NEAR, FAR = "/tiles/hazards/14/13362/6506.mvt", "/tiles/hazards/3/6/3.mvt"
NOTHING_YET = "/tiles/outages/14/13362/6506.mvt?as_of=2018-01-01"
PLACE = shapely.Point(113.601, 34.701)


@pytest.fixture(scope="module")
def engine(new_database: Callable[[], URL]) -> Iterator[Engine]:
    engine = make_engine(new_database())
    with transaction(engine) as session:
        create_city(session, "a", name="A", timezone="Asia/Shanghai", default_as_of=DAY)
    write(engine, "cells", {"geom": PLACE.buffer(0.002)})
    write(engine, "units", {"external_code": "u", "name": "n", "geom": PLACE})
    write(engine, "lamps", {"external_code": "l", "geom": PLACE})
    find(engine, "h1")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[TestClient]:
    settings = Settings(database_url=engine.url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def other_client(engine: Engine) -> Iterator[TestClient]:
    """Another service on the same store, which shares nothing with the first."""
    settings = Settings(database_url=engine.url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


SUBJECT_OF = {"cells": "grids"} | dict.fromkeys(("units", "inspections", "hazards"), "ledgers")
SUBJECT_OF |= dict.fromkeys(("segments", "boxes", "lamps", "outages"), "streetlights")


def write(engine: Engine, kind: str, row: dict[str, object]) -> None:
    """Write one row of a kind, or one cell."""
    with transaction(engine, moves=[SUBJECT_OF[kind]]) as session:
        rows = DataFrame([{"external_code": "-".join([kind, *row])} | row])
        if kind == "cells":
            load_grid(session, GridHead("g", "g", "square", 100.0), rows, source="t")
        else:
            load(session, kind, rows, source="t")
        settle_city(session)


def find(engine: Engine, *codes: str) -> None:
    """Write hazards of one place, and move the counter of the ledgers."""
    rows = DataFrame({"external_code": codes, "found_at": FOUND, "geom": PLACE})
    with transaction(engine, moves=["ledgers"]) as session:
        load(session, "hazards", rows, source="t")
        settle_city(session)


def tile_reads(client: TestClient, path: str, **headers: str) -> tuple[int, bytes]:
    """Return how many tiles the store was asked for by one request, and the body."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    app_engine = client.app.state.glances  # type: ignore[attr-defined]  # an ASGI app in general has none
    event.listen(app_engine, "before_cursor_execute", note)
    answer = client.get(
        path, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    event.remove(app_engine, "before_cursor_execute", note)
    return sum("ST_AsMVT" in statement for statement in asked), answer.content


def test_a_tile_is_made_once_while_nothing_is_written(client: TestClient) -> None:
    first, made = tile_reads(client, f"{NEAR}?rev=once")
    second, kept = tile_reads(client, f"{NEAR}?rev=once")
    assert (first, second) == (1, 0)
    assert b"h1" in made
    assert kept == made


def test_a_kept_tile_comes_with_the_headers_it_was_made_with(client: TestClient) -> None:
    made, kept = (client.get(f"{NEAR}?rev=headers") for _ in range(2))
    assert dict(kept.headers) == dict(made.headers)
    assert kept.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [NEAR, FAR, f"{NEAR}?rev=1", f"{NEAR}?as_of={DAY}"])
def test_the_first_tile_after_a_write_shows_it(
    client: TestClient, engine: Engine, path: str
) -> None:
    before = [client.get(path), client.get(path)][-1]
    find(engine, *(f"{path}{number}" for number in range(9)))
    after = client.get(path, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.content != before.content
    assert after.headers["etag"] != before.headers["etag"]


WRITES = [
    ("cells", "cells", {"geom": PLACE.buffer(0.001)}),
    ("units", "units", {"name": "n", "geom": PLACE}),
    ("units", "inspections", {"unit_code": "u", "inspected_at": FOUND}),
    ("hazards", "hazards", {"geom": PLACE, "found_at": FOUND}),
    ("segments", "segments", {"geom": shapely.LineString([PLACE, (113.602, 34.702)])}),
    ("boxes", "boxes", {"geom": PLACE}),
    ("lamps", "lamps", {"geom": PLACE}),
    ("lamps", "outages", {"lamp_code": "l", "started_at": FOUND}),
    ("outages", "outages", {"geom": PLACE, "started_at": FOUND}),
]


@pytest.mark.parametrize(("layer", "kind", "row"), WRITES)
def test_no_layer_is_stale_after_a_write_nor_for_who_has_an_old_tag(
    client: TestClient,
    other_client: TestClient,
    engine: Engine,
    layer: str,
    kind: str,
    row: dict[str, object],
) -> None:
    path = f"/tiles/{layer}/14/13362/6506.mvt?grid=g&as_of={DAY}"
    services = [client, other_client]
    before = [[service.get(path), service.get(path)][-1] for service in services]
    write(engine, kind, row)
    for service, old in zip(services, before, strict=True):
        old_tag = {"If-None-Match": old.headers.get("etag", "none")}
        new = [service.get(path, headers=old_tag), service.get(path)]
        assert [answer.status_code for answer in new] == [200, 200]
        assert new[0].content == new[1].content != old.content


def test_a_reader_who_has_the_kept_tile_is_told_so(client: TestClient) -> None:
    tag = client.get(NEAR).headers["etag"]
    again = client.get(NEAR, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_write_to_another_subject_lets_a_tile_stand(client: TestClient, engine: Engine) -> None:
    client.get(NEAR)
    with transaction(engine, moves=["rectifications"]):
        pass
    assert tile_reads(client, NEAR)[0] == 0


def test_another_question_has_another_tile(client: TestClient) -> None:
    assert client.get(NEAR).content != client.get(f"{NEAR}?as_of=2018-01-01").content


def test_an_answer_is_computed_anew_only_after_a_write(client: TestClient, engine: Engine) -> None:
    url = "/api/v1/outages?as_of=2019-08-31&format=columns"
    first, kept = client.get(url), client.get(url)
    with transaction(engine, moves=["rectifications"]):
        pass
    after = client.get(url, headers={"If-None-Match": kept.headers["etag"]})
    assert kept.content == first.content
    assert after.status_code == 200
    assert after.json()["revision"] == kept.json()["revision"] + 1


def test_an_empty_tile_is_kept_too(client: TestClient) -> None:
    assert client.get(NOTHING_YET).status_code == 204
    assert tile_reads(client, NOTHING_YET) == (0, b"")


def test_many_readers_at_once_get_the_same_tile(client: TestClient) -> None:
    with ThreadPoolExecutor(8) as readers:
        bodies = list(readers.map(lambda _: client.get(NEAR).content, range(40)))
    assert len(set(bodies)) == 1


STOOD = Standing(dict.fromkeys(SUBJECTS, (b"1", b"a")))


class Stub:
    """A service that makes tiles of one size, and a watch over a store where nothing is written."""

    def __init__(self, failure: StoreError | None = None) -> None:
        self.made: list[str] = []
        self.failure = failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made.append(scope["path"][-5])
        answer = Response(b"x" * BESIDE_BYTES, headers={"ETag": '"1"'})
        await answer(scope, receive, send)

    async def standing(self) -> Standing:
        if self.failure:
            raise self.failure
        return STOOD


async def everything() -> Seen:
    return WHOLE_CITY


def asked_in_turn(stub: Stub, numbers: str) -> str:
    """Ask for tiles with room for two; return those that had to be made."""
    watch = cast(Watch, stub)
    kept = KeptResponses(stub, watch, everything, size=4 * BESIDE_BYTES)
    client = TestClient(kept)
    for number in numbers:
        client.get(f"/tiles/hazards/3/0/{number}.mvt")
    return "".join(stub.made)


@pytest.mark.parametrize(
    ("asked", "made"), [("1212", "12"), ("1231", "1231"), ("12131", "123"), ("111", "1")]
)
def test_the_tiles_asked_for_last_are_kept_while_there_is_room(asked: str, made: str) -> None:
    assert asked_in_turn(Stub(), asked) == made


PACKED, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}


def test_who_cannot_unpack_gets_nothing_packed(client: TestClient) -> None:
    for headers, coding in ((PACKED, "gzip"), (PLAIN, None)) * 2:
        answer = client.get("/api/v1/outages?lang=en", headers=headers)
        assert answer.headers.get("content-encoding") == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.json()["as_of"] == DAY.isoformat()


def test_what_is_said_twice_is_heard_as_the_service_hears_it(client: TestClient) -> None:
    twice = [("Accept-Encoding", "gzip"), ("Accept-Encoding", "identity")]
    client.get("/api/v1/outages?window=9", headers=twice)
    plain = client.get("/api/v1/outages?window=9", headers=PLAIN)
    assert "content-encoding" not in plain.headers


def test_nothing_is_kept_while_the_store_cannot_be_asked() -> None:
    assert asked_in_turn(Stub(failure=StoreError("gone")), "11") == "11"


@pytest.mark.parametrize(
    ("path", "subjects"),
    [
        ("/tiles/basemap/14/9327/4741.mvt", ("grids", "streetlights")),
        ("/api/v1/dark-runs", OutageQuestion.subjects),
        ("/api/v1/clusters", HotspotQuestion.subjects),
        ("/api/v1/repeat-sites", HotspotQuestion.subjects),
        ("/api/v1/blind-spots", CoverageQuestion.subjects),
        ("/tiles/phones/14/9327/4741.mvt", ()),
        ("/api/v1/units", ()),
    ],
)
def test_what_lies_beneath_and_beside_the_rows_is_kept_as_they_are(
    path: str, subjects: tuple[str, ...]
) -> None:
    assert subjects_of({"type": "http", "method": "GET", "path": path}) == subjects
