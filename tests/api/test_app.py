import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL
from sqlalchemy.exc import InternalError

from api.app import create_app
from api.settings import Settings
from data.engine import snapshot

pytestmark = pytest.mark.db

PAGES = ["/", "/maps/hazards", "/maps/coverage", "/maps/streetlights"]


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_never_stored_and_runs_only_its_own_scripts(client: TestClient, url: str) -> None:
    page = client.get(url)
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert nonce is not None
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))([^>]*)>", page.text)
    assert all(f'nonce="{nonce[1]}"' in attributes for attributes in inline)


@pytest.mark.parametrize("url", PAGES)
def test_a_page_links_to_nothing_beyond_its_host(client: TestClient, url: str) -> None:
    text = client.get(url).text
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", text)


@pytest.mark.parametrize("url", [*PAGES, "/api/v1/units", "/nowhere", "/static/guatu/page.js"])
def test_every_answer_carries_the_safe_headers(client: TestClient, url: str) -> None:
    headers = client.get(url).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "content-security-policy" in headers


def test_the_page_speaks_the_language_asked_for(client: TestClient) -> None:
    assert 'lang="en"' in client.get("/maps/coverage?lang=en").text
    assert 'lang="zh' in client.get("/maps/coverage").text


def test_a_host_name_that_is_not_ours_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_the_names_of_loopback_are_ours(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/city", headers={"Host": host}).status_code == 200


def test_the_description_lists_every_route_of_the_api(client: TestClient) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/coverage", "/api/v1/units", "/tiles/{layer}/{z}/{x}/{y}.mvt"} <= set(
        description["paths"]
    )


def test_a_request_cannot_write(client: TestClient) -> None:
    engine = client.app.state.engine  # type: ignore[attr-defined]  # an ASGI app in general has none
    with snapshot(engine) as session, pytest.raises(InternalError, match="read-only"):
        session.connection().exec_driver_sql("UPDATE revision SET value = value + 1")


def test_an_empty_store_answers_its_pages_with_a_problem(empty_client: TestClient) -> None:
    assert empty_client.get("/").status_code == 503


def test_two_services_in_one_process_share_nothing(client: TestClient, clean_url: URL) -> None:
    url = clean_url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url))
    with TestClient(app, base_url="http://127.0.0.1") as other:
        assert other.get("/api/v1/city").status_code == 503
    assert client.get("/api/v1/city").status_code == 200
