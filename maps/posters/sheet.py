"""One sheet to draw on: texts, lines and areas in millimetres, and where each text came to lie."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from maps.posters.fonts import MM_PER_POINT, Weight, face, fitted, legible, width_mm
from maps.posters.paper import Box, Paper

INK = "#1d2733"
QUIET = "#56616d"
HAIR = "#aab2ba"
ALARM = "#b3261e"
PAPER = "#ffffff"

# Of the font: how far a text reaches above and below its baseline, in parts of its size.
ASCENT, DESCENT = 0.88, 0.14
NOTHING = dict.fromkeys(("left", "bottom"), 0) | dict.fromkeys(("right", "top"), 1)

RC = {
    "pdf.fonttype": 42,
    "text.usetex": False,
    "text.parse_math": False,
    "axes.unicode_minus": False,
}
"""Embedded TrueType can be searched, and no ledger text is taken for a formula."""

HATCH_SIZE = 0.5
"""Points on an A3."""


@dataclass(frozen=True)
class Style:
    """How a text is set: its size in points on an A3, weight and color."""

    size: float
    weight: Weight = 400
    color: str = INK


@dataclass(frozen=True)
class Placed:
    """A text as it stands on the sheet."""

    text: str
    box: Box


@dataclass(eq=False)
class Sheet:
    """A figure whose canvas is measured in millimetres of an A3, from the upper left corner."""

    paper: Paper
    placed: list[Placed] = field(default_factory=list)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Text -> the characters of it that the font lacks."""

    def __post_init__(self) -> None:
        self.figure = Figure(figsize=self.paper.inches, facecolor=PAPER)
        self.figure.subplots_adjust(**NOTHING)
        self.canvas = self._axes([0, 0, 1, 1])
        box = self.paper.box
        self.canvas.set(xlim=(0, box.width), ylim=(box.height, 0), zorder=2)

    def window(self, box: Box, bounds_m: tuple[float, float, float, float]) -> Axes:
        """Return axes in `box` that show the given metres, below all that is on the canvas."""
        page = self.paper.box
        left, bottom = box.left / page.width, 1 - box.bottom / page.height
        axes = self._axes([left, bottom, box.width / page.width, box.height / page.height])
        min_x, min_y, max_x, max_y = bounds_m
        axes.set(xlim=(min_x, max_x), ylim=(min_y, max_y), zorder=1)
        return axes

    def _axes(self, rectangle: list[float]) -> Axes:
        axes = self.figure.add_axes(tuple(rectangle))  # type: ignore[arg-type]  # four numbers
        axes.set_axis_off()
        axes.patch.set_alpha(0)
        axes.set_autoscale_on(False)
        return axes

    def hatch(self, pattern: str) -> str | None:
        """Return a hatch as coarse on this paper as it is on an A3: its tile is one inch on any."""
        return pattern[: max(1, round(len(pattern) / self.paper.scale))] or None

    def points(self, size: float) -> float:
        """Return a length in points of this paper for one on an A3."""
        return size * self.paper.scale

    def read(self, text: str) -> str:
        """Return `text` as the font can show it, and note what it lacks."""
        clean = legible(text)
        if clean.missing:
            self.missing[text] = clean.missing
        return clean.text

    def text(
        self,
        at: tuple[float, float],
        text: str,
        style: Style,
        *,
        align: Literal["left", "center", "right"] = "left",
        most_mm: float | None = None,
        halo: bool = False,
    ) -> Box:
        """Write one line with its baseline at `at` and return the room it takes."""
        clean = self.read(text)
        if most_mm is not None:
            style = shrunk(clean, style, most_mm)
            clean = fitted(clean, style.size, most_mm, style.weight)
        box = room(at, clean, style, align)
        if not clean.strip():
            return box
        if halo:
            self._halo((box.left, at[1]), clean, style)
        self.canvas.text(
            box.left,
            at[1],
            clean,
            fontproperties=face(style.weight).properties,
            fontsize=self.points(style.size),
            color=style.color,
            parse_math=False,
            verticalalignment="baseline",
            zorder=5,
        )
        self.placed.append(Placed(clean, box))
        return box

    def _halo(self, at: tuple[float, float], text: str, style: Style) -> None:
        """Draw a white edge below a text; the text itself stays one that can be searched."""
        size = style.size * MM_PER_POINT
        vertices, codes = text_to_path.get_text_path(face(style.weight).properties, text)
        flipped = [
            (at[0] + x * size / text_to_path.FONT_SCALE, at[1] - y * size / text_to_path.FONT_SCALE)
            for x, y in vertices
        ]
        edge = PathPatch(
            Path(flipped, codes),
            facecolor=PAPER,
            edgecolor=PAPER,
            linewidth=self.points(style.size * 0.22),
            joinstyle="round",
            zorder=4,
        )
        self.canvas.add_artist(edge)

    def rule(self, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
        """Draw a straight line; its width is in points on an A3."""
        width = self.points(look.pop("width", 0.5))
        color = look.pop("color", HAIR)
        xs, ys = zip(start, end, strict=True)
        self.canvas.plot(xs, ys, color=color, linewidth=width, zorder=3, **look)

    def area(self, box: Box, *, color: str | None = None, edge: str | None = None) -> None:
        """Fill a rectangle, or draw its edge."""
        self.canvas.add_artist(
            Rectangle(
                (box.left, box.top),
                box.width,
                box.height,
                facecolor=color or "none",
                edgecolor=edge or "none",
                linewidth=self.points(0.5),
                zorder=3,
            )
        )

    def disc(self, center: tuple[float, float], radius: float, color: str) -> None:
        """Fill a circle with a white edge."""
        self.canvas.add_artist(
            Circle(
                center,
                radius,
                facecolor=color,
                edgecolor=PAPER,
                linewidth=self.points(0.7),
                zorder=4.5,
            )
        )

    def polygon(self, corners: list[tuple[float, float]], color: str, edge: str) -> None:
        """Fill a polygon."""
        self.canvas.add_artist(
            Polygon(
                corners,
                closed=True,
                facecolor=color,
                edgecolor=edge,
                linewidth=self.points(0.6),
                zorder=4,
            )
        )


def shrunk(text: str, style: Style, most_mm: float) -> Style:
    """Return the style a little smaller where a legible text then runs no wider than `most_mm`."""
    sizes = (style.size * (1 - step / 20) for step in range(6))
    fits = (size for size in sizes if width_mm(text, size, style.weight) <= most_mm)
    return replace(style, size=next(fits, style.size))


def room(
    at: tuple[float, float], text: str, style: Style, align: Literal["left", "center", "right"]
) -> Box:
    """Return the room that a legible text takes when its baseline is at `at`."""
    wide = width_mm(text, style.size, style.weight)
    left = at[0] - {"left": 0.0, "center": wide / 2, "right": wide}[align]
    size = style.size * MM_PER_POINT
    return Box(left, at[1] - ASCENT * size, left + wide, at[1] + DESCENT * size)


def to_png(sheet: Sheet, dpi: int) -> bytes:
    """Return the sheet as a picture."""
    file = BytesIO()
    sheet.figure.savefig(file, format="png", dpi=dpi, metadata={"Software": "Guatu"})
    return file.getvalue()


def to_pdf(sheets: Iterable[Sheet], title: str) -> bytes:
    """Return the sheets as pages of vectors, with the fonts they use.

    No moment is in it: the same sheets are the same file.
    """
    file = BytesIO()
    about = {"Title": title, "Creator": "Guatu", "CreationDate": None}
    with PdfPages(file, metadata=about) as pages:
        for sheet in sheets:
            pages.savefig(sheet.figure)
    return file.getvalue()
