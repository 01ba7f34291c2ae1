"""The start page and the three maps."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.asking import PageAsked
from api.declaring import Wish, declare_page, declare_start
from api.deps import Reading, Reads
from api.security import new_nonce, page_policy
from maps.layers import Subject
from maps.page import render_page, render_start

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
    declaration = declare_page(reading.session, reading.scope, subject, _wish(reading, asked))
    return _page(render_page(declaration, nonce=nonce), nonce)


def _wish(reading: Reading, asked: PageAsked) -> Wish:
    return Wish(asked.lang or reading.house, asked.grid, asked.as_of, asked.window)


def _page(html: str, nonce: str) -> HTMLResponse:
    headers = {"Content-Security-Policy": page_policy(nonce), "Cache-Control": "no-store"}
    return HTMLResponse(html, headers=headers)
