import csv
from io import StringIO

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.db

QUERY = "grid=squares_100m&as_of=2025-10-31&window=90"
FIGURES = {
    "hazards": {"hazards_found": "n_hazards", "open": "n_open"},
    "coverage": {
        "coverage": "n_inspected",
        "visits": "n_visits",
        "never": "n_never",
        "overdue": "n_overdue",
    },
}
QUESTIONS = {"hazards": "hotspots", "coverage": "coverage"}
EVERY = [(subject, name) for subject, names in FIGURES.items() for name in names]


@pytest.mark.parametrize(("subject", "figure"), EVERY)
def test_the_rows_of_a_figure_add_up_to_it(client: TestClient, subject: str, figure: str) -> None:
    totals = client.get(f"/api/v1/{QUESTIONS[subject]}?{QUERY}").json()["totals"]
    found = client.get(f"/api/v1/figures/{subject}/{figure}?{QUERY}&limit=1000").json()
    rows = list(found["items"])
    while found["next"]:
        found = client.get(found["next"]).json()
        rows += found["items"]
    assert sum(row["n"] for row in rows) == found["n"] == totals[FIGURES[subject][figure]] > 0
    assert len({row["id"] for row in rows}) == len(rows) == found["n_rows"]


def test_the_lamps_that_are_lit_are_as_many_as_the_rate_says(client: TestClient) -> None:
    [rate] = [
        rate
        for rate in client.get("/api/v1/outages?as_of=2025-10-31").json()["rates"]
        if rate["name"] == "lamps_lit"
    ]
    found = client.get("/api/v1/figures/streetlights/lamps_lit?as_of=2025-10-31&limit=1000").json()
    assert found["n"] == found["n_rows"] == len(found["items"]) == rate["numerator"] > 100
    lamps = client.get("/api/v1/outages?as_of=2025-10-31").json()["totals"]["n_lamps_out"]
    assert found["n"] + lamps == rate["denominator"]


def test_cells_have_no_figure_without_a_grid(client: TestClient) -> None:
    assert client.get("/api/v1/figures/hazards/open").status_code == 422


def test_a_table_has_every_row_of_the_figure(client: TestClient) -> None:
    url = f"/api/v1/figures/coverage/never?{QUERY}"
    table = client.get(f"{url}&format=csv").content.decode("utf-8-sig")
    n_rows = client.get(f"{url}&limit=1").json()["n_rows"]
    assert len(list(csv.DictReader(StringIO(table)))) == n_rows > 100


def test_a_figure_of_nothing_has_a_table_of_its_headings(client: TestClient) -> None:
    url = f"/api/v1/figures/hazards/not_placed?{QUERY}"
    assert client.get(f"{url}&format=csv").content.decode("utf-8-sig").split() == ["id,code,n"]
    assert client.get(url).json()["n"] == 0


def test_rows_are_not_sent_twice(client: TestClient) -> None:
    url = f"/api/v1/figures/hazards/open?{QUERY}"
    tag = client.get(url).headers["etag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["hazards/visits", "coverage/open", "coverage/none"])
def test_a_figure_that_a_page_does_not_have_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/api/v1/figures/{path}?{QUERY}").status_code == 404
