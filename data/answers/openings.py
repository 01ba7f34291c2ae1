"""The part of the city that each map opens on."""

from collections.abc import Hashable
from datetime import date

from sqlalchemy.orm import Session

from data.answers.answer import Subject
from data.cities import bounds_of, the_city
from data.queries.extents import Bounds, extent_of_cells, extent_of_lights
from data.queries.places import revisions
from data.scope import Scope

_DEPENDS_ON = ("grids", "streetlights")


class Openings:
    """Where maps open, each kept until what it shows moves; safe for threads.

    A map opens on its rows: the cells of its grid, or the streets with lamps. A hazard far outside,
    or a street of the country around that nobody surveyed, would make the city small.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Hashable, Bounds]] = {}

    def bounds(
        self, session: Session, scope: Scope, subject: Subject, grid: str | None, day: date
    ) -> Bounds | None:
        """Return west, south, east, north in degrees; ``None`` while nothing is stored."""
        city = the_city(session)
        which = (session.get_bind().engine.url, subject, grid, scope.key)
        state = (city.created_at, day, tuple(revisions(session, _DEPENDS_ON).items()))
        known = self._kept.get(which)
        if known is not None and known[0] == state:
            return known[1]
        found = _rows_extent(session, scope, subject, grid, day)
        if found is None:  # not kept: any name may be asked for as that of a grid
            return bounds_of(city)
        self._kept[which] = (state, found)
        return found


def _rows_extent(
    session: Session, scope: Scope, subject: Subject, grid: str | None, day: date
) -> Bounds | None:
    if subject == "outages":
        return extent_of_lights(session, scope)
    return None if grid is None else extent_of_cells(session, scope, grid, day)
