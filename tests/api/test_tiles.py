import pytest
from fastapi.testclient import TestClient

from data.queries.tiles import LAYERS

pytestmark = pytest.mark.db

IN_THE_CITY = "14/9327/4741"


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_has_something_in_the_middle_of_the_city(client: TestClient, layer: str) -> None:
    answer = client.get(f"/tiles/{layer}/{IN_THE_CITY}.mvt?grid=squares_100m")
    empty = layer == "outages"  # every outage of this sample has its lamp
    assert answer.status_code == (204 if empty else 200)
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"


def test_a_tile_far_from_the_city_is_empty(client: TestClient) -> None:
    assert client.get("/tiles/units/14/0/0.mvt").status_code == 204


def test_an_address_with_a_revision_may_be_kept_for_a_minute(client: TestClient) -> None:
    kept = client.get(f"/tiles/units/{IN_THE_CITY}.mvt?rev=1").headers["cache-control"]
    asked_again = client.get(f"/tiles/units/{IN_THE_CITY}.mvt").headers["cache-control"]
    assert (kept, asked_again) == ("private, max-age=60", "private, no-cache")


@pytest.mark.parametrize(
    "numbers", ["21/0/0", "-1/0/0", "2/4/0", "2/0/4", "1/1e9/0", "0/0/9999999"]
)
def test_numbers_that_no_tile_has_are_refused(client: TestClient, numbers: str) -> None:
    assert client.get(f"/tiles/units/{numbers}.mvt").status_code == 422


def test_an_unknown_layer_is_not_found(client: TestClient) -> None:
    assert client.get("/tiles/phones/14/0/0.mvt").status_code == 404
    assert client.get("/tiles/phones.json").status_code == 404


def test_cells_need_to_know_of_which_grid(client: TestClient) -> None:
    assert client.get(f"/tiles/cells/{IN_THE_CITY}.mvt").status_code == 422


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_described_with_its_fields_and_its_address(
    client: TestClient, layer: str
) -> None:
    description = client.get(f"/tiles/{layer}.json?grid=squares_100m").json()
    address = description["tiles"][0].format(z=14, x=9327, y=4741)
    assert description["vector_layers"][0]["id"] == layer
    assert set(description["vector_layers"][0]["fields"]) == set(LAYERS[layer].fields)
    assert client.get(address).status_code in {200, 204}
