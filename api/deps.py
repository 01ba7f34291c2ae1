"""What routes ask for in their signatures: the reader, a snapshot of the store, the language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.policies import Reader
from api.watching import STANDING, Watch
from data.answers import Answer, KeptAnswers, Question
from data.cities import NO_CITY
from data.engine import snapshot
from data.errors import NoCityError
from data.queries.standing import Standing
from data.samples.publishing import KeptPublished
from data.scope import Scope
from maps.words import Language


def read_snapshot(request: Request) -> Iterator[Session]:
    """Open one read-only transaction for the whole request."""
    with snapshot(request.app.state.engine) as session:
        yield session


# Closed before the answer is sent: a slow reader holds no connection.
Snapshot = Annotated[Session, Depends(read_snapshot, scope="function")]


async def house_language(request: Request) -> Language:
    """Return the language of readers who name none."""
    language: Language = request.app.state.language
    return language


@dataclass(frozen=True)
class Reading:
    """One request, the cells its reader may see, and one unchanging state of the store."""

    request: Request
    scope: Scope
    session: Session
    house: Language

    def answer(self, question: Question) -> Answer:
        """Return the answer that was kept for this state, or compute it."""
        kept: KeptAnswers = self.request.app.state.answers
        return kept.answer(self.session, self.scope, question)

    def published(self) -> list[dict[str, Any]]:
        """Return what was published of the city beside its rows, kept for this state or counted."""
        kept: KeptPublished = self.request.app.state.published
        return kept.beside_rows(self.session)


async def reading(
    request: Request,
    scope: Reader,
    session: Snapshot,
    house: Annotated[Language, Depends(house_language)],
) -> Reading:
    """Return what is read in one request."""
    return Reading(request, scope, session, house)


Reads = Annotated[Reading, Depends(reading)]


async def standing(request: Request) -> Standing:
    """Return how the store stood when the request came, or later.

    Raises
    ------
    NoCityError
        When it holds no city yet.
    """
    watch: Watch = request.app.state.watch
    found: Standing | None = request.scope.get(STANDING) or await watch.standing()
    if found is None:
        raise NoCityError(NO_CITY)
    return found


Stands = Annotated[Standing, Depends(standing)]
