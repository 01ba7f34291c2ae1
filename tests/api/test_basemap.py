import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pmtiles.reader import MemorySource, Reader
from sqlalchemy import URL
from typer.testing import CliRunner, Result

from api.app import create_app
from api.cli import app
from api.settings import Settings

pytestmark = pytest.mark.db

IN_THE_CITY = "/tiles/basemap/14/9327/4741.mvt"
BASE = "http://127.0.0.1"


def bake(url: URL, out: Path) -> Result:
    environment = {"GUATU_DATABASE_URL": url.render_as_string(hide_password=False)}
    return CliRunner().invoke(app, ["basemap", "-o", str(out)], env=environment)


def test_the_middle_of_the_city_has_streets_and_the_far_end_of_the_world_nothing(
    client: TestClient,
) -> None:
    answer = client.get(IN_THE_CITY)
    assert answer.status_code == 200
    assert all(word in answer.content for word in (b"kind", b"road", b"rank", b"name"))
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert client.get("/tiles/basemap/14/0/0.mvt").status_code == 204


@pytest.mark.parametrize("numbers", ["15/0/0", "-1/0/0", "2/4/0", "2/0/4"])
def test_numbers_that_no_tile_has_are_refused(client: TestClient, numbers: str) -> None:
    assert client.get(f"/tiles/basemap/{numbers}.mvt").status_code == 422


def test_who_has_a_tile_is_told_that_nothing_has_changed(client: TestClient) -> None:
    tag = client.get(IN_THE_CITY).headers["etag"]
    assert client.get(IN_THE_CITY, headers={"if-none-match": tag}).status_code == 304


def test_every_map_lies_on_the_basemap_of_now(client: TestClient) -> None:
    for path in ("/maps/hazards", "/maps/streetlights", "/imports"):
        page = client.get(path).text
        block = page.split('id="declaration">')[1].split("</script>")[0]
        template = json.loads(block)["tile_urls"]["basemap"]
        address = template.format(z=14, x=9327, y=4741)
        assert client.get(address).headers["cache-control"] == "private, max-age=60"


def test_the_command_bakes_what_the_service_draws(
    helsinki_url: URL, client: TestClient, tmp_path: Path
) -> None:
    file = tmp_path / "city.pmtiles"
    result = bake(helsinki_url, file)
    assert result.exit_code == 0
    assert "tiles" in result.stderr
    assert Reader(MemorySource(file.read_bytes())).get(14, 9327, 4741) is not None
    url = helsinki_url.render_as_string(hide_password=False)
    with TestClient(create_app(Settings(database_url=url, basemap=file)), base_url=BASE) as baked:
        assert baked.get(IN_THE_CITY).content == client.get(IN_THE_CITY).content


def test_a_folder_that_is_not_there_is_told_in_one_line(helsinki_url: URL, tmp_path: Path) -> None:
    result = bake(helsinki_url, tmp_path / "no" / "city.pmtiles")
    assert result.exit_code == 1
    assert result.stderr.strip().splitlines()[-1].startswith("guatu: ")
