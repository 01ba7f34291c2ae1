"""guatu map: a page in one file that opens without a server and without a network."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from api.commands.options import AsOfOption, LanguageOption, WindowOption, settings_of
from api.commands.terminal import progress, say, write
from api.days import MOST_DAYS, days_before, keep_days, timeline_of
from api.declaring import Surroundings, Wish, declare_page, question_of
from api.errors import FileTooLargeError
from api.presenting import Presented, features_of, present
from api.store import connected, open_store
from data.answers import answer
from data.engine import snapshot
from data.queries import ledgers
from data.queries.basemap import basemap_features
from data.queries.ledgers import MAX_ROWS, LedgerFilter
from data.scope import WHOLE_CITY
from maps.layers import Subject
from maps.standalone import KeptDays, render_standalone

MOST_MB = 50
"""A larger file takes browsers too long to open."""


def draw(
    context: typer.Context,
    subject: Annotated[Subject, typer.Argument(help="Which of the three maps.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The HTML file.")],
    grid: Annotated[str | None, typer.Option(help="Code of the grid.")] = None,
    as_of: AsOfOption = None,
    window: WindowOption = 365,
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_DAYS,
            help="Days the file plays; default: since the campaign began, or 31.",
        ),
    ] = None,
    lang: LanguageOption = None,
) -> None:
    """Draw a map into one HTML file. Exact places of hazards and units stay behind."""
    settings = settings_of(context)
    wish = Wish(lang or settings.language, grid, as_of, window)
    with connected(open_store(settings)) as engine, snapshot(engine) as session:
        declaration = declare_page(session, WHOLE_CITY, subject, wish, Surroundings())
        whole = replace(wish, grid=declaration.grid)
        shown = _shown(session, subject, whole)
        data = _data(shown, whole)
        played = days_before(session, date.fromisoformat(declaration.as_of), days)
        kept = _kept(session, subject, whole, played) if len(played) > 1 else None
        html = render_standalone(declaration, data, kept).encode()
    _require_small(html, len(played))
    write(html, out)
    say(f"{out} is drawn: {len(html) / 1e6:.1f} MB, days it plays: {len(played)}")


def _require_small(html: bytes, n_days: int) -> None:
    if len(html) > MOST_MB * 1e6:
        raise FileTooLargeError(
            f"the file would have {len(html) / 1e6:.0f} MB; at most {MOST_MB} open well: ask for "
            f"fewer days (--days, now {n_days}) or for a coarser grid (--grid)"
        )


def _kept(session: Session, subject: Subject, wish: Wish, days: list[date]) -> KeptDays:
    """Return the answers of the days that the file plays."""
    with progress() as begin:

        def read(day: date) -> dict[str, Any]:
            begin(day.isoformat())
            return _shown(session, subject, replace(wish, as_of=day)).body

        rows = "segments" if subject == "streetlights" else "cells"
        return keep_days(timeline_of(session, WHOLE_CITY, subject), days, read, rows)


def _shown(session: Session, subject: Subject, wish: Wish) -> Presented:
    computed = answer(session, WHOLE_CITY, question_of(subject, wish))
    return present(session, WHOLE_CITY, computed, wish.language)


def _data(shown: Presented, wish: Wish) -> dict[str, Any]:
    """Return the answer, the shapes of its rows and cells, and the basemap.

    Where streets are the rows the basemap needs none of its own.
    """
    session, computed = shown.session, shown.answer
    with_streets = computed.rows_name != "segments"
    data = {
        computed.rows_name: _collection(features_of(shown)),
        "basemap": _collection(basemap_features(session, streets=with_streets)),
        "answer": shown.body,
    }
    return data if with_streets else {"cells": _collection(_cells(session, wish.grid)), **data}


def _cells(session: Session, grid: str | None) -> Iterator[dict[str, Any]]:
    """Yield the outline of every cell, page after page."""
    after: int | None = None
    while True:
        page = ledgers.cells(
            session, WHOLE_CITY, LedgerFilter(grid=grid, after=after, limit=MAX_ROWS)
        )
        for row in page:
            about = {"code": row["code"], "name": row["name"]}
            shape = json.loads(row["geometry"])
            yield {"type": "Feature", "geometry": shape, "properties": about}
        if len(page) < MAX_ROWS:
            return
        after = page[-1]["id"]


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
