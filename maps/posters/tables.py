"""Tables: a number, the color of a class and a name at the left, figures at the right."""

from dataclasses import dataclass, replace

from maps.posters.fonts import width_mm
from maps.posters.legend import draw_swatch
from maps.posters.looks import Look
from maps.posters.paper import Box
from maps.posters.sheet import HAIR, INK, QUIET, Sheet, Style

HEADING = Style(12, 700)
NOTE = Style(8.5, 400, QUIET)
CELL = Style(10)
ROW_MM = 6.1
HEAD_MM = 13.0
GAP_MM = 3.6
MOST_NAME_MM = 36.0
NAME_FROM_MM = 12.6


@dataclass(frozen=True)
class Line:
    """One line of a table."""

    number: str
    name: str
    figures: tuple[str, ...]
    look: Look | None = None
    color: str = INK
    """Of the last figure."""

    bold: bool = False


@dataclass(frozen=True)
class Table:
    """What a table is called, how it is ordered, what its columns are, and its lines."""

    heading: str
    note: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    spare: tuple[int, ...] = ()
    """Columns that go, the first first, where names have no room."""


def lines_that_fit(height: float) -> int:
    """Return how many lines a table of that height has room for."""
    return max(0, int((height - HEAD_MM) // ROW_MM))


def table_height(n_lines: int) -> float:
    """Return the room that a table of so many lines needs."""
    return HEAD_MM + ROW_MM * n_lines


def draw_table(sheet: Sheet, box: Box, table: Table) -> None:
    """Draw a table from the top of `box` down."""
    head = sheet.text((box.left, box.top + 4.4), table.heading, HEADING, most_mm=box.width)
    room = box.right - head.right - 3
    sheet.text((box.right, box.top + 4.4), table.note, NOTE, align="right", most_mm=room)
    if not table.lines:
        return
    table = _thinned(sheet, box, table)
    rights, name_right = _columns(sheet, box, table)
    for right, text in zip(rights, table.columns, strict=True):
        sheet.text((right, box.top + 11.2), text, NOTE, align="right")
    for number, line in enumerate(table.lines):
        top = box.top + HEAD_MM + ROW_MM * number
        sheet.rule((box.left, top), (box.right, top), color=HAIR, width=0.35)
        _name(sheet, Box(box.left, top, name_right, top + ROW_MM), line)
        _figures(sheet, rights, top + 4.4, line)


def _thinned(sheet: Sheet, box: Box, table: Table) -> Table:
    """Return the table without the spare columns that stand in the way of the names."""
    longest = max(width_mm(sheet.read(line.name), CELL.size) for line in table.lines)
    needed = min(longest, MOST_NAME_MM) + NAME_FROM_MM
    while table.spare and _columns(sheet, box, table)[1] - box.left < needed:
        gone, *spare = table.spare
        table = replace(
            table,
            columns=_without(table.columns, gone),
            lines=tuple(
                replace(each, figures=_without(each.figures, gone)) for each in table.lines
            ),
            spare=tuple(number - (number > gone) for number in spare),
        )
    return table


def _without(texts: tuple[str, ...], number: int) -> tuple[str, ...]:
    return texts[:number] + texts[number + 1 :]


def _columns(sheet: Sheet, box: Box, table: Table) -> tuple[list[float], float]:
    """Return the right edge of each column of figures, and where the names end."""
    rights: list[float] = []
    right = box.right
    for number in reversed(range(len(table.columns))):
        rights.insert(0, right)
        texts = (sheet.read(line.figures[number]) for line in table.lines)
        widest = max(width_mm(text, CELL.size, 700) for text in texts)
        right -= max(widest, width_mm(table.columns[number], NOTE.size)) + GAP_MM
    return rights, right


def _name(sheet: Sheet, box: Box, line: Line) -> None:
    baseline, left = box.top + 4.4, box.left
    if line.number:
        at = (left + 5.4, baseline)
        sheet.text(at, line.number, Style(CELL.size, 700), align="right", most_mm=5.4)
        left += 7.2
    if line.look is not None:
        draw_swatch(sheet, Box(left, box.top + 1.5, left + 3.4, box.bottom - 1.4), line.look)
        left += 5.4
    style = Style(CELL.size, 700 if line.bold else 400)
    sheet.text((left, baseline), line.name, style, most_mm=box.right - left)


def _figures(sheet: Sheet, rights: list[float], baseline: float, line: Line) -> None:
    last = len(rights) - 1
    for number, (right, text) in enumerate(zip(rights, line.figures, strict=True)):
        loud = number == last and line.color != INK
        style = Style(CELL.size, 700 if loud else 400, line.color if loud else INK)
        sheet.text((right, baseline), text, style, align="right")
