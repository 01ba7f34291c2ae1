"""Every word a user reads, in Chinese and English."""

from collections.abc import Mapping
from typing import Any, Literal

from geo.errors import GuatuError
from maps.words.acting import ACTING
from maps.words.analyses import ANALYSES
from maps.words.bulletins import BULLETINS
from maps.words.consistency import CONSISTENCY
from maps.words.fields import FIELDS
from maps.words.four_lists import FOUR_LISTS
from maps.words.imports import IMPORTS
from maps.words.messages import MESSAGES
from maps.words.method import DECISIONS, DEFINITIONS, FORMULAS, HOTSPOT_VALUES
from maps.words.pages import WORDS
from maps.words.posters import POSTERS
from maps.words.published import PUBLISHED, REPORT_PAGES
from maps.words.reasons import LISTS, REASONS, chinese_reason
from maps.words.sheets import SHEETS
from maps.words.workflow import WORKFLOW

Language = Literal["zh", "en"]


_PAGES = WORDS | WORKFLOW | ACTING | ANALYSES
_ALL = BULLETINS | CONSISTENCY | FOUR_LISTS | _PAGES | SHEETS | IMPORTS | POSTERS | REPORT_PAGES


class UnknownWordError(GuatuError):
    """No wording exists under this key."""


def _pick(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language == "zh" else pair[1]


def text(key: str, language: Language, **values: Any) -> str:
    """Word or sentence under `key`, with `values` filled in."""
    if key not in _ALL:
        raise UnknownWordError(f"no wording for {key!r}")
    return _pick(_ALL[key], language).format(**values)


def reason(sentence: str, language: Language) -> str:
    """Return why a row is refused; the importers say it in English."""
    return chinese_reason(sentence) if language == "zh" else sentence


def published(name: str, language: Language) -> str:
    """Return the name of a published figure, or of who published it."""
    return PUBLISHED.get(name, name) if language == "zh" else name[:1].upper() + name[1:]


def table(language: Language) -> dict[str, str]:
    """Every word of one language, unfilled: what the page's script reads."""
    formulas = {f"formula.{key}": pair for key, pair in FORMULAS.items()}
    return {key: _pick(pair, language) for key, pair in (_PAGES | formulas).items()}


def import_table(language: Language) -> dict[str, str]:
    """Every word, unfilled, that the script of the page for imports reads."""
    kinds = {key: pair for key, pair in SHEETS.items() if key.startswith("kind.")}
    return {key: _pick(pair, language) for key, pair in (WORDS | IMPORTS | kinds).items()}


def sentences(language: Language) -> list[tuple[str, str]]:
    """Return what the importers say, and how it is said in `language`; first come, first taken."""
    return [] if language == "en" else [*(REASONS | MESSAGES).items()]


def lists(language: Language) -> dict[str, str]:
    """Return the words that may be chosen from, as the importers list them, in `language`."""
    return {} if language == "en" else dict(LISTS)


def definition(subject: str, language: Language, parameters: Mapping[str, Any]) -> str:
    """One sentence that says what the figures of an answer are, with its `parameters`."""
    if subject not in DEFINITIONS:
        raise UnknownWordError(f"no definition of {subject!r}")
    named = dict(parameters)
    if subject == "hotspots":
        named["value"] = _pick(HOTSPOT_VALUES[named["value"]], language)
    return _pick(DEFINITIONS[subject], language).format(**named)


def decision(code: str, values: Mapping[str, Any], language: Language) -> str:
    """One entry of a decision log as a sentence."""
    if code not in DECISIONS:
        raise UnknownWordError(f"no wording for the decision {code!r}")
    named = dict(values)
    if code == "only_level":
        named["level"] = text(f"level.{named['level']}", language)
    if code == "only_state":
        named["state"] = text(f"hazard_state.{named['state']}", language)
    if code in ("only_status", "only_work"):
        named = {name: text(f"{name}.{value}", language) for name, value in named.items()}
    return _pick(DECISIONS[code], language).format(**named)


def field_words(name: str, language: Language) -> tuple[str, str]:
    """Return what a column of a ledger means, and an example ('' where its words say it)."""
    if name not in FIELDS:
        raise UnknownWordError(f"no wording for the field {name!r}")
    chinese, english, example = FIELDS[name]
    return _pick((chinese, english), language), example
