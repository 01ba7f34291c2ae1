"""New workbooks, written row by row with little memory; no text ever becomes a formula."""

import io
from collections.abc import Sequence, Set
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from maps.sheets.texts import FORMULA, height_of, writable

MAX_ROWS = 1_048_576
"""Rows of a sheet, the heading among them."""

_A4 = 9
_REASON = 60
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


class Reason(str):
    """Why a row is refused: shown in red, in as many lines as it needs."""

    __slots__ = ()


class PlainSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A sheet whose texts stay what they are.

    The library takes a text between ``<r>`` and ``</r>`` for XML of its own, and leaves carriage
    returns to XML, which makes line feeds of them.
    """

    def _xml_rich_inline_string(self, string: str, attributes: Any) -> None:
        self._xml_inline_string(string, True, attributes)  # noqa: FBT003 - the library's own order

    def _xml_inline_string(self, string: str, preserve: Any, attributes: Any) -> None:
        super()._xml_inline_string(string.replace("\r", "_x000D_"), preserve, attributes)


class TextBook:
    """A workbook of one sheet, written from the top down."""

    def __init__(self, out: Path | io.BytesIO, sheet: str) -> None:
        options = {"constant_memory": True, "default_date_format": _DAY}
        target = str(out) if isinstance(out, Path) else out
        self._book = xlsxwriter.Workbook(target, options)
        self._sheet = self._book.add_worksheet(sheet, PlainSheet)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._row = 0
        self._formats: dict[tuple[str, bool], Any] = {}

    def __enter__(self) -> Self:
        """Begin to write."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file; what was begun is closed after a failure too."""
        self._book.close()

    def write_headings(self, headings: Sequence[str], widths: Sequence[float]) -> None:
        """Write the row of headings, which stays in view."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            self._sheet.write_string(0, column, writable(heading), self._format("heading"))
        self._row = 1

    def write_row(self, cells: Sequence[Any], *, red: Set[int] = frozenset()) -> None:
        """Write one row; the cells at the places in `red` are red."""
        height = max((height_of(c, _REASON) for c in cells if isinstance(c, Reason)), default=0)
        if height:
            self._sheet.set_row(self._row, height)
        for column, value in enumerate(cells):
            if value is not None or column in red:
                self._write(column, value, is_red=column in red)
        self._row += 1

    def _write(self, column: int, value: Any, *, is_red: bool) -> None:
        at = (self._row, column)
        if value is None:
            self._sheet.write_blank(*at, None, self._format("", is_red=is_red))
        elif isinstance(value, datetime):
            self._sheet.write_datetime(*at, value, self._format(_MOMENT, is_red=is_red))
        elif isinstance(value, date):
            self._sheet.write_datetime(*at, value, self._format(_DAY, is_red=is_red))
        elif isinstance(value, str):
            text = writable(value)
            kind = "reason" if isinstance(value, Reason) else ""
            kind = "quoted" if not kind and FORMULA.match(text) else kind
            self._sheet.write_string(*at, text, self._format(kind, is_red=is_red))
        else:
            self._sheet.write_number(*at, value, self._format("", is_red=is_red))

    def _format(self, kind: str, *, is_red: bool = False) -> Any:
        """Return a format, made once; None where nothing is special."""
        if not kind and not is_red:
            return None
        if (kind, is_red) not in self._formats:
            self._formats[kind, is_red] = self._book.add_format(_properties(kind, is_red=is_red))
        return self._formats[kind, is_red]


def _properties(kind: str, *, is_red: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"bg_color": "#FF9C9C"} if is_red else {}
    if kind == "heading":
        return {
            "bold": True,
            "align": "left",
            "bg_color": "#E8EBE9",
            "bottom": 1,
            "valign": "vcenter",
        }
    if kind == "reason":
        wrapped = {"text_wrap": True, "align": "left", "valign": "vcenter", "indent": 1}
        return wrapped | {"font_color": "#9C0006", "quote_prefix": True}
    if kind == "quoted":
        return found | {"quote_prefix": True}
    return found | ({"num_format": kind} if kind else {})
