"""Pages to be read: what fits together, and what was published beside what the rows say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from maps import words
from maps.frame import TEMPLATES
from maps.layers import SUBJECTS
from maps.numbers import named
from maps.words import Language, UnknownWordError

MOST_ROWS = 50
"""Rows of a check that the page shows; the table to take away has them all."""

_WORDS = {"state": "item", "cause": "cause", "standing": "standing"}
"""Columns that hold words of a fixed list, and what the list is called."""

PUBLISHED_COLUMNS = ("figure", "as_of", "published", "rows", "difference", "source")


@dataclass(frozen=True)
class ReportDeclaration:
    """What a page to be read is about.

    Attributes
    ----------
    has_published
        Whether somebody published figures of the city, which have a page of their own.
    """

    page: Literal["checks", "published"]
    language: Language
    city: str
    as_of: str
    simulated: bool
    attribution: str | None
    has_published: bool


@dataclass(frozen=True)
class Section:
    """A table with what it shows, an address of its own, and a file that has all of its rows."""

    anchor: str
    title: str
    finding: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    rows_told: str
    export: str | None


def render_checks(declaration: ReportDeclaration, checks: Sequence[Mapping[str, Any]]) -> str:
    """Return the page of the checks, each with the rows behind what does not fit."""
    language = declaration.language
    counts = {
        name: sum(one["finding"] == name for one in checks)
        for name in ("fits", "differs", "unknown")
    }
    summary = words.text(
        "report.checks_summary", language, day=declaration.as_of, n=len(checks), **counts
    )
    sections = [_check(one, declaration) for one in checks]
    return _render(declaration, summary, sections)


def render_published(declaration: ReportDeclaration, figures: Sequence[Mapping[str, Any]]) -> str:
    """Return the page of published figures, each beside what the rows say."""
    language = declaration.language
    if not figures:
        return _render(declaration, words.text("report.nothing_published", language), [])
    known = [one for one in figures if one["published"] is not None]
    summary = words.text(
        "report.published_summary",
        language,
        n=len(known),
        n_equal=sum(one["difference"] == 0 for one in known),
        n_silent=len(figures) - len(known),
    )
    note = words.text("report.published_note", language)
    return _render(declaration, summary, [_published(figures, language)], note)


def _check(one: Mapping[str, Any], declaration: ReportDeclaration) -> Section:
    language, rows = declaration.language, one["rows"]
    columns = list(rows[0]) if rows else []
    shown = rows[:MOST_ROWS]
    told = {"shown": len(shown), "n": len(rows)}
    asked = urlencode({"as_of": declaration.as_of, "lang": language})
    return Section(
        anchor=one["code"],
        title=one["text"],
        finding=one["finding"],
        columns=[_heading(name, language) for name in columns],
        rows=[[_shown(name, row[name], language) for name in columns] for row in shown],
        rows_told=words.text(
            "report.all_rows" if len(rows) <= MOST_ROWS else "report.shown_rows", language, **told
        ),
        export=f"/api/v1/consistency/{one['code']}.csv?{asked}" if rows else None,
    )


def _published(figures: Sequence[Mapping[str, Any]], language: Language) -> Section:
    rows = [
        [
            words.published(one["name"], language),
            one["as_of"],
            _bounds(one["published"], one["at_most"]),
            f"{one['rows']:,}",
            "—" if one["difference"] is None else f"{one['difference']:,}",
            words.published(one["source"], language),
        ]
        for one in figures
    ]
    differs = any(one["difference"] for one in figures)
    return Section(
        anchor="figures",
        title=words.text("page.published", language),
        finding="differs" if differs else "fits",
        columns=[words.text(f"column.{name}", language) for name in PUBLISHED_COLUMNS],
        rows=rows,
        rows_told=words.text("report.all_rows", language, n=len(rows)),
        export="/api/v1/published?format=csv",
    )


def _bounds(least: int | None, most: int | None) -> str:
    if least is None:
        return "—"
    return f"{least:,}" if most is None else f"{least:,}–{most:,}"


def _heading(name: str, language: Language) -> str:
    try:
        return words.text(f"column.{name}", language)
    except UnknownWordError:
        return name


def _shown(name: str, value: Any, language: Language) -> str:
    if value is None:
        return "—"
    if name in _WORDS:
        return named(_WORDS[name], value, language)
    return str(value)


def _render(
    declaration: ReportDeclaration, summary: str, sections: Sequence[Section], note: str = ""
) -> str:
    language = declaration.language
    other = "en" if language == "zh" else "zh"
    return TEMPLATES.get_template("report.html").render(
        declaration=declaration,
        subjects=SUBJECTS,
        summary=summary,
        sections=sections,
        note=note,
        kept=urlencode({"as_of": declaration.as_of, "lang": language}),
        turned=urlencode({"as_of": declaration.as_of, "lang": other}),
        word=partial(words.text, language=language),
    )
