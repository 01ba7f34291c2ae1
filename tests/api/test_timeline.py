from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL, insert

from api.app import create_app
from api.settings import Settings
from data.cities import create_city
from data.engine import make_engine, transaction
from data.models import Campaign

pytestmark = pytest.mark.db


def test_the_days_of_a_year_add_up_to_the_figure_of_that_year(client: TestClient) -> None:
    days = client.get("/api/v1/timeline/hazards").json()["days"]
    figure = client.get("/api/v1/hotspots?grid=squares_100m&as_of=2025-12-31&window=365").json()
    placed = figure["totals"]["n_hazards"]
    assert sum(day["n"] for day in days) == placed + sum(figure["outside"].values())


def test_a_timeline_is_not_sent_twice(client: TestClient) -> None:
    tag = client.get("/api/v1/timeline/coverage").headers["etag"]
    again = client.get("/api/v1/timeline/coverage", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_drives_are_named_with_their_days(clean_url: URL) -> None:
    engine = make_engine(clean_url)
    with transaction(engine) as session:
        create_city(session, "zz", name="Zhengzhou", timezone="Asia/Shanghai")
        drive = {"code": "c1", "name": "百日攻坚", "started_on": date(2019, 8, 21)}
        session.execute(insert(Campaign), [drive])
    engine.dispose()
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as service:
        answer = service.get("/api/v1/timeline/streetlights").json()
    named = {"code": "c1", "name": "百日攻坚", "started_on": "2019-08-21", "ended_on": None}
    assert (answer["days"], answer["campaigns"]) == ([], [named])


def test_a_subject_that_no_page_has_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/timeline/weather").status_code == 422
