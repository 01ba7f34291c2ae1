from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL

from api.app import create_app
from api.settings import Settings
from maps.assets import BUNDLES, STATIC_DIR, bundle_url

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def client(new_database: Callable[[], URL]) -> Iterator[TestClient]:
    url = new_database().render_as_string(hide_password=False)
    with TestClient(create_app(Settings(database_url=url)), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize("page", BUNDLES)
def test_all_scripts_of_a_page_come_as_one_that_may_be_kept(client: TestClient, page: str) -> None:
    answer = client.get(bundle_url(page))
    assert answer.headers["cache-control"].endswith("immutable")
    assert answer.headers["content-type"].startswith("text/javascript")
    for name in BUNDLES[page]:
        assert (STATIC_DIR / name).read_text() in answer.text


@pytest.mark.parametrize("name", ["map.js", "map.000000000000.js", "no.000000000000.js", "map"])
def test_scripts_that_have_changed_have_another_address(client: TestClient, name: str) -> None:
    answer = client.get(f"/static/scripts/{name}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")
