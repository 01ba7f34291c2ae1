"""What fits together of what is stored, and what was published beside what the rows say."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from api.asking import ConsistencyAsked, Word
from api.caching import respond, state_key
from api.deps import Reads
from api.presenting import checks_in_words, csv_of, dump_json
from api.schemas import PROBLEMS, ConsistencyAnswer, Said
from data.answers import RectificationQuestion, resolve_period
from data.answers.consistency import CHECKS, consistency
from data.errors import NotFoundError
from data.models import SUBJECTS
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
    return respond(reading.request, state, make)


CSV = "text/csv; charset=utf-8"
TABLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.get("/consistency/{check}.csv", response_class=Response, responses=TABLE)
def rows(reading: Reads, check: Word, asked: Annotated[ConsistencyAsked, Query()]) -> Response:
    """Return the rows behind one check, as a table."""
    if check not in CHECKS:
        raise NotFoundError(f"{check}: there is no such check")
    found = consistency(reading.session, reading.scope, asked.as_of)
    (behind,) = (one.rows for one in found.checks if one.code == check)
    return Response(csv_of(behind, list(behind[0]) if behind else ["code"]), media_type=CSV)


class PublishedAsked(BaseModel):
    """How to write the figures down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["json", "csv"] = "json"


class PublishedFigure(Said):
    """A figure as it was printed, from `published` to `at_most`; null where no report gives it."""

    name: str
    as_of: str
    published: int | None
    at_most: int | None
    rows: int
    difference: int | None
    source: str


class PublishedFigures(Said):
    """Every figure of the city that somebody published; none where nobody did."""

    figures: list[PublishedFigure]


@router.get("/published", response_model=PublishedFigures, responses=TABLE)
def published(reading: Reads, asked: Annotated[PublishedAsked, Query()]) -> Response:
    """Return what was published of the city beside what its rows say."""

    def make() -> Response:
        figures = reading.published()
        if asked.format == "csv":
            return Response(csv_of(figures, list(PublishedFigure.model_fields)), media_type=CSV)
        return Response(dump_json({"figures": figures}), media_type="application/json")

    return respond(reading.request, (state_key(reading.session, reading.scope, SUBJECTS),), make)
