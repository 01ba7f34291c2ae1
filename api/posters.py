"""What a poster shows, read from the store: the answers that the API gives, and their shapes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.declaring import Wish, best_grid, question_of
from api.presenting import present
from data.answers import Answer, Question, RectificationQuestion, resolve_period, row_geometries
from data.answers.due import due_day
from data.answers.ground import to_planar
from data.answers.questions import About
from data.cities import the_city
from data.errors import NotFoundError
from data.queries.deadlines import campaign_end
from data.queries.districts import District, cells_inside, districts_of, find_district
from data.queries.places import cell_polygons, grid_id, grids
from data.queries.streetlights import segment_lines, segments
from data.scope import Scope
from geo.errors import WrongValueError
from geo.periods import Period
from maps import words
from maps.layers import DECLARED, Subject
from maps.posters.paper import Paper
from maps.posters.poster import Area, Deadline, Imprint, Party, Poster

Compute = Callable[[Session, Scope, Question], Answer]

WORK: Mapping[Subject, About] = {"hazards": "hazard", "streetlights": "segment"}
"""Subject -> what its work items are on; nobody rectifies a missing inspection."""

RANKED_EVERY_DAYS = 3


@dataclass(frozen=True)
class PosterWish:
    """What is asked of a poster, beside what is asked of a page.

    Attributes
    ----------
    due_on
        A deadline that is in no ledger.
    within
        Code of a cell: only what lies in it is shown.
    districts
        Code of the grid whose cells are the parts of the city; ``None``: the coarsest.
    view
        Key of the view to color by; ``None``: the first that says something.
    """

    subject: Subject
    page: Wish
    paper: Paper = field(default_factory=Paper)
    imprint: Imprint = field(default_factory=Imprint)
    due_on: date | None = None
    within: str | None = None
    districts: str | None = None
    view: str | None = None

    def __post_init__(self) -> None:
        known = [view.key for view in DECLARED[self.subject].views]
        if self.view not in (None, *known):
            raise WrongValueError(f"view: {self.view!r}; it must be one of {', '.join(known)}")


@dataclass(frozen=True, eq=False)
class Reader:
    """One unchanging state of the store, who reads it, and how answers are computed from it."""

    session: Session
    scope: Scope
    compute: Compute


def read_poster(reader: Reader, wish: PosterWish) -> Poster:
    """Return the poster of the city, or of the cell that is asked for."""
    wish, period = _settled(reader, wish)
    if wish.within is None:
        return _poster(reader, wish, period, None)
    found = find_district(reader.session, reader.scope, wish.within, wish.districts, period.day)
    return _poster(reader, wish, period, found)


def read_series(reader: Reader, wish: PosterWish) -> tuple[Poster, list[Poster]]:
    """Return the poster of the whole city, and one for each of its parts.

    Raises
    ------
    NotFoundError
        When there is no grid whose cells are parts of the city.
    """
    wish, period = _settled(reader, wish)
    if wish.districts is None:
        raise NotFoundError("there is no coarser grid: name one whose cells get a sheet each")
    parts = districts_of(reader.session, reader.scope, wish.districts, period.day)
    found = [_poster(reader, wish, period, part) for part in parts]
    drawn = [poster for poster in found if len(poster.shapes)]
    of = len(drawn) + 1
    numbered = [replace(poster, sheet=n, n_sheets=of) for n, poster in enumerate(drawn, 2)]
    return replace(_poster(reader, wish, period, None), n_sheets=of), numbered


def _settled(reader: Reader, wish: PosterWish) -> tuple[PosterWish, Period]:
    """Return the wish with the grids that the city chooses where it names none, and the period."""
    known = grids(reader.session, reader.scope)
    grid = wish.page.grid or best_grid(known)
    districts = wish.districts or coarser_grid(known, grid)
    period = resolve_period(reader.session, wish.page.as_of, wish.page.window_days)
    return replace(wish, page=replace(wish.page, grid=grid), districts=districts), period


def coarser_grid(known: list[dict[str, Any]], grid: str | None) -> str | None:
    """Return the grid with the fewest cells, if it has fewer than `grid` and more than one."""
    n_cells = {found["code"]: found["n_cells"] for found in known}
    coarser = [code for code, n in n_cells.items() if 1 < n < n_cells.get(grid, 0)]
    return min(coarser, key=lambda code: (n_cells[code], code), default=None)


def narrowed(scope: Scope, cells: frozenset[int]) -> Scope:
    """Return the scope of those of `cells` that the reader may see."""
    return Scope(cells if scope.cell_ids is None else cells & scope.cell_ids)


def _poster(reader: Reader, wish: PosterWish, period: Period, part: District | None) -> Poster:
    city = the_city(reader.session)
    place, cells = _scopes(reader, wish, period, part)
    answer = reader.compute(reader.session, cells, question_of(wish.subject, wish.page))
    parts = _districts(reader, wish, period)
    shapes = row_geometries(reader.session, cells, answer).to_numpy()
    streets = _streets(reader, place, period) if answer.rows_name == "cells" else shapes[:0]
    areas = cell_polygons(reader.session, reader.scope, [each.id for each in parts])
    drawn, streets, areas = _planar((shapes, streets, areas), city.metric_srid)
    work = None if wish.subject not in WORK else _work(reader, wish, place)
    return Poster(
        subject=wish.subject,
        language=wish.page.language,
        city=city.name,
        place=None if part is None else part.name,
        simulated=city.simulated,
        attribution=city.attribution,
        answer=present(reader.session, cells, answer, wish.page.language).body,
        shapes=drawn,
        streets=streets,
        areas=tuple(Area(each.name, shape) for each, shape in zip(parts, areas, strict=True)),
        deadline=_deadline(reader, wish, (place, period), work),
        behind=() if work is None else _behind(work),
        imprint=wish.imprint,
        paper=wish.paper,
        chosen_view=wish.view,
    )


def _scopes(
    reader: Reader, wish: PosterWish, period: Period, part: District | None
) -> tuple[Scope, Scope]:
    """Return the part that is shown as one cell, and as the cells of the grid that lie in it."""
    if part is None:
        return reader.scope, reader.scope
    place = narrowed(reader.scope, frozenset({part.id}))
    if wish.subject == "streetlights" or wish.page.grid is None:
        return place, place
    grid = grid_id(reader.session, wish.page.grid)
    return place, narrowed(reader.scope, cells_inside(reader.session, part, grid, period.day))


def _districts(reader: Reader, wish: PosterWish, period: Period) -> list[District]:
    if wish.districts is None:
        return []
    return districts_of(reader.session, reader.scope, wish.districts, period.day)


def _streets(reader: Reader, scope: Scope, period: Period) -> NDArray[np.object_]:
    known = segments(reader.session, scope, None, period)
    return segment_lines(reader.session, scope, known.index)


def _planar(
    groups: tuple[NDArray[np.object_], ...], metric_srid: int | None
) -> list[NDArray[np.object_]]:
    """Return every group in metres: together, for a city without a CRS of its own has one too."""
    planar = to_planar(np.concatenate(groups), metric_srid)
    return np.split(planar, np.cumsum([len(group) for group in groups])[:-1])


def _work(reader: Reader, wish: PosterWish, place: Scope) -> Answer:
    """Return who has done how much of the work: by who leads it, or else by where it lies."""
    asked = RectificationQuestion(
        as_of=wish.page.as_of, window_days=RANKED_EVERY_DAYS, about=WORK[wish.subject]
    )
    by_owner = reader.compute(reader.session, place, asked)
    if len(by_owner.rows) or wish.districts is None:
        return by_owner
    return reader.compute(reader.session, place, replace(asked, by="cell", grid=wish.districts))


def _behind(work: Answer) -> tuple[Party, ...]:
    """Return who has overdue work, the most first."""
    rows = work.rows[work.rows["n_overdue"] > 0]
    ordered = rows.assign(code=rows["code"].astype(str)).sort_values(
        ["n_overdue", "completion", "code"], ascending=[False, True, True]
    )
    columns = ["name", "n_found", "n_closed", "n_overdue"]
    return tuple(Party(*row) for row in ordered[columns].itertuples(index=False, name=None))


def _deadline(
    reader: Reader, wish: PosterWish, where: tuple[Scope, Period], work: Answer | None
) -> Deadline:
    """Return the days that are left, and how much of the work is open."""
    place, period = where
    counts = {} if work is None or not work.totals["n_items"] else work.totals
    due_on, occasion = _due(reader, wish, place, period)
    return Deadline(
        due_on=due_on,
        occasion=occasion,
        days_left=None if due_on is None else (due_on - period.day).days,
        n_open=counts.get("n_open"),
        n_overdue=counts.get("n_overdue"),
    )


def _due(
    reader: Reader, wish: PosterWish, place: Scope, period: Period
) -> tuple[date | None, str | None]:
    """Return the deadline that was asked for, or a campaign's, or that of the work items."""
    if wish.due_on is not None:
        return wish.due_on, None
    about = WORK.get(wish.subject)
    asked = RectificationQuestion(as_of=wish.page.as_of, about=about)
    found = (
        campaign_end(reader.session, period.day)
        if about is None
        else due_day(reader.session, place, asked)
    )
    if found is None:
        return None, None
    return found.day, found.campaign or words.text("poster.next_item", wish.page.language)
