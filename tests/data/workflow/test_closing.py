"""A hazard is closed and opened with the work on it, and no silent ledger takes that back."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.cities import create_city
from data.loading import load
from data.models import Hazard, Rectification, RowHistory, Segment
from data.queries.consistency import ended_apart
from data.scope import WHOLE_CITY
from data.workflow import Brought
from geo.periods import Period
from tests.data.workflow.scenes import FOUND, SINCE, Scene, stage, take

pytestmark = pytest.mark.db

DONE = datetime(2019, 8, 21, 3, tzinfo=UTC)
RECHECKED = {
    "state": "rechecked",
    "found_at": FOUND,
    "state_at": SINCE,
    "lead_party": None,
    "reported_fixed_by": "Li",
    "rechecked_by": "Wang",
}


@pytest.fixture
def city(session: Session) -> Session:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    return session


@pytest.fixture
def item(city: Session) -> Rectification:
    return stage(city, Scene(RECHECKED, Brought()))


@pytest.fixture
def closed(city: Session, item: Rectification) -> Rectification:
    take(city, item, "close", Brought(at=DONE))
    return item


def hazard(session: Session) -> Hazard:
    session.expire_all()
    return session.scalars(select(Hazard)).one()


def ledger(session: Session, **columns: list[object]) -> int:
    """Load the ledger of the hazard again; return how many rows it changed."""
    told = {"external_code": ["h"], "found_at": [pd.Timestamp(FOUND)], **columns}
    return load(session, "hazards", pd.DataFrame(told), source="t").changed


def apart(session: Session) -> list[dict[str, object]]:
    return ended_apart(session, WHOLE_CITY, Period(date(2019, 8, 31), 1, "Asia/Shanghai"))


def test_closing_the_work_closes_the_hazard_and_keeps_how_it_stood(
    city: Session, closed: Rectification
) -> None:
    assert hazard(city).closed_at == closed.closed_at == DONE
    kept = city.scalars(select(RowHistory).where(RowHistory.table_name == "hazard")).one()
    assert (kept.data["closed_at"], kept.replaced_at) == (None, hazard(city).recorded_at)
    assert "ledgers" in city.info["guatu_moved"]
    assert apart(city) == []


def test_a_hazard_that_its_ledger_closed_before_keeps_its_day(
    city: Session, item: Rectification
) -> None:
    ledger(city, closed_at=[pd.Timestamp(SINCE)])
    take(city, item, "close", Brought(at=DONE))
    assert hazard(city).closed_at == SINCE


def test_what_is_reopened_is_open(city: Session, closed: Rectification) -> None:
    take(city, closed, "reopen", Brought(by="Wang", reason="dark again"))
    assert hazard(city).closed_at is None
    assert apart(city) == []


def test_closing_the_work_on_a_street_closes_no_hazard(city: Session, item: Rectification) -> None:
    line = "SRID=4326;LINESTRING (113.6 34.7, 113.61 34.7)"
    street = Segment(source="t", external_code="s", ledger_code="s", geom=line, length_m=1)
    city.add(street)
    city.flush()
    item.hazard_id, item.segment_id = None, street.id
    city.flush()
    take(city, item, "close", Brought(at=DONE))
    assert hazard(city).closed_at is None
    assert item.closed_at == DONE


def test_an_exemption_that_is_taken_back_leaves_the_hazard(city: Session) -> None:
    item = stage(city, Scene(RECHECKED | {"state": "exempt"}, Brought()))
    ledger(city, closed_at=[pd.Timestamp(SINCE)])
    take(city, item, "reopen", Brought(by="Wang", reason="not so"))
    assert hazard(city).closed_at == SINCE


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "said",
    [
        {},
        {"closed_at": [pd.NaT]},
        {"closed_at": pd.Series([pd.NaT], dtype="datetime64[us, Asia/Shanghai]")},
        {"closed_at": [pd.NaT], "closing_known": [False]},
        {"closing_known": [False]},
    ],
)
def test_a_ledger_that_is_silent_changes_nothing(
    city: Session, said: dict[str, list[object]]
) -> None:
    assert ledger(city, **said) == 0
    assert hazard(city).closed_at == DONE


@pytest.mark.usefixtures("closed")
def test_a_ledger_that_names_another_day_corrects_it(city: Session) -> None:
    assert ledger(city, closed_at=[pd.Timestamp(SINCE)]) == 1
    assert hazard(city).closed_at == SINCE


def test_of_reopened_work_a_ledger_without_closing_changes_nothing(
    city: Session, closed: Rectification
) -> None:
    take(city, closed, "reopen", Brought(by="Wang", reason="dark again"))
    assert ledger(city, closing_known=[False]) == 0
    assert hazard(city).closing_known
