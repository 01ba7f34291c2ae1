"""When a deadline ends."""

from datetime import date, datetime

from geo.periods import Period


def ends_at(due_on: date, timezone: str) -> datetime:
    """Return the first moment that is too late: the midnight after the due day, local time."""
    return Period(due_on, 1, timezone).end
