"""The rows behind a headline figure."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.asking import Asked, ChoiceAsked, Window, Word, question_of
from api.caching import respond, state_key
from api.deps import Reads
from api.paging import LARGEST_ID, page_of
from api.presenting import csv_of, dump_json
from api.schemas import PROBLEMS, Rows
from data.answers import Question, resolve_period
from data.answers.figure_rows import figure_rows
from data.queries.figure_rows import Page
from maps.layers import Subject

router = APIRouter(prefix="/api/v1/figures", tags=["questions"], responses=PROBLEMS)


class FigureAsked(ChoiceAsked, Asked):
    """Which rows of which figure; a table has them all."""

    grid: Word | None = None
    window: Window = 365
    after: Annotated[int, Field(ge=0, le=LARGEST_ID)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    format: Literal["json", "csv"] = "json"

    def question(self, subject: Subject) -> Question:
        """Return the question that the figure is part of the answer to."""
        return self.of(question_of(subject, self.grid, self.as_of, self.window))


class FigureRowsPage(Rows):
    """What the figure is, of how many rows, and some of them."""

    n: int
    n_rows: int


@router.get("/{subject}/{figure}", response_model=FigureRowsPage)
def rows(
    reading: Reads,
    subject: Subject,
    figure: Word,
    asked: Annotated[FigureAsked, Query()],
) -> Response:
    """Return the rows that a figure counts, each with how much it adds to it."""
    question = asked.question(subject)
    is_table = asked.format == "csv"
    page = Page() if is_table else Page(asked.after, asked.limit)
    page = page._replace(limit=None) if is_table else page
    period = resolve_period(reading.session, asked.as_of, asked.window)

    def make() -> Response:
        found = figure_rows(reading.session, reading.scope, question, figure, page, reading.answer)
        if is_table:
            return _table(found.items)
        body = page_of(reading.request, found.items, asked.limit)
        body |= {"n": found.n, "n_rows": found.n_rows}
        return Response(dump_json(body), media_type="application/json")

    state = (state_key(reading.session, reading.scope, question.subjects), period.as_of)
    return respond(reading.request, state, make)


def _table(items: Sequence[dict[str, Any]]) -> Response:
    content = csv_of(items, list(items[0]) if items else ["id", "code", "n"])
    return Response(content, media_type="text/csv; charset=utf-8")
