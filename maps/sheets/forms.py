"""A superior's blank form, filled in by its own headings."""

import io
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.cell import MergedCell
from openpyxl.worksheet.cell_range import CellRange

from maps.sheets.errors import TableLimitError, UnusableFormError
from maps.sheets.opening import open_book
from maps.sheets.texts import copy_style, set_text

MAX_FORM_ROWS = 20_000

Row = Sequence[Any]


@dataclass(frozen=True)
class FormLayout:
    """Where a blank form wants its rows.

    Attributes
    ----------
    heading_row
        The last row of the headings, from 1.
    columns
        The column of each value of a row, from 0.
    serial
        The column that counts the rows, from 0, if there is one.
    total_row
        The row of the totals, from 1, if there is one.
    summed
        The columns whose values make up totals, from 0.
    """

    sheet: str | None
    heading_row: int
    columns: tuple[int, ...]
    serial: int | None = None
    total_row: int | None = None
    summed: frozenset[int] = frozenset()


def fill_form(content: bytes, layout: FormLayout, rows: Sequence[Row]) -> bytes:
    """Return the form with `rows` under its headings, each in the look of its first row.

    What stands below, totals and signatures, moves down as far as it must.

    Raises
    ------
    TableLimitError
        When there are too many rows for a form.
    UnusableFormError
        When the form cannot be opened.
    """
    if len(rows) > MAX_FORM_ROWS:
        raise TableLimitError(f"{len(rows)} rows; a form takes {MAX_FORM_ROWS}: export xlsx")
    book = open_book(content)
    if book is None:
        raise UnusableFormError("the form cannot be opened: save it as xlsx, without passwords")
    sheet: Any = book[layout.sheet] if layout.sheet else book.worksheets[0]
    first = layout.heading_row + 1
    below = layout.total_row or _below(sheet, first)
    missing = max(0, len(rows) - (below - first))
    if missing:
        _move_down(sheet, below, missing)
    _repeat_look(sheet, first, len(rows))
    for number, row in enumerate(rows):
        _write_row(sheet, first + number, layout, number + 1, row)
    if layout.total_row is not None:
        _write_totals(sheet, layout.total_row + missing, layout, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _below(sheet: Any, first: int) -> int:
    """Return the first row under the blank ones that says something, or the one after the last."""
    last = int(sheet.max_row)
    filled = (
        row for row in range(first, last + 1) if any(cell.value is not None for cell in sheet[row])
    )
    return next(filled, max(last, first) + 1)


def _move_down(sheet: Any, start: int, n: int) -> None:
    """Move all from row `start` on down by `n` rows: cells, merged ranges and heights."""
    last, width = sheet.max_row, sheet.max_column
    if start > last:
        return
    moved = [found for found in sheet.merged_cells.ranges if found.min_row >= start]
    for found in moved:
        sheet.unmerge_cells(found.coord)
    heights = {row: sheet.row_dimensions[row].height for row in range(start, last + 1)}
    area = CellRange(min_col=1, min_row=start, max_col=width, max_row=last)
    sheet.move_range(area, rows=n, translate=True)
    for found in moved:
        found.shift(row_shift=n)
        sheet.merge_cells(found.coord)
    for row in heights:
        sheet.row_dimensions[row].height = None
    for row, height in heights.items():
        sheet.row_dimensions[row + n].height = height


def _repeat_look(sheet: Any, first: int, n: int) -> None:
    """Give `n` rows the look of the first: styles, height, and cells merged side by side."""
    merged = [r for r in sheet.merged_cells.ranges if r.min_row == r.max_row == first]
    height, width = sheet.row_dimensions[first].height, sheet.max_column
    taken = {r.coord for r in sheet.merged_cells.ranges}
    for row in range(first + 1, first + n):
        sheet.row_dimensions[row].height = height
        for column in range(1, width + 1):
            copy_style(sheet.cell(first, column), sheet.cell(row, column))
        for found in merged:
            same = copy(found)
            same.shift(row_shift=row - first)
            if same.coord not in taken:
                sheet.merge_cells(same.coord)


def _write_row(sheet: Any, row: int, layout: FormLayout, number: int, values: Row) -> None:
    if layout.serial is not None:
        _write(sheet.cell(row, layout.serial + 1), number)
    for column, value in zip(layout.columns, values, strict=True):
        _write(sheet.cell(row, column + 1), value)


def _write(cell: Any, value: Any) -> None:
    if isinstance(cell, MergedCell) or value is None:
        return
    if isinstance(value, str):
        set_text(cell, value)
        return
    cell.value = value
    if isinstance(value, date) and cell.number_format == "General":
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"


def _write_totals(sheet: Any, row: int, layout: FormLayout, rows: Sequence[Row]) -> None:
    for at, column in enumerate(layout.columns):
        values = [value[at] for value in rows if isinstance(value[at], int | float | Decimal)]
        if column in layout.summed:
            _write(sheet.cell(row, column + 1), sum(values))
