"""The days of a campaign: what a timeline is drawn from."""

from typing import Any

from fastapi import APIRouter, Response

from api.caching import respond, state_key
from api.deps import Reading, Reads
from api.presenting import dump_json
from api.schemas import PROBLEMS, Said
from data.cities import the_city
from data.queries.timeline import campaigns, events_by_day
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
        return Response(dump_json(_timeline(reading, subject)), media_type="application/json")

    return respond(reading, (state_key(reading.session, reading.scope, DEPENDS_ON),), make)


def _timeline(reading: Reading, subject: Subject) -> dict[str, Any]:
    session = reading.session
    days = events_by_day(session, reading.scope, subject, the_city(session).timezone)
    return {
        "subject": subject,
        "days": [{"on": day.isoformat(), "n": n} for day, n in days],
        "campaigns": [
            {**drive, "started_on": _iso(drive["started_on"]), "ended_on": _iso(drive["ended_on"])}
            for drive in campaigns(session)
        ],
    }


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
