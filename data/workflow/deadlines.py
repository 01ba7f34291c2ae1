"""When a deadline ends, and what is overdue."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_

from data.models import Rectification
from data.workflow.table import OPEN
from geo.periods import Period


def ends_at(due_on: date, timezone: str) -> datetime:
    """Return the first moment that is too late: the midnight after the due day, local time."""
    return Period(due_on, 1, timezone).end


def is_overdue(
    due_on: date | None, closed_at: datetime | None, moment: datetime, timezone: str
) -> bool:
    """Tell whether an item was open at `moment` although its deadline had ended."""
    is_open = closed_at is None or closed_at > moment
    return due_on is not None and is_open and moment >= ends_at(due_on, timezone)


def open_at(period: Period) -> ColumnElement[bool]:
    """Return the condition that an item is found and not brought to an end when the period ends."""
    still = or_(
        Rectification.closed_at >= period.end,
        Rectification.state == "reopened",
        and_(Rectification.closed_at.is_(None), Rectification.state.in_(OPEN)),
    )
    return and_(Rectification.found_at < period.end, still)


def overdue_at(period: Period) -> ColumnElement[bool]:
    """Return the condition that an item is open at the end of the period, its due day over.

    The end of a day is still in time for what is due on that day.
    """
    return and_(open_at(period), Rectification.due_on < period.day)
