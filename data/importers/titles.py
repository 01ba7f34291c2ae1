"""The headings and words in which ledgers leave the store; the importers know each of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from data.importers import fields, vocabulary
from data.importers.columns import FIELDS
from data.importers.exported import EXPORTED, PLACES
from data.importers.field import Field

Language = Literal["zh", "en"]

MAX_SHORT = 10
"""Bytes of a field name in a Shapefile."""

FLAGS = {True: ("是", "yes"), False: ("否", "no")}
MASKED = ("（已脱敏）", " (masked)")
NUMBERS = frozenset({"lon", "lat", "count", "team_size", "money_yuan", "precedence"})
DATUMS = ("WGS84", "CGCS2000", "GCJ02", "BD09")
READ_ONLY = "※"
NOTES = ("错误说明", "Reason")
_MASKED = re.compile(r"脱敏[)）]?$|\(masked\)$|^mask_")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_ALSO_ASKED = {("inspections", "unit_name"), ("hazards", "unit_name")}
"""What a blank ledger asks for although the store keeps it elsewhere."""

WORDS: Mapping[tuple[str, str], vocabulary.Words] = {
    ("units", "risk"): vocabulary.RISKS,
    **dict.fromkeys(
        ((kind, "place_of") for kind in ("units", "hazards", "boxes", "lamps", "outages")), PLACES
    ),
    ("units", "status"): vocabulary.UNIT_STATUSES,
    ("inspections", "origin"): vocabulary.ORIGINS,
    ("hazards", "level"): vocabulary.LEVELS,
    ("hazards", "origin"): vocabulary.ORIGINS,
    ("segments", "lamp_survey"): vocabulary.LAMP_SURVEYS,
    ("lamps", "status"): vocabulary.LAMP_STATUSES,
    ("rectifications", "state"): vocabulary.STATES,
    ("rectifications", "cause"): vocabulary.CAUSES,
}
"""Kind and field → the words that may stand there."""


def title(field: Field, language: Language) -> str:
    """Return the heading under which a field leaves the store."""
    if language == "en":
        return field.name
    return next((alias for alias in field.aliases if _CHINESE.search(alias)), field.name)


def titles(kind: str, language: Language) -> dict[str, str]:
    """Return the heading of each field of a kind."""
    return {field.name: title(field, language) for field in FIELDS[kind]}


def words_of(kind: str, name: str, language: Language) -> dict[str, str]:
    """Return each word that may stand in a column, as a reader sees it; none for other columns."""
    known = WORDS.get((kind, name), {})
    return {word: aliases[0] if language == "zh" else word for word, aliases in known.items()}


@dataclass(frozen=True)
class Blank:
    """A column that a person fills in."""

    name: str
    heading: str
    required: bool
    content: Literal["text", "day", "moment", "number"]
    choices: tuple[str, ...]


def blanks(kind: str, language: Language) -> list[Blank]:
    """Return the columns of a blank ledger; points are given by lon and lat."""
    left_out = {field.name for field in EXPORTED[kind]} | {"coordinates"}
    left_out |= {"geometry"} if "lon" in titles(kind, language) else {"datum"}
    return [
        Blank(
            field.name,
            title(field, language),
            field.required,
            _content(field),
            _choices(kind, field, language),
        )
        for field in FIELDS[kind]
        if field.name not in left_out and (field.stored or (kind, field.name) in _ALSO_ASKED)
    ]


def _content(field: Field) -> Literal["text", "day", "moment", "number"]:
    if field.rule is fields.moment:
        return "moment"
    if field.rule in (fields.day, fields.deadline):
        return "day"
    return "number" if field.name in NUMBERS else "text"


def _choices(kind: str, field: Field, language: Language) -> tuple[str, ...]:
    if field.name == "datum":
        return DATUMS
    if field.rule is fields.flag:
        return tuple(flag_words(language).values())
    return tuple(words_of(kind, field.name, language).values())


def flag_words(language: Language) -> dict[bool, str]:
    """Return yes and no."""
    return {value: pair[language == "en"] for value, pair in FLAGS.items()}


def masked(heading: str, language: Language) -> str:
    """Return the heading of a column whose values are masked: no importer takes it for them."""
    return heading + MASKED[language == "en"]


def masked_short(short: str, language: Language) -> str:
    """Return the name in a Shapefile of a column whose values are masked."""
    return f"mask_{_cut(short, 5)}" if language == "en" else f"{_cut(short, 6)}脱敏"


def is_note(heading: str) -> bool:
    """Tell whether a column of a file that went out is no data.

    Such are reasons, what is masked, and what a list shows for reading only.
    """
    bare = heading.strip()
    return bare in NOTES or bare.startswith(READ_ONLY) or bool(_MASKED.search(bare))


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return each name within `MAX_SHORT` bytes of GB 18030, cut on whole characters, unique."""
    short: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        candidate, number = _cut(name, MAX_SHORT), 0
        while not candidate or candidate.casefold() in taken:
            number += 1
            candidate = _cut(name, MAX_SHORT - len(str(number))) + str(number)
        taken.add(candidate.casefold())
        short[name] = candidate
    return short


def short_titles(kind: str, language: Language) -> dict[str, str]:
    """Return the field names of a kind in a Shapefile: the same whichever columns it has."""
    named = titles(kind, language)
    short = short_names(named.values())
    return {name: short[heading] for name, heading in named.items()}


def _cut(name: str, n_bytes: int) -> str:
    kept = ""
    for sign in name:
        if len((kept + sign).encode("gb18030")) > n_bytes:
            break
        kept += sign
    return kept
