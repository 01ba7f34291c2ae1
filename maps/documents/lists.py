"""The four lists (四张清单) as one document of four tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from maps import words
from maps.documents.document import Column, Document, Kind, Table
from maps.documents.imprint import Imprint, colophon, made_at, mark, moment_text, office_of
from maps.words import Language

Facts = Mapping[str, Any]

_KEYS = (("code", 10), ("hazard_code", 10), ("segment_code", 12), ("place", 16))
_SOURCE = ("source", 10)
_LISTS: Mapping[str, Sequence[tuple[str, float]]] = {
    "hazards": (
        *_KEYS,
        ("description", 26),
        ("level", 7),
        ("category", 9),
        ("unit", 16),
        ("origin", 9),
        ("found_at", 11),
        ("stands", 10),
        _SOURCE,
    ),
    "handed_over": (
        *_KEYS,
        ("handover_batch", 7),
        ("lead_party", 14),
        ("helping_party", 14),
        ("first_due_on", 11),
        ("due_on", 11),
        ("escalation", 8),
        ("leader", 8),
        ("listed_on", 11),
        ("removed_on", 11),
        ("found_at", 11),
        ("stands", 10),
        ("days_late", 7),
        _SOURCE,
    ),
    "leaders": (
        *_KEYS,
        ("lead_party", 14),
        ("helping_party", 14),
        ("leader", 8),
        ("person", 8),
        ("measure", 24),
        ("money_yuan", 9),
        ("due_on", 11),
        ("contingency", 16),
        ("found_at", 11),
        _SOURCE,
    ),
    "closing": (
        *_KEYS,
        ("found_at", 11),
        ("state", 10),
        ("reported_fixed_by", 8),
        ("rechecked_by", 8),
        ("n_evidence", 7),
        ("closed_at", 11),
        ("in_time", 7),
        ("n_reopened", 7),
        ("exempt_confirmed_by_city", 12),
        ("exempt_confirmed_by_builder", 12),
        ("exempt_reason", 14),
        _SOURCE,
    ),
}
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("first_due_on", "due_on", "listed_on", "removed_on"), "day"),
    **dict.fromkeys(("n_evidence", "n_reopened", "days_late"), "count"),
    "money_yuan": "number",
}
_NAMED = {"stands": "state"}
"""The state for reading only: whoever changes it must also say since when."""

_WORDED = {
    "state": "item",
    "stands": "item",
    "level": "level",
    "origin": "list.origin",
    "escalation": "escalation",
}


def compose_lists(facts: Facts, imprint: Imprint, language: Language) -> Document:
    """Return the four lists; a blank cell is what nobody has told."""
    return Document(
        language=language,
        title=words.text("list.title", language, city=facts["city"]),
        mark=mark(language, simulated=facts["simulated"]),
        blocks=tuple(_table(name, facts, language) for name in _LISTS),
        notes=(words.text("list.note", language),),
        colophon=colophon(imprint, facts["city"], language),
        made_at=made_at(facts["cut_off"]),
        author=office_of(imprint, facts["city"], language),
        landscape=True,
    )


def _table(name: str, facts: Facts, language: Language) -> Table:
    moment = moment_text(facts["cut_off"], language)
    title = words.text(f"list.{name}", language)
    number = Column(words.text("list.place_number", language), 6, "count")
    columns = (
        Column(words.text(f"list.{key}", language), width, _KINDS.get(key, "text"))
        for key, width in _LISTS[name]
    )
    rows = tuple(
        (place, *(_value(key, row[_NAMED.get(key, key)], language) for key, _ in _LISTS[name]))
        for place, row in enumerate(facts[name], start=1)
    )
    return Table(
        caption=words.text("list.caption", language, title=title, moment=moment, n=len(rows)),
        columns=(number, *columns),
        rows=rows,
        sheet=title,
        remark=words.text("list.remark", language),
        missing="",
    )


def _value(key: str, value: Any, language: Language) -> Any:
    if value is None:
        return None
    if key in _WORDED:
        return words.text(f"{_WORDED[key]}.{value}", language)
    if key == "in_time":
        return words.text("list.yes" if value else "list.no", language)
    kind = _KINDS.get(key, "text")
    if kind == "day":
        return date.fromisoformat(value)
    return Decimal(value) if kind == "number" else value
