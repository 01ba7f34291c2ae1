"""When a deadline ends."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.cities import the_city
from data.clock import by_the_clock
from geo.periods import Period


def ends_at(due_on: date, timezone: str) -> datetime:
    """Return the first moment that is too late: the midnight after the due day, local time."""
    return Period(due_on, 1, timezone).end


def moment_on(session: Session, day: date) -> datetime:
    """Return when something told by its day was done: now if the day is today, else at its end."""
    timezone = the_city(session).timezone
    last = ends_at(day, timezone) - timedelta(microseconds=1)
    now: datetime = session.execute(select(by_the_clock(func.clock_timestamp()))).scalar_one()
    return now if Period(day, 1, timezone).start <= now <= last else last
