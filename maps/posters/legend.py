"""The legend: every class with the number of its rows, no data among them."""

from matplotlib.patches import Rectangle

from maps.palettes import PaintClass
from maps.posters.looks import Look, line_look_of, look_of
from maps.posters.mapping import LINE_SIZE
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import QUIET, Sheet, Style

HEADING = Style(12, 700)
NOTE = Style(8.5, 400, QUIET)
ENTRY = Style(10)
ROW_MM = 5.6
HEAD_MM = 12.0
SWATCH_WIDE_MM, SWATCH_HIGH_MM = 9.0, 4.2


def legend_height(poster: Poster) -> float:
    """Return the room that the legend needs."""
    return HEAD_MM + ROW_MM * len(poster.classified.ordered)


def draw_legend(sheet: Sheet, box: Box, poster: Poster) -> None:
    """List the classes, each with its look on the map and how many rows it has."""
    heading = f"{poster.word('ui.legend')} · {poster.word(f'view.{poster.view.key}')}"
    sheet.text((box.left, box.top + 4.4), heading, HEADING, most_mm=box.width - 22)
    unit = poster.word(f"poster.n_{poster.declared.rows}")
    sheet.text((box.right, box.top + 4.4), unit, NOTE, align="right")
    note = poster.word(f"legend.{poster.view.key}")
    sheet.text((box.left, box.top + 9.2), note, NOTE, most_mm=box.width)
    for number, paint in enumerate(poster.classified.ordered):
        baseline = box.top + HEAD_MM + ROW_MM * number + 3.8
        n = len(poster.classified.members[paint.key])
        _entry(sheet, (box.left, baseline, box.right), poster, paint, n)


def class_name(poster: Poster, paint: PaintClass) -> str:
    """Return what a class is called."""
    return paint.label or poster.word(f"class.{paint.key}")


def _entry(
    sheet: Sheet, row: tuple[float, float, float], poster: Poster, paint: PaintClass, n: int
) -> None:
    left, baseline, right = row
    swatch = Box(left, baseline - 3.6, left + SWATCH_WIDE_MM, baseline + SWATCH_HIGH_MM - 3.6)
    if poster.declared.rows == "cells":
        draw_swatch(sheet, swatch, look_of(paint))
    else:
        look = line_look_of(paint)
        middle = (swatch.top + swatch.bottom) / 2
        width = look.width * LINE_SIZE
        line = {"color": look.color, "width": width, "linestyle": look.dash}
        sheet.rule((swatch.left + 0.8, middle), (swatch.right - 0.8, middle), **line)
    written = ENTRY if n else Style(ENTRY.size, 400, QUIET)
    name_left = left + SWATCH_WIDE_MM + 3
    style = Style(ENTRY.size, 700 if n else 400, written.color)
    number = sheet.text((right, baseline), f"{n:,}", style, align="right")
    room = number.left - 2 - name_left
    sheet.text((name_left, baseline), class_name(poster, paint), written, most_mm=room)


def draw_swatch(sheet: Sheet, box: Box, look: Look) -> None:
    """Fill a rectangle as the areas of a class are filled."""
    sheet.canvas.add_artist(
        Rectangle(
            (box.left, box.top),
            box.width,
            box.height,
            facecolor=look.color,
            edgecolor="#7d8791",
            hatchcolor=look.hatch_color,
            hatch=sheet.hatch(look.hatch),
            linewidth=sheet.points(0.4),
            zorder=3,
        )
    )
