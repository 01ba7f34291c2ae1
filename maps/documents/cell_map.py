"""A small map for a document: cells colored by a share, drawn without a browser or a font file."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from PIL import Image, ImageDraw, ImageFont

from maps.palettes import COVERAGE, NO_DATA

Ring = Sequence[tuple[int, int]]

SIDE = 1000
"""Map units of the longer side; outlines are whole numbers from 0 to it, x to the right, y up."""

PIXELS = 1400
_OVERSAMPLED = 2
_MARGIN = 24
_HATCH = 14
_LINE = "#5b6470"
_MOST_LABELS = 60


@dataclass(frozen=True)
class MapCell:
    """A cell: the rings of its outline, its share (None: not known), and the number on it."""

    rings: tuple[Ring, ...]
    share: float | None
    label: str = ""


@dataclass(frozen=True)
class ShareClass:
    """One class of a share: how it is called in the words, and its color."""

    key: str
    color: str
    hatched: bool = False


_COLORS = {one.key: one.color for one in COVERAGE}
CLASSES = (
    ShareClass("full", _COLORS["full"]),
    ShareClass("from90", _COLORS["from90"]),
    ShareClass("from80", _COLORS["from80"]),
    ShareClass("from60", _COLORS["from60"]),
    ShareClass("below60", _COLORS["below60"]),
    ShareClass("zero", _COLORS["blank"]),
    ShareClass("no_data", NO_DATA, hatched=True),
)


def class_of(share: float | None) -> ShareClass:
    """Return the class of a share; 1 alone is full, 0 alone is zero.

    >>> [class_of(share).key for share in (1, 0.999, 0.6, 0.01, 0, None)]
    ['full', 'from90', 'from60', 'below60', 'zero', 'no_data']
    """
    if share is None:
        return CLASSES[-1]
    steps = ((1, 0), (0.9, 1), (0.8, 2), (0.6, 3))
    for least, place in steps:
        if share >= least:
            return CLASSES[place]
    return CLASSES[4 if share > 0 else 5]


def draw_cells(cells: Sequence[MapCell]) -> bytes:
    """Return a PNG of the cells, as high as they are; equal cells give equal bytes."""
    width, height = _extent(cells)
    scale = (PIXELS - 2 * _MARGIN) / SIDE * _OVERSAMPLED
    margin = _MARGIN * _OVERSAMPLED
    size = (int(width * scale) + 2 * margin, int(height * scale) + 2 * margin)
    image = Image.new("RGB", size, "white")
    placed = [
        [[(margin + x * scale, margin + (height - y) * scale) for x, y in ring] for ring in one]
        for one in (cell.rings for cell in cells)
    ]
    for cell, rings in zip(cells, placed, strict=True):
        _paint(image, rings, class_of(cell.share))
    if len(cells) <= _MOST_LABELS:
        _write_labels(image, cells, placed)
    small = image.resize((size[0] // _OVERSAMPLED, size[1] // _OVERSAMPLED), Image.Resampling.BOX)
    out = io.BytesIO()
    small.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _extent(cells: Sequence[MapCell]) -> tuple[int, int]:
    points = [point for cell in cells for ring in cell.rings for point in ring]
    return max(x for x, _ in points), max(y for _, y in points)


def _paint(
    image: Image.Image, rings: Sequence[Sequence[tuple[float, float]]], one: ShareClass
) -> None:
    draw = ImageDraw.Draw(image)
    if one.hatched:
        mask = Image.new("L", image.size, 0)
        for ring in rings:
            ImageDraw.Draw(mask).polygon(ring, fill=255)
        image.paste(_hatching(image.size), mask=mask)
    else:
        for ring in rings:
            draw.polygon(ring, fill=one.color)
    for ring in rings:
        draw.line([*ring, ring[0]], fill=_LINE, width=2 * _OVERSAMPLED, joint="curve")


def _hatching(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, NO_DATA)
    draw = ImageDraw.Draw(image)
    step = _HATCH * _OVERSAMPLED
    for start in range(-size[1], size[0], step):
        draw.line([(start, size[1]), (start + size[1], 0)], fill="#b9bec4", width=2 * _OVERSAMPLED)
    return image


def _write_labels(
    image: Image.Image,
    cells: Sequence[MapCell],
    placed: Sequence[Sequence[Sequence[tuple[float, float]]]],
) -> None:
    """Write the number of each cell on it, in a white disc that shows on every color."""
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(46 * _OVERSAMPLED)
    radius = 38 * _OVERSAMPLED
    for cell, rings in zip(cells, placed, strict=True):
        if cell.label:
            largest = max(map(shapely.Polygon, rings), key=shapely.area)
            # From its middle to its edge: the middle is the point farthest from every edge.
            x, y = shapely.maximum_inscribed_circle(largest, tolerance=1).coords[0]
            disc = [(x - radius, y - radius), (x + radius, y + radius)]
            draw.ellipse(disc, fill="white", outline=_LINE, width=_OVERSAMPLED)
            draw.text((x, y), cell.label, fill="#1d2530", font=font, anchor="mm")
