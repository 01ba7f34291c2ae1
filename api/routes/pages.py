"""The start page, the three maps, the page that takes ledgers in, and the pages to be read."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.asking import PageAsked
from api.declaring import (
    Surroundings,
    Wish,
    declare_imports,
    declare_page,
    declare_report,
    declare_start,
)
from api.deps import Reading, Reads
from api.presenting import checks_in_words
from api.security import new_nonce, page_policy
from data.answers.consistency import consistency
from maps.layers import Subject
from maps.page import TileMap, render_imports, render_page, render_start
from maps.reports import render_checks, render_published

router = APIRouter(include_in_schema=False)


@router.get("/")
def start(reading: Reads, asked: Annotated[PageAsked, Query()]) -> HTMLResponse:
    """Show the headline figures, with the way to the maps."""
    declaration = declare_start(reading.session, reading.scope, _wish(reading, asked))
    return _page(render_start(declaration), new_nonce())


@router.get("/maps/{subject}")
def page(reading: Reads, subject: Subject, asked: Annotated[PageAsked, Query()]) -> HTMLResponse:
    """Show one of the three maps."""
    nonce = new_nonce()
    around: Surroundings = reading.request.app.state.around
    wish = _wish(reading, asked)
    declaration = declare_page(reading.session, reading.scope, subject, wish, around)
    return _page(render_page(declaration, nonce=nonce), nonce, around.behind)


@router.get("/imports")
def imports(reading: Reads, asked: Annotated[PageAsked, Query()]) -> HTMLResponse:
    """Show where ledgers are brought in, and what was brought in before."""
    around: Surroundings = reading.request.app.state.around
    declaration = declare_imports(reading.session, asked.lang or reading.house, around)
    return _page(render_imports(declaration), new_nonce(), around.behind)


@router.get("/checks")
def checks(reading: Reads, asked: Annotated[PageAsked, Query()]) -> HTMLResponse:
    """Show which figures fit together, with the rows behind those that do not."""
    wish = _wish(reading, asked)
    found = consistency(reading.session, reading.scope, asked.as_of)
    told = checks_in_words(found, wish.language)["checks"]
    declaration = declare_report(reading.session, "checks", wish)
    return _page(render_checks(declaration, told), new_nonce())


@router.get("/published")
def published(reading: Reads, asked: Annotated[PageAsked, Query()]) -> HTMLResponse:
    """Show what was published of the city beside what its rows say."""
    declaration = declare_report(reading.session, "published", _wish(reading, asked))
    return _page(render_published(declaration, reading.published()), new_nonce())


def _wish(reading: Reading, asked: PageAsked) -> Wish:
    language = asked.lang or reading.house
    return Wish(
        language,
        asked.grid,
        asked.as_of,
        asked.window,
        asked.compare,
        asked.hazards,
        asked.streets,
    )


def _page(html: str, nonce: str, behind: TileMap | None = None) -> HTMLResponse:
    policy = page_policy(nonce, "" if behind is None else behind.origin)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(html, headers=headers)
