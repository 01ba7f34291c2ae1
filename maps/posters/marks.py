"""What is written on the map: places in the ranking, names, warnings. Nothing covers another."""

from collections.abc import Iterator, Mapping
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
from maps.posters.sheet import ALARM, ASCENT, DESCENT, INK, PAPER, QUIET, Sheet, Style, room

BADGE_MM = 2.7
BADGE_STEPS = (0, 1.6, 2.6, 4, 6)
NAME = Style(8.5, 700)
WORST_NAME = Style(13, 700, ALARM)
CELL_NAME = Style(7.5, 400, INK)
AREA_NAME = Style(10, 700, QUIET)
OUTSIDE = Style(8.5, 400, QUIET)
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
    for box in (scale_box(poster, projected), north_box(projected.box)):
        canvas.room.take(box)
    _notices(canvas)
    _left_out(canvas)
    _places(canvas, rows)
    _area_names(canvas)
    if poster.declared.rows == "cells":
        _cell_names(canvas, set(rows))


def draw_numbers(
    sheet: Sheet, poster: Poster, projected: Projection, numbers: Mapping[str | None, int]
) -> None:
    """Write on the areas of an index the numbers of their sheets, and their names."""
    canvas = Canvas(sheet, poster, projected, Room(projected.box.grown(-1)))
    for box in (scale_box(poster, projected), north_box(projected.box)):
        canvas.room.take(box)
    radius = BADGE_MM * poster.paper.scale**NAMES_SHRINK
    numbered = [area for area in poster.areas if area.name in numbers]
    badges = []
    for area in numbered:
        anchor = canvas.anchor(area.shape)
        spots = (square(spot, radius) for spot in around(anchor, radius, BADGE_STEPS))
        found = canvas.room.first_free(spots)
        if found is not None:
            _badge(canvas, anchor, found, numbers[area.name], INK)
            badges.append((area.name, found))
    for name, badge in badges:
        _write_beside(canvas, name, canvas.sized(NAME), badge)


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


def _left_out(canvas: Canvas) -> None:
    """Say in the lower right corner how many rows lie outside the map."""
    poster, box = canvas.poster, canvas.projected.box
    others = poster.shapes[~poster.focus]
    n = int((~shapely.intersects(others, shapely.box(*canvas.projected.bounds_m))).sum())
    if n:
        told = poster.word("poster.outside_segments", n=f"{n:,}")
        at = (box.right - INSET_MM, box.bottom - INSET_MM - 1)
        if canvas.room.is_free(room(at, told, OUTSIDE, "right")):
            canvas.room.take(canvas.sheet.text(at, told, OUTSIDE, align="right"))
        else:
            canvas.room.take(canvas.sheet.text((box.left + INSET_MM, at[1]), told, OUTSIDE))


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
        if shapely.is_missing(canvas.poster.shapes[row]):
            continue
        anchor = canvas.anchor(canvas.poster.shapes[row])
        size = radius * (1.35 if rank == 1 else 1)
        spots = around(anchor, size, BADGE_STEPS[1:] if lines else BADGE_STEPS)
        found = canvas.room.first_free(square(spot, size) for spot in spots)
        if found is not None:
            _badge(canvas, anchor, found, rank, ALARM if rank == 1 else INK)
            yield row, found


def _badge(canvas: Canvas, anchor: Point, box: Box, rank: int, color: str) -> None:
    center = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    if center != anchor:
        canvas.sheet.rule(anchor, center, color=color, width=0.7)
    canvas.sheet.disc(center, box.width / 2, color)
    size = box.width / MM_PER_POINT * (0.62 if rank < TWO_DIGITS else 0.52)
    at = (center[0], center[1] + size * MM_PER_POINT * 0.36)
    canvas.sheet.text(at, f"{rank}", Style(size, 700, PAPER), align="center")


def _name(canvas: Canvas, row: int, style: Style, anchor: Box) -> None:
    """Write the name of a row beside its badge where there is room for it."""
    name = canvas.poster.name_of(row)
    if name is not None:
        _write_beside(canvas, name, canvas.sized(style), anchor)


def _write_beside(canvas: Canvas, name: str, style: Style, anchor: Box) -> None:
    clean = fitted(canvas.sheet.read(name), style.size, MOST_NAME_MM, style.weight)
    wide = width_mm(clean, style.size, style.weight)
    high = style.size * MM_PER_POINT * (ASCENT + DESCENT)
    _write_in(canvas, clean, style, canvas.room.first_free(beside(anchor, wide, high, GAP_MM)))


def _write_in(canvas: Canvas, clean: str, style: Style, box: Box | None) -> None:
    if box is not None:
        baseline = box.top + ASCENT * style.size * MM_PER_POINT
        canvas.sheet.text((box.left, baseline), clean, style, halo=True)


def _area_names(canvas: Canvas) -> None:
    """Name the cells of the coarser grid, but for the one that the sheet is about."""
    style = canvas.sized(AREA_NAME)
    window = shapely.box(*canvas.projected.bounds_m)
    for area in canvas.poster.areas:
        seen = area.shape.intersection(window)
        if area.name != canvas.poster.place and seen.area > 0:
            _write_inside(canvas, area.name, style, seen)


def _write_inside(canvas: Canvas, name: str, style: Style, shape: Any) -> None:
    """Write a name in the middle of a polygon, or else near it, where it fits into its edges."""
    clean = fitted(canvas.sheet.read(name), style.size, MOST_NAME_MM, style.weight)
    wide = width_mm(clean, style.size, style.weight)
    high = style.size * MM_PER_POINT * (ASCENT + DESCENT)
    spots = around(canvas.anchor(shape), high, (0, 1.5, 3))
    boxes = (Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2) for x, y in spots)
    fitting = (box for box in boxes if _fits(canvas, shape, box))
    _write_in(canvas, clean, style, canvas.room.first_free(fitting))


def _cell_names(canvas: Canvas, listed: set[int]) -> None:
    """Name the other cells, the largest first, each inside its own edges."""
    style = canvas.sized(CELL_NAME)
    poster = canvas.poster
    sizes = np.nan_to_num(shapely.area(poster.shapes))
    for row in sorted(set(range(len(poster.rows))) - listed, key=lambda row: -sizes[row]):
        name = poster.name_of(row)
        if name is not None and not shapely.is_missing(poster.shapes[row]):
            _write_inside(canvas, name, style, poster.shapes[row])


def _fits(canvas: Canvas, shape: Any, box: Box) -> bool:
    """Tell whether a box of the sheet lies inside a shape, or nearly so."""
    label = canvas.projected.to_m(box)
    return bool(label.intersection(shape).area >= 0.9 * label.area)


def _middle(shape: Any) -> Any:
    """Return the middle of the widest place of a polygon."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=np.sqrt(largest.area) / 50)
    return shapely.get_point(circle, 0)
