"""By when work is due, and how much of it is open."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from data.answers import RectificationQuestion
from data.answers.due import due_day
from data.cities import create_city
from data.models import Campaign, Hazard, Rectification
from data.queries.deadlines import DueDay, campaign_end
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 20)
ABOUT_HAZARDS = RectificationQuestion(as_of=DAY, about="hazard")
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


@pytest.fixture
def city(session: Session) -> Session:
    create_city(session, "a", name="某市", timezone="Asia/Shanghai")
    return session


def test_the_next_due_day_of_what_is_open_counts(city: Session, hazard: Hazard) -> None:
    item(city, hazard, "over", date(2019, 8, 10))
    item(city, hazard, "next", date(2019, 8, 24))
    item(city, hazard, "undated", None)
    closed = datetime(2019, 8, 2, tzinfo=UTC)
    item(city, hazard, "done", date(2019, 8, 21), state="closed", closed_at=closed)
    assert due_day(city, WHOLE_CITY, ABOUT_HAZARDS) == DueDay(date(2019, 8, 24))


def test_when_every_due_day_is_over_the_last_counts(city: Session, hazard: Hazard) -> None:
    item(city, hazard, "first", date(2019, 8, 10))
    item(city, hazard, "last", date(2019, 8, 19))
    assert due_day(city, WHOLE_CITY, ABOUT_HAZARDS) == DueDay(date(2019, 8, 19))


def test_work_on_hazards_is_no_work_on_segments(city: Session, hazard: Hazard) -> None:
    item(city, hazard, "h", date(2019, 8, 24))
    asked = RectificationQuestion(as_of=DAY, about="segment")
    assert due_day(city, WHOLE_CITY, asked) is None


def test_a_campaign_goes_before_the_items(city: Session, hazard: Hazard) -> None:
    item(city, hazard, "h", date(2019, 8, 24))
    campaign(city, "c", date(2019, 10, 31))
    assert due_day(city, WHOLE_CITY, ABOUT_HAZARDS) == DueDay(date(2019, 10, 31), "c 行动")
