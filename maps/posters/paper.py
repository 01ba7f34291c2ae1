"""Sheets of paper. A layout is drawn once, in millimetres of an A3, and grows with the sheet."""

from dataclasses import dataclass
from typing import Literal, get_args

Size = Literal["A0", "A1", "A2", "A3", "A4"]
SIZES: tuple[Size, ...] = get_args(Size)

MM_PER_INCH = 25.4
A3_LONG_MM, A3_SHORT_MM = 420.0, 297.0
LONG_MM = {"A0": 1189.0, "A1": 841.0, "A2": 594.0, "A3": 420.0, "A4": 297.0}


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet, in millimetres of an A3 from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def meets(self, other: "Box") -> bool:
        """Tell whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Tell whether the other lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def grown(self, by: float) -> "Box":
        """Return the box with a margin around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True)
class Paper:
    """One size of paper, lying or standing."""

    size: Size = "A3"
    portrait: bool | None = False
    """Standing; ``None``: as what it shows lies or stands."""

    @property
    def scale(self) -> float:
        """How much longer than an A3."""
        return LONG_MM[self.size] / A3_LONG_MM

    @property
    def box(self) -> Box:
        """The sheet in millimetres of an A3."""
        wide, high = (A3_SHORT_MM, A3_LONG_MM) if self.portrait else (A3_LONG_MM, A3_SHORT_MM)
        return Box(0, 0, wide, high)

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height as they are."""
        real = self.scale / MM_PER_INCH
        return self.box.width * real, self.box.height * real
