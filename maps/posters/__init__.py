"""Posters for the wall, drawn by matplotlib: vector PDF or PNG, from an answer and its shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from matplotlib import rc_context

from maps.posters.layout import draw_sheet
from maps.posters.poster import Poster
from maps.posters.sheet import RC, to_pdf, to_png

ENDINGS = (".pdf", ".png")
DPI = 150

_ALONE = Lock()
"""matplotlib's fonts and settings are one for the whole process."""


@dataclass(frozen=True)
class Drawn:
    """A poster as a file, and the texts with characters that the font lacks."""

    content: bytes
    missing: Mapping[str, tuple[str, ...]]


def draw(poster: Poster, ending: str) -> Drawn:
    """Draw a poster as the file that `ending` names."""
    with _ALONE, rc_context(RC):  # type: ignore[arg-type]  # names of settings
        sheet = draw_sheet(poster)
        if ending == ".png":
            return Drawn(to_png(sheet, DPI), sheet.missing)
        return Drawn(to_pdf(sheet, f"{poster.title} · {poster.where}"), sheet.missing)
