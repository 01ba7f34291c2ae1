"""What may be chosen from among the things that a page counts."""

from typing import get_args

from fastapi import APIRouter, Response

from api.asking import HazardState, Level, StreetStatus, StreetWork
from api.caching import respond, state_key
from api.deps import Reads
from api.presenting import dump_json
from api.schemas import PROBLEMS, Said
from data.answers import OutageQuestion
from data.queries.hazards import choices_of_hazards
from data.queries.streetlights import owners_of_streets

router = APIRouter(prefix="/api/v1/choices", tags=["questions"], responses=PROBLEMS)


class HazardChoices(Said):
    """The values that hazards may be chosen by; those of names as the ledgers have them."""

    level: list[str]
    sector: list[str]
    source: list[str]
    state: list[str]


@router.get("/hazards", response_model=HazardChoices)
def hazards(reading: Reads) -> Response:
    """Return the levels, sectors, sources and states that hazards may be chosen by."""

    def make() -> Response:
        named = choices_of_hazards(reading.session, reading.scope)
        fixed = {"level": get_args(Level), "state": get_args(HazardState)}
        body = {name: [*(fixed | named)[name]] for name in HazardChoices.model_fields}
        return Response(dump_json(body), media_type="application/json")

    return respond(
        reading.request, (state_key(reading.session, reading.scope, ("ledgers",)),), make
    )


class StreetChoices(Said):
    """The values that streets may be chosen by; owners as the ledgers name them."""

    status: list[str]
    work: list[str]
    owner: list[str]


@router.get("/streetlights", response_model=StreetChoices)
def streetlights(reading: Reads) -> Response:
    """Return the statuses, stages of the work and owners that streets may be chosen by."""

    def make() -> Response:
        body = {
            "status": [*get_args(StreetStatus)],
            "work": [*get_args(StreetWork)],
            "owner": owners_of_streets(reading.session, reading.scope),
        }
        return Response(dump_json(body), media_type="application/json")

    subjects = OutageQuestion.subjects
    return respond(reading.request, (state_key(reading.session, reading.scope, subjects),), make)
