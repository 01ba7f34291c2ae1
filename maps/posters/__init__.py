"""Posters for the wall, drawn by matplotlib: vector PDF or PNG, from an answer and its shapes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Literal, get_args

from matplotlib import rc_context

from geo.errors import GuatuError
from maps.posters.index import draw_index
from maps.posters.layout import draw_sheet, turned
from maps.posters.poster import Poster
from maps.posters.sheet import HATCH_SIZE, RC, Sheet, to_pdf, to_png

Ending = Literal["pdf", "png"]
ENDINGS: tuple[Ending, ...] = get_args(Ending)
DPI = 150

_ALONE = Lock()
"""matplotlib's fonts and settings are one for the whole process."""


class DrawingBusyError(GuatuError):
    """So many posters are being drawn that this one would keep its reader waiting."""


@dataclass(frozen=True)
class Drawn:
    """A poster as a file, and the texts with characters that the font lacks."""

    content: bytes
    missing: Mapping[str, tuple[str, ...]]


def draw(poster: Poster, ending: Ending, *, patience_s: float = -1) -> Drawn:
    """Draw a poster as a file of that ending.

    Raises
    ------
    DrawingBusyError
        When another is still being drawn after `patience_s`; below 0 there is no end to patience.
    """
    with _alone(poster, patience_s):
        return _as_file(draw_sheet(poster), ending, poster)


def draw_series(overview: Poster, posters: Sequence[Poster], *, patience_s: float = -1) -> Drawn:
    """Draw an index and a sheet for each of `posters` as the pages of one PDF."""
    with _alone(overview, patience_s):
        sheets = list(_sheets(overview, posters))
        missing = {text: found for sheet in sheets for text, found in sheet.missing.items()}
        return Drawn(to_pdf(sheets, _title(overview)), missing)


def draw_pictures(overview: Poster, posters: Sequence[Poster]) -> Iterator[Drawn]:
    """Draw an index and a sheet for each of `posters`, each as a PNG."""
    with _alone(overview, -1):
        for sheet in _sheets(overview, posters):
            yield _as_file(sheet, "png", overview)


def _sheets(overview: Poster, posters: Sequence[Poster]) -> Iterator[Sheet]:
    """Yield the sheets of a series, all of them turned as the first."""
    overview = turned(overview)
    yield draw_index(overview, posters)
    for poster in posters:
        yield draw_sheet(replace(poster, paper=overview.paper))


@contextmanager
def _alone(poster: Poster, patience_s: float) -> Iterator[None]:
    if not _ALONE.acquire(timeout=patience_s):
        raise DrawingBusyError("another poster is being drawn: ask again in a moment")
    try:
        hatch = {"hatch.linewidth": HATCH_SIZE * poster.paper.scale}
        with rc_context(RC | hatch):  # type: ignore[arg-type]  # names of settings
            yield
    finally:
        _ALONE.release()


def _as_file(sheet: Sheet, ending: Ending, poster: Poster) -> Drawn:
    content = to_png(sheet, DPI) if ending == "png" else to_pdf([sheet], _title(poster))
    return Drawn(content, sheet.missing)


def _title(poster: Poster) -> str:
    return f"{poster.title} · {poster.where}"
