"""The four lists (四张清单) as one document of four tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from maps import words
from maps.documents.document import Column, Document, Kind, Table
from maps.documents.fitting import fitted, without_blank_columns
from maps.documents.imprint import Imprint, colophon, made_at, mark, moment_text, office_of
from maps.words import Language
from maps.words.four_lists import READ_ONLY

Facts = Mapping[str, Any]

_KEYS = (("code", 10), ("hazard_code", 10), ("segment_code", 12), ("place", 16))
_SOURCE = ("source", 10)
_OF_PARTIES = ("handed_over", "leaders")
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
_FOR_IMPORTS: Mapping[str, frozenset[str]] = {
    name: frozenset({"segment_code", "source"} | ({"found_at"} if name in _OF_PARTIES else set()))
    for name in _LISTS
}
_READ_AS = {"hazard_code": "thing_code", "money_yuan": "money_in_yuan"}
"""What is not printed, and what has another heading there: a code is of a hazard or a street."""

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
    table = Table(
        caption=words.text("list.caption", language, title=title, moment=moment, n=len(rows)),
        columns=(number, *columns),
        rows=rows,
        sheet=title,
        remark=words.text("list.remark", language),
        missing="",
    )
    return replace(table, printed=_printed(name, table, language))


def _printed(name: str, table: Table, language: Language) -> Table:
    """Return a list as it is handed out: what only an import needs is not on it."""
    told, blank = without_blank_columns(_for_readers(name, table, language))
    named = words.text("list.between", language).join(blank)
    remark = words.text("list.blank", language, headings=named) if blank else ""
    return fitted(replace(told, remark=remark))


def _for_readers(name: str, table: Table, language: Language) -> Table:
    """Return the table with one code of what is to be fixed, and without what imports need."""
    keys = ("place_number", *(key for key, _ in _LISTS[name]))
    hazard, segment = keys.index("hazard_code"), keys.index("segment_code")
    kept = [place for place, key in enumerate(keys) if key not in _FOR_IMPORTS[name]]
    headings = [words.text(f"list.{_READ_AS.get(key, key)}", language) for key in keys]
    columns = tuple(
        replace(table.columns[place], heading=headings[place].removeprefix(READ_ONLY))
        for place in kept
    )
    rows = tuple(
        tuple(row[place] or (row[segment] if place == hazard else row[place]) for place in kept)
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


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
