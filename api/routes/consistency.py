"""What fits together of all that is stored, and the rows behind what does not."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.asking import ConsistencyAsked
from api.caching import respond, state_key
from api.deps import Reads
from api.presenting import checks_in_words, dump_json
from api.schemas import PROBLEMS, ConsistencyAnswer
from data.answers import RectificationQuestion, resolve_period
from data.answers.consistency import consistency
from data.queries.consistency import n_issued

router = APIRouter(prefix="/api/v1", tags=["questions"], responses=PROBLEMS)


@router.get("/consistency", response_model=ConsistencyAnswer)
def checks(reading: Reads, asked: Annotated[ConsistencyAsked, Query()]) -> Response:
    """Return each check between figures, with the rows that do not fit."""
    session, scope = reading.session, reading.scope
    language = asked.lang or reading.house
    day = resolve_period(session, asked.as_of, 1).as_of

    def make() -> Response:
        told = checks_in_words(consistency(session, scope, asked.as_of), language)
        return Response(dump_json(told), media_type="application/json")

    key = state_key(session, scope, RectificationQuestion.subjects)
    state = (key, n_issued(session), day, language)
    return respond(reading, state, make)
