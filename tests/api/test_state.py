import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.db


def test_the_state_is_what_a_page_of_it_declares(client: TestClient) -> None:
    state = client.get("/api/v1/state")
    page = client.get("/maps/hazards").text
    assert f'"revision":{state.json()["revision"]}' in page
    assert f"rev={state.json()['rev']}" in page.replace("\\u0026", "&")
    assert f'"as_of":"{state.json()["as_of"]}"' in page
    assert state.headers["cache-control"] == "no-store"
