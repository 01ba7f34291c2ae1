"""By when a campaign is over."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from data.models import Campaign


@dataclass(frozen=True)
class DueDay:
    """A deadline; `campaign` is what ends on that day, ``None`` for that of a work item."""

    day: date
    campaign: str | None = None


def campaign_end(session: Session, day: date) -> DueDay | None:
    """Return the next end of a campaign that has begun on `day`, or else the last that is over."""
    ended_on = func.coalesce(Campaign.ended_on, day)
    begun = or_(Campaign.started_on.is_(None), Campaign.started_on <= day)
    statement = (
        select(ended_on.label("day"), Campaign.name)
        .where(Campaign.ended_on.isnot(None), begun)
        .order_by(ended_on < day, func.abs(ended_on - day), Campaign.code)
        .limit(1)
    )
    found = session.execute(statement).first()
    return None if found is None else DueDay(found.day, found.name)
