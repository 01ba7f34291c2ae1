"""From a headline figure to the rows that it counts."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.ground import Ground, ground_of
from data.answers.inspected import read_units
from data.answers.questions import (
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    Question,
)
from data.answers.streetlights import outages
from data.errors import NotFoundError
from data.queries.figure_rows import (
    HAZARD_FIGURES,
    FigureRows,
    HazardFigure,
    Page,
    hazards_behind,
    lit_lamps,
    units_of,
)
from data.scope import Scope

UNIT_FIGURES: Mapping[str, str] = {
    "coverage": "n_inspected",
    "visits": "n_visits",
    "never": "n_never",
    "overdue": "n_overdue",
}
"""Figure of the page of coverage and what each unit adds to it."""


def figure_rows(
    session: Session,
    scope: Scope,
    question: Question,
    figure: str,
    page: Page,
    answered: Callable[[OutageQuestion], Answer] | None = None,
) -> FigureRows:
    """Return what a headline figure counts, and a page of its rows; each row says how much it adds.

    Which streets were chosen is read from what `answered` gives, or else computed.

    Raises
    ------
    NotFoundError
        When the question has no such figure.
    """
    ground = ground_of(session, question)
    if isinstance(question, HotspotQuestion) and figure in HAZARD_FIGURES:
        grid = ground.grid_id(question.grid)
        counted = HazardFigure(figure, grid, ground.period, question.hazards)
        found = hazards_behind(session, scope, counted, page)
    elif isinstance(question, CoverageQuestion) and figure in UNIT_FIGURES:
        grid = ground.grid_id(question.grid)
        found = _units_behind(session, scope, grid, ground, figure, page)
    elif isinstance(question, OutageQuestion) and figure == "lamps_lit":
        answered = answered or partial(outages, session, scope)
        chosen = answered(question).rows.index.tolist() if question.streets.asked else None
        found = lit_lamps(session, scope, ground.period, page, chosen)
    else:
        raise NotFoundError(f"figure {figure!r}: there are no rows of that name")
    return found._replace(items=[_plain(item) for item in found.items])


def _units_behind(
    session: Session, scope: Scope, grid: int, ground: Ground, figure: str, page: Page
) -> FigureRows:
    units = read_units(session, scope, grid, ground)
    adds = units.loc[units["cell"] >= 0, UNIT_FIGURES[figure]]
    adds = adds[adds > 0].sort_index()
    ids = adds.index[adds.index > page.after][: page.limit]
    items = units_of(session, ids.tolist(), ground.period)
    counted = [{**item, "n": int(adds[item["id"]])} for item in items]
    return FigureRows(int(adds.sum()), len(adds), counted)


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: value.isoformat() for name, value in item.items() if isinstance(value, date)}
    return {**item, **days}
