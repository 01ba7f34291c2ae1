"""What a drive did in a window of days: visits, teams and people of one source."""

from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from data.models import Inspection
from geo.periods import Period


class DriveVisits(NamedTuple):
    """Visits, the units visited, the teams that were sent and the people in them."""

    n_visits: int
    n_units: int
    n_teams: int
    n_people: int


def drive_visits(
    session: Session, period: Period, *, source: str | None = None, manner: str | None = None
) -> DriveVisits:
    """Return what was done in the window, by one source or in one manner if they are named.

    A team is as many people as it was on its largest visit.
    """
    asked = ((Inspection.source, source), (Inspection.manner, manner))
    chosen = and_(
        Inspection.inspected_at >= period.start,
        Inspection.inspected_at < period.end,
        *(column == wanted for column, wanted in asked if wanted is not None),
    )
    counts = select(func.count(), func.count(Inspection.unit_id.distinct())).where(chosen)
    teams = (
        select(func.max(Inspection.team_size).label("size"))
        .where(chosen, Inspection.team.isnot(None))
        .group_by(Inspection.team)
        .subquery()
    )
    people = select(func.count(), func.coalesce(func.sum(teams.c.size), 0)).select_from(teams)
    return DriveVisits(*session.execute(counts).one(), *session.execute(people).one())
