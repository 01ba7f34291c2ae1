from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from matplotlib.image import imread

pytestmark = pytest.mark.db

VIEW = "bbox=24.935,60.165,24.95,60.175&width=320&height=240&grid=squares_100m"


@pytest.mark.parametrize("subject", ["hazards", "coverage", "streetlights"])
def test_each_map_is_drawn_in_the_size_that_is_asked_for(client: TestClient, subject: str) -> None:
    answer = client.get(f"/pictures/{subject}.png?{VIEW}")
    assert answer.headers["content-type"] == "image/png"
    assert imread(BytesIO(answer.content)).shape[:2] == (240, 320)


def test_another_view_is_another_picture_and_the_same_is_not_sent_twice(client: TestClient) -> None:
    first = client.get(f"/pictures/coverage.png?{VIEW}")
    assert first.content != client.get(f"/pictures/coverage.png?{VIEW}&view=gap").content
    tag = {"If-None-Match": first.headers["etag"]}
    assert client.get(f"/pictures/coverage.png?{VIEW}", headers=tag).status_code == 304


@pytest.mark.parametrize(
    "query",
    [
        "grid=squares_100m",
        "grid=squares_100m&bbox=1,1,1,1",
        "grid=squares_100m&bbox=1,80,2,89",
        "grid=squares_100m&bbox=2,1,1,2",
        "bbox=1,1,2,2",
        f"{VIEW}&view=density",
        f"{VIEW}&width=99999",
    ],
)
def test_what_cannot_be_drawn_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/pictures/coverage.png?{query}").status_code == 422
