"""The map of a page as a picture of what is in view."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.asking import PageAsked, Word, question_of, read_bbox
from api.caching import respond, state_key
from api.deps import Reads
from api.schemas import PROBLEMS
from data.answers import resolve_period, row_geometries
from geo.errors import WrongValueError
from maps.layers import DECLARED, Subject
from maps.pictures import Window, draw_picture

router = APIRouter(prefix="/pictures", tags=["files"], responses=PROBLEMS)

MERCATOR_END = 85.06
"""Latitude at which web maps end."""

Pixels = Annotated[int, Field(ge=16, le=4096)]


class PictureAsked(PageAsked):
    """What is in view, and how it is colored."""

    bbox: Annotated[
        str,
        Field(
            description="west,south,east,north in degrees",
            examples=["24.93,60.16,24.95,60.18"],
            pattern=r"^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$",
        ),
    ]
    width: Pixels = 1024
    height: Pixels = 768
    view: Annotated[Word | None, Field(description="Key of a view of the page.")] = None

    def shown(self) -> Window:
        """Return what is in view; it must have an extent, and end before the poles."""
        try:
            west, south, east, north = read_bbox(self.bbox)
        except ValueError as error:
            raise WrongValueError(f"bbox: {error}") from error
        if not (west < east and -MERCATOR_END <= south < north <= MERCATOR_END):
            raise WrongValueError(f"bbox: it must be wide and high, and within {MERCATOR_END}")
        return Window((west, south, east, north), self.width, self.height)


@router.get(
    "/{subject}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
def picture(reading: Reads, subject: Subject, asked: Annotated[PictureAsked, Query()]) -> Response:
    """Return a picture of the map, for readers whose browser cannot draw it."""
    session, scope = reading.session, reading.scope
    views = {view.key: view for view in DECLARED[subject].views}
    view = views.get(asked.view or next(iter(views)))
    if view is None:
        raise WrongValueError(f"view: {asked.view!r}; it must be one of {', '.join(views)}")
    window = asked.shown()
    question = asked.of(question_of(subject, asked.grid, asked.as_of, asked.window))
    period = resolve_period(session, asked.as_of, asked.window)

    def make() -> Response:
        answer = reading.answer(question)
        body = answer.as_dict()
        decisions = {decision["code"] for decision in body["decisions"]}
        shapes = row_geometries(session, scope, answer).to_numpy()
        content = draw_picture(view, body[answer.rows_name], decisions, shapes, window)
        return Response(content, media_type="image/png")

    return respond(
        reading.request, (state_key(session, scope, question.subjects), period.as_of), make
    )
