"""The hand-over register of segments."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.asking import Asked, AsOf
from api.caching import respond, state_key
from api.deps import Reads
from api.paging import LARGEST_ID, page_of
from api.presenting import dump_json
from api.schemas import PROBLEMS, Said
from data.answers import OutageQuestion, resolve_period
from data.answers.handovers import handovers

router = APIRouter(prefix="/api/v1", tags=["questions"], responses=PROBLEMS)

Standing = Literal["unbuilt", "never_handed_over", "handed_over", "accepted"]


class HandoversAsked(Asked):
    """A page of the register, or of what stands alike in it."""

    known_at: AsOf = None
    standing: Standing | None = None
    after: Annotated[int, Field(ge=0, le=LARGEST_ID)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class HandoverRow(Said):
    """What the register says of one segment; null is unknown, or has not come."""

    id: int
    code: str
    name: str | None
    standing: Standing
    built_on: str | None
    handed_over_on: str | None
    accepted_on: str | None
    handed_by: str | None
    received_by: str | None
    evidence_file: str | None
    evidence_sha256: str | None
    evidence_note: str | None
    record: str


class HandoverPage(Said):
    """How many segments stand how in the register, and some of them."""

    as_of: str
    totals: dict[str, int]
    items: list[HandoverRow]
    next: str | None


@router.get("/handovers", response_model=HandoverPage)
def register(reading: Reads, asked: Annotated[HandoversAsked, Query()]) -> Response:
    """Return which segments were built, handed over and accepted, by id."""
    session, scope = reading.session, reading.scope
    key = state_key(session, scope, OutageQuestion.subjects)
    day = resolve_period(session, asked.as_of, 1).as_of

    def make() -> Response:
        found = handovers(session, scope, asked.as_of, asked.known_at, asked.standing)
        page = page_of(reading.request, found.page(asked.after, asked.limit), asked.limit)
        body = {"as_of": found.as_of.isoformat(), "totals": dict(found.totals), **page}
        return Response(dump_json(body), media_type="application/json")

    return respond(reading.request, (key, day), make)
