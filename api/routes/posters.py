"""Posters for the wall."""

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.asking import PageAsked, Word
from api.caching import respond, state_key
from api.declaring import Wish
from api.deps import Reading, Reads
from api.posters import PosterWish, Reader, read_poster, read_series
from api.schemas import PROBLEMS
from data.answers import KeptAnswers, resolve_period
from data.models import SUBJECTS
from geo.errors import WrongValueError
from maps.layers import Subject
from maps.posters import Drawn, Ending, draw, draw_series
from maps.posters.paper import Paper, Size
from maps.posters.poster import Imprint

router = APIRouter(prefix="/api/v1/posters", tags=["files"], responses=PROBLEMS)

MEDIA_TYPES: dict[Ending, str] = {"pdf": "application/pdf", "png": "image/png"}
PATIENCE_S = 20.0
MAX_HEADER = 4_000


class PosterAsked(PageAsked):
    """What a poster shows, and on what paper."""

    size: Size = "A3"
    portrait: Annotated[
        bool | None, Field(description="Standing; without it as the city lies.")
    ] = None
    within: Annotated[Word | None, Field(description="Code of a cell: only what is in it.")] = None
    districts: Annotated[
        Word | None, Field(description="Code of the grid of districts; default the coarsest.")
    ] = None
    series: Annotated[
        bool, Field(description="An index and a sheet for each district, as one PDF.")
    ] = False
    view: Annotated[Word | None, Field(description="How to color: hotspots, gap, work …")] = None
    due: Annotated[date | None, Field(description="Deadline to count down to.")] = None

    def wish(self, reading: Reading, subject: Subject, imprint: Imprint) -> PosterWish:
        """Return what is asked of the poster of `subject`."""
        return PosterWish(
            subject,
            Wish(
                self.lang or reading.house,
                self.grid,
                self.as_of,
                self.window,
                hazards=self.hazards,
                streets=self.streets,
            ),
            Paper(self.size, self.portrait),
            imprint,
            self.due,
            self.within,
            self.districts,
            self.view,
        )


@router.get(
    "/{subject}.{ending}",
    response_class=Response,
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES.values()}}},
)
def poster(
    reading: Reads,
    subject: Subject,
    ending: Ending,
    asked: Annotated[PosterAsked, Query()],
) -> Response:
    """Return a sheet for the wall: vectors (PDF) or a picture (PNG).

    The header `Guatu-Missing-Characters` holds the characters that the font lacks,
    percent-encoded; a geta mark stands in their place.
    """
    if asked.series and ending != "pdf":
        raise WrongValueError("series: several sheets are one PDF, not one picture")
    imprint: Imprint = reading.request.app.state.imprint
    wish = asked.wish(reading, subject, imprint)
    period = resolve_period(reading.session, asked.as_of, asked.window)

    def make() -> Response:
        drawn = _drawn(reading, wish, ending, series=asked.series)
        missing = "".join(dict.fromkeys("".join(map("".join, drawn.missing.values()))))
        told = {"Guatu-Missing-Characters": quote(missing)[:MAX_HEADER]} if missing else {}
        return Response(drawn.content, media_type=MEDIA_TYPES[ending], headers=told)

    state = state_key(reading.session, reading.scope, SUBJECTS)
    return respond(reading.request, (state, period.as_of, wish.page.language, imprint), make)


def _drawn(reading: Reading, wish: PosterWish, ending: Ending, *, series: bool) -> Drawn:
    kept: KeptAnswers = reading.request.app.state.answers
    reader = Reader(reading.session, reading.scope, kept.answer)
    if series:
        return draw_series(*read_series(reader, wish), patience_s=PATIENCE_S)
    return draw(read_poster(reader, wish), ending, patience_s=PATIENCE_S)
