"""Ledgers as tables: XLSX, and CSV that no spreadsheet takes for formulas."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from maps.sheets.errors import TableLimitError
from maps.sheets.texts import MAX_CELL
from maps.sheets.writing import MAX_ROWS, TextBook

_GUARDED = re.compile(r"'*\s*[=+\-@＝＋－＠]")
_FIRST_DATE = date(1900, 3, 1)
"""Before it Excel counts a day that never was, or none at all."""


def write_xlsx(
    path: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write a workbook of one sheet, with dates as dates and texts as texts.

    Raises
    ------
    TableLimitError
        When there are more rows, or longer texts, than a sheet holds.
    """
    with TextBook(path, title) as book:
        book.write_headings(headings, [_width(heading) for heading in headings])
        for number, row in enumerate(rows, start=2):
            if number > MAX_ROWS:
                raise TableLimitError(
                    f"more than {MAX_ROWS - 1} rows: a sheet of XLSX holds no more; take csv"
                )
            book.write_row([_cell(value, number) for value in row])


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write UTF-8 with its mark; texts that a spreadsheet might compute begin with a quote.

    The importers take exactly this quote off again.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([guarded(heading) for heading in headings])
        writer.writerows([_text(value) for value in row] for row in rows)


def guarded(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _GUARDED.match(text) else text


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime):
        exact = "auto" if value.second or value.microsecond else "minutes"
        return value.isoformat(sep=" ", timespec=exact)
    return value


def _cell(value: Any, number: int) -> Any:
    """Return a value as a sheet holds it exactly; what it would round stays text."""
    if isinstance(value, str) and len(value) > MAX_CELL:
        raise TableLimitError(
            f"row {number}: a text of {len(value)} characters, and a cell of XLSX holds {MAX_CELL};"
            " take csv or gpkg"
        )
    if isinstance(value, datetime):
        return value if _fits(value) else _text(value)
    if isinstance(value, date):
        return value if value >= _FIRST_DATE else value.isoformat()
    if isinstance(value, float | Decimal):
        return value if float(f"{value:.15g}") == float(value) else repr(value)
    return value


def _fits(moment: datetime) -> bool:
    """Tell whether a cell holds a moment: not its seconds, and at midnight not its time."""
    at_midnight = moment.hour == 0 and moment.minute == 0
    exact = moment.second == 0 and moment.microsecond == 0
    return exact and not at_midnight and moment.date() >= _FIRST_DATE


def _width(heading: str) -> float:
    return min(40.0, max(10.0, 2.2 * len(heading) + 2))
