from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL

from api.app import create_app
from api.settings import Settings
from data.cities import create_city
from data.engine import make_engine, transaction
from data.importers import ImportOptions, import_file

BASE = "http://127.0.0.1"
CELLS = """code,name,wkt
a,West,"POLYGON ((113.5 34.7, 113.6 34.7, 113.6 34.8, 113.5 34.8, 113.5 34.7))"
b,East,"POLYGON ((113.6 34.7, 113.7 34.7, 113.7 34.8, 113.6 34.8, 113.6 34.7))"
"""


@pytest.fixture
def service(clean_url: URL, tmp_path: Path) -> Iterator[TestClient]:
    """The service on a city with one unit that its ledger has in the wrong cell."""
    engine = make_engine(clean_url)
    with transaction(engine) as session:
        create_city(session, "zz", name="Zhengzhou", timezone="Asia/Shanghai")
    units = "code,name,lon,lat,属地\nu1,Mill,113.55,34.75,East\n"
    for kind, content in (("grids", CELLS), ("units", units)):
        (tmp_path / "file.csv").write_text(content, encoding="utf-8")
        options = ImportOptions(grid="g" if kind == "grids" else None)
        import_file(engine, kind, tmp_path / "file.csv", options)
    engine.dispose()
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url=BASE) as client:
        yield client


def disagreements(service: TestClient, **asked: object) -> list[dict[str, object]]:
    answer = service.get("/api/v1/placements/disagreements", params=asked)  # type: ignore[arg-type]
    return answer.json()["items"]


def test_a_disagreement_is_listed_and_decided(service: TestClient) -> None:
    (found,) = disagreements(service, grid="g")
    assert (found["kind"], found["code"]) == ("units", "u1")
    assert (found["computed"], found["declared"], found["override"]) == ("a", "b", None)
    wish = {"cell": "b", "reason": "现场核实"}
    answer = service.post(f"/api/v1/placements/{found['id']}/override", json=wish)
    assert answer.status_code == 200
    assert disagreements(service)[0]["override"] == "b"


def test_a_page_of_another_site_decides_nothing(service: TestClient) -> None:
    (found,) = disagreements(service)
    answer = service.post(
        f"/api/v1/placements/{found['id']}/override",
        json={"cell": "b", "reason": "r"},
        headers={"Origin": "http://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert disagreements(service)[0]["override"] is None


def test_what_is_not_there_is_not_found(service: TestClient) -> None:
    url = "/api/v1/placements/999999/override"
    assert service.post(url, json={"cell": "b", "reason": "r"}).status_code == 404
    assert service.post(url, json={"cell": "b", "reason": " "}).status_code == 422
    assert service.get("/api/v1/placements/disagreements?grid=none").status_code == 404


def test_a_full_page_names_the_next(service: TestClient) -> None:
    answer = service.get("/api/v1/placements/disagreements?limit=1").json()
    assert service.get(answer["next"]).json() == {"items": [], "next": None}
