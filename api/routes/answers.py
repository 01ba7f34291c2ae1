"""The four questions: coverage, hotspots, outages, rectifications."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.asking import (
    AnswerAsked,
    CoverageAsked,
    HotspotsAsked,
    OutagesAsked,
    RectificationsAsked,
)
from api.caching import respond, state_key
from api.deps import Reading, Reads
from api.presenting import FORMATS, present
from api.schemas import (
    ANSWER_RESPONSES,
    CoverageAnswer,
    HotspotAnswer,
    OutageAnswer,
    RectificationAnswer,
)
from data.answers import Question, resolve_period

router = APIRouter(prefix="/api/v1", tags=["questions"], responses=ANSWER_RESPONSES)


@router.get("/coverage", response_model=CoverageAnswer)
def coverage(reading: Reads, asked: Annotated[CoverageAsked, Query()]) -> Response:
    """Return the inspected share, the overdue units and the gap of each cell."""
    return _answer(reading, asked, asked.question())


@router.get("/hotspots", response_model=HotspotAnswer)
def hotspots(reading: Reads, asked: Annotated[HotspotsAsked, Query()]) -> Response:
    """Return the hazards of each cell, its Gi* and its local Moran's I."""
    return _answer(reading, asked, asked.question())


@router.get("/outages", response_model=OutageAnswer)
def outages(reading: Reads, asked: Annotated[OutagesAsked, Query()]) -> Response:
    """Return the outages along each segment, the rates and the longest dark walk."""
    return _answer(reading, asked, asked.question())


@router.get("/rectifications", response_model=RectificationAnswer)
def rectifications(reading: Reads, asked: Annotated[RectificationsAsked, Query()]) -> Response:
    """Return who has closed how much of what was found, in time or not, ranked."""
    return _answer(reading, asked, asked.question())


def _answer(reading: Reading, asked: AnswerAsked, question: Question) -> Response:
    session, scope = reading.session, reading.scope
    period = resolve_period(session, question.as_of, question.window_days)
    language = asked.lang or reading.house
    chosen = FORMATS[asked.format]

    def make() -> Response:
        shown = present(session, scope, reading.answer(question), language)
        return Response(chosen.write(shown), media_type=chosen.media_type)

    state = (state_key(session, scope, question.subjects), period.as_of, language)
    return respond(reading.request, state, make)
