"""Whether anything has moved: what a page that nobody touches asks for now and then."""

from fastapi import APIRouter, Response

from api.caching import state_key, uncached
from api.deps import Reads
from api.schemas import PROBLEMS, Said
from data.answers import resolve_period, revisions
from data.models import SUBJECTS

router = APIRouter(prefix="/api/v1", tags=["questions"], responses=PROBLEMS)


class State(Said):
    """The store's revision, what tiles of it are named by, and the day of who names none."""

    revision: int
    rev: str
    as_of: str


@router.get("/state", response_model=State)
def state(reading: Reads) -> Response:
    """Return the revision of the store and the day that is shown unless one is asked for."""
    session = reading.session
    return uncached(
        {
            "revision": sum(revisions(session, SUBJECTS).values()),
            "rev": state_key(session, reading.scope, SUBJECTS),
            "as_of": resolve_period(session, None, 1).day.isoformat(),
        }
    )
