"""What must be read at two metres: where it is worst, and the headline figures with their bases."""

from collections.abc import Mapping
from typing import Any

from maps.cards import HeadlineFigure, headline
from maps.layers import Figure
from maps.numbers import shown
from maps.posters.fonts import width_mm
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import ALARM, HAIR, QUIET, Sheet, Style

LABEL = Style(9, 400, QUIET)
VALUE = Style(19, 700)
NAME_SIZES = (34, 30, 26, 22, 18)
ROW_MM = 16.5
WORST_MM = 33.0
GAP_MM = 6.0


def draw_worst(sheet: Sheet, box: Box, poster: Poster) -> None:
    """Name the worst row as large as its name allows, with its figures."""
    sheet.rule((box.left, box.top), (box.right, box.top), color=ALARM, width=1.6)
    heading = poster.word(f"poster.worst.{_worst_of(poster)}")
    sheet.text((box.left, box.top + 6.5), heading, Style(11, 700, ALARM))
    if not poster.worst:
        nothing = poster.word("ui.nothing_ranked")
        sheet.text((box.left, box.top + 18), nothing, Style(18, 700, QUIET), most_mm=box.width)
        return
    row = poster.worst[0]
    name = sheet.read(poster.title_of(row))
    fits = (each for each in NAME_SIZES if width_mm(name, each, 700) <= box.width)
    size = next(fits, NAME_SIZES[-1])
    sheet.text((box.left, box.top + 20), poster.title_of(row), Style(size, 700), most_mm=box.width)
    told = " · ".join(_told(poster, row))
    sheet.text((box.left, box.top + 28), told, Style(11.5), most_mm=box.width)


def _worst_of(poster: Poster) -> str:
    """Return what the first of the ranking is the worst of: only a hotspot is called one."""
    if poster.view.key == "hotspots" and poster.worst:
        is_hot = (poster.rows[poster.worst[0]]["gi_bin"] or 0) > 0
        return "hotspots" if is_hot else "no_hotspot"
    return poster.view.key


def _told(poster: Poster, row: int) -> list[str]:
    """Return the figures of a row that its view is about, in words."""
    figures = {figure.field: figure for figure in poster.declared.figures}
    known = [name for name in TOLD[poster.view.key] if poster.rows[row][name] is not None]
    return [_figure_of(poster, poster.rows[row], figures[name]) for name in known]


def _figure_of(poster: Poster, row: Mapping[str, Any], figure: Figure) -> str:
    label = poster.word(f"column.{figure.field}")
    value = shown(row[figure.field], figure.format, poster.language, figure.field)
    base = f" ({row[figure.part]:,} / {row[figure.base]:,})" if figure.part and figure.base else ""
    return f"{label} {value}{base}"


TOLD = {
    "hotspots": ("value", "gi_z"),
    "counts": ("value",),
    "coverage": ("coverage", "n_never", "n_overdue"),
    "gap": ("gap", "coverage"),
    "status": ("dark_m", "n_out", "cause"),
    "density": ("outages_per_100m", "n_out"),
    "work": ("work", "days_left"),
}
"""View -> the figures that the worst row is told with."""


def draw_figures(sheet: Sheet, box: Box, poster: Poster) -> None:
    """Write the headline figures in two columns; one with more to say takes both."""
    half = (box.width - GAP_MM) / 2
    for number, row in enumerate(_in_rows(poster)):
        top = box.top + ROW_MM * number
        for place, figure in enumerate(row):
            left = box.left + (half + GAP_MM) * place
            right = box.right if figure.more else left + half
            _figure(sheet, Box(left, top, right, top + ROW_MM), figure)


def figures_height(poster: Poster) -> float:
    """Return the room that the headline figures need."""
    return ROW_MM * len(_in_rows(poster)) - 2


def _in_rows(poster: Poster) -> list[list[HeadlineFigure]]:
    found = [headline(card, poster.prepared, poster.language) for card in poster.declared.cards]
    rows: list[list[HeadlineFigure]] = []
    for figure in sorted(found, key=lambda figure: not figure.more):
        if figure.more or not rows or len(rows[-1]) == 2 or rows[-1][0].more:
            rows.append([])
        rows[-1].append(figure)
    return rows


def _figure(sheet: Sheet, box: Box, figure: HeadlineFigure) -> None:
    sheet.rule((box.left, box.top), (box.right, box.top), color=HAIR)
    label = sheet.text((box.left, box.top + 4.6), figure.label, LABEL, most_mm=box.width)
    baseline = box.top + 12.6
    value = sheet.text((box.left, baseline), figure.value, VALUE, most_mm=box.width)
    left = value.right + 1.6
    if left + width_mm(figure.base, LABEL.size) > box.right:
        room = box.right - label.right - 2
        at = (box.right, box.top + 4.6)
        sheet.text(at, figure.base, LABEL, align="right", most_mm=room)
        return
    base = sheet.text((left, baseline), figure.base, LABEL)
    beside = width_mm(figure.more, LABEL.size) <= box.right - base.right - 3
    at = (box.right, baseline if beside else box.top + 4.6)
    room = box.right - (base if beside else label).right - 3
    sheet.text(at, figure.more, LABEL, align="right", most_mm=room)
