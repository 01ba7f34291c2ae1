"""Bulletins and lists as files, byte for byte those of the command line."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.asking import Asked, AsOf, Word
from api.caching import respond, state_key
from api.deps import Reading, Reads
from api.documents import Ending, Wish, write_bulletin, write_lists
from api.schemas import PROBLEMS
from data.answers import resolve_period
from data.answers.bulletins import BulletinKind, BulletinQuestion
from data.answers.four_lists import ListsQuestion
from maps.documents import FORMATS, document_policy
from maps.words import Language

FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {form.media_type: {} for form in FORMATS.values()}}
}

router = APIRouter(prefix="/api/v1", tags=["documents"], responses=PROBLEMS)


class ListsAsked(Asked):
    """As of when the lists are wanted, and how."""

    known_at: AsOf = None
    office: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    lang: Language | None = None


class BulletinAsked(ListsAsked):
    """Which bulletin is wanted, and how."""

    grid: Word | None = None


@router.get("/bulletins/{kind}.{ending}", response_class=Response, responses=FILES)
def bulletin(
    reading: Reads, kind: BulletinKind, ending: Ending, asked: Annotated[BulletinAsked, Query()]
) -> Response:
    """Return a bulletin with the figures of now: a draft, until it is issued."""
    question = BulletinQuestion(kind, asked.as_of, asked.known_at, asked.grid)
    wish = Wish(f".{ending}", asked.lang or reading.house, asked.office)

    def make() -> bytes:
        return write_bulletin(reading.session, reading.scope, question, wish)

    return _file(reading, f"{kind}.{ending}", asked, wish, make)


@router.get("/lists.{ending}", response_class=Response, responses=FILES)
def lists(reading: Reads, ending: Ending, asked: Annotated[ListsAsked, Query()]) -> Response:
    """Return the four lists: hazards, hand-over and supervision, leaders, closing."""
    question = ListsQuestion(asked.as_of, asked.known_at)
    wish = Wish(f".{ending}", asked.lang or reading.house, asked.office)

    def make() -> bytes:
        return write_lists(reading.session, reading.scope, question, wish)

    return _file(reading, f"lists.{ending}", asked, wish, make)


def _file(
    reading: Reading, name: str, asked: Asked, wish: Wish, make: Callable[[], bytes]
) -> Response:
    """Answer with a file, unless the reader has it already."""
    period = resolve_period(reading.session, asked.as_of, window_days=1)
    known = state_key(reading.session, reading.scope, BulletinQuestion.subjects)
    form = FORMATS[wish.ending]

    def answer() -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if wish.ending == ".html":
            headers = {"Content-Security-Policy": document_policy()}
        return Response(make(), media_type=form.media_type, headers=headers)

    return respond(reading.request, (known, period.as_of, wish.language), answer)
