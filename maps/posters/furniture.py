"""The scale bar and the north arrow of a map."""

import shapely
from matplotlib_scalebar.scalebar import ScaleBar

from maps.posters.fonts import face
from maps.posters.mapping import Projection
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.sheet import INK, PAPER, QUIET, Sheet, Style

INSET_MM = 3.0
SCALE_WIDE_MM, SCALE_HIGH_MM = 50.0, 14.0
NORTH_WIDE_MM, NORTH_HIGH_MM = 10.0, 16.0


def scale_box(poster: Poster, projected: Projection) -> Box:
    """Return the room of the scale bar: the lower corner of the map that covers less of the city.

    Of two alike the left one is taken.
    """
    box = projected.box
    bottom = box.bottom - INSET_MM
    lefts = (box.left + INSET_MM, box.right - INSET_MM - SCALE_WIDE_MM)
    corners = (Box(left, bottom - SCALE_HIGH_MM, left + SCALE_WIDE_MM, bottom) for left in lefts)
    return min(
        corners,
        key=lambda corner: int(shapely.intersects(poster.shapes, projected.to_m(corner)).sum()),
    )


def north_box(box: Box) -> Box:
    """Return the room of the north arrow, in the upper right corner of a map."""
    right, top = box.right - INSET_MM, box.top + INSET_MM
    return Box(right - NORTH_WIDE_MM, top, right, top + NORTH_HIGH_MM)


def draw_furniture(sheet: Sheet, poster: Poster, projected: Projection) -> None:
    """Draw the scale, as a bar and in figures, and the arrow to the north."""
    _scale(sheet, scale_box(poster, projected), poster, projected)
    _north(sheet, north_box(projected.box), poster)


def _scale(sheet: Sheet, box: Box, poster: Poster, projected: Projection) -> None:
    sheet.area(box, color=PAPER)
    said = poster.word("poster.scale", n=f"{projected.denominator:,.0f}")
    sheet.text((box.left + 2, box.top + 4.8), said, Style(9, 400, QUIET), most_mm=box.width - 4)
    bar = Box(box.left + 2, box.top + 6, box.right - 2, box.bottom - 1)
    mm = projected.denominator * poster.paper.scale / 1000
    axes = sheet.window(bar, (0, 0, bar.width * mm, bar.height * mm))
    axes.set_zorder(3)
    font = {"fname": face(400).properties.get_file(), "size": sheet.points(9)}
    axes.add_artist(
        ScaleBar(
            1,
            "m",
            length_fraction=0.95,
            width_fraction=0.13,
            location="lower left",
            scale_loc="top",
            rotation="horizontal-only",
            frameon=False,
            pad=0,
            border_pad=0,
            sep=sheet.points(1),
            color=INK,
            font_properties=font,
        )
    )


def _north(sheet: Sheet, box: Box, poster: Poster) -> None:
    """Draw a needle, its dark half to the west, with the word for north below."""
    middle = (box.left + box.right) / 2
    tip, foot, notch = box.top + 0.8, box.top + 10.4, box.top + 8.2
    for side, color in ((-1, INK), (1, PAPER)):
        corners = [(middle, tip), (middle + side * 3.2, foot), (middle, notch)]
        sheet.polygon(corners, color, INK)
    style = Style(9.5, 700)
    sheet.text((middle, box.bottom - 1), poster.word("poster.north"), style, align="center")
