"""What the units of a city add to the figures of its cells, kept and brought up to date by unit."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.ground import Ground
from data.queries.changed_units import Changes, changes_since, seen_state
from data.queries.inspections import DaysKnown, days_known, units_by_cell, visits_until
from data.queries.places import LedgerDays, cells_of
from data.scope import Scope
from geo.coverage import figures_of_cells, unit_coverage
from geo.sums import GroupSums

OUTSIDE, WITHOUT_POSITION = -2, -3
"""Where units without a cell are counted."""

DOUBTS = ["unregistered", "unrated", "closed_undated"]
"""What may not be known of a unit."""

_LONGEST_KEPT = timedelta(hours=1)
"""Much shorter than the log of changes goes back."""


@dataclass(frozen=True, eq=False)
class Inspected:
    """The inspection of a grid's cells at the end of a period.

    Attributes
    ----------
    cells
        `code` and `name` of the visible cells, by id, in the order of codes.
    doubts
        Of how many units each of DOUBTS holds. Those closed nobody knows since when are not counted
        in the figures.
    figures
        The figures of `geo.coverage.cell_coverage` by cell, also OUTSIDE and WITHOUT_POSITION.
    days
        The days of the first and last visit.
    """

    cells: DataFrame
    doubts: Mapping[str, int]
    figures: DataFrame
    days: LedgerDays

    @property
    def has_visits(self) -> bool:
        """Whether there is any visit, of whatever day."""
        return self.days.first is not None


def read_inspected(session: Session, scope: Scope, grid: int, ground: Ground) -> Inspected:
    """Read all that coverage is computed from."""
    return _Reader(session, scope, grid, ground).read().inspected()


def read_units(session: Session, scope: Scope, grid: int, ground: Ground) -> DataFrame:
    """Return what each unit adds to the figures, and the cell that it adds it to, by unit."""
    first_day = days_known(session, ground.period.timezone).first
    parts = _Reader(session, scope, grid, ground).parts(first_day)
    return DataFrame(parts).set_index("unit")


class KeptUnits:
    """What was read last, at most `size` times; safe for threads.

    Asked again it reads only the units that changed since: their own rows, cells and visits are all
    that their part of the figures depends on. For sessions that read what is committed.
    """

    def __init__(self, size: int = 4) -> None:
        self._size = size
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()
        self._lock = Lock()

    def inspected(self, session: Session, scope: Scope, grid: int, ground: Ground) -> Inspected:
        """Return the same as `read_inspected`."""
        reader = _Reader(session, scope, grid, ground)
        place = self._place(reader.key)
        with place.lock:
            if place.units is None:
                place.units = reader.read()
                return place.units.inspected()
            changes = reader.changes(place.units)
            if changes.is_before:
                return reader.read().inspected()
            if not reader.update(place.units, changes):
                place.units = reader.read()
            return place.units.inspected()

    def _place(self, key: Hashable) -> "_Place":
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > self._size:
                self._places.popitem(last=False)
            return place


@dataclass(eq=False)
class _Units:
    """What every unit adds, and in which state of the store it was read, and when."""

    cells: DataFrame
    sums: GroupSums
    days: DaysKnown
    snapshot: str
    read_at: datetime

    def inspected(self) -> Inspected:
        cells, sums = self.sums.sums()
        doubts = {name: int(sums[name].sum()) for name in DOUBTS}
        return Inspected(self.cells, doubts, figures_of_cells(cells, sums), self.days.visits)


@dataclass(eq=False)
class _Place:
    """Where the units of one question are kept; who brings them up to date holds the lock."""

    lock: Lock = field(default_factory=Lock)
    units: _Units | None = None


@dataclass(frozen=True, eq=False)
class _Reader:
    """Who reads the units of a grid, from where, for which question."""

    session: Session
    scope: Scope
    grid: int
    ground: Ground

    @property
    def key(self) -> Hashable:
        city = self.ground.city
        return (
            self.session.get_bind().engine.url,
            city.code,
            city.created_at,
            city.timezone,
            self.ground.period,
            self.grid,
            self.ground.revisions["grids"],
            self.scope.key,
        )

    def read(self) -> _Units:
        # Before anything else: what changes meanwhile is read again the next time.
        snapshot, read_at = seen_state(self.session)
        period = self.ground.period
        days = days_known(self.session, period.timezone)
        sums = GroupSums(self.parts(days.first), "unit", "cell")
        cells = cells_of(self.session, self.scope, self.grid, period.day)
        return _Units(cells, sums, days, snapshot, read_at)

    def changes(self, units: _Units) -> Changes:
        """Read what happened since the units were read."""
        period = self.ground.period
        return changes_since(self.session, units.snapshot, self.scope, self.grid, period)

    def update(self, units: _Units, changes: Changes) -> bool:
        """Put in the units that changed; where that will not do, return False and change nothing.

        Before the first day that anything is known of, units of unknown registration do not exist.
        """
        is_old = changes.read_at - units.read_at > _LONGEST_KEPT
        if changes.units is None or is_old or changes.days.first != units.days.first:
            return False
        if changes.units:
            parts = self._parts(changes.rows, changes.visits, units.days.first)
            units.sums.replace(changes.units, parts)
        units.days, units.snapshot, units.read_at = changes.days, changes.snapshot, changes.read_at
        return True

    def parts(self, first_day: date | None) -> dict[str, NDArray[Any]]:
        """Return what each unit adds to its cell, with what is not known of it."""
        period = self.ground.period
        units = units_by_cell(self.session, self.scope, self.grid, period)
        return self._parts(units, visits_until(self.session, period), first_day)

    def _parts(
        self,
        units: Mapping[str, NDArray[Any]],
        visits: Mapping[str, NDArray[Any]],
        first_day: date | None,
    ) -> dict[str, NDArray[Any]]:
        nowhere = np.where(units["without_position"], WITHOUT_POSITION, OUTSIDE)
        cell = np.where(units["cell"] == -1, nowhere, units["cell"])
        added = unit_coverage(
            {**units, "cell": np.where(units["closed_undated"], -1, cell)},
            visits,
            self.ground.period.day,
            self.ground.period.window_days,
            first_day=first_day,
        )
        doubts = (
            np.isnat(units["registered_on"]),
            pd.isna(units["risk"]),
            units["closed_undated"],
        )
        return {
            "unit": units["unit"],
            "cell": cell,
            **added,
            **dict(zip(DOUBTS, doubts, strict=True)),
        }
