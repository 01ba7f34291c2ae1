"""The map of a page as a picture, for browsers that cannot draw it themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from maps.classes import classify
from maps.frame import Bounds
from maps.layers import View
from maps.palettes import PaintClass
from maps.posters.mapping import paths_of

GROUND = "#e8ebe9"
EDGE = "#79838f"
DPI = 100
POINTS_A_PIXEL = 72 / DPI


@dataclass(frozen=True)
class Window:
    """The part of the world that a picture shows, in degrees, and its size in pixels."""

    bounds: Bounds
    width: int
    height: int


def draw_picture(
    view: View,
    rows: Sequence[Mapping[str, Any]],
    decisions: Collection[str],
    shapes: NDArray[np.object_],
    window: Window,
) -> bytes:
    """Return a PNG of the rows in the colors of their class; `shapes` are in degrees.

    It is in Mercator's projection and fills its bounds, so that it fits a web map exactly.
    """
    figure = Figure((window.width / DPI, window.height / DPI), dpi=DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    corners = mercator(np.array(window.bounds).reshape(2, 2))
    axes.set_xlim(*corners[:, 0])
    axes.set_ylim(*corners[:, 1])
    in_view = shapely.intersects(shapes, shapely.box(*window.bounds))
    drawn = shapely.transform(shapes, mercator)
    classified = classify(view, rows, decisions)
    for paint in reversed(classified.classes):
        members = np.array(classified.members[paint.key], dtype=int)
        _draw(axes, drawn[members[in_view[members]]], paint)
    file = BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()


def mercator(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Mercator's x and y, in radians, of longitudes and latitudes."""
    x, y = np.radians(degrees).T
    return np.column_stack([x, np.arcsinh(np.tan(y))])


def _draw(axes: Axes, shapes: NDArray[np.object_], paint: PaintClass) -> None:
    if not len(shapes):
        return
    if shapely.get_dimensions(shapes[0]) == 1:
        lines = [shapely.get_coordinates(part) for part in shapely.get_parts(shapes)]
        width = paint.width * POINTS_A_PIXEL
        axes.add_collection(LineCollection(lines, colors=paint.color, linewidths=width))
        return
    areas = PathCollection(
        paths_of(shapes),
        facecolors=paint.color,
        edgecolors=EDGE,
        linewidths=0.6 * POINTS_A_PIXEL,
        hatch="////" if paint.hatched else None,
    )
    axes.add_collection(areas)
