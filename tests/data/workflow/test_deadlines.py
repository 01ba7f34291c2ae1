from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Hazard, Rectification
from data.models.rectifications import STATES
from data.workflow.deadlines import ends_at, is_overdue, open_at, overdue_at
from geo.periods import Period

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


@pytest.mark.parametrize(("second", "overdue"), [(-1, False), (0, True)])
def test_the_last_second_of_the_day_is_in_time(second: int, *, overdue: bool) -> None:
    moment = datetime(2019, 8, 31, 16, tzinfo=UTC) + timedelta(seconds=second)
    assert is_overdue(DUE, None, moment, "Asia/Shanghai") is overdue


def test_what_has_no_deadline_or_was_closed_is_never_overdue() -> None:
    late = datetime(2019, 9, 9, tzinfo=UTC)
    assert not is_overdue(None, None, late, "UTC")
    assert not is_overdue(DUE, late - timedelta(days=1), late, "UTC")
    assert is_overdue(DUE, late + timedelta(days=1), late, "UTC")


@pytest.fixture
def items(session: Session) -> Session:
    """One item in each state, due on 31 August; the closed one was closed two days later."""
    found = datetime(2019, 8, 1, tzinfo=UTC)
    closed = datetime(2019, 9, 2, 1, tzinfo=UTC)
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
            closed_at=closed if state in ("closed", "reopened") else None,
        )
        for state in STATES
    )
    session.flush()
    return session


@pytest.mark.db
@pytest.mark.parametrize(
    ("as_of", "ended"),
    [
        (date(2019, 9, 1), {"exempt", "transferred"}),
        (date(2019, 9, 2), {"exempt", "transferred", "closed"}),
    ],
)
def test_overdue_counts_what_is_open_at_the_end_of_the_day(
    items: Session, as_of: date, ended: set[str]
) -> None:
    period = Period(as_of, 1, "Asia/Shanghai")
    late = items.scalars(select(Rectification.state).where(overdue_at(period))).all()
    assert set(late) == set(STATES) - ended


@pytest.mark.db
@pytest.mark.parametrize(
    ("moment", "n_late"),
    [
        (DUE, 0),
        (datetime(2019, 8, 31, 15, 59, tzinfo=UTC), 0),
        (datetime(2019, 8, 31, 16, 1, tzinfo=UTC), 14),
    ],
)
def test_the_store_ends_deadlines_at_the_same_moment(
    items: Session, moment: date, n_late: int
) -> None:
    period = Period(moment, 1, "Asia/Shanghai")
    late = items.scalars(select(Rectification.state).where(overdue_at(period))).all()
    assert len(late) == n_late


@pytest.mark.db
def test_nothing_is_open_before_it_was_found(items: Session) -> None:
    period = Period(date(2019, 7, 31), 1, "UTC")
    assert items.scalars(select(Rectification.id).where(open_at(period))).all() == []
