"""A ledger given back with its refused cells in red and the reasons beside them."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from maps import words
from maps.sheets.opening import open_book
from maps.sheets.refused import list_refused
from maps.sheets.texts import copy_style, height_of, set_text, writable
from maps.words import Language

MAX_MARKED_ROWS = 5_000
"""More refused rows than this are listed in a workbook of their own."""

RED = PatternFill("solid", fgColor="FFFF9C9C")
_RED_TEXT = "FF9C0006"
_WIDTH = 48
_OPENABLE = {".xlsx", ".xlsm"}


@dataclass(frozen=True)
class _Mark:
    """What is wrong with one cell, or with a row (`column` None)."""

    row: int
    column: int | None
    reason: str
    told: str


def mark_workbook(  # noqa: PLR0913 - each named, and what is said of a file belongs together
    content: bytes,
    name: str,
    errors: Sequence[Mapping[str, Any]],
    *,
    sheet: str | None = None,
    heading_row: int = 1,
    places: Mapping[str, int] | None = None,
    rows: Mapping[int, Mapping[str, str | None]] | None = None,
    language: Language = "zh",
) -> bytes:
    """Return the workbook `content` with its refused cells marked.

    Each refused cell turns red and gets a comment; a last column says what is wrong with the row.
    Formats, merged cells and pictures stay, macros do not. Files that are no workbook of today's
    format, cannot be opened or have more than `MAX_MARKED_ROWS` refused rows give a new workbook of
    the refused rows.

    Parameters
    ----------
    errors
        Of each: `row`, `field`, `value`, `reason`, and `heading` when it is known.
    heading_row
        The row of the headings, from 1.
    places
        Heading → its column in the sheet, from 0.
    rows
        Number of a refused row → its texts by heading, for the new workbook.
    """
    places = places or {}
    refused = {int(error["row"]) for error in errors}
    book = None
    if len(refused) <= MAX_MARKED_ROWS and Path(name).suffix.lower() in _OPENABLE:
        book = open_book(content)
    chosen = None if book is None else _sheet_of(book, sheet)
    if book is None or chosen is None:
        return list_refused(errors, rows or {}, list(places), language)
    marks = [mark for error in errors for mark in _marks(error, places, language)]
    _mark_sheet(chosen, marks, heading_row, places, language)
    return _saved(book)


def _sheet_of(book: Workbook, name: str | None) -> Worksheet | None:
    return next((one for one in book.worksheets if name in (None, one.title)), None)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _marks(
    error: Mapping[str, Any], places: Mapping[str, int], language: Language
) -> Iterator[_Mark]:
    """Yield a mark for each cell an error is about; one for the row when no cell is known."""
    reason = words.reason(str(error["reason"]), language)
    heading = error.get("heading") or error.get("field")
    told = f"{heading}{words.text('sheet.colon', language)}{reason}" if heading else reason
    columns: list[int | None] = [*_columns(heading, places)]
    for column in columns or [None]:
        yield _Mark(int(error["row"]), column, reason, told)


def _columns(heading: str | None, places: Mapping[str, int]) -> Iterator[int]:
    """Yield the columns of a heading, or of several that commas part."""
    if heading in places:
        yield places[str(heading)]
        return
    for part in (heading or "").split(", "):
        if part in places:
            yield places[part]


def _mark_sheet(
    sheet: Worksheet,
    marks: Sequence[_Mark],
    heading_row: int,
    places: Mapping[str, int],
    language: Language,
) -> None:
    column = _reason_column(sheet, heading_row, places)
    _clean(sheet, column, heading_row)
    _write_heading(sheet, heading_row, column, language)
    first = min(places.values(), default=0)
    for mark in marks:
        at = first if mark.column is None else mark.column
        _mark_cell(_owner(sheet, mark.row, at + 1), mark.reason, language)
    for row, told in _told(marks).items():
        cell = sheet.cell(row, column)
        if not isinstance(cell, MergedCell):
            _write_reason(cell, words.text("sheet.semicolon", language).join(told))


def _write_reason(cell: Cell, text: str) -> None:
    """Write what is wrong with a row, in the look of the cell before and as high as it needs."""
    sheet: Any = cell.parent
    beside = sheet.cell(cell.row, max(1, cell.column - 1))
    cell.font = Font(beside.font.name, beside.font.size, color=_RED_TEXT)
    cell.border = copy(beside.border)
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    set_text(cell, text)
    row = sheet.row_dimensions[cell.row]
    row.height = max(row.height or 0, height_of(text, _WIDTH)) or None


def _told(marks: Iterable[_Mark]) -> dict[int, dict[str, None]]:
    """Return the sentences of each row, each once and in their order."""
    told: dict[int, dict[str, None]] = {}
    for mark in marks:
        told.setdefault(mark.row, {})[mark.told] = None
    return told


def _reason_column(sheet: Worksheet, heading_row: int, places: Mapping[str, int]) -> int:
    """Return the column after the last heading, or the one a marked workbook had before."""
    headings = {str(cell.value).strip(): cell.column for cell in sheet[heading_row] if cell.value}
    for language in ("zh", "en"):
        if known := headings.get(words.text("sheet.reason", language)):
            return known
    return max([0, *headings.values(), *(place + 1 for place in places.values())]) + 1


def _clean(sheet: Worksheet, column: int, heading_row: int) -> None:
    """Take away what an earlier marking left: reasons, comments of ours and their red."""
    authors = {words.text("sheet.author", language) for language in ("zh", "en")}
    if sheet.cell(heading_row, column).value is None:
        return
    for cells in sheet.iter_rows(min_row=heading_row + 1):
        for cell in cells:
            if isinstance(cell, Cell) and cell.comment and cell.comment.author in authors:
                cell.comment = None
                cell.fill = PatternFill()
            if isinstance(cell, Cell) and cell.column == column:
                cell.value = None


def _write_heading(sheet: Worksheet, row: int, column: int, language: Language) -> None:
    cell, neighbor = sheet.cell(row, column), sheet.cell(row, max(1, column - 1))
    if isinstance(cell, MergedCell):
        return
    copy_style(neighbor, cell)
    set_text(cell, words.text("sheet.reason", language))
    sheet.column_dimensions[cell.column_letter].width = _WIDTH


def _owner(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return the cell, or the one that shows what is merged over it."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    merged = next(found for found in sheet.merged_cells.ranges if cell.coordinate in found)
    owner = sheet.cell(merged.min_row, merged.min_col)
    if not isinstance(owner, Cell):
        raise TypeError(f"{owner.coordinate} is merged into another cell")
    return owner


def _mark_cell(cell: Cell, reason: str, language: Language) -> None:
    cell.fill = RED
    lines = [cell.comment.text] if cell.comment else []
    if reason not in lines:
        lines.append(writable(reason))
    comment = Comment("\n".join(lines), words.text("sheet.author", language))
    comment.width, comment.height = 260, 30 + 22 * sum(1 + len(line) // 18 for line in lines)
    cell.comment = comment
