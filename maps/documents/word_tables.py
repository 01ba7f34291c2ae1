"""Tables of a Word file: headings repeated on every page, rows never cut."""

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt, Twips

from maps.documents.document import Column, Table, shown
from maps.documents.ooxml import border, element, set_fonts
from maps.sheets.texts import writable
from maps.words import fonts

_PADDING = 60
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def write_table(made: Any, table: Table, width: int, size: float) -> None:
    """Add `table` as broad as `width` twips, its texts `size` points high."""
    written = made.add_table(rows=0, cols=len(table.columns))
    written.alignment = WD_TABLE_ALIGNMENT.CENTER
    written.autofit = False
    _draw_lines(written._tbl.tblPr)  # noqa: SLF001 - borders have no public way
    shares = [column.width for column in table.columns]
    widths = [int(width * share / sum(shares)) for share in shares]
    for column, width_of_it in zip(written.columns, widths, strict=True):
        column.width = Twips(width_of_it)
    head = _add_row(written, widths)
    head._tr.get_or_add_trPr().append(element("tblHeader"))  # noqa: SLF001 - no public way
    for cell, column in zip(head.cells, table.columns, strict=True):
        _write(cell, column.heading, fonts.HEI, size, ALIGN.CENTER)
    for row in table.rows:
        cells = _add_row(written, widths).cells
        for cell, column, value in zip(cells, table.columns, row, strict=True):
            _write(cell, shown(value, column.kind, table.missing), fonts.FANG, size, _side(column))


def _add_row(written: Any, widths: list[int]) -> Any:
    row = written.add_row()
    row._tr.get_or_add_trPr().append(element("cantSplit"))  # noqa: SLF001 - no public way
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Twips(width)
        properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no public way
        properties.append(element("vAlign", val="center"))
    return row


def _draw_lines(properties: Any) -> None:
    """Give the table its lines; Word refuses a file whose properties are in another order."""
    lines = element("tblBorders")
    lines.extend(border(side, 6 if side in _SIDES[:4] else 4) for side in _SIDES)
    margins = element("tblCellMar")
    margins.extend(element(side, w=_PADDING, type="dxa") for side in ("left", "right"))
    properties.insert_element_before(lines, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(margins, "w:tblLook")


def _write(cell: Any, text: str, font: str, size: float, side: ALIGN) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(1.5)
    form.line_spacing = Pt(size * 1.25)
    run = paragraph.add_run(writable(text))
    run.font.size = Pt(size)
    set_fonts(run._r.get_or_add_rPr(), font, fonts.WESTERN)  # noqa: SLF001 - no public way


def _side(column: Column) -> ALIGN:
    return ALIGN.LEFT if column.is_prose else ALIGN.CENTER
