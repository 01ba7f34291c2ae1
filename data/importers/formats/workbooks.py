"""Workbooks: xlsx, xlsm, xls and ods; formula cells come as the values they had."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from data.errors import ImportRejectedError
from data.importers.fields import plain
from data.importers.formats import ooxml, photos
from data.importers.formats.cells import texts_of
from data.importers.formats.headings import (
    MOST_ABOVE,
    HeadingBlock,
    Merge,
    find_heading_row,
    heading_block,
    n_known,
    text_of,
)
from data.importers.formats.opendocument import check_document, merged_ranges
from data.importers.formats.rows import Texts, tabulate
from data.importers.formats.table import MAX_CELLS, MAX_HEADINGS, Asked, Table
from data.importers.report import RowError

MOST_SHEETS = 60

Merges = Mapping[str, Sequence[Merge]]
"""Sheet → its merged ranges, where the spreadsheet library does not tell them."""


@dataclass(frozen=True)
class Cells:
    """The cells of a sheet: `rows` from row `first` and column `left` on, both from 0."""

    sheet: str
    rows: list[list[Any]]
    first: int = 0
    left: int = 0
    merges: list[Merge] = field(default_factory=list)


def read_workbook(content: bytes, ending: str, asked: Asked) -> Table:
    """Read the sheet that was asked for, or of those not hidden the one with most known headings.

    Merged titles are passed over, vertically merged cells filled down, rows of totals set apart,
    pictures kept with their row.

    Raises
    ------
    ImportRejectedError
        When it is no workbook, or one that is not to be trusted.
    """
    if ending in {".xlsx", ".xlsm"}:
        parts = ooxml.read_parts(content)
        table = _read(parts.workbook(), asked)
        _add_parts(table, parts)
        return table
    if ending == ".ods":
        document = check_document(content)
        return _read(document, asked, merged_ranges(document))
    return _read(content, asked)


def _read(content: bytes, asked: Asked, merges: Merges | None = None) -> Table:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return _read_sheets(workbook, asked, merges or {})
    except CalamineError as error:
        raise ImportRejectedError(f"the workbook cannot be read: {error}") from error


def _read_sheets(workbook: CalamineWorkbook, asked: Asked, merges: Merges) -> Table:
    visible = tuple(
        each.name
        for each in workbook.sheets_metadata
        if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
    )
    if asked.sheet is not None and asked.sheet not in workbook.sheet_names:
        others = ", ".join(visible)
        raise ImportRejectedError(f"there is no sheet {asked.sheet:.80}, but {others:.500}")
    names = visible if asked.sheet is None else (asked.sheet,)
    if len(names) > MOST_SHEETS:
        raise ImportRejectedError(f"more than {MOST_SHEETS} sheets: name the one to read")
    table = _table(_most_telling(_filled(workbook, names, merges), asked), asked)
    table.sheets = visible
    return table


def _filled(workbook: CalamineWorkbook, names: Sequence[str], merges: Merges) -> Iterator[Cells]:
    for name in names:
        cells = _cells(workbook.get_sheet_by_name(name), merges.get(name, ()))
        if cells.rows:
            yield cells


def _cells(sheet: CalamineSheet, merges: Sequence[Merge]) -> Cells:
    if sheet.height * sheet.width > MAX_CELLS:
        raise ImportRejectedError(f"more than {MAX_CELLS:,} cells: send the ledger in parts")
    first, left = sheet.start or (0, 0)
    told = [*(sheet.merged_cell_ranges or []), *merges]
    return Cells(sheet.name, sheet.to_python(), first, left, told)


def _most_telling(sheets: Iterator[Cells], asked: Asked) -> Cells:
    """Return the sheet with the most known headings, the first of equals."""
    best: tuple[int, Cells] | None = None
    for cells in sheets:
        score = max(
            n_known(list(map(text_of, row)), asked.known) for row in cells.rows[:MOST_ABOVE]
        )
        if best is None or score > best[0]:
            best = score, cells
    if best is None:
        raise ImportRejectedError("the workbook has no visible sheet with anything in it")
    return best[1]


def _table(cells: Cells, asked: Asked) -> Table:
    end = cells.left + len(cells.rows[0])
    merges = [
        ((top - cells.first, left), (bottom - cells.first, min(right, end - 1)))
        for (top, left), (bottom, right) in cells.merges
        if cells.first <= top and cells.left <= left < end
    ]
    block = heading_block(cells.rows, _heading_index(cells, asked), merges, cells.left)
    below = cells.rows[block.bottom + 1 :]
    columns: list[Texts] = [texts_of(column) for column in zip(*below, strict=True)]
    _fill_down(columns, merges, block.bottom + 1, cells.left)
    headed = _headed(block, columns or [[] for _ in block.texts], cells.left, asked)
    numbers = list(range(cells.first + block.bottom + 2, cells.first + len(cells.rows) + 1))
    table = tabulate({heading: column for heading, _, column in headed}, numbers)
    table.sheet = cells.sheet
    table.heading_row = cells.first + block.bottom + 1
    table.places = {heading: place for heading, place, _ in headed}
    table.title = tuple(
        text for row in cells.rows[: block.top] for cell in row if (text := text_of(cell))
    )
    return table


def _heading_index(cells: Cells, asked: Asked) -> int:
    if asked.heading_row is None:
        return find_heading_row(cells.rows, asked.known)
    at = asked.heading_row - 1 - cells.first
    if not 0 <= at < len(cells.rows) or not any(map(text_of, cells.rows[at])):
        raise ImportRejectedError(f"row {asked.heading_row} has nothing that could be a heading")
    return at


def _fill_down(columns: list[Texts], merges: Sequence[Merge], first: int, left: int) -> None:
    """Write what stands in the first of vertically merged cells into the others."""
    for (top, column), (bottom, _) in merges:
        if top < first or bottom == top:
            continue
        texts = columns[column - left]
        last = min(bottom + 1, first + len(texts))
        texts[top - first : last - first] = [texts[top - first]] * (last - top)


def _headed(
    block: HeadingBlock, columns: list[Texts], left: int, asked: Asked
) -> list[tuple[str, int, Texts]]:
    """Return heading, place and texts of each column that is not blank.

    What has no heading goes by the letters of its column, a heading that comes again by a number.

    Raises
    ------
    ImportRejectedError
        When a known heading comes again, so that nobody can tell which one is meant.
    """
    used: Counter[str] = Counter()
    headed = []
    for place, (text, column) in enumerate(zip(block.texts, columns, strict=True), start=left):
        if not text and not any(column):
            continue
        heading = text or f"column {_letters(place)}"
        used[heading] += 1
        if used[heading] > 1:
            if plain(heading) in asked.known:
                raise ImportRejectedError(f"several columns have the heading {heading:.80}")
            heading = f"{heading} ({used[heading]})"
        headed.append((heading, place, column))
    if len(headed) > MAX_HEADINGS:
        raise ImportRejectedError(f"{len(headed)} columns, more than {MAX_HEADINGS}")
    return headed


def _letters(place: int) -> str:
    """Return the letters of a column.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _add_parts(table: Table, parts: ooxml.Parts) -> None:
    """Add what the spreadsheet library does not tell: errors, pictures and the first day."""
    table.date_1904 = parts.date_1904
    name = parts.sheet_part(table.sheet or "")
    if name is None or name not in parts.xml:
        return
    _refuse_error_cells(table, ooxml.error_cells(parts.xml[name]))
    photos.add_photos(table, parts, name)


def _refuse_error_cells(table: Table, cells: dict[tuple[int, int], str]) -> None:
    rows = set(table.numbers) if cells else set()
    heading_at = {place: heading for heading, place in table.places.items()}
    for (row, column), text in sorted(cells.items()):
        if row + 1 in rows and column in heading_at:
            reason = "is the error of a formula"
            heading = heading_at[column]
            table.errors.append(RowError(row + 1, heading, text, reason, heading))
