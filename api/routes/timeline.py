"""The days of a campaign: what a timeline is drawn from."""

from fastapi import APIRouter, Response

from api.caching import respond, state_key
from api.days import timeline_of
from api.deps import Reads
from api.presenting import dump_json
from api.schemas import PROBLEMS, Said
from maps.layers import Subject

router = APIRouter(prefix="/api/v1/timeline", tags=["questions"], responses=PROBLEMS)

DEPENDS_ON = ("grids", "ledgers", "streetlights", "rectifications")


class DayOfEvents(Said):
    """A day on which a ledger has events."""

    on: str
    n: int


class Drive(Said):
    """A campaign with its own dates."""

    code: str
    name: str
    started_on: str | None
    ended_on: str | None


class Timeline(Said):
    """The days of one subject, the first first; a day without events is left out."""

    subject: str
    days: list[DayOfEvents]
    campaigns: list[Drive]


@router.get("/{subject}", response_model=Timeline)
def timeline(reading: Reads, subject: Subject) -> Response:
    """Return the days on which the subject's ledger has events, how many, and the drives."""

    def make() -> Response:
        return Response(
            dump_json(timeline_of(reading.session, reading.scope, subject)),
            media_type="application/json",
        )

    return respond(reading.request, (state_key(reading.session, reading.scope, DEPENDS_ON),), make)
