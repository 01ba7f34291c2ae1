"""The hand-over register over HTTP."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import URL, Engine

from api.app import create_app
from api.routes.handovers import HandoverPage
from api.settings import Settings
from data.cities import create_city
from data.engine import transaction
from data.loading import load

pytestmark = pytest.mark.db

PATH = "/api/v1/handovers"


@pytest.fixture
def client(clean_url: URL, clean_engine: Engine) -> Iterator[TestClient]:
    """Three streets, each handed over and accepted on a day of its own."""
    lines = [shapely.LineString([(113.6, y), (113.61, y)]) for y in (34.7, 34.71, 34.72)]
    days = [date(2019, 8, day) for day in (1, 10, 20)]
    with transaction(clean_engine, moves=("streetlights",)) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        codes = ["a", "b", "c"]
        segments = pd.DataFrame({"external_code": codes, "name": codes, "geom": lines})
        load(session, "segments", segments, source="t")
        register = pd.DataFrame(
            {"external_code": codes, "segment_code": codes, "handed_over_on": days}
            | {"accepted_on": days, "handed_by": "建设单位", "received_by": "照明处"}
        )
        load(session, "handovers", register, source="t")
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def page(client: TestClient, address: str = PATH, **query: object) -> HandoverPage:
    return HandoverPage.model_validate(client.get(address, params=query or None).json())


def test_the_register_is_told_as_of_a_day(client: TestClient) -> None:
    found = page(client, as_of="2019-08-10")
    assert found.totals == {"unbuilt": 0, "never_handed_over": 1, "handed_over": 0, "accepted": 2}
    assert [(one.code, one.accepted_on) for one in found.items][:2] == [
        ("a", "2019-08-01"),
        ("b", "2019-08-10"),
    ]


def test_what_stands_alike_is_paged_by_key(client: TestClient) -> None:
    query = {"as_of": "2019-08-10", "standing": "accepted"}
    first = page(client, limit=1, **query)
    assert first.next is not None
    assert [one.code for one in first.items + page(client, first.next).items] == ["a", "b"]


def test_a_register_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    tag = client.get(PATH).headers["etag"]
    assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 304
