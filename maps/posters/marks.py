"""What is written on the map: places in the ranking, names, warnings. Nothing covers another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from maps.layers import NOTICES
from maps.posters.fonts import MM_PER_POINT, fitted, width_mm
from maps.posters.furniture import INSET_MM, north_box, scale_box
from maps.posters.labels import Point, Room, around, beside, square
from maps.posters.mapping import Projection
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import ALARM, ASCENT, DESCENT, INK, PAPER, QUIET, Sheet, Style

BADGE_MM = 2.7
BADGE_STEPS = (0, 1.6, 2.6, 4, 6)
NAME = Style(8.5, 700)
WORST_NAME = Style(13, 700, ALARM)
CELL_NAME = Style(7.5, 400, INK)
AREA_NAME = Style(11, 700, QUIET)
MOST_NAME_MM = 60.0
TWO_DIGITS = 10
GAP_MM = 0.8
NAMES_SHRINK = -0.3
"""Power of the paper's scale: names grow less than the sheet, so that a larger one names more."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """A map to write on: where things lie, and what room is left."""

    sheet: Sheet
    poster: Poster
    projected: Projection
    room: Room

    def anchor(self, shape: Any) -> Point:
        """Return the point of the sheet that a shape is marked at."""
        if shapely.get_dimensions(shape) == 1:
            longest = max(shapely.get_parts(shape), key=lambda part: part.length)
            point = longest.interpolate(0.5, normalized=True)
        else:
            point = _middle(shape)
        return self.projected.to_mm(point.x, point.y)

    def sized(self, style: Style) -> Style:
        """Return the style of a name on paper of this size."""
        growth = self.poster.paper.scale**NAMES_SHRINK
        return Style(style.size * growth, style.weight, style.color)


def draw_marks(sheet: Sheet, poster: Poster, projected: Projection, rows: list[int]) -> None:
    """Write on the map, the important first: what finds no room is left out."""
    canvas = Canvas(sheet, poster, projected, Room(projected.box.grown(-1)))
    for box in (scale_box(projected.box), north_box(projected.box)):
        canvas.room.take(box)
    _notices(canvas)
    _places(canvas, rows)
    _area_names(canvas)
    if poster.declared.rows == "cells":
        _cell_names(canvas, set(rows))


def _notices(canvas: Canvas) -> None:
    """Write what must be read before the figures across the top of the map."""
    style = Style(10, 700, ALARM)
    box = canvas.projected.box
    told = [d["text"] for d in canvas.poster.answer["decisions"] if d["code"] in NOTICES]
    for number, text in enumerate(told):
        at = (box.left + INSET_MM + 2, box.top + INSET_MM + 5 + 7.5 * number)
        clean = fitted(canvas.sheet.read(text), style.size, box.width - 30, style.weight)
        wide = width_mm(clean, style.size, style.weight)
        frame = Box(at[0] - 2, at[1] - 4.8, at[0] + wide + 2, at[1] + 2)
        canvas.sheet.area(frame, color=PAPER, edge=ALARM)
        canvas.sheet.text(at, clean, style)
        canvas.room.take(frame)


def _places(canvas: Canvas, rows: list[int]) -> None:
    """Mark the listed rows with their places, then name them; the worst before all others."""
    for row, badge in _badges(canvas, rows[:1]):
        _name(canvas, row, WORST_NAME, badge)
    for row, badge in list(_badges(canvas, rows[1:], first=2)):
        _name(canvas, row, NAME, badge)


def _badges(canvas: Canvas, rows: list[int], first: int = 1) -> Iterator[tuple[int, Box]]:
    """Draw the place of each row, on it or beside it with a leader; yield the row and its badge."""
    lines = canvas.poster.declared.rows == "segments"
    radius = BADGE_MM * canvas.poster.paper.scale**NAMES_SHRINK
    for rank, row in enumerate(rows, first):
        anchor = canvas.anchor(canvas.poster.shapes[row])
        size = radius * (1.35 if rank == 1 else 1)
        spots = around(anchor, size, BADGE_STEPS[1:] if lines else BADGE_STEPS)
        found = canvas.room.first_free(square(spot, size) for spot in spots)
        if found is not None:
            _badge(canvas, anchor, found, rank)
            yield row, found


def _badge(canvas: Canvas, anchor: Point, box: Box, rank: int) -> None:
    center = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    color = ALARM if rank == 1 else INK
    if center != anchor:
        canvas.sheet.rule(anchor, center, color=color, width=0.7)
    canvas.sheet.disc(center, box.width / 2, color)
    size = box.width / MM_PER_POINT * (0.62 if rank < TWO_DIGITS else 0.52)
    at = (center[0], center[1] + size * MM_PER_POINT * 0.36)
    canvas.sheet.text(at, f"{rank}", Style(size, 700, PAPER), align="center")


def _name(canvas: Canvas, row: int, style: Style, anchor: Box) -> None:
    """Write the name of a row beside its badge where there is room for it."""
    name, style = canvas.poster.name_of(row), canvas.sized(style)
    if name is None:
        return
    clean = fitted(canvas.sheet.read(name), style.size, MOST_NAME_MM, style.weight)
    wide = width_mm(clean, style.size, style.weight)
    high = style.size * MM_PER_POINT * (ASCENT + DESCENT)
    _write_in(canvas, clean, style, canvas.room.first_free(beside(anchor, wide, high, GAP_MM)))


def _write_in(canvas: Canvas, clean: str, style: Style, box: Box | None) -> None:
    if box is not None:
        baseline = box.top + ASCENT * style.size * MM_PER_POINT
        canvas.sheet.text((box.left, baseline), clean, style, halo=True)


def _area_names(canvas: Canvas) -> None:
    """Name the cells of the coarser grid in the middle of each, or else near it."""
    style = canvas.sized(AREA_NAME)
    window = shapely.box(*canvas.projected.bounds_m)
    for area in canvas.poster.areas:
        seen = area.shape.intersection(window)
        if not seen.is_empty:
            _write_centered(canvas, area.name, style, canvas.anchor(seen))


def _write_centered(canvas: Canvas, name: str, style: Style, at: Point) -> None:
    clean = fitted(canvas.sheet.read(name), style.size, MOST_NAME_MM, style.weight)
    wide = width_mm(clean, style.size, style.weight)
    high = style.size * MM_PER_POINT * (ASCENT + DESCENT)
    spots = around(at, high, (0, 1.5, 3))
    boxes = (Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2) for x, y in spots)
    _write_in(canvas, clean, style, canvas.room.first_free(boxes))


def _cell_names(canvas: Canvas, listed: set[int]) -> None:
    """Name the other cells, the largest first, each inside its own edges."""
    style = canvas.sized(CELL_NAME)
    poster = canvas.poster
    sizes = shapely.area(poster.shapes)
    for row in sorted(set(range(len(poster.rows))) - listed, key=lambda row: -sizes[row]):
        name = poster.name_of(row)
        if name is None:
            continue
        clean = canvas.sheet.read(name)
        wide = width_mm(clean, style.size, style.weight)
        x, y = canvas.anchor(poster.shapes[row])
        half_high = style.size * MM_PER_POINT * (ASCENT + DESCENT) / 2
        box = Box(x - wide / 2, y - half_high, x + wide / 2, y + half_high)
        if _fits(canvas, poster.shapes[row], box) and canvas.room.is_free(box):
            canvas.room.take(box)
            _write_in(canvas, clean, style, box)


def _fits(canvas: Canvas, shape: Any, box: Box) -> bool:
    """Tell whether a box of the sheet lies inside a shape, or nearly so."""
    min_x, _, max_x, max_y = canvas.projected.bounds_m
    m = (max_x - min_x) / canvas.projected.box.width
    left = min_x + (box.left - canvas.projected.box.left) * m
    top = max_y - (box.top - canvas.projected.box.top) * m
    label = shapely.box(left, top - box.height * m, left + box.width * m, top)
    return bool(label.intersection(shape).area >= 0.9 * label.area)


def _middle(shape: Any) -> Any:
    """Return the middle of the widest place of a polygon."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=np.sqrt(largest.area) / 50)
    return shapely.get_point(circle, 0)
