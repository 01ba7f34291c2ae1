"""Two days side by side: what is new, fixed, still there or worse."""

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.asking import RowChangesAsked
from api.caching import respond, state_key
from api.deps import Reading, Reads
from api.presenting import dump_json
from api.schemas import PROBLEMS, Said
from data.answers import Answer, OutageQuestion, Question, compare, resolve_period
from data.answers.chosen_streets import ALL_STREETS
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
        answers = reading.answer(before), reading.answer(after)
        found = compare(*answers, asked.by, _whole(reading, before, after))
        return Response(dump_json(found), media_type="application/json")

    return respond(reading.request, (state_key(session, scope, after.subjects), period.as_of), make)


def _whole(reading: Reading, *questions: Question) -> tuple[Answer, ...] | None:
    """Return the answers about all streets, where `questions` choose among them by the day."""
    whole = [
        reading.answer(replace(question, **asdict(ALL_STREETS)))
        for question in questions
        if isinstance(question, OutageQuestion) and question.streets.asked
    ]
    return tuple(whole) or None
