"""The pages to be read without a browser, and the tables behind them."""

from collections.abc import Iterator

import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import URL, Engine

from api.app import create_app
from api.settings import Settings
from data.answers.consistency import CHECKS
from data.cities import create_city
from data.engine import transaction
from data.loading import load

pytestmark = pytest.mark.db

MARKUP = "<b onclick=x>{{7*7}}</b>"
LINE = shapely.LineString([(113.6, 34.7), (113.61, 34.7)])


@pytest.fixture
def client(clean_url: URL, clean_engine: Engine) -> Iterator[TestClient]:
    """A city with one street that nobody surveyed, named by somebody who means harm."""
    with transaction(clean_engine, moves=("streetlights",)) as session:
        create_city(session, "test", name=MARKUP, timezone="Asia/Shanghai")
        street = {"external_code": MARKUP, "name": "=1+1", "geom": LINE}
        rows = pd.DataFrame([street | {"lamp_survey": "not_surveyed"}])
        load(session, "segments", rows, source="t")
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def test_what_a_ledger_says_is_text_on_the_page(client: TestClient) -> None:
    page = client.get("/checks?lang=en").text
    assert MARKUP not in page
    assert page.count("&lt;b onclick=x&gt;{{7*7}}&lt;/b&gt;") >= 3
    assert "<script" not in page
    assert " style=" not in page


def test_every_check_has_a_place_of_its_own(client: TestClient) -> None:
    page = client.get("/checks").text
    assert [code for code in CHECKS if f'id="{code}"' not in page] == []


def test_the_rows_of_a_check_leave_as_a_table_without_formulas(client: TestClient) -> None:
    answer = client.get("/api/v1/consistency/lamps_are_surveyed.csv")
    assert answer.text.splitlines()[1] == f"{MARKUP},'=1+1"
    assert client.get("/api/v1/consistency/dance.csv").status_code == 404


def test_a_city_without_published_figures_says_so(client: TestClient) -> None:
    assert client.get("/api/v1/published").json() == {"figures": []}
    assert "Nobody published" in client.get("/published?lang=en").text
    assert client.get("/api/v1/published?format=csv").text.startswith("\ufeffname,as_of")
