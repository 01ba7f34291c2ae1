"""What a page is about: the city, its grids, the day, and where the page finds its figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from api.caching import state_key
from data.answers import (
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    Question,
    resolve_period,
    revisions,
)
from data.answers.answer import Subject as AnswerSubject
from data.answers.chosen_streets import ALL_STREETS, ChosenStreets
from data.answers.openings import Openings
from data.basemaps import Basemap
from data.cities import the_city
from data.errors import NotFoundError
from data.importers.files.endings import FAMILIES
from data.importers.upload import KINDS
from data.models import SUBJECTS
from data.queries.basemap import zoom_of_cells
from data.queries.hazards import ALL_HAZARDS, ChosenHazards
from data.queries.places import grids
from data.queries.tiles import LAYERS
from data.samples.publishing import has_published
from data.scope import Scope
from geo.hotspots import TOO_FEW
from maps.layers import DECLARED, Subject
from maps.page import ImportDeclaration, PageDeclaration, StartDeclaration, TileMap
from maps.reports import ReportDeclaration
from maps.words import Language

ANSWERS: Mapping[Subject, AnswerSubject] = {
    "hazards": "hotspots",
    "coverage": "coverage",
    "streetlights": "outages",
}
"""Subject of a page and the question whose answer it shows."""

APART_PX = 16
"""Between streets, boundaries of cells that are narrower on the screen are a haze."""


@dataclass(frozen=True)
class Wish:
    """What the reader of a page asked for; None leaves the choice to the city."""

    language: Language
    grid: str | None = None
    as_of: date | None = None
    window_days: int = 365
    compare: date | None = None
    hazards: ChosenHazards = ALL_HAZARDS
    streets: ChosenStreets = ALL_STREETS


@dataclass(frozen=True)
class Surroundings:
    """What pages are drawn in, kept from one to the next: where maps open, and what is beneath."""

    openings: Openings = field(default_factory=Openings)
    basemap: Basemap = field(default_factory=Basemap)
    behind: TileMap | None = None


def declare_page(
    session: Session, scope: Scope, subject: Subject, wish: Wish, around: Surroundings
) -> PageDeclaration:
    """Return what the page of `subject` is about."""
    city = the_city(session)
    period = resolve_period(session, wish.as_of, wish.window_days)
    known = grids(session, scope)
    grid = wish.grid or best_grid(known)
    chosen = _chosen(subject, wish)
    shown = {"grid": grid, "as_of": period.as_of, "window": wish.window_days}
    asked = _query(**shown, **chosen)
    # Streets are chosen by the answer, hazards by their tiles: no tile is told of an owner.
    drawn = asked if subject == "hazards" else _query(**shown)
    rev = state_key(session, scope, SUBJECTS)
    without = {"basemap"} if grid else {"basemap", "cells"}
    layers = [layer for layer in DECLARED[subject].layers if layer.layer not in without]
    return PageDeclaration(
        subject=subject,
        language=wish.language,
        city=city.name,
        grids=tuple((found["code"], found["name"]) for found in known),
        grid=grid,
        as_of=period.day.isoformat(),
        window_days=wish.window_days,
        simulated=city.simulated,
        attribution=city.attribution,
        bounds=around.openings.bounds(session, scope, ANSWERS[subject], grid, period.day),
        cells_from=_cells_from(session, subject, known, grid),
        revision=sum(revisions(session, SUBJECTS).values()),
        answer_url=_answer_url(subject, asked, wish),
        tile_urls={
            layer.layer: _shapes_url(layer.layer, asked, wish)
            if layer.computed
            else _tile_url(layer.layer, drawn, rev)
            for layer in layers
        }
        | {"basemap": basemap_url(session, around)},
        chosen=chosen,
        compare=None if wish.compare is None else wish.compare.isoformat()[:10],
        has_published=has_published(session),
        behind=around.behind,
    )


def declare_start(session: Session, scope: Scope, wish: Wish) -> StartDeclaration:
    """Return what the start page is about."""
    city = the_city(session)
    period = resolve_period(session, wish.as_of, wish.window_days)
    grid = wish.grid or best_grid(grids(session, scope))
    asked = _query(grid=grid, as_of=period.as_of, window=wish.window_days)
    return StartDeclaration(
        language=wish.language,
        city=city.name,
        as_of=period.day.isoformat(),
        simulated=city.simulated,
        attribution=city.attribution,
        answer_urls={
            subject: _answer_url(subject, asked, wish)
            for subject in ANSWERS
            if grid is not None or subject == "streetlights"
        },
        has_published=has_published(session),
    )


def declare_report(
    session: Session, page: Literal["checks", "published"], wish: Wish
) -> ReportDeclaration:
    """Return what a page to be read is about."""
    city = the_city(session)
    return ReportDeclaration(
        page=page,
        language=wish.language,
        city=city.name,
        as_of=resolve_period(session, wish.as_of, 1).day.isoformat(),
        simulated=city.simulated,
        attribution=city.attribution,
        has_published=has_published(session),
    )


def declare_imports(
    session: Session, language: Language, around: Surroundings
) -> ImportDeclaration:
    """Return what the page that takes ledgers in is about."""
    city = the_city(session)
    return ImportDeclaration(
        language=language,
        city=city.name,
        timezone=city.timezone,
        kinds=KINDS,
        endings=tuple(FAMILIES),
        tile_urls={"basemap": basemap_url(session, around)},
        behind=around.behind,
    )


def best_grid(known: list[dict[str, Any]]) -> str | None:
    """Return the grid a page opens with: the coarsest with cells enough for hotspots."""
    ranked = sorted(known, key=lambda grid: (grid["n_cells"] < TOO_FEW, grid["n_cells"]))
    return ranked[0]["code"] if ranked else None


def question_of(subject: Subject, wish: Wish) -> Question:
    """Return the question whose answer a map of `subject` shows."""
    asked: dict[str, Any] = {"as_of": wish.as_of, "window_days": wish.window_days}
    if subject == "streetlights":
        return OutageQuestion(grid=wish.grid, **asked, **asdict(wish.streets))
    if wish.grid is None:
        raise NotFoundError("there is no grid yet: import one, or make one over another")
    if subject == "coverage":
        return CoverageQuestion(grid=wish.grid, **asked)
    return HotspotQuestion(grid=wish.grid, **asked, **asdict(wish.hazards))


def _cells_from(
    session: Session, subject: Subject, known: list[dict[str, Any]], grid: str | None
) -> int:
    """Return the zoom from which cells are drawn: where they are the rows, any."""
    if DECLARED[subject].rows == "cells":
        return 0
    n_cells = next((found["n_cells"] for found in known if found["code"] == grid), 0)
    return zoom_of_cells(session, n_cells, APART_PX) if n_cells else 0


def _chosen(subject: Subject, wish: Wish) -> dict[str, str]:
    """Return what was chosen among the things that the page counts."""
    if subject == "coverage":
        return {}
    chosen = wish.hazards if subject == "hazards" else wish.streets
    return {name: value for name, value in asdict(chosen).items() if value is not None}


def _answer_url(subject: Subject, asked: str, wish: Wish) -> str:
    return f"/api/v1/{ANSWERS[subject]}?{asked}&lang={wish.language}"


def basemap_url(session: Session, around: Surroundings) -> str:
    """Return the address of the tiles of the basemap, another one when that has changed."""
    return f"/tiles/basemap/{{z}}/{{x}}/{{y}}.mvt?rev={around.basemap.state(session)}"


def _tile_url(layer: str, asked: str, rev: str) -> str:
    # What no day changes keeps its address, so that another day reads none of it again.
    query = f"{asked}&rev={rev}" if LAYERS[layer].of_day else f"rev={rev}"
    return f"/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt?{query}"


def _shapes_url(layer: str, asked: str, wish: Wish) -> str:
    return f"/api/v1/{layer.replace('_', '-')}?{asked}&lang={wish.language}"


def _query(**asked: object) -> str:
    return urlencode({name: value for name, value in asked.items() if value is not None})
