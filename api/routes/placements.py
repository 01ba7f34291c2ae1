"""Where the ledger and the map disagree about the cell of a thing, and who decided what."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from api.asking import Word
from api.caching import respond, state_key
from api.deps import Reads
from api.paging import After, Limit, Number, page_of
from api.policies import Writer
from api.presenting import dump_json
from api.schemas import PROBLEMS, WRITING_PROBLEMS, Rows, Said
from data.declaring import override_cell
from data.engine import transaction
from data.loading import SUBJECTS
from data.queries.placements import disagreements
from data.queries.places import grid_id

router = APIRouter(prefix="/api/v1/placements", tags=["placements"], responses=PROBLEMS)

SUBJECTS_READ = ("grids", "ledgers", "streetlights")


class OverrideWish(BaseModel):
    """The cell a person decides for; null follows what is computed again."""

    cell: Word | None
    reason: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class Overridden(Said):
    """What was decided."""

    id: int
    cell: str | None
    reason: str


@router.get("/disagreements", response_model=Rows)
def disagreeing(
    reading: Reads,
    grid: Annotated[Word | None, Query()] = None,
    limit: Limit = 100,
    after: After = 0,
) -> Response:
    """Return the things whose ledger names another cell than the one they lie in."""
    session, scope = reading.session, reading.scope
    wanted = None if grid is None else grid_id(session, grid)

    def make() -> Response:
        found = disagreements(session, scope, wanted, after=after, limit=limit)
        return _json(page_of(reading.request, found, limit))

    return respond(reading.request, (state_key(session, scope, SUBJECTS_READ),), make)


@router.post("/{number}/override", response_model=Overridden, responses=WRITING_PROBLEMS)
def override(request: Request, actor: Writer, number: Number, wish: OverrideWish) -> Response:
    """Decide in which cell a thing lies, with a reason; null takes a decision back."""
    moved: set[str] = set()
    with transaction(request.app.state.patient_engine, moves=moved) as session:
        kind = override_cell(session, number, wish.cell, reason=wish.reason, actor=actor)
        moved.add(SUBJECTS[kind])
    return _json({"id": number, "cell": wish.cell, "reason": wish.reason})


def _json(body: Any) -> Response:
    return Response(dump_json(body), media_type="application/json")
