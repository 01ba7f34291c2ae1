"""Documents as workbooks: the text on one sheet, each table on a sheet of its own."""

import io
import re
from collections.abc import Sequence
from math import ceil
from typing import Any

import xlsxwriter

from maps.documents.document import (
    Column,
    Document,
    Figure,
    Heading,
    Paragraph,
    Swatch,
    Table,
    Value,
    percent,
    shown,
)
from maps.sheets.errors import TableLimitError
from maps.sheets.texts import FORMULA, MAX_CELL, writable
from maps.sheets.writing import MAX_ROWS, PlainSheet
from maps.words import fonts

_A4 = 9
_COLUMNS, _COLUMN_WIDTH = 8, 10.5
_LINE = _COLUMNS * _COLUMN_WIDTH
"""Columns of the sheet of text, and the characters that one line of it holds."""

_HIGHEST = 400.0
_NOT_IN_NAMES, _LONGEST_NAME = re.compile(r"[\[\]:*?/\\]"), 31
_DARK = 380
_UPRIGHT, _UPRIGHT_WIDTH, _BROAD_WIDTH = 105, 92.0, 135.0
"""Tables up to this width stand upright; how many characters fill an upright and a broad page."""

_PIXELS_PER_MM = 3.78
_BODY = {"text_wrap": True, "valign": "top", "font_name": fonts.FANG, "font_size": 12}
_TABLE = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"},
    "masthead": {"font_size": 24, "align": "center", "font_color": "#E60012", "bold": True},
    "line": {"font_size": 12, "align": "center", "font_name": fonts.FANG},
    "heading": {"bold": True, "font_size": 12, "font_name": fonts.HEI},
    "body": _BODY,
    "note": _BODY | {"font_size": 10, "font_name": fonts.KAI},
    "caption": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"},
    "head": _TABLE | {"bold": True, "align": "center", "bg_color": "#E8EBE9"},
    "text": _TABLE,
    "middle": _TABLE | {"align": "center"},
    "count": _TABLE | {"num_format": "#,##0", "align": "center"},
    "number": _TABLE | {"num_format": "#,##0.##", "align": "center"},
    "share": _TABLE | {"num_format": "0.0%", "align": "center"},
    "exact": _TABLE | {"num_format": "0.000%", "align": "center"},
    "day": _TABLE | {"num_format": "yyyy-mm-dd", "align": "center"},
}


def write_xlsx(document: Document) -> bytes:
    """Return the document as a workbook; no text of it ever becomes a formula.

    Raises
    ------
    TableLimitError
        When a table has more rows than a sheet.
    """
    if any(len(table.rows) > MAX_ROWS - 3 for table in document.tables):
        raise TableLimitError(f"a sheet of XLSX holds {MAX_ROWS - 3} rows; ask for less")
    out = io.BytesIO()
    book = _Book(out, document)
    if len(document.tables) < len(document.blocks):
        book.write_text()
    for table in document.tables:
        book.write_table(table)
    book.close()
    return out.getvalue()


class _Book:
    """A workbook that is written sheet by sheet, each from the top down."""

    def __init__(self, out: io.BytesIO, document: Document) -> None:
        self._document = document
        self._book = xlsxwriter.Workbook(out, {"constant_memory": True})
        moment = document.made_at.replace(tzinfo=None, microsecond=0)
        about = {"title": document.title, "author": document.author, "created": moment}
        self._book.set_properties(
            {
                name: writable(text) if isinstance(text, str) else text
                for name, text in about.items()
            }
        )
        self._looks: dict[tuple[str, bool], Any] = {}

    def close(self) -> None:
        self._book.close()

    def write_text(self) -> None:
        """Write head, text, map, definitions and the last lines."""
        document = self._document
        sheet = self._sheet(sheet_name(document.title), landscape=False)
        sheet.set_column(0, _COLUMNS - 1, _COLUMN_WIDTH)
        row = self._write_head(sheet)
        for block in document.blocks:
            if isinstance(block, Heading):
                row = self._line(sheet, row, block.text, "heading")
            elif isinstance(block, Paragraph):
                row = self._line(sheet, row, f"　　{block.text}", "body")
            elif isinstance(block, Figure):
                row = self._picture(sheet, row, block)
        for note in document.notes:
            row = self._line(sheet, row, note, "note")
        for left, right in document.colophon:
            row = self._line(sheet, row, f"{left}　　{right}", "note")

    def _write_head(self, sheet: Any) -> int:
        document, row = self._document, 0
        if (head := document.masthead) is not None:
            row = self._line(sheet, row, head.name, "masthead", height=36)
            row = self._line(sheet, row, head.number, "line", height=22)
            row = self._line(sheet, row, f"{head.office}　　　　{head.day}", "line", height=22)
        row = self._line(sheet, row, document.title, "title", height=32)
        if document.subtitle:
            row = self._line(sheet, row, document.subtitle, "line")
        return row

    def _line(self, sheet: Any, row: int, text: str, look: str, height: float | None = None) -> int:
        """Write a text over the whole width, as high as it needs; return the next row."""
        size = float(_LOOKS[look].get("font_size", 11))
        sheet.set_row(row, height or _height(text, _LINE, size))
        sheet.merge_range(row, 0, row, _COLUMNS - 1, "", self._look(look))
        sheet.write_string(row, 0, writable(text), self._look(look, text))
        return row + 1

    def _picture(self, sheet: Any, row: int, figure: Figure) -> int:
        row = self._line(sheet, row, figure.caption, "heading")
        width, height = _png_size(figure.png)
        scale = figure.width_mm * _PIXELS_PER_MM / width
        options = {
            "image_data": io.BytesIO(figure.png),
            "x_scale": scale,
            "y_scale": scale,
            "description": writable(figure.caption),
        }
        sheet.insert_image(row, 1, "map.png", options)
        left = height * scale * 0.75
        while left > 0:
            sheet.set_row(row, min(left, _HIGHEST))
            sheet.write_blank(row, 0, None, self._look("note"))
            row, left = row + 1, left - _HIGHEST
        for place, swatch in enumerate(figure.legend[:_COLUMNS]):
            sheet.write_string(row, place, writable(swatch.label), self._swatch(swatch))
        return row + 1

    def write_table(self, table: Table) -> None:
        """Write a table under its caption, with headings that every printed page repeats."""
        total = sum(column.width for column in table.columns)
        is_broad = total > _UPRIGHT
        sheet = self._sheet(sheet_name(table.sheet or table.caption), landscape=is_broad)
        last = len(table.columns) - 1
        stretched = max(1.0, (_BROAD_WIDTH if is_broad else _UPRIGHT_WIDTH) / total)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width * stretched)
        self._over_all(sheet, 0, last, table.caption, "caption")
        # Above the headings, where no importer takes it for a row.
        if table.remark:
            self._over_all(sheet, 1, last, table.remark, "note")
        top = 2 if table.remark else 1
        sheet.repeat_rows(0, top)
        sheet.freeze_panes(top + 1, 0)
        sheet.set_row(top, 30)
        for place, column in enumerate(table.columns):
            sheet.write_string(top, place, writable(column.heading), self._look("head"))
        for number, values in enumerate(table.rows, start=top + 1):
            self._row(sheet, number, table, values, stretched)

    def _row(
        self,
        sheet: Any,
        number: int,
        table: Table,
        values: Sequence[Value],
        stretched: float,
    ) -> None:
        cells = list(zip(table.columns, values, strict=True))
        heights = (_height(shown(v, c.kind), c.width * stretched, 10) for c, v in cells)
        sheet.set_row(number, max(18.0, *heights))
        for place, (column, value) in enumerate(cells):
            if value is None or value == "":
                sheet.write_string(number, place, table.missing, self._look("middle"))
            else:
                self._cell(sheet, (number, place), column, value)

    def _cell(self, sheet: Any, at: tuple[int, int], column: Column, value: Value) -> None:
        kind = column.kind
        if isinstance(value, str):
            look = "text" if column.is_prose else "middle"
            sheet.write_string(*at, writable(value), self._look(look, value))
        elif kind == "day":
            sheet.write_datetime(*at, value, self._look("day"))
        else:
            number: Any = value
            exact = kind == "share" and f"{number:.1%}" != percent(float(number))
            sheet.write_number(*at, value, self._look("exact" if exact else kind))

    def _over_all(self, sheet: Any, row: int, last: int, text: str, look: str) -> None:
        """Write a text over all columns of a table."""
        sheet.set_row(row, 30)
        sheet.merge_range(row, 0, row, last, "", self._look(look))
        sheet.write_string(row, 0, writable(text), self._look(look, text))

    def _sheet(self, name: str, *, landscape: bool) -> Any:
        sheet = self._book.add_worksheet(name, PlainSheet)
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
        if self._document.mark:
            sheet.set_header(f"&R{writable(self._document.mark)[:100].replace('&', '&&')}")
        sheet.set_footer("&C— &P / &N —")
        return sheet

    def _swatch(self, swatch: Swatch) -> Any:
        """Return the format of a cell that shows a color of the map, its text in black or white."""
        is_dark = sum(bytes.fromhex(swatch.color[1:])) < _DARK
        look = {"bg_color": swatch.color, "font_color": "#FFFFFF" if is_dark else "#000000"}
        pattern = {"pattern": 14, "fg_color": "#B9BEC4"} if swatch.hatched else {}
        return self._book.add_format(_TABLE | {"align": "center"} | look | pattern)

    def _look(self, name: str, text: str = "") -> Any:
        """Return a format, made once; what begins like a formula says that it is none."""
        quoted = bool(FORMULA.match(text))
        if (name, quoted) not in self._looks:
            look = _LOOKS[name] | ({"quote_prefix": True} if quoted else {})
            self._looks[name, quoted] = self._book.add_format(look)
        return self._looks[name, quoted]


def sheet_name(text: str) -> str:
    """Return a text as the name of a sheet, which some signs may not be in.

    >>> sheet_name("2019/08: [A]'")
    '2019 08   A'
    """
    return _NOT_IN_NAMES.sub(" ", writable(text)).strip(" '")[:_LONGEST_NAME]


def _height(text: str, line: float, size: float) -> float:
    """Return the points that a text needs on lines of `line` characters of 11 points."""
    wide = sum(2 if ord(sign) > 0x2E80 else 1 for sign in text[:MAX_CELL])
    lines = ceil(wide * size / 11 / (line - 1)) + text.count("\n")
    return min(max(1, lines) * size * 1.45 + 2, _HIGHEST)


def _png_size(png: bytes) -> tuple[int, int]:
    """Return width and height, which stand at the same place in every PNG."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
