"""guatu map: a page in one file that opens without a server and without a network."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from api.commands.options import AsOfOption, LanguageOption, WindowOption, settings_of
from api.commands.terminal import say, write
from api.declaring import Wish, declare_page, question_of
from api.presenting import features_of, present
from api.store import connected, open_store
from data.answers import answer
from data.answers.openings import Openings
from data.engine import snapshot
from data.queries import ledgers
from data.queries.ledgers import MAX_ROWS, LedgerFilter
from data.scope import WHOLE_CITY, Scope
from maps.layers import Subject
from maps.standalone import render_standalone

Read = Callable[[Session, Scope, LedgerFilter], Sequence[dict[str, Any]]]

OUTLINES: Mapping[str, Read] = {"cells": ledgers.cells, "segments": ledgers.segments}


def draw(
    context: typer.Context,
    subject: Annotated[Subject, typer.Argument(help="Which of the three maps.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The HTML file.")],
    grid: Annotated[str | None, typer.Option(help="Code of the grid.")] = None,
    as_of: AsOfOption = None,
    window: WindowOption = 365,
    lang: LanguageOption = None,
) -> None:
    """Draw a map into one HTML file. Exact places of hazards and units stay behind."""
    settings = settings_of(context)
    wish = Wish(lang or settings.language, grid, as_of, window)
    with connected(open_store(settings)) as engine, snapshot(engine) as session:
        declaration = declare_page(session, WHOLE_CITY, subject, wish, Openings())
        data = _data(session, subject, replace(wish, grid=declaration.grid))
        html = render_standalone(declaration, data)
    write(html.encode(), out)
    say(f"{out} is drawn")


def _data(session: Session, subject: Subject, wish: Wish) -> dict[str, Any]:
    """Return the answer and the shapes of everything the page draws."""
    computed = answer(session, WHOLE_CITY, question_of(subject, wish))
    shown = present(session, WHOLE_CITY, computed, wish.language)
    outlines = {
        name: _collection(_outlines(session, read, wish.grid))
        for name, read in OUTLINES.items()
        if name != computed.rows_name
    }
    return {**outlines, computed.rows_name: _collection(features_of(shown)), "answer": shown.body}


def _outlines(session: Session, read: Read, grid: str | None) -> Iterator[dict[str, Any]]:
    """Yield the outline of every row, page after page."""
    after: int | None = None
    while True:
        page = read(session, WHOLE_CITY, LedgerFilter(grid=grid, after=after, limit=MAX_ROWS))
        for row in page:
            about = {"code": row["code"], "name": row["name"]}
            shape = json.loads(row["geometry"])
            yield {"type": "Feature", "geometry": shape, "properties": about}
        if len(page) < MAX_ROWS:
            return
        after = page[-1]["id"]


def _collection(features: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
