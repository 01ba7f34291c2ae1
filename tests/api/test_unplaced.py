"""The queue of rows that wait for a place, over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL, Engine, text

from api.app import create_app
from api.place_schemas import Offers, UnplacedCounts, UnplacedRows
from api.settings import Settings
from data.cities import create_city
from data.engine import transaction
from data.importers import ImportOptions, import_file

pytestmark = pytest.mark.db

PATH = "/api/v1/unplaced"
UNITS = "code,name,lon,lat\nu1,东风饭店,113.6,34.7\nu2,东风大饭店西侧,,\nu3,无名,,\n"


@pytest.fixture
def client(clean_url: URL, clean_engine: Engine, tmp_path: Path) -> Iterator[TestClient]:
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    import_file(clean_engine, "units", tmp_path / "units.csv", ImportOptions(datum="wgs84"))
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def ids(client: TestClient) -> dict[str, int]:
    items = UnplacedRows.model_validate(client.get(f"{PATH}/units").json()).items
    return {row.code: row.id for row in items}


def test_the_queue_counts_and_lists_what_waits(client: TestClient) -> None:
    assert UnplacedCounts.model_validate(client.get(PATH).json()).units == 2
    assert list(ids(client)) == ["u2", "u3"]


def test_a_full_page_names_the_next(client: TestClient) -> None:
    first = client.get(f"{PATH}/units", params={"limit": 1}).json()
    assert [row["code"] for row in client.get(first["next"]).json()["items"]] == ["u3"]


def test_an_offer_is_placed_and_the_row_waits_no_more(client: TestClient) -> None:
    number = ids(client)["u2"]
    answer = client.get(f"{PATH}/units/{number}/offers").json()
    best = Offers.model_validate(answer).items[0]
    assert (best.code, best.lon) == ("u1", 113.6)
    given = {"lon": best.lon, "lat": best.lat}
    assert client.post(f"{PATH}/units/{number}/place", json=given).status_code == 200
    assert list(ids(client)) == ["u3"]


def test_the_next_page_of_the_ledger_has_the_place(client: TestClient) -> None:
    number = ids(client)["u3"]
    before = client.get("/api/v1/units")
    client.post(f"{PATH}/units/{number}/place", json={"lon": 113.65, "lat": 34.75})
    tag = {"If-None-Match": before.headers["etag"]}
    after = client.get("/api/v1/units", headers=tag)
    assert after.status_code == 200
    assert after.json()["items"][2]["geometry"]["coordinates"] == [113.65, 34.75]


@pytest.mark.parametrize(
    ("given", "status", "reason"),
    [
        ({"lon": 34.7, "lat": 113.6}, 422, "swapped"),
        ({"lon": 113.6, "lat": 34.7, "datum": "mars"}, 422, "names no datum"),
        ({"lon": 113.6}, 422, "lat"),
        ({"lon": "1e999", "lat": 34.7}, 422, "lon"),
    ],
)
def test_what_is_no_place_is_refused_with_its_reason(
    client: TestClient, given: dict[str, object], status: int, reason: str
) -> None:
    answer = client.post(f"{PATH}/units/{ids(client)['u3']}/place", json=given)
    assert answer.status_code == status
    assert reason in answer.text


def test_a_row_that_does_not_wait_is_not_found(client: TestClient) -> None:
    assert client.post(f"{PATH}/units/1/place", json={"lon": 1, "lat": 1}).status_code == 404
    assert client.get(f"{PATH}/units/1/offers").status_code == 404
    assert client.get(f"{PATH}/inspections").status_code == 422


def test_another_page_may_not_place(client: TestClient) -> None:
    foreign = {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    path = f"{PATH}/units/{ids(client)['u3']}/place"
    answer = client.post(path, json={"lon": 113.6, "lat": 34.7}, headers=foreign)
    assert answer.status_code == 403


def test_an_export_that_is_imported_changes_no_place_that_a_person_gave(
    client: TestClient, clean_engine: Engine, tmp_path: Path
) -> None:
    client.post(f"{PATH}/units/{ids(client)['u3']}/place", json={"lon": 113.65, "lat": 34.75})
    assert exported_and_imported(client, clean_engine, "units", tmp_path) == (3, 0)
    with clean_engine.connect() as connection:
        kept = connection.scalar(text("SELECT located_by FROM unit WHERE external_code = 'u3'"))
    assert kept == "person"


def test_an_export_that_is_imported_changes_no_place_that_a_name_gave(
    client: TestClient, clean_engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "hazards.csv").write_text(
        "code,place,found_at\nh1,东风饭店,2019-05-08\n", encoding="utf-8"
    )
    report = import_file(clean_engine, "hazards", tmp_path / "hazards.csv", ImportOptions())
    assert report.without_position == 0
    assert exported_and_imported(client, clean_engine, "hazards", tmp_path) == (1, 0)


def exported_and_imported(
    client: TestClient, engine: Engine, kind: str, folder: Path
) -> tuple[int, int]:
    """Return how many rows of an export are the same, and how many changed, when it comes back."""
    path = folder / f"export_{kind}.csv"
    path.write_bytes(client.get(f"/api/v1/exports/{kind}.csv").content)
    report = import_file(engine, kind, path, ImportOptions())
    return report.same, report.changed
