import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas import CoverageAnswer, HotspotAnswer, OutageAnswer

pytestmark = pytest.mark.db

GRID = "squares_100m"
QUESTIONS = {
    f"/api/v1/coverage?grid={GRID}": CoverageAnswer,
    f"/api/v1/hotspots?grid={GRID}": HotspotAnswer,
    f"/api/v1/outages?grid={GRID}": OutageAnswer,
    "/api/v1/outages": OutageAnswer,
}


@pytest.mark.parametrize(("url", "model"), QUESTIONS.items())
def test_an_answer_is_what_its_description_says(client: TestClient, url: str, model: Any) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert model.model_validate_json(answer.content).simulated is True


@pytest.mark.parametrize("url", QUESTIONS)
def test_every_cell_or_segment_is_a_feature_with_a_shape(client: TestClient, url: str) -> None:
    body = client.get(url).json()
    rows = body.get("cells") or body["segments"]
    joint = "&" if "?" in url else "?"
    collection = client.get(f"{url}{joint}format=geojson").json()
    assert [feature["id"] for feature in collection["features"]] == [row["code"] for row in rows]
    assert all(feature["geometry"]["coordinates"] for feature in collection["features"])
    assert collection["definition"] == body["definition"]


def test_a_table_has_one_line_for_each_cell(client: TestClient) -> None:
    url = f"/api/v1/coverage?grid={GRID}"
    text = client.get(f"{url}&format=csv").content.decode("utf-8-sig")
    cells = client.get(url).json()["cells"]
    assert [row["code"] for row in csv.DictReader(io.StringIO(text))] == [c["code"] for c in cells]


def test_the_same_question_in_another_language_has_other_words_and_equal_figures(
    client: TestClient,
) -> None:
    url = f"/api/v1/hotspots?grid={GRID}&lang="
    zh, en = client.get(f"{url}zh").json(), client.get(f"{url}en").json()
    assert zh["definition"] != en["definition"]
    assert zh["cells"] == en["cells"]


def test_an_earlier_day_is_answered_for_that_day(client: TestClient) -> None:
    latest = client.get(f"/api/v1/coverage?grid={GRID}").json()
    earlier = client.get(f"/api/v1/coverage?grid={GRID}&as_of=2018-01-01").json()
    assert earlier["as_of"] == "2018-01-01"
    assert latest["as_of"] != "2018-01-01"


def test_an_unknown_grid_is_not_found(client: TestClient) -> None:
    answer = client.get("/api/v1/coverage?grid=nowhere")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:guatu:problem:not-found"


def test_an_empty_store_says_that_it_holds_no_city(empty_client: TestClient) -> None:
    answer = empty_client.get("/api/v1/outages")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:guatu:problem:no-city"
