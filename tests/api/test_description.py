"""The service does what its description says, whatever is asked of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
import schemathesis
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session

from api.app import create_app
from api.settings import Settings
from data.cities import create_city
from data.engine import transaction
from data.grids import GridHead, load_grid
from data.loading import load

pytestmark = pytest.mark.db

AT = "http://127.0.0.1"
DAY = pd.Timestamp("2019-08-01 10:00", tz="Asia/Shanghai")
HERE = shapely.Point(113.505, 34.5)
ROAD = shapely.LineString([(113.5, 34.5), (113.51, 34.5)])
ROWS: dict[str, dict[str, Any]] = {
    "units": {"name": "u", "geom": HERE, "registered_on": pd.Timestamp("2019-01-01")},
    "inspections": {"unit_code": "1", "inspected_at": DAY},
    "hazards": {"unit_code": "1", "found_at": DAY, "level": "general", "geom": HERE},
    "segments": {"name": "r", "geom": ROAD},
    "handovers": {"segment_code": "1", "handed_over_on": date(2018, 1, 1)},
    "boxes": {"name": "b", "geom": HERE},
    "lamps": {"box_code": "1", "geom": HERE},
    "outages": {"lamp_code": "1", "started_at": DAY},
    "rectifications": {"hazard_code": "1", "found_at": DAY},
}
"""One row of each ledger."""

FEW = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 2}
"""How many requests of each operation are tried, as described and otherwise."""


def fill(session: Session) -> None:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", metric_srid=4547)
    cells = pd.DataFrame({"external_code": ["a"], "geom": [shapely.box(113, 34, 114, 35)]})
    load_grid(session, GridHead("g", "Grid", "management"), cells, source="t")
    for kind, row in ROWS.items():
        load(session, kind, pd.DataFrame([{"external_code": "1"} | row]), source="t")


@pytest.fixture
def service(clean_url: URL, clean_engine: Engine) -> Iterator[FastAPI]:
    """The service on a store of its own, which may be written to."""
    with transaction(clean_engine, moves=["grids", "ledgers", "streetlights"]) as session:
        fill(session)
    app = create_app(Settings(database_url=clean_url.render_as_string(hide_password=False)))
    yield app
    app.state.engine.dispose()
    app.state.patient_engine.dispose()


def what_is_wrong(operation: Any, mode: GenerationMode) -> str | None:
    """Try an operation a few times, the same ones in every run."""

    @settings(
        max_examples=FEW[mode],
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def is_as_described(case: Any) -> None:
        # What the description cannot say, such as which day is before which, may be refused.
        case.call_and_validate(base_url=AT, excluded_checks=[positive_data_acceptance])

    try:
        is_as_described()
    except Unsatisfiable:
        return None  # without parameters nothing can be asked otherwise
    except FailureGroup as found:
        return "; ".join(map(str, found.exceptions))
    return None


@pytest.mark.parametrize("mode", FEW)
def test_every_operation_answers_as_it_is_described(service: FastAPI, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", service, headers={"host": "127.0.0.1"}
    )
    operations = [result.ok() for result in schema.get_all_operations()]
    wrong = {one.label: what_is_wrong(one, mode) for one in operations}
    assert len(wrong) > 40
    assert {label: told for label, told in wrong.items() if told} == {}


def test_a_page_of_rows_is_described_in_every_format_it_has(service: FastAPI) -> None:
    client = TestClient(service, base_url=AT)
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/units"]["get"]
    page = client.get("/api/v1/units", params={"format": "geojson"})
    formats = set(described["responses"]["200"]["content"])
    assert formats == {"application/json", page.headers["content-type"]}
