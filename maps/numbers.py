"""Figures as people read them, as the pages' script writes them."""

from collections.abc import Callable
from typing import Any

from maps import words
from maps.layers import Format
from maps.words import Language, UnknownWordError

KM_FROM = 10_000
SMALL_P = 0.001


def shown(value: Any, form: Format, language: Language, field: str = "") -> str:
    """Return a figure as text; unknown is a word of its own, never 0."""
    if value is None:
        return words.text("ui.unknown", language)
    if form == "word":
        return named(field, value, language)
    if form == "yes_no":
        return words.text("ui.yes" if value else "ui.no", language)
    if form == "text":
        return str(value)
    if form == "countdown":
        return words.text("ui.days_late" if value < 0 else "ui.days_left", language, n=abs(value))
    return NUMBERS[form](value)


def named(kind: str, value: Any, language: Language) -> str:
    """Return the wording of a value from a fixed list; a value outside the list as it is."""
    try:
        return words.text(f"{kind}.{value}", language)
    except UnknownWordError:
        return str(value)


def _metres(value: float) -> str:
    if value >= KM_FROM:
        return f"{_at_most(value / 1000, 1)}\u00a0km"
    return f"{value:,.0f}\u00a0m"


def _at_most(value: float, decimals: int) -> str:
    whole, _, part = f"{value:,.{decimals}f}".partition(".")
    part = part.rstrip("0")
    return f"{whole}.{part}" if part else whole


NUMBERS: dict[str, Callable[[float], str]] = {
    "count": lambda value: f"{value:,.0f}",
    "share": lambda value: f"{value:.1%}",
    "metres": _metres,
    "tenths": lambda value: f"{value:,.1f}",
    "hundredths": lambda value: f"{value:,.2f}",
    "decimal": lambda value: _at_most(value, 2),
    "p": lambda value: "< 0.001" if value < SMALL_P else f"{value:.3f}",
}
