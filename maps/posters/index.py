"""The first sheet of a series: the whole city, and which sheet shows which part of it."""

from collections.abc import Sequence
from dataclasses import replace

from maps.cards import headline
from maps.posters.fonts import width_mm
from maps.posters.footer import draw_footer
from maps.posters.furniture import draw_furniture
from maps.posters.heading import draw_deadline, draw_title
from maps.posters.layout import GAP_MM, Layout, lay_out
from maps.posters.legend import draw_legend, legend_height
from maps.posters.mapping import draw_map
from maps.posters.marks import draw_numbers
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import Sheet, Style
from maps.posters.tables import (
    HEAD_MM,
    HEADING,
    Line,
    Table,
    draw_table,
    lines_that_fit,
)

CARDS = {
    "hazards": ("hazards_found", "open"),
    "coverage": ("coverage", "never"),
    "streetlights": ("dark_segments", "completion"),
}
"""Subject -> the headline figures that the index tells of each sheet."""

ENTRY = Style(9)
LINE_MM = 4.8
BETWEEN_MM = 4.0


def draw_index(overview: Poster, posters: Sequence[Poster]) -> Sheet:
    """Draw the sheet that says which sheet shows what."""
    sheet = Sheet(overview.paper)
    boxes = lay_out(overview)
    draw_title(sheet, boxes.title, overview)
    draw_deadline(sheet, boxes.deadline, overview)
    projected = draw_map(sheet, boxes.map, overview)
    draw_furniture(sheet, overview, projected)
    draw_numbers(sheet, overview, projected, {each.place: each.sheet for each in posters})
    legend, contents = _places(boxes, overview)
    draw_legend(sheet, legend, overview)
    _draw_contents(sheet, contents, posters)
    draw_footer(sheet, boxes.footer, overview)
    return sheet


def _places(boxes: Layout, overview: Poster) -> tuple[Box, Box]:
    """Return the room of the legend and of the contents: beside or below it."""
    left, right, top, bottom = boxes.worst, boxes.ranking, boxes.worst.top, boxes.ranking.bottom
    if overview.paper.portrait:
        legend = Box(left.left, top, left.right, bottom)
        return legend, Box(boxes.legend.left, top, right.right, bottom)
    legend = Box(left.left, top, left.right, top + legend_height(overview))
    return legend, Box(left.left, legend.bottom + GAP_MM, left.right, bottom)


def _draw_contents(sheet: Sheet, box: Box, posters: Sequence[Poster]) -> None:
    """List the sheets with their figures; where they are too many, only their names in lines."""
    if len(posters) <= lines_that_fit(box.height):
        draw_table(sheet, box, _table(posters))
        return
    heading = posters[0].word("poster.contents")
    sheet.text((box.left, box.top + 4.4), heading, HEADING, most_mm=box.width)
    left, baseline = box.left, box.top + HEAD_MM
    for poster in posters:
        number, name = f"{poster.sheet} ", sheet.read(str(poster.place))
        wide = width_mm(number, ENTRY.size, 700) + width_mm(name, ENTRY.size)
        if left > box.left and left + wide > box.right:
            left, baseline = box.left, baseline + LINE_MM
        left = sheet.text((left, baseline), number, replace(ENTRY, weight=700)).right
        room = box.right - left
        left = sheet.text((left, baseline), name, ENTRY, most_mm=room).right + BETWEEN_MM


def _table(posters: Sequence[Poster]) -> Table:
    first = posters[0]
    keys = CARDS[first.subject]
    return Table(
        heading=first.word("poster.contents"),
        note="",
        columns=tuple(first.word(f"card.{key}") for key in keys),
        lines=tuple(_line(poster, keys) for poster in posters),
    )


def _line(poster: Poster, keys: Sequence[str]) -> Line:
    cards = {card.key: card for card in poster.declared.cards}
    found = [headline(cards[key], poster.prepared, poster.language) for key in keys]
    figures = tuple(f"{figure.value}  {figure.base}".strip() for figure in found)
    return Line(f"{poster.sheet}", str(poster.place), figures)
