from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from data.answers import RectificationQuestion
from data.answers.item_lists import item_list, item_rows
from data.cities import create_city
from data.clock import tell_time
from data.models import Hazard, Rectification
from data.models.rectifications import STATES
from data.scope import WHOLE_CITY
from data.workflow.deadlines import ends_at, moment_on

DUE = date(2019, 8, 31)


def test_a_deadline_ends_when_the_local_day_does() -> None:
    assert ends_at(DUE, "Asia/Shanghai") == datetime(2019, 8, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2024, 3, 10), 23), (date(2024, 11, 3), 25), (date(2024, 6, 1), 24)]
)
def test_a_day_on_which_the_clock_is_moved_ends_by_that_clock(day: date, hours: int) -> None:
    before = ends_at(day - timedelta(days=1), "America/Chicago")
    length = ends_at(day, "America/Chicago").astimezone(UTC) - before.astimezone(UTC)
    assert length == timedelta(hours=hours)


@pytest.mark.db
def test_what_is_told_by_its_day_was_done_at_the_end_of_it_or_now(session: Session) -> None:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    evening = datetime(2019, 8, 31, 12, tzinfo=UTC)
    tell_time(session, evening)
    assert moment_on(session, DUE) == evening
    last = datetime(2019, 8, 30, 16, tzinfo=UTC) - timedelta(microseconds=1)
    assert moment_on(session, DUE - timedelta(days=1)) == last


@pytest.fixture
def items(session: Session) -> Session:
    """One item in each state, due on 31 August; the closed one was closed two days later."""
    found = datetime(2019, 8, 1, tzinfo=UTC)
    closed = datetime(2019, 9, 2, 1, tzinfo=UTC)
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    hazard = Hazard(source="t", external_code="h", found_at=found)
    session.add(hazard)
    session.flush()
    session.add_all(
        Rectification(
            source="t",
            external_code=state,
            hazard_id=hazard.id,
            state=state,
            found_at=found,
            due_on=DUE,
            closed_at=closed if state == "closed" else None,
            exempt_confirmed_by_city="office" if state == "exempt" else None,
            exempt_confirmed_by_builder="builder" if state == "exempt" else None,
        )
        for state in STATES
    )
    session.flush()
    return session


def late(session: Session, as_of: date) -> set[str]:
    """The states in which an item is overdue on a day or at a moment."""
    found = item_list(session, WHOLE_CITY, RectificationQuestion(as_of=as_of))
    assert set(found.loc[found["days_left"] < 0, "code"]) == set(
        found.loc[found["is_overdue"], "code"]
    )
    return set(found.loc[found["is_overdue"], "code"])


@pytest.mark.db
@pytest.mark.parametrize(
    ("as_of", "ended"),
    [
        (DUE, set(STATES)),
        (datetime(2019, 8, 31, 15, 59, 59, tzinfo=UTC), set(STATES)),
        (datetime(2019, 8, 31, 16, tzinfo=UTC), {"exempt", "transferred"}),
        (date(2019, 9, 1), {"exempt", "transferred"}),
        (date(2019, 9, 2), {"exempt", "transferred", "closed"}),
    ],
)
def test_overdue_is_what_is_open_once_the_due_day_is_over(
    items: Session, as_of: date, ended: set[str]
) -> None:
    assert late(items, as_of) == set(STATES) - ended


@pytest.mark.db
def test_nothing_is_there_before_it_was_found(items: Session) -> None:
    question = RectificationQuestion(as_of=date(2019, 7, 31))
    assert item_list(items, WHOLE_CITY, question).empty


@pytest.mark.db
def test_each_item_tells_when_its_deadline_ends(items: Session) -> None:
    found = item_list(items, WHOLE_CITY, RectificationQuestion(as_of=DUE))
    assert {row["ends_at"] for row in item_rows(found)} == {"2019-09-01T00:00:00+08:00"}
