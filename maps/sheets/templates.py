"""Blank ledgers to be filled in: headings, words to choose from, and what each column means."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import xlsxwriter

from maps import words
from maps.sheets.texts import height_of
from maps.words import Language

ROWS = 5_000
"""Rows that offer words to choose from."""

_FORMATS = {"text": "@", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}
_MAX_LIST = 255  # characters of a list of words, by the format


@dataclass(frozen=True)
class TemplateColumn:
    """A column to be filled in.

    Attributes
    ----------
    choices
        The only words that may stand there; none for free text.
    """

    name: str
    heading: str
    required: bool
    content: Literal["text", "day", "moment", "number"] = "text"
    choices: tuple[str, ...] = ()


def make_template(kind: str, columns: Sequence[TemplateColumn], language: Language) -> bytes:
    """Return a workbook of one blank sheet and one that explains its columns."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        _blank_sheet(book, kind, columns, language)
        _explain(book, kind, columns, language)
    return out.getvalue()


def _blank_sheet(
    book: Any, kind: str, columns: Sequence[TemplateColumn], language: Language
) -> None:
    sheet = book.add_worksheet(words.text(f"kind.{kind}", language))
    heading = {"bold": True, "border": 1, "align": "center", "valign": "vcenter"}
    plain = book.add_format(heading | {"bg_color": "#E8EBE9"})
    must = book.add_format(heading | {"bg_color": "#1F4E79", "font_color": "#FFFFFF"})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 24)
    for at, column in enumerate(columns):
        shown = f"*{column.heading}" if column.required else column.heading
        cells = book.add_format({"num_format": _FORMATS.get(column.content, "General")})
        sheet.set_column(at, at, max(12, 2.2 * len(shown) + 3), cells)
        sheet.write_string(0, at, shown, must if column.required else plain)
        sheet.data_validation(1, at, ROWS, at, _validation(column, language))


def _validation(column: TemplateColumn, language: Language) -> dict[str, Any]:
    """Return what a cell offers and says when it is entered."""
    hint, example = words.field_words(column.name, language)
    told = hint + (words.text("template.like", language, example=example) if example else "")
    shown = {"input_title": column.heading[:32], "input_message": told[:255]}
    if column.choices and len(",".join(column.choices)) <= _MAX_LIST:
        wrong = words.text("template.choose", language)
        return {"validate": "list", "source": list(column.choices), "error_message": wrong} | shown
    return {"validate": "any"} | shown


def _explain(book: Any, kind: str, columns: Sequence[TemplateColumn], language: Language) -> None:
    sheet = book.add_worksheet(words.text("template.help", language))
    wrap = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9DCD8"}
    cell, bold = book.add_format(wrap), book.add_format(wrap | {"bold": True})
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(wrap | {"bold": True, "bg_color": "#E8EBE9"})
    note = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#56616E"})
    named = words.text(f"kind.{kind}", language)
    sheet.write_string(0, 0, words.text("template.title", language, kind=named), title)
    sheet.merge_range(1, 0, 1, 4, words.text("template.note", language), note)
    sheet.set_row(0, 24)
    sheet.set_row(1, 66)
    sheet.freeze_panes(3, 0)
    for at, (key, width) in enumerate(_HELP.items()):
        sheet.set_column(at, at, width)
        sheet.write_string(2, at, words.text(f"template.{key}", language), head)
    for row, column in enumerate(columns, start=3):
        texts = zip(_explained(column, language), _HELP.values(), strict=True)
        sheet.set_row(row, max(15.0, *(height_of(text, width) for text, width in texts)))
        for at, text in enumerate(_explained(column, language)):
            sheet.write_string(row, at, text, bold if at == 0 else cell)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


_HELP = {"heading": 18, "must": 8, "meaning": 52, "example": 24, "words": 44}


def _explained(column: TemplateColumn, language: Language) -> tuple[str, ...]:
    meaning, example = words.field_words(column.name, language)
    required = words.text("ui.yes" if column.required else "ui.no", language)
    listed = words.text("template.comma", language).join(column.choices)
    return (column.heading, required, meaning, column.choices[0] if listed else example, listed)
