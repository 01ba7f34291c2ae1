"""How a class looks in print: beside its color a hatch or a dash, which grey print keeps apart."""

from dataclasses import dataclass, replace
from typing import Any

from maps.palettes import INK, NO_DATA, PaintClass, Texture

PALE_INK = "#aab2ba"
HAIR_INK = "#8b949e"
DOTS = (0, (0.8, 2))

HATCHES = {
    "no_value": "////",
    "no_units": "////",
    "base_unclear": "....",
    "blank": "xxxx",
    "cold90": "---",
    "cold95": "---",
    "cold99": "---",
    "too_few": "..",
    "too_short": "||",
    "untested": "-.",
}
"""Class -> hatch: the classes whose grey another class has too, and those without a figure."""

TEXTURES: dict[Texture, str] = {
    "": "",
    "rising": "///",
    "falling": "\\\\\\",
    "bars": "---",
    "cross": "xxx",
    "dots": "...",
    "grid": "+++",
    "rings": "oo",
}
"""Texture on a page -> hatch in print."""

HATCH_COLORS = {
    "no_value": PALE_INK,
    "no_units": PALE_INK,
    "blank": "#ffffff",
    "cold95": "#ffffff",
    "cold99": "#ffffff",
}
"""Class -> color of its hatch: what is not known steps back, dark classes want white."""

DASHES = {
    "dark": "solid",
    "scattered": (0, (2.2, 0.9)),
    "reported": (0, (1, 1)),
    "no_lamp": (0, (5, 1.5, 1, 1.5)),
}
"""Class of segments -> pattern of its line; the others are thin and solid."""


@dataclass(frozen=True)
class Look:
    """Color, hatch and dash of one class."""

    color: str
    hatch: str = ""
    hatch_color: str = INK
    dash: Any = "solid"
    width: float = 1.5


def line_look_of(paint: PaintClass) -> Look:
    """Return how a class of lines is printed: what has no value is dotted, for white is no line."""
    look = look_of(paint)
    return replace(look, color=HAIR_INK, dash=DOTS) if paint.color == NO_DATA else look


def look_of(paint: PaintClass) -> Look:
    """Return how a class is printed."""
    return Look(
        color=paint.color,
        hatch=HATCHES.get(paint.key, TEXTURES[paint.texture]),
        hatch_color=HATCH_COLORS.get(paint.key, paint.ink),
        dash=DASHES.get(paint.key, "solid"),
        width=paint.width,
    )
