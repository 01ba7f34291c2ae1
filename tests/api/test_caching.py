from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL, event

from data.cities import create_city
from data.engine import make_engine, transaction

pytestmark = pytest.mark.db

URLS = [
    "/api/v1/city",
    "/api/v1/grids",
    "/api/v1/units?limit=3",
    "/api/v1/coverage?grid=squares_100m",
    "/tiles/units/14/9327/4741.mvt",
]


@pytest.mark.parametrize("url", URLS)
def test_the_same_state_is_not_sent_twice(client: TestClient, url: str) -> None:
    tag = client.get(url).headers["etag"]
    again = client.get(url, headers={"If-None-Match": f'"other", {tag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag


def test_a_reader_who_has_the_state_costs_no_read_of_a_ledger(client: TestClient) -> None:
    url = "/api/v1/hazards?limit=1000"
    tag = client.get(url).headers["etag"]
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = client.app.state.engine  # type: ignore[attr-defined]  # an ASGI app in general has none
    event.listen(engine, "before_cursor_execute", note)
    client.get(url, headers={"If-None-Match": tag})
    event.remove(engine, "before_cursor_execute", note)
    assert asked
    assert not [statement for statement in asked if "FROM hazard" in statement]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/api/v1/outages?lang=zh", "/api/v1/outages?lang=en"),
        ("/api/v1/outages", "/api/v1/outages?as_of=2018-01-01"),
        ("/api/v1/units?limit=3", "/api/v1/units?limit=4"),
    ],
)
def test_another_question_has_another_tag(client: TestClient, one: str, other: str) -> None:
    assert client.get(one).headers["etag"] != client.get(other).headers["etag"]


def test_a_write_moves_the_tag(empty_client: TestClient, clean_url: URL) -> None:
    engine = make_engine(clean_url)
    with transaction(engine) as session:
        create_city(session, "a", name="A", timezone="UTC", default_as_of=date(2019, 8, 31))
    before = empty_client.get("/api/v1/units").headers["etag"]
    with transaction(engine, moves=["ledgers"]):
        pass
    engine.dispose()
    assert empty_client.get("/api/v1/units").headers["etag"] != before
