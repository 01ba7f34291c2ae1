from typing import Any

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.db

LEDGERS = ["units", "inspections", "hazards", "segments", "lamps", "grids/squares_100m/cells"]


def rows(client: TestClient, url: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while url is not None:
        page = client.get(url).json()
        found.extend(page["items"])
        url = page["next"]
    return found


def test_the_city_says_where_and_when_it_is(client: TestClient) -> None:
    city = client.get("/api/v1/city").json()
    assert (city["code"], city["timezone"]) == ("helsinki", "Europe/Helsinki")
    west, south, east, north = city["bounds"]
    assert west < 24.94 < east
    assert south < 60.17 < north


@pytest.mark.parametrize("ledger", LEDGERS)
def test_pages_follow_each_other_without_a_gap_or_a_repeat(client: TestClient, ledger: str) -> None:
    in_few = rows(client, f"/api/v1/{ledger}?limit=1000")
    in_many = rows(client, f"/api/v1/{ledger}?limit=97")
    assert len(in_many) > 97
    assert in_many == in_few


@pytest.mark.parametrize("ledger", LEDGERS)
def test_a_row_is_a_feature_with_the_same_properties(client: TestClient, ledger: str) -> None:
    row = client.get(f"/api/v1/{ledger}?limit=1").json()["items"][0]
    answer = client.get(f"/api/v1/{ledger}?limit=1&format=geojson")
    feature = answer.json()["features"][0]
    assert answer.headers["content-type"] == "application/geo+json"
    assert feature["properties"] | {"geometry": feature["geometry"]} == row


def test_a_box_holds_what_lies_in_it(client: TestClient) -> None:
    box = "24.93,60.165,24.94,60.17"
    for unit in rows(client, f"/api/v1/units?bbox={box}&limit=1000"):
        lon, lat = unit["geometry"]["coordinates"]
        assert 24.93 <= lon <= 24.94
        assert 60.165 <= lat <= 60.17


def test_the_units_of_all_cells_are_all_units(client: TestClient) -> None:
    units = rows(client, "/api/v1/units?grid=squares_100m&limit=1000")
    cell = units[0]["cell"]
    of_cell = rows(client, f"/api/v1/units?grid=squares_100m&cell={cell}&limit=1000")
    assert of_cell == [unit for unit in units if unit["cell"] == cell]


def test_names_and_phones_of_persons_do_not_leave(client: TestClient) -> None:
    unit = client.get("/api/v1/units?limit=1").json()["items"][0]
    assert not {"legal_person", "phone", "credit_code"} & set(unit)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "after=x", "bbox=1,2,3", "cell=a%00b", "unknown=1"]
)
def test_a_wrong_parameter_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/units?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_cell_without_its_grid_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/units?cell=r00001c00001").status_code == 422
