"""By when work is due, and how much of it is open."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from data.models import Campaign, Hazard, Rectification, Segment
from data.queries.deadlines import DueDay, OpenItems, campaign_end, item_due, open_items
from data.scope import WHOLE_CITY, Scope
from geo.periods import Period

pytestmark = pytest.mark.db

DAY = date(2019, 8, 20)
PERIOD = Period(DAY, 365, "Asia/Shanghai")
FOUND = datetime(2019, 8, 1, tzinfo=UTC)


def campaign(session: Session, code: str, ended_on: date | None, began: date | None = None) -> None:
    session.add(Campaign(code=code, name=f"{code} 行动", started_on=began, ended_on=ended_on))
    session.flush()


@pytest.fixture
def hazard(session: Session) -> Hazard:
    made = Hazard(source="t", external_code="h", found_at=FOUND)
    session.add(made)
    session.flush()
    return made


def item(session: Session, hazard: Hazard, code: str, due_on: date | None, **more: Any) -> None:
    about = {"hazard_id": hazard.id, "found_at": FOUND, "due_on": due_on} | more
    session.add(Rectification(source="t", external_code=code, **about))
    session.flush()


def test_a_city_without_a_campaign_has_no_end_of_one(session: Session) -> None:
    campaign(session, "a", None)
    assert campaign_end(session, DAY) is None


def test_the_campaign_that_ends_next_counts(session: Session) -> None:
    campaign(session, "over", date(2019, 8, 19))
    campaign(session, "later", date(2019, 12, 31))
    campaign(session, "next", date(2019, 8, 31))
    campaign(session, "to come", date(2019, 8, 25), date(2019, 8, 21))
    assert campaign_end(session, DAY) == DueDay(date(2019, 8, 31), "next 行动")


def test_a_campaign_is_in_time_until_its_last_day_is_over(session: Session) -> None:
    campaign(session, "today", DAY)
    campaign(session, "later", date(2019, 12, 31))
    assert campaign_end(session, DAY) == DueDay(DAY, "today 行动")


def test_when_all_campaigns_are_over_the_last_one_counts(session: Session) -> None:
    campaign(session, "first", date(2018, 8, 19))
    campaign(session, "last", date(2019, 8, 19))
    assert campaign_end(session, DAY) == DueDay(date(2019, 8, 19), "last 行动")


def test_the_next_due_day_of_what_is_open_counts(session: Session, hazard: Hazard) -> None:
    item(session, hazard, "over", date(2019, 8, 10))
    item(session, hazard, "next", date(2019, 8, 24))
    item(session, hazard, "undated", None)
    closed = datetime(2019, 8, 2, tzinfo=UTC)
    item(session, hazard, "done", date(2019, 8, 21), state="closed", closed_at=closed)
    assert item_due(session, WHOLE_CITY, "hazards", PERIOD) == DueDay(date(2019, 8, 24))
    assert open_items(session, WHOLE_CITY, "hazards", PERIOD) == OpenItems(3, 1)


def test_work_on_segments_is_no_work_on_hazards(session: Session, hazard: Hazard) -> None:
    item(session, hazard, "h", date(2019, 8, 24))
    assert item_due(session, WHOLE_CITY, "segments", PERIOD) is None
    assert open_items(session, WHOLE_CITY, "segments", PERIOD) is None
    line = "SRID=4326;LINESTRING(113.6 34.7, 113.61 34.7)"
    codes = {"external_code": "s", "ledger_code": "s"}
    segment = Segment(source="t", **codes, geom=line, length_m=914.0)
    session.add(segment)
    session.flush()
    found = {"hazard_id": None, "segment_id": segment.id}
    item(session, hazard, "s", date(2019, 8, 1), **found)
    assert open_items(session, WHOLE_CITY, "segments", PERIOD) == OpenItems(1, 1)


def test_what_is_found_later_is_not_open_yet(session: Session, hazard: Hazard) -> None:
    item(session, hazard, "h", DAY, found_at=datetime(2019, 8, 21, tzinfo=UTC))
    assert open_items(session, WHOLE_CITY, "hazards", PERIOD) is None


def test_a_reader_counts_only_what_lies_in_his_cells(session: Session, hazard: Hazard) -> None:
    item(session, hazard, "h", DAY)
    assert open_items(session, Scope(frozenset({1})), "hazards", PERIOD) is None
