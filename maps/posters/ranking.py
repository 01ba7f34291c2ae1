"""The tables of a poster: the worst rows, numbered as on the map, and who is behind."""

from dataclasses import dataclass

from maps.layers import Format
from maps.numbers import shown
from maps.posters.looks import look_of
from maps.posters.paper import Box
from maps.posters.poster import Party, Poster
from maps.posters.sheet import ALARM, INK, Sheet
from maps.posters.tables import CELL, Line, Table, draw_table, lines_that_fit

MOST_ROWS = 15
MOST_BEHIND = 3


@dataclass(frozen=True)
class Column:
    """One figure of the table; `base` is what it is a part of."""

    field: str
    format: Format = "count"
    base: str | None = None
    spare: bool = False
    """Goes where names have no room."""


COLUMNS: dict[str, tuple[Column, ...]] = {
    "hotspots": (Column("value", "decimal"), Column("gi_z", "hundredths"), Column("gi_p", "p")),
    "counts": (Column("value", "decimal"),),
    "coverage": (
        Column("coverage", "share"),
        Column("n_inspected", base="n_units"),
        Column("n_never", spare=True),
        Column("n_overdue", spare=True),
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
    "work": (
        Column("owner", "text", spare=True),
        Column("work", "word"),
        Column("due_on", "text"),
        Column("days_left", "countdown"),
    ),
}
"""View -> what the table says of each row."""


def ranking_rows(poster: Poster, height: float) -> list[int]:
    """Return the numbers of the rows that a table of that height lists, the worst first."""
    return poster.worst[: min(MOST_ROWS, lines_that_fit(height))]


def draw_ranking(sheet: Sheet, box: Box, poster: Poster) -> None:
    """List the worst rows with the figures behind their place."""
    columns = COLUMNS[poster.view.key]
    rows = ranking_rows(poster, box.height)
    table = Table(
        heading=poster.word("poster.ranking"),
        note=poster.word(f"rank.{poster.view.rank_by}"),
        columns=tuple(poster.word(f"column.{column.field}") for column in columns),
        lines=tuple(_line(poster, rank, row) for rank, row in enumerate(rows, 1)),
        spare=tuple(number for number, column in enumerate(columns) if column.spare)[::-1],
    )
    draw_table(sheet, box, table)
    if not rows:
        sheet.text((box.left, box.top + 13), poster.word("ui.nothing_ranked"), CELL)


def _line(poster: Poster, rank: int, row: int) -> Line:
    paint = poster.classified.class_of(row)
    figures = tuple(_text(poster, row, column) for column in COLUMNS[poster.view.key])
    look = None if paint is None else look_of(paint)
    return Line(f"{rank}", poster.title_of(row), figures, look, bold=rank == 1)


def _text(poster: Poster, row: int, column: Column) -> str:
    figures = poster.rows[row]
    value = figures[column.field]
    if value is None and column.format == "word":
        return "–"
    text = shown(value, column.format, poster.language, column.field)
    base = None if column.base is None else figures[column.base]
    return text if base is None else f"{text} / {base:,}"


def n_behind(poster: Poster) -> int:
    """Return how many parties the table of those behind lists."""
    return min(MOST_BEHIND, len(poster.behind))


def draw_behind(sheet: Sheet, box: Box, poster: Poster) -> None:
    """List who has the most work overdue."""
    if not poster.behind:
        return
    columns = ("column.completion", "column.n_closed", "column.n_late")
    table = Table(
        heading=poster.word("poster.behind"),
        note=poster.word("poster.behind_by"),
        columns=tuple(map(poster.word, columns)),
        lines=tuple(_party(poster, party) for party in poster.behind[: n_behind(poster)]),
    )
    draw_table(sheet, box, table)


def _party(poster: Poster, party: Party) -> Line:
    share = party.n_closed / party.n_found if party.n_found else None
    figures = (
        shown(share, "share", poster.language),
        f"{party.n_closed:,} / {party.n_found:,}",
        f"{party.n_overdue:,}",
    )
    return Line("", party.name, figures, color=ALARM if party.n_overdue else INK)
