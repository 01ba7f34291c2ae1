"""Find a unit, a cell, a road or a lamp by what it is called."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.asking import Asked, Word
from api.caching import uncached
from api.deps import Reads
from api.schemas import PROBLEMS, Said
from data.answers import resolve_period
from data.queries.searching import find_things

router = APIRouter(prefix="/api/v1", tags=["ledgers"], responses=PROBLEMS)


class FindAsked(Asked):
    """A few letters of a name or a code."""

    q: Annotated[Word, Field(max_length=200, description="Letters of a name or a code.")]
    grid: Word | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 8


class FoundThing(Said):
    """Something on the map."""

    thing: Literal["cell", "unit", "road", "lamp"]
    code: str
    name: str
    lon: float
    lat: float


class FoundThings(Said):
    """What is called so, the best first."""

    items: list[FoundThing]


@router.get("/find", response_model=FoundThings)
def find(reading: Reads, asked: Annotated[FindAsked, Query()]) -> Response:
    """Return the cells, units, roads and lamps whose name or code holds these letters."""
    day = resolve_period(reading.session, asked.as_of, 1).day
    said = asked.q.strip()
    found = (
        find_things(reading.session, reading.scope, said, asked.grid, day, asked.limit)
        if said
        else []
    )
    return uncached({"items": found})
