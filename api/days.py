"""The days of a subject: those its ledger has events on, and those a file carries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from data.cities import the_city
from data.queries.timeline import campaigns, events_by_day
from data.scope import Scope
from maps.kept_days import pack_days
from maps.layers import Subject
from maps.standalone import KeptDays

MOST_DAYS = 366
FEW_DAYS = 31
"""A file plays so many days of a ledger whose campaign has no dates."""


def timeline_of(session: Session, scope: Scope, subject: Subject) -> dict[str, Any]:
    """Return the days on which the subject's ledger has events, how many, and the drives."""
    days = events_by_day(session, scope, subject, the_city(session).timezone)
    return {
        "subject": subject,
        "days": [{"on": day.isoformat(), "n": n} for day, n in days],
        "campaigns": [
            {**drive, "started_on": _iso(drive["started_on"]), "ended_on": _iso(drive["ended_on"])}
            for drive in campaigns(session)
        ],
    }


def days_before(session: Session, last: date, n_days: int | None) -> list[date]:
    """Return the `n_days` up to `last`; unless told, those since the first campaign before it."""
    begun = [
        drive["started_on"]
        for drive in campaigns(session)
        if drive["started_on"] is not None and drive["started_on"] <= last
    ]
    wanted = n_days or ((last - min(begun)).days + 1 if begun else FEW_DAYS)
    n = min(wanted, MOST_DAYS)
    return [last - timedelta(days=before) for before in range(n - 1, -1, -1)]


def keep_days(
    timeline: dict[str, Any], days: list[date], read: Callable[[date], dict[str, Any]], rows: str
) -> KeptDays:
    """Return the answers of `days` and the events on them, as a file carries them."""
    first, last = days[0].isoformat(), days[-1].isoformat()
    told = {
        **timeline,
        "days": [day for day in timeline["days"] if first <= day["on"] <= last],
        "campaigns": [{"code": "", "name": "", "started_on": first, "ended_on": last}],
    }
    return KeptDays(told, pack_days([read(day) for day in days], rows))


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
