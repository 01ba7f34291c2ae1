"""What a poster is about: an answer in words, its shapes in metres, the day it is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from maps import words
from maps.cards import prepare
from maps.classes import Classified, classify, first_view, ranked
from maps.layers import DECLARED, Subject, SubjectLayers, View
from maps.posters.paper import Paper
from maps.words import Language

EMPTY: NDArray[np.object_] = np.empty(0, dtype=object)


@dataclass(frozen=True)
class Deadline:
    """By when the work is due, and how much of it is open.

    Attributes
    ----------
    due_on
        ``None``: no deadline is on record.
    occasion
        What ends on that day: the name of a campaign; ``None`` for the work items' own.
    days_left
        From the day of the poster to the due day; below 0 when it is over.
    n_open, n_overdue
        Work items of the subject that are open, and those among them whose own day is over;
        ``None``: there are no work items at all.
    """

    due_on: date | None = None
    occasion: str | None = None
    days_left: int | None = None
    n_open: int | None = None
    n_overdue: int | None = None


@dataclass(frozen=True)
class Imprint:
    """What stands at the foot of a sheet.

    Attributes
    ----------
    office
        Who made it (制图单位); ``None`` leaves a line to be filled in.
    approval
        The number of the map's approval (审图号); without one the sheet is for internal use.
    """

    office: str | None = None
    approval: str | None = None


@dataclass(frozen=True)
class Area:
    """A cell of a coarser grid, by its name."""

    name: str
    shape: Any


@dataclass(frozen=True)
class Party:
    """Who has open work: how much was found and closed, and how much is late."""

    name: str
    n_found: int
    n_closed: int
    n_overdue: int


@dataclass(frozen=True, eq=False)
class Poster:
    """Everything that one sheet shows. Names are ledger text: they are drawn, never interpreted.

    Attributes
    ----------
    place
        The part of the city that is shown; ``None``: the whole of it.
    answer
        The answer as the API gives it, with its definition and decisions in words.
    shapes
        The polygon or line of each row, in metres, by position.
    streets
        Lines drawn below cells, in metres.
    areas
        Cells of a coarser grid: their edges and names orient the reader.
    behind
        Who has open work, those with the most overdue first.
    chosen_view
        Key of the view to color by; ``None``: the first that says something.
    sheet, n_sheets
        Which one of a series this is.
    """

    subject: Subject
    language: Language
    city: str
    place: str | None
    simulated: bool
    attribution: str | None
    answer: Mapping[str, Any]
    shapes: NDArray[np.object_]
    deadline: Deadline
    imprint: Imprint = field(default_factory=Imprint)
    paper: Paper = field(default_factory=Paper)
    streets: NDArray[np.object_] = field(default_factory=lambda: EMPTY)
    areas: tuple[Area, ...] = ()
    behind: tuple[Party, ...] = ()
    chosen_view: str | None = None
    sheet: int = 1
    n_sheets: int = 1

    def word(self, key: str, **values: Any) -> str:
        """Return a word in the language of the poster."""
        return words.text(key, self.language, **values)

    @property
    def declared(self) -> SubjectLayers:
        """The views, figures and cards of the subject."""
        return DECLARED[self.subject]

    @property
    def title(self) -> str:
        """What the sheet is called."""
        return self.word(f"page.{self.subject}")

    @property
    def where(self) -> str:
        """The city, and the part of it that is shown."""
        return self.city if self.place is None else f"{self.city} · {self.place}"

    @property
    def day(self) -> str:
        """The day of the figures."""
        return str(self.answer["as_of"])[:10]

    @cached_property
    def prepared(self) -> dict[str, Any]:
        """The answer with what its headline figures are parts of."""
        return prepare(self.answer)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The cells or segments."""
        rows: list[dict[str, Any]] = self.prepared["rows"]
        return rows

    @cached_property
    def view(self) -> View:
        """How the rows are colored and ranked."""
        chosen = (view for view in self.declared.views if view.key == self.chosen_view)
        return next(chosen, None) or first_view(self.declared, self.rows)

    @cached_property
    def classified(self) -> Classified:
        """The rows by the classes of the view."""
        decisions = {decision["code"] for decision in self.answer["decisions"]}
        return classify(self.view, self.rows, decisions)

    @cached_property
    def worst(self) -> list[int]:
        """Numbers of the rows, the worst first."""
        return ranked(self.view, self.rows)

    def name_of(self, row: int) -> str | None:
        """Return the name of the row with that number; ``None`` where it only has a code."""
        found = self.rows[row]
        return None if found["name"] in (None, "", found["code"]) else str(found["name"])

    def title_of(self, row: int) -> str:
        """Return what the row with that number is called, its code where it has no name."""
        name = self.name_of(row)
        if name is not None:
            return name
        lies_in = self._area_of(row) if self.place is None else None
        unnamed = self.word("ui.unnamed") if self.declared.rows == "segments" else lies_in
        code = str(self.rows[row]["code"])
        return code if unnamed is None else f"{unnamed} {code}"

    def _area_of(self, row: int) -> str | None:
        """Return the name of the area that the row lies in, if any."""
        if self.shapes[row] is None:
            return None
        point = shapely.point_on_surface(self.shapes[row])
        return next((area.name for area in self.areas if area.shape.covers(point)), None)

    @cached_property
    def focus(self) -> NDArray[np.bool_]:
        """Which rows the map must show: of streets those that somebody knows about, if any."""
        streets = self.declared.rows == "segments"
        known = np.array([not streets or _is_known(row) for row in self.rows], dtype=bool)
        return known if known.any() else ~known


def _is_known(street: Mapping[str, Any]) -> bool:
    """Tell whether anybody surveyed a street, reported an outage on it, or works on it."""
    surveyed = street["status"] not in (None, "not_surveyed")
    return surveyed or bool(street["n_out"]) or bool(street.get("work"))
