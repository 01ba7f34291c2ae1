"""The map of a poster: areas or streets in the colors of their class, at a round scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from numpy.typing import NDArray

from maps.posters.looks import line_look_of, look_of
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import HAIR, INK, Sheet

ROUND = (1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0, 3.2, 3.5, 4.0)
ROUND_SCALES = (*ROUND, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 9.0, 10.0)
MARGIN_MM = 7.0
LEAST_EXTENT_M = 50.0

LINE_SIZE = 0.85
"""Points on an A3 for each unit of a class's width."""

CELL_EDGE = "#9aa3ac"
EDGE_SIZE, EDGE_SIZES = 7.0, (0.1, 0.4)
"""Points on an A3 of an edge between cells, times the cells across the map; least and most."""

GROUND_OF_STREETS: dict[str, Any] = {"facecolors": "#f5f4f0", "edgecolors": HAIR, "zorder": 0}
EDGES_OF_AREAS: dict[str, Any] = {"facecolors": "none", "edgecolors": INK, "zorder": 4}


@dataclass(frozen=True)
class Projection:
    """How metres become millimetres of the sheet."""

    box: Box
    bounds_m: tuple[float, float, float, float]
    denominator: float

    def to_mm(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return where a point lies on the sheet."""
        min_x, min_y, max_x, _ = self.bounds_m
        mm = self.box.width / (max_x - min_x)
        return self.box.left + (x_m - min_x) * mm, self.box.bottom - (y_m - min_y) * mm

    def to_m(self, box: Box) -> shapely.Polygon:
        """Return what a box of the sheet covers of the city."""
        min_x, min_y, max_x, _ = self.bounds_m
        m = (max_x - min_x) / self.box.width
        left, bottom = (
            min_x + (box.left - self.box.left) * m,
            min_y + (self.box.bottom - box.bottom) * m,
        )
        return shapely.box(left, bottom, left + box.width * m, bottom + box.height * m)


def projection(box: Box, shapes: NDArray[np.object_], paper_scale: float) -> Projection:
    """Return the largest round scale at which all of `shapes` lie inside `box`."""
    min_x, min_y, max_x, max_y = bounds_of(shapes)
    inner_wide = (box.width - 2 * MARGIN_MM) * paper_scale / 1000
    inner_high = (box.height - 2 * MARGIN_MM) * paper_scale / 1000
    needed = max((max_x - min_x) / inner_wide, (max_y - min_y) / inner_high)
    denominator = round_up(max(needed, LEAST_EXTENT_M / inner_wide))
    half_x, half_y = (each * paper_scale * denominator / 2000 for each in (box.width, box.height))
    x, y = (min_x + max_x) / 2, (min_y + max_y) / 2
    return Projection(box, (x - half_x, y - half_y, x + half_x, y + half_y), denominator)


def bounds_of(shapes: NDArray[np.object_]) -> tuple[float, float, float, float]:
    """Return min x, min y, max x, max y in metres; four zeros where there is no shape."""
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(known):
        return 0.0, 0.0, 0.0, 0.0
    min_x, min_y, max_x, max_y = shapely.total_bounds(known)
    return float(min_x), float(min_y), float(max_x), float(max_y)


def round_up(denominator: float) -> float:
    """Return the next denominator that reads well, such as 1:28,000."""
    power = 10.0 ** np.floor(np.log10(denominator))
    found = next(each for each in ROUND_SCALES if each * power >= denominator * (1 - 1e-9))
    return float(found * power)


def draw_map(sheet: Sheet, box: Box, poster: Poster) -> Projection:
    """Draw the rows of the answer and what lies around them; return how they are projected."""
    found = projection(box, poster.shapes[poster.focus], poster.paper.scale)
    axes = sheet.window(box, found.bounds_m)
    _surroundings(sheet, axes, poster)
    if poster.declared.rows == "cells":
        _cells(sheet, axes, poster)
        _lines(axes, poster.streets, color=INK, alpha=0.28, linewidth=sheet.points(0.4))
    else:
        _segments(sheet, axes, poster)
    sheet.area(box, edge=HAIR)
    return found


def _surroundings(sheet: Sheet, axes: Axes, poster: Poster) -> None:
    """Draw the cells of the coarser grid: as a ground for streets, as edges over finer cells."""
    below = poster.declared.rows == "segments"
    paths = paths_of(area.shape for area in poster.areas)
    look = GROUND_OF_STREETS if below else EDGES_OF_AREAS
    width = sheet.points(0.7 if below else 1.2)
    axes.add_collection(PathCollection(paths, linewidths=width, **look))


def _cells(sheet: Sheet, axes: Axes, poster: Poster) -> None:
    edge = _edge_width(axes, poster)
    for paint in poster.classified.classes:
        look = look_of(paint)
        members = poster.shapes[poster.classified.members[paint.key]]
        areas = PathCollection(
            paths_of(members),
            facecolors=look.color,
            edgecolors=CELL_EDGE,
            hatchcolors=look.hatch_color,
            hatch=sheet.hatch(look.hatch),
            linewidths=sheet.points(edge),
        )
        axes.add_collection(areas)


def _edge_width(axes: Axes, poster: Poster) -> float:
    """Return the width of the edges of cells, in points on an A3: small cells have thin ones."""
    (min_x, max_x), areas = axes.get_xlim(), shapely.area(poster.shapes)
    cells_across = (max_x - min_x) / np.sqrt(np.median(areas)) if len(areas) else 1.0
    return float(np.clip(EDGE_SIZE / cells_across, *EDGE_SIZES))


def _segments(sheet: Sheet, axes: Axes, poster: Poster) -> None:
    """Draw the streets, the widest classes on top."""
    for paint in poster.classified.classes:
        members = poster.shapes[poster.classified.members[paint.key]]
        look = line_look_of(paint)
        width = sheet.points(look.width * LINE_SIZE)
        about = {"color": look.color, "linewidth": width, "linestyle": look.dash}
        _lines(axes, members, zorder=2 + look.width / 10, **about)


def _lines(axes: Axes, shapes: NDArray[np.object_], **look: Any) -> None:
    if not len(shapes):
        return
    known = shapes[~shapely.is_missing(shapes)]
    parts = shapely.get_parts(known)
    lines = [shapely.get_coordinates(part) for part in parts]
    axes.add_collection(LineCollection(lines, capstyle="round", **({"zorder": 2.0} | look)))


def paths_of(shapes: Iterable[Any]) -> list[Path]:
    """Return one path for each shape: shells against the clock, holes with it."""
    known = [shape for shape in shapes if shape is not None and not shape.is_empty]
    return [_path(shape) for shape in shapely.orient_polygons(np.array(known, dtype=object))]


def _path(shape: Any) -> Path:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return Path.make_compound_path(
        *(Path(shapely.get_coordinates(ring), closed=True) for ring in rings)
    )
