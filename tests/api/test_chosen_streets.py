"""What is chosen among the streets reaches every answer about them, and no tile."""

import csv
import json
from io import StringIO
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient

from api.asking import StreetStatus, StreetWork
from data.answers.chosen_streets import STATUSES
from data.answers.street_works import STAGES

pytestmark = pytest.mark.db

DAY = {"as_of": "2025-10-31", "window": "90"}


def read(client: TestClient, path: str, **asked: str) -> Any:
    answer = client.get(f"/api/v1/{path}", params=DAY | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def chosen_of(client: TestClient, field: str) -> dict[str, str]:
    """Return a choice that some streets are, and others are not."""
    rows = read(client, "outages")["segments"]
    values = [row[field] for row in rows if row[field] is not None]
    assert len(rows) > values.count(values[0]) > 0
    return {field: values[0]}


def test_the_words_to_choose_by_are_those_of_the_answer() -> None:
    assert set(get_args(StreetStatus)) == set(STATUSES)
    assert set(get_args(StreetWork)) == set(STAGES)


def test_the_choices_are_offered(client: TestClient) -> None:
    offered = client.get("/api/v1/choices/streetlights").json()
    assert set(offered) == {"status", "work", "owner"}
    assert set(offered["status"]) == set(STATUSES)
    assert set(offered["work"]) == set(STAGES)


@pytest.mark.parametrize("field", ["status", "work"])
def test_figures_are_of_the_chosen_streets(client: TestClient, field: str) -> None:
    chosen = chosen_of(client, field)
    every = read(client, "outages")["segments"]
    found = read(client, "outages", **chosen)
    wanted = [row for row in every if row[field] == chosen[field]]
    assert found["segments"] == wanted
    assert found["totals"]["n_segments"] == len(wanted)
    assert {"code": f"only_{field}", "values": chosen} in [
        {key: one[key] for key in ("code", "values")} for one in found["decisions"]
    ]


@pytest.mark.parametrize("field", ["status", "work"])
def test_the_rows_of_a_figure_are_as_many_as_it_says(client: TestClient, field: str) -> None:
    chosen = chosen_of(client, field)
    [rate] = [
        rate for rate in read(client, "outages", **chosen)["rates"] if rate["name"] == "lamps_lit"
    ]
    found = read(client, "figures/streetlights/lamps_lit", limit="1000", **chosen)
    assert found["n"] == found["n_rows"] == len(found["items"]) == rate["numerator"]
    every = read(client, "figures/streetlights/lamps_lit", limit="1")
    assert found["n"] < every["n"]


def test_an_export_has_the_chosen_rows(client: TestClient) -> None:
    asked = DAY | {"status": "dark"}
    table = client.get("/api/v1/outages", params=asked | {"format": "csv"}).content
    rows = list(csv.DictReader(StringIO(table.decode("utf-8-sig"))))
    assert {row["status"] for row in rows} == {"dark"}
    shapes = client.get("/api/v1/outages", params=asked | {"format": "geojson"}).json()
    assert len(shapes["features"]) == len(rows) > 0


def test_dark_runs_are_those_of_the_chosen_streets(client: TestClient) -> None:
    codes = {row["code"] for row in read(client, "outages", status="scattered")["segments"]}
    found = read(client, "dark-runs", status="scattered")["features"]
    assert {one["properties"]["code"] for one in found} <= codes
    assert len(found) < len(read(client, "dark-runs")["features"])


def test_a_street_that_was_chosen_on_one_of_two_days_is_compared_by_both(
    client: TestClient,
) -> None:
    days = {"before": "2025-06-30"}
    found = read(client, "changes/streetlights", status="dark", **days)["rows"]
    every = {row["code"]: row for row in read(client, "changes/streetlights", **days)["rows"]}
    chosen = {
        row["code"]
        for day in ("2025-06-30", "2025-10-31")
        for row in read(client, "outages", as_of=day, status="dark")["segments"]
    }
    assert {row["code"] for row in found} == chosen
    assert all(row == every[row["code"]] for row in found)
    assert {row["change"] for row in found} >= {"new"}


@pytest.mark.parametrize("path", ["/pictures/streetlights.png", "/api/v1/posters/streetlights.pdf"])
def test_a_picture_shows_other_streets_when_they_are_chosen(client: TestClient, path: str) -> None:
    asked = DAY | ({"bbox": "24.93,60.16,24.95,60.18"} if "pictures" in path else {})
    every, chosen = (client.get(path, params=asked | more) for more in ({}, {"status": "no_lamp"}))
    assert (every.status_code, chosen.status_code) == (200, 200)
    assert every.content != chosen.content
    assert every.headers.get("etag") is None or every.headers["etag"] != chosen.headers["etag"]


def test_no_tile_is_told_of_a_choice_and_every_other_address_is(client: TestClient) -> None:
    owner = "路灯所"
    page = client.get("/maps/streetlights", params=DAY | {"owner": owner, "lang": "en"}).text
    block = page.split('id="declaration">')[1].split("</script>")[0]
    declared = json.loads(block)
    assert declared["chosen"] == {"owner": owner}
    assert "owner=" in declared["answer_url"]
    assert "owner=" in declared["tile_urls"].pop("dark_runs")
    assert [url for url in declared["tile_urls"].values() if "owner" in url] == []


def test_a_word_that_no_street_has_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/outages", params={"status": "off"}).status_code == 422
