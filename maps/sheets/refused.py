"""A new workbook of refused rows, for files that cannot be given back marked."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from maps import words
from maps.sheets.writing import Reason, TextBook
from maps.words import Language

MAX_LISTED = 1_000_000

_Rows = Mapping[int, Mapping[str, str | None]]


def list_refused(
    errors: Sequence[Mapping[str, Any]], rows: _Rows, headings: Sequence[str], language: Language
) -> bytes:
    """Return a workbook of the refused rows: their numbers in the file, their texts, the reasons.

    Without the texts of the rows, each error has a line with its column and its value.
    """
    out = io.BytesIO()
    with TextBook(out, words.text("sheet.refused", language)) as book:
        if rows:
            _list_rows(book, errors, rows, headings, language)
        else:
            _list_errors(book, errors, language)
    return out.getvalue()


def _list_rows(
    book: TextBook,
    errors: Sequence[Mapping[str, Any]],
    rows: _Rows,
    headings: Sequence[str],
    language: Language,
) -> None:
    first, last = words.text("sheet.row", language), words.text("sheet.reason", language)
    book.write_headings([first, *headings, last], [8, *([16] * len(headings)), 60])
    by_row: dict[int, list[Mapping[str, Any]]] = {}
    for error in errors:
        by_row.setdefault(int(error["row"]), []).append(error)
    for number in sorted(by_row)[:MAX_LISTED]:
        wrong = {part for error in by_row[number] for part in _named(error, headings)}
        texts = rows.get(number, {})
        cells = [texts.get(heading) for heading in headings]
        told = words.text("sheet.semicolon", language).join(
            dict.fromkeys(_told(error, language) for error in by_row[number])
        )
        red = {at + 1 for at, heading in enumerate(headings) if heading in wrong} or {0}
        book.write_row([number, *cells, Reason(told)], red=red)
    _say_rest(book, len(by_row) - MAX_LISTED, language)


def _list_errors(book: TextBook, errors: Sequence[Mapping[str, Any]], language: Language) -> None:
    keys = ("sheet.row", "sheet.field", "sheet.value", "sheet.reason")
    book.write_headings([words.text(key, language) for key in keys], [8, 18, 30, 60])
    for error in sorted(errors, key=lambda one: int(one["row"]))[:MAX_LISTED]:
        told = words.reason(str(error["reason"]), language)
        named = error.get("heading") or error.get("field")
        book.write_row([int(error["row"]), named, error.get("value"), Reason(told)], red={2})
    _say_rest(book, len(errors) - MAX_LISTED, language)


def _say_rest(book: TextBook, n: int, language: Language) -> None:
    if n > 0:
        book.write_row([words.text("sheet.more", language, n=n)])


def _named(error: Mapping[str, Any], headings: Sequence[str]) -> list[str]:
    heading = str(error.get("heading") or error.get("field") or "")
    return [heading] if heading in headings else heading.split(", ")


def _told(error: Mapping[str, Any], language: Language) -> str:
    reason = words.reason(str(error["reason"]), language)
    heading = error.get("heading") or error.get("field")
    return f"{heading}{words.text('sheet.colon', language)}{reason}" if heading else reason
