"""Texts that a workbook can hold and never takes for a formula."""

import re
import unicodedata
from copy import copy
from math import ceil
from typing import Any

from openpyxl.cell import Cell

MAX_CELL = 32_767
"""Characters of one cell of a workbook."""

_HIGHEST = 400.0  # points; a workbook has no row above 409

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
"""How texts begin that a spreadsheet may take for a formula."""

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Return `text` without what XML cannot hold, cut to the length of a cell."""
    return _UNWRITABLE.sub("", text)[:MAX_CELL]


def height_of(text: str, width: float) -> float:
    """Return the points that `text` needs in a column of `width` characters, 0 for one line."""
    wide = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    lines = ceil(wide / (width - 4)) + text.count("\n")
    return min(15.0 * lines, _HIGHEST) if lines > 1 else 0.0


def set_text(cell: Any, text: str) -> None:
    """Write `text` into a cell of openpyxl; editing it does not make it a formula either."""
    cell.value = writable(text)
    if isinstance(cell, Cell) and cell.value:
        cell.data_type = "s"
        cell.quotePrefix = bool(FORMULA.match(cell.value))


def copy_style(source: Any, target: Any) -> None:
    """Give `target` the look of `source`, another cell of its workbook."""
    if source.has_style:
        target._style = copy(source._style)  # noqa: SLF001 - openpyxl has no other way
