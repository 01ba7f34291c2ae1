"""What every answer stands on, read first."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from data.answers.questions import Question
from data.queries.places import CityFacts, city_facts, period_for, revisions
from geo.periods import Period


@dataclass(frozen=True)
class Ground:
    """The city, the resolved period and the revisions of one question."""

    city: CityFacts
    period: Period
    revisions: Mapping[str, int]


def ground_of(session: Session, question: Question) -> Ground:
    """Read what `question` stands on: two statements, whatever the size of the city."""
    city = city_facts(session)
    return Ground(
        city=city,
        period=period_for(city, question.as_of, question.window_days),
        revisions=revisions(session, question.subjects),
    )
