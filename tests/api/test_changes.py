import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.db

DAYS = "before=2025-06-30&as_of=2025-12-31&window=90"


def test_changes_are_the_differences_of_the_two_answers(client: TestClient) -> None:
    url = "/api/v1/coverage?grid=squares_100m&window=90&as_of="
    gaps = [
        {cell["code"]: cell["gap"] for cell in client.get(url + day).json()["cells"]}
        for day in ("2025-06-30", "2025-12-31")
    ]
    found = client.get(f"/api/v1/changes/coverage?grid=squares_100m&{DAYS}").json()
    for row in found["rows"]:
        assert (row["before"], row["after"]) == (gaps[0][row["code"]], gaps[1][row["code"]])
    assert sum(found["counts"].values()) == len(found["rows"]) == len(gaps[1])


def test_streets_are_compared_by_their_dark_length(client: TestClient) -> None:
    found = client.get(f"/api/v1/changes/streetlights?{DAYS}").json()
    new = [row for row in found["rows"] if row["change"] == "new"]
    assert found["by"] == "dark_m"
    assert len(new) == found["counts"]["new"] > 0
    assert all(row["before"] == 0 and row["after"] > 0 for row in new)


def test_changes_are_not_sent_twice(client: TestClient) -> None:
    url = f"/api/v1/changes/hazards?grid=squares_100m&by=gi_bin&{DAYS}"
    tag = client.get(url).headers["etag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "query",
    [
        "hazards?before=2025-06-30",
        "coverage?grid=squares_100m",
        "coverage?grid=squares_100m&before=2025-07-01&as_of=2025-06-30",
        "coverage?grid=squares_100m&before=2025-06-30&by=coverage",
        "weather?grid=squares_100m&before=2025-06-30",
    ],
)
def test_what_cannot_be_compared_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/api/v1/changes/{query}").status_code == 422
