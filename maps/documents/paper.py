"""The layout of official documents by GB/T 9704-2012, in the units that Word counts in."""

from dataclasses import dataclass

TWIPS_PER_MM = 1440 / 25.4

A4_MM = (210, 297)
TOP_MM, LEFT_MM, TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 37, 28, 156.1, 225
LINES, CHARACTERS = 22, 28
"""Lines of a page and characters of a line."""

SIZE_2, SIZE_3, SIZE_4, SMALL_4, SIZE_5, SMALL_5 = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0
"""Points of 2号, 3号, 4号, 小四, 5号 and 小五."""

RED = "E60012"


@dataclass(frozen=True)
class Page:
    """A page in twips: its size, and what is left of it around the text."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int

    @property
    def text_width(self) -> int:
        """Twips of a line."""
        return self.width - self.left - self.right


def page(*, landscape: bool) -> Page:
    """Return the page; a broad one is the upright one turned by a quarter, its binding on top."""
    width, height = (twips(side) for side in A4_MM)
    top, left = twips(TOP_MM), twips(LEFT_MM)
    right = width - left - twips(TEXT_WIDTH_MM)
    bottom = height - top - twips(TEXT_HEIGHT_MM)
    if landscape:
        return Page(height, width, left, top, right, bottom)
    return Page(width, height, top, right, bottom, left)


def twips(mm: float) -> int:
    """Return millimetres in twentieths of a point.

    >>> twips(25.4)
    1440
    """
    return round(mm * TWIPS_PER_MM)


LINE_PITCH = twips(TEXT_HEIGHT_MM) // LINES
"""Twips from line to line, so that 22 lines fill a page."""

TIGHTER = -4
"""Twips added to each character of 3号: with its full 16 points, 28 would not fit in a line."""
