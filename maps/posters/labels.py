"""Labels that cover nothing: the first place that is free, or none; the important ones first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from maps.posters.paper import Box

Point = tuple[float, float]

DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


@dataclass(eq=False)
class Room:
    """What is taken of a map: boxes on the sheet, in millimetres."""

    inside: Box
    taken: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))
    """Left, top, right and bottom of each box."""

    def take(self, box: Box) -> None:
        """Take the room of `box`."""
        edges = np.array([[box.left, box.top, box.right, box.bottom]])
        self.taken = np.concatenate([self.taken, edges])

    def is_free(self, box: Box) -> bool:
        """Tell whether `box` lies inside and meets nothing that was taken."""
        return self.inside.holds(box) and not bool(_meet(self.taken, box).any())

    def first_free(self, boxes: Iterable[Box]) -> Box | None:
        """Take and return the first of `boxes` that is free."""
        found = next((box for box in boxes if self.is_free(box)), None)
        if found is not None:
            self.take(found)
        return found


def _meet(edges: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    left, top, right, bottom = edges.T
    meets: NDArray[np.bool_] = (
        (left < box.right) & (box.left < right) & (top < box.bottom) & (box.top < bottom)
    )
    return meets


def around(center: Point, radius: float, steps: Iterable[float]) -> Iterator[Point]:
    """Yield the points around `center`, at each of `steps` times the radius."""
    for step in steps:
        if step == 0:
            yield center
            continue
        for x, y in DIRECTIONS:
            far = step * radius / np.hypot(x, y)
            yield center[0] + x * far, center[1] + y * far


def square(center: Point, radius: float) -> Box:
    """Return the box around a disc."""
    x, y = center
    return Box(x - radius, y - radius, x + radius, y + radius)


def beside(anchor: Box, wide: float, high: float, gap: float) -> Iterator[Box]:
    """Yield the boxes of that size to the right, left, below and above of `anchor`."""
    middle_x, middle_y = (anchor.left + anchor.right) / 2, (anchor.top + anchor.bottom) / 2
    top = middle_y - high / 2
    for left in (anchor.right + gap, anchor.left - gap - wide):
        yield Box(left, top, left + wide, top + high)
    left = middle_x - wide / 2
    for top in (anchor.bottom + gap, anchor.top - gap - high):
        yield Box(left, top, left + wide, top + high)
