"""Two days side by side: what is new, fixed, still there or worse."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.asking import RowChangesAsked
from api.caching import respond, state_key
from api.deps import Reads
from api.presenting import dump_json
from api.schemas import PROBLEMS, Said
from data.answers import compare, resolve_period
from maps.layers import Subject

router = APIRouter(prefix="/api/v1/changes", tags=["questions"], responses=PROBLEMS)


class ChangedRow(Said):
    """A cell or segment on both days; null is unknown."""

    code: str
    name: str
    before: float | None
    after: float | None
    increase: float | None
    change: str


class RowChanges(Said):
    """What became of every row, and how many there are of each change."""

    grid: str | None
    before: str
    as_of: str
    window_days: int
    by: str
    revision: int
    simulated: bool
    counts: dict[str, int]
    totals: dict[str, dict[str, Any]]
    rows: list[ChangedRow]


@router.get("/{subject}", response_model=RowChanges)
def changes(
    reading: Reads, subject: Subject, asked: Annotated[RowChangesAsked, Query()]
) -> Response:
    """Return what became of each row between two days, by one figure."""
    session, scope = reading.session, reading.scope
    before, after = (asked.question(subject, day) for day in (asked.before, asked.as_of))
    period = resolve_period(session, asked.as_of, asked.window)

    def make() -> Response:
        found = compare(reading.answer(before), reading.answer(after), asked.by)
        return Response(dump_json(found), media_type="application/json")

    return respond(reading.request, (state_key(session, scope, after.subjects), period.as_of), make)
