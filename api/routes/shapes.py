"""What is drawn beside the cells and segments of an answer, as it is on a day."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from api.asking import CoverageAsked, HotspotsAsked, OutagesAsked
from api.caching import respond, state_key
from api.deps import Reading, Reads
from api.presenting import dump_json, features_of_shapes
from api.schemas import PROBLEMS, Said
from data.answers import OutageQuestion, resolve_period
from data.answers.blind_spots import blind_areas
from data.answers.crowds import hazard_clusters, returning_sites
from data.answers.shapes import Shapes, dark_run_lines
from data.scope import Scope
from maps import words

router = APIRouter(prefix="/api/v1", tags=["questions"], responses=PROBLEMS)


class GeoJsonResponse(JSONResponse):
    """A FeatureCollection, as it is described and as it is sent."""

    media_type = "application/geo+json"

    def render(self, content: Any) -> bytes:
        """Write it as every answer is written."""
        return dump_json(content)


class DrawnShapes(Said):
    """A FeatureCollection of what lies on the map on a day.

    `definition` says in a sentence what it is; `counts` how many features there are of each
    ``kind``, null while nobody can know.
    """

    type: Literal["FeatureCollection"]
    as_of: str
    revision: int
    simulated: bool
    definition: str
    counts: dict[str, int] | None
    features: list[dict[str, Any]]


class DarkRunsAsked(OutagesAsked):
    """The question of outages whose dark runs are asked for."""

    format: Literal["json"] = "json"


@router.get("/dark-runs", response_model=DrawnShapes, response_class=GeoJsonResponse)
def dark_runs(reading: Reads, asked: Annotated[DarkRunsAsked, Query()]) -> Response:
    """Return the runs of lamps out along the streets, those of the longest dark walk apart."""

    def draw(session: Session, scope: Scope, question: OutageQuestion) -> Shapes:
        return dark_run_lines(session, scope, reading.answer(question))

    return _drawn(reading, asked, draw)


class ClustersAsked(HotspotsAsked):
    """The question of hotspots whose hazards are asked for."""

    format: Literal["json"] = "json"


@router.get("/clusters", response_model=DrawnShapes, response_class=GeoJsonResponse)
def clusters(reading: Reads, asked: Annotated[ClustersAsked, Query()]) -> Response:
    """Return the outlines of where the hazards of the window crowd."""
    return _drawn(reading, asked, hazard_clusters)


@router.get("/repeat-sites", response_model=DrawnShapes, response_class=GeoJsonResponse)
def repeat_sites(reading: Reads, asked: Annotated[ClustersAsked, Query()]) -> Response:
    """Return the units where hazards of one category were found again and again."""
    return _drawn(reading, asked, returning_sites)


class BlindSpotsAsked(CoverageAsked):
    """The question of coverage whose blind spots are asked for."""

    format: Literal["json"] = "json"


@router.get("/blind-spots", response_model=DrawnShapes, response_class=GeoJsonResponse)
def blind_spots(reading: Reads, asked: Annotated[BlindSpotsAsked, Query()]) -> Response:
    """Return what of each cell is far from every visit of the window."""
    return _drawn(reading, asked, blind_areas)


def _drawn(
    reading: Reading,
    asked: DarkRunsAsked | ClustersAsked | BlindSpotsAsked,
    draw: Callable[[Session, Scope, Any], Shapes],
) -> Response:
    """Return what `draw` makes of the question, as features that are sent once a state."""
    question = asked.question()
    language = asked.lang or reading.house
    name = reading.request.url.path.rpartition("/")[2].replace("-", "_")

    def make() -> Response:
        shapes = draw(reading.session, reading.scope, question)
        body = {
            "type": "FeatureCollection",
            "as_of": shapes.as_of.isoformat(),
            "revision": shapes.revision,
            "simulated": shapes.simulated,
            "definition": words.definition(name, language, shapes.parameters),
            "counts": None if shapes.counts is None else dict(shapes.counts),
            "features": features_of_shapes(shapes),
        }
        return GeoJsonResponse(body)

    period = resolve_period(reading.session, question.as_of, question.window_days)
    key = state_key(reading.session, reading.scope, question.subjects)
    return respond(reading.request, (key, period.as_of, language), make)
