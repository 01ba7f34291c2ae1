"""The fonts of the posters: which characters they have, and how wide a text runs."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties

from maps.assets import font_file

Weight = Literal[400, 700]

MM_PER_POINT = 25.4 / 72
STAND_IN = "〓"
"""What printers set where a character is missing."""

LONGEST = 300
"""Characters of a text that could ever fit on a sheet."""

VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@dataclass(frozen=True, eq=False)
class Face:
    """One weight of the font: the advance of each of its characters, in parts of the size."""

    properties: FontProperties
    advances: dict[int, float]


@cache
def face(weight: Weight) -> Face:
    """Return the font of one weight."""
    path = font_file(f"noto-sans-sc-{weight}.ttf")
    with TTFont(path, lazy=True) as font:
        em = font["head"].unitsPerEm
        advances = font["hmtx"].metrics
        found = {code: advances[name][0] / em for code, name in font.getBestCmap().items()}
    return Face(FontProperties(fname=str(path)), found)


def width_mm(text: str, size: float, weight: Weight = 400) -> float:
    """Return how wide a legible text of that size (in points) runs."""
    advances = face(weight).advances
    return sum(advances[ord(each)] for each in text) * size * MM_PER_POINT


@dataclass(frozen=True)
class Legible:
    """A text that the font can show, and the characters that it cannot."""

    text: str
    missing: tuple[str, ...] = ()


def legible(text: str) -> Legible:
    """Return `text` on one line, a stand-in for each character without a glyph."""
    known = face(400).advances
    plain = unicodedata.normalize("NFC", text[:LONGEST])
    characters = " ".join("".join(map(_visible, plain)).split(" "))
    missing = dict.fromkeys(each for each in characters if ord(each) not in known)
    return Legible("".join(STAND_IN if e in missing else e for e in characters), tuple(missing))


def _visible(character: str) -> str:
    """Return a blank for what only moves the pen, nothing for what only steers it."""
    kind = unicodedata.category(character)
    if kind in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    return "" if kind == "Cf" or ord(character) in VARIATION_SELECTORS else character


def fitted(text: str, size: float, most_mm: float, weight: Weight = 400) -> str:
    """Return a legible text, cut with an ellipsis where it runs wider than `most_mm`."""
    if width_mm(text, size, weight) <= most_mm:
        return text
    while text and width_mm(f"{text}…", size, weight) > most_mm:
        text = text[:-1]
    return f"{text.rstrip()}…"
