"""The headline figures of an answer, each with its base, as the pages' script shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from maps import words
from maps.layers import Card
from maps.numbers import shown
from maps.words import Language

LEVELS = ("major", "larger", "general", "ungraded")


@dataclass(frozen=True)
class HeadlineFigure:
    """One card in words: what it is, how much, of what, and what must be said beside it."""

    key: str
    label: str
    value: str
    base: str
    more: str


def headline(card: Card, answer: Mapping[str, Any], language: Language) -> HeadlineFigure:
    """Return the card of a prepared answer in words."""
    numerator, denominator = path(answer, card.numerator), path(answer, card.denominator)
    counted = card.inventory is None or path(answer, card.inventory) is not None
    unit = words.text(f"unit.{card.key if counted else 'places'}", language)
    return HeadlineFigure(
        key=card.key,
        label=words.text(f"card.{card.key}", language),
        value=_value(card, numerator, denominator, language),
        base=_base(card, unit, numerator, denominator, language),
        more=_levels(card, answer, language) or _beside(card, answer, language),
    )


def prepare(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with rates by name and the bases it leaves to its reader."""
    known: dict[str, Any] = _without_zeros(answer) if is_silent(answer) else dict(answer)
    rows = known.get("cells", known.get("segments"))
    rates = {rate["name"]: rate for rate in known.get("rates", ())}
    return {**known, "rows": rows, "rates": rates, "counted": _counted(known, rows or [])}


def is_silent(answer: Mapping[str, Any]) -> bool:
    """Tell whether the whole window lies after the ledger's last day."""
    last = answer["data_until"]
    if last is None:
        return False
    day = date.fromisoformat(answer["as_of"][:10])
    return bool((day - date.fromisoformat(last)).days >= answer["window_days"])


def path(answer: Any, names: str | None) -> Any:
    """Return what ``a.b.c`` leads to; ``None`` where nothing is."""
    for name in (names or "").split("."):
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    return answer


def _without_zeros(value: Any) -> Any:
    """Where a ledger is silent a zero counts nothing: it is unknown."""
    if isinstance(value, Mapping):
        return {key: _without_zeros(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_zeros(each) for each in value]
    return None if value == 0 and not isinstance(value, bool) else value


def _counted(answer: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> dict[str, int | None]:
    outside = answer["outside"]
    not_placed = _plus(outside.get("outside"), outside.get("without_position"))
    return {
        "with_units": sum((row.get("n_units") or 0) > 0 for row in rows),
        "surveyed": sum((row.get("n_lamps") or 0) > 0 for row in rows),
        "not_placed": not_placed,
        "found": _plus(answer["totals"].get("n_hazards"), not_placed),
    }


def _plus(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b


def _value(card: Card, numerator: Any, denominator: Any, language: Language) -> str:
    if card.denominator is None:
        return shown(numerator, card.format, language)
    if not denominator or numerator is None:
        return shown(None, card.format, language)
    if card.kind == "share":
        return shown(numerator / denominator, "share", language)
    return shown(numerator, card.format, language)


def _base(card: Card, unit: str, numerator: Any, denominator: Any, language: Language) -> str:
    if card.denominator is None:
        return "" if numerator is None else unit
    if not denominator:
        return ""
    of = f"/ {shown(denominator, 'count', language)}"
    part = f"{shown(numerator, 'count', language)} " if card.kind == "share" else ""
    return f"{part}{of} {unit}"


def _levels(card: Card, answer: Mapping[str, Any], language: Language) -> str:
    counts = path(answer, card.by_level) or {}
    return " · ".join(
        f"{words.text(f'level.{level}', language)}\u00a0{shown(counts[level], 'count', language)}"
        for level in LEVELS
        if (counts.get(level) or 0) > 0
    )


def _beside(card: Card, answer: Mapping[str, Any], language: Language) -> str:
    n = path(answer, card.beside)
    if not n:
        return ""
    return words.text(f"beside.{card.key}", language, n=shown(n, "count", language))
