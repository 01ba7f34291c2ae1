import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.db


def test_a_road_is_found_in_the_city(client: TestClient) -> None:
    items = client.get("/api/v1/find?q=kaivok&grid=squares_100m").json()["items"]
    assert (items[0]["thing"], items[0]["name"]) == ("road", "Kaivokatu")
    assert 24.9 < items[0]["lon"] < 25
    assert 60.1 < items[0]["lat"] < 60.2


def test_blanks_find_nothing(client: TestClient) -> None:
    assert client.get("/api/v1/find?q=%20").json() == {"items": []}


@pytest.mark.parametrize("query", ["", "q=", "q=a&limit=99", "q=%00", "q=a&phone=1"])
def test_what_cannot_be_looked_for_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/api/v1/find?{query}").status_code == 422
