"""The table of the worst rows, numbered as on the map."""

from dataclasses import dataclass

from maps.layers import Format
from maps.numbers import shown
from maps.posters.fonts import width_mm
from maps.posters.legend import draw_swatch
from maps.posters.looks import look_of
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import HAIR, INK, QUIET, Sheet, Style

HEADING = Style(12, 700)
NOTE = Style(8.5, 400, QUIET)
CELL = Style(10)
ROW_MM = 6.1
HEAD_MM = 13.0
GAP_MM = 3.6
MOST_ROWS = 15


@dataclass(frozen=True)
class Column:
    """One figure of the table; `base` is what it is a part of."""

    field: str
    format: Format = "count"
    base: str | None = None


COLUMNS: dict[str, tuple[Column, ...]] = {
    "hotspots": (Column("value", "decimal"), Column("gi_z", "hundredths"), Column("gi_p", "p")),
    "counts": (Column("value", "decimal"),),
    "coverage": (
        Column("coverage", "share"),
        Column("n_inspected", base="n_units"),
        Column("n_never"),
        Column("n_overdue"),
        Column("gap", "tenths"),
    ),
    "gap": (Column("coverage", "share"), Column("gap", "tenths")),
    "status": (
        Column("dark_m", "metres"),
        Column("n_out", base="n_lamps"),
        Column("cause", "word"),
    ),
    "density": (
        Column("outages_per_100m", "hundredths"),
        Column("n_out"),
        Column("length_m", "metres"),
    ),
    "work": (Column("work", "word"), Column("due_on", "text"), Column("days_left", "countdown")),
}
"""View -> what the table says of each row."""


@dataclass(frozen=True)
class _Table:
    """The texts of a table with the right edge of each column, and where the names end."""

    heads: list[str]
    texts: list[list[str]]
    rights: list[float]
    name_right: float


def ranking_rows(poster: Poster, height: float) -> list[int]:
    """Return the numbers of the rows that a table of that height lists, the worst first."""
    return poster.worst[: min(MOST_ROWS, max(0, int((height - HEAD_MM) // ROW_MM)))]


def draw_ranking(sheet: Sheet, box: Box, poster: Poster) -> None:
    """List the worst rows with the figures behind their place."""
    by = poster.word(f"rank.{poster.view.rank_by}")
    head = sheet.text((box.left, box.top + 4.4), poster.word("poster.ranking"), HEADING)
    room = box.right - head.right - 3
    sheet.text((box.right, box.top + 4.4), by, NOTE, align="right", most_mm=room)
    rows = ranking_rows(poster, box.height)
    if not rows:
        sheet.text((box.left, box.top + 13), poster.word("ui.nothing_ranked"), CELL)
        return
    table = _table(sheet, box, poster, rows)
    for right, text in zip(table.rights, table.heads, strict=True):
        sheet.text((right, box.top + 11.2), text, NOTE, align="right")
    for number, row in enumerate(rows):
        top = box.top + HEAD_MM + ROW_MM * number
        _name(sheet, Box(box.left, top, table.name_right, top + ROW_MM), poster, (number + 1, row))
        sheet.rule((box.left, top), (box.right, top), color=HAIR, width=0.35)
        for right, text in zip(table.rights, table.texts[number], strict=True):
            sheet.text((right, top + 4.4), text, CELL, align="right")


def _table(sheet: Sheet, box: Box, poster: Poster, rows: list[int]) -> _Table:
    columns = COLUMNS[poster.view.key]
    heads = [poster.word(f"column.{column.field}") for column in columns]
    texts = [[sheet.read(_text(poster, row, column)) for column in columns] for row in rows]
    rights: list[float] = []
    right = box.right
    for number in reversed(range(len(columns))):
        rights.insert(0, right)
        widest = max(width_mm(line[number], CELL.size) for line in texts)
        right -= max(widest, width_mm(heads[number], NOTE.size)) + GAP_MM
    return _Table(heads, texts, rights, right)


def _text(poster: Poster, row: int, column: Column) -> str:
    figures = poster.rows[row]
    value = figures[column.field]
    if value is None and column.format == "word":
        return "–"
    text = shown(value, column.format, poster.language, column.field)
    base = None if column.base is None else figures[column.base]
    return text if base is None else f"{text} / {base:,}"


def _name(sheet: Sheet, box: Box, poster: Poster, place: tuple[int, int]) -> None:
    """Write the place in the ranking, the color of the class, and the name."""
    rank, row = place
    baseline = box.top + 4.4
    bold = Style(CELL.size, 700, INK)
    sheet.text((box.left + 5, baseline), f"{rank}", bold, align="right")
    paint = poster.classified.class_of(row)
    swatch = Box(box.left + 7, box.top + 1.5, box.left + 10.4, box.bottom - 1.4)
    if paint is not None:
        draw_swatch(sheet, swatch, look_of(paint))
    left = swatch.right + 2
    style = bold if rank == 1 else CELL
    sheet.text((left, baseline), poster.title_of(row), style, most_mm=box.right - left)
