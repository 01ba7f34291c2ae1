from collections import Counter

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.db

DAY = "as_of=2025-10-31&window=90"


def test_the_runs_of_the_walk_add_up_to_the_figure(client: TestClient) -> None:
    figure = client.get(f"/api/v1/outages?{DAY}").json()["longest_dark_walk_m"]
    found = client.get(f"/api/v1/dark-runs?{DAY}&lang=en").json()
    kinds = [one["properties"]["kind"] for one in found["features"]]
    assert found["counts"] == {kind: kinds.count(kind) for kind in ("walk", "run")}
    walked = [one["properties"] for one in found["features"] if one["properties"]["kind"] == "walk"]
    assert sum(run["length_m"] for run in walked) == pytest.approx(figure)
    assert "at most 120 m apart" in found["definition"]


@pytest.mark.parametrize(
    ("path", "days"), [("clusters", 90), ("repeat-sites", 90), ("blind-spots", 1)]
)
def test_the_counts_are_those_of_the_features(client: TestClient, path: str, days: int) -> None:
    query = f"grid=squares_100m&as_of=2025-10-31&window={days}&lang=en"
    found = client.get(f"/api/v1/{path}?{query}").json()
    kinds = Counter(one["properties"]["kind"] for one in found["features"])
    assert {kind: n for kind, n in found["counts"].items() if n} == kinds != {}
    assert f"{days} days" in found["definition"]


def test_shapes_are_not_sent_twice(client: TestClient) -> None:
    tag = client.get(f"/api/v1/dark-runs?{DAY}").headers["etag"]
    again = client.get(f"/api/v1/dark-runs?{DAY}", headers={"if-none-match": tag})
    assert again.status_code == 304
