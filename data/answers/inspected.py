"""What the units of a city add to the figures of its cells, kept and brought up to date by unit."""

from collections import OrderedDict
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock

import numpy as np
import pandas as pd
from pandas import DataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.answers.ground import Ground
from data.queries.inspections import (
    current_snapshot,
    days_of_inspections,
    first_registration,
    is_before,
    units_by_cell,
    units_changed_since,
    visits_until,
)
from data.queries.places import LedgerDays, cells_of
from data.scope import Scope
from geo.coverage import sum_by_cell, unit_coverage
from geo.periods import Period

OUTSIDE, WITHOUT_POSITION = -2, -3
"""Where units without a cell are counted."""

_LONGEST_KEPT = timedelta(hours=1)
"""Much shorter than the log of changes goes back."""


@dataclass(frozen=True, eq=False)
class Inspected:
    """The inspection of a grid's cells at the end of a period.

    Attributes
    ----------
    cells
        `code` and `name` of the visible cells, by id, in the order of codes.
    by_unit
        What each counted unit adds to its cell (`geo.coverage.unit_coverage`), by unit.
    doubts
        What is not known of each unit, by unit: `unregistered`, `unrated`, `closed_undated`. One
        closed nobody knows since when is not counted.
    figures
        The figures of `geo.coverage.cell_coverage` by cell, also OUTSIDE and WITHOUT_POSITION.
    days, first_day
        The days of the first and last visit, and the first day of anything known.
    """

    cells: DataFrame
    by_unit: DataFrame
    doubts: DataFrame
    figures: DataFrame
    days: LedgerDays
    first_day: date | None


@dataclass(frozen=True, eq=False)
class _Kept:
    """What was read, in which state of the store, and when."""

    inspected: Inspected
    snapshot: str
    read_at: datetime


def read_inspected(session: Session, scope: Scope, grid: int, ground: Ground) -> Inspected:
    """Read all that coverage is computed from."""
    period = ground.period
    days, first_day = _days(session, period)
    by_unit, doubts = _read_units(session, scope, grid, period, first_day)
    return Inspected(
        cells=cells_of(session, scope, grid, period.day),
        by_unit=by_unit,
        doubts=doubts,
        figures=sum_by_cell(by_unit),
        days=days,
        first_day=first_day,
    )


class KeptUnits:
    """What was read last, at most `size` times; safe for threads.

    Asked again it reads only the units that changed since: their own rows, cells and visits are all
    that their part of the figures depends on. For sessions that read what is committed.
    """

    def __init__(self, size: int = 4) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def inspected(self, session: Session, scope: Scope, grid: int, ground: Ground) -> Inspected:
        """Return the same as `read_inspected`."""
        key = _key(session, scope, grid, ground)
        # Before anything is read: what changes meanwhile is read again the next time.
        snapshot = current_snapshot(session)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and is_before(session, kept.snapshot):
            return read_inspected(session, scope, grid, ground)
        found = None if kept is None else _updated(session, scope, grid, ground, kept)
        found = found or read_inspected(session, scope, grid, ground)
        read_at = session.scalars(select(func.now())).one()
        with self._lock:
            self._kept[key] = _Kept(found, snapshot, read_at)
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return found


def _key(session: Session, scope: Scope, grid: int, ground: Ground) -> Hashable:
    city = ground.city
    return (
        session.get_bind().engine.url,
        city.code,
        city.created_at,
        city.timezone,
        ground.period,
        grid,
        ground.revisions["grids"],
        scope.key,
    )


def _updated(
    session: Session, scope: Scope, grid: int, ground: Ground, kept: _Kept
) -> Inspected | None:
    """Return what was kept with the changed units read anew; None where that will not do."""
    if session.scalars(select(func.now())).one() - kept.read_at > _LONGEST_KEPT:
        return None
    changed = units_changed_since(session, kept.snapshot)
    if changed is None:
        return None
    if not changed:
        return kept.inspected
    days, first_day = _days(session, ground.period)
    old = kept.inspected
    if first_day != old.first_day:  # where no day of registration is known, it is this one
        return None
    by_unit, doubts = _read_units(session, scope, grid, ground.period, first_day, only=changed)
    all_units = _replaced(old.by_unit, changed, by_unit)
    touched = np.union1d(old.by_unit["cell"].reindex(list(changed)).dropna(), by_unit["cell"])
    sums = sum_by_cell(all_units[all_units["cell"].isin(touched)])
    return Inspected(
        cells=old.cells,
        by_unit=all_units,
        doubts=_replaced(old.doubts, changed, doubts),
        figures=_replaced(old.figures, touched, sums),
        days=days,
        first_day=first_day,
    )


def _replaced(rows: DataFrame, gone: Collection[int], new: DataFrame) -> DataFrame:
    """Return the rows without those of the index `gone`, and the new ones."""
    return pd.concat([rows[~rows.index.isin(list(gone))], new])


def _days(session: Session, period: Period) -> tuple[LedgerDays, date | None]:
    days = days_of_inspections(session, period.timezone)
    known = [day for day in (days.first, first_registration(session)) if day is not None]
    return days, min(known, default=None)


def _read_units(
    session: Session,
    scope: Scope,
    grid: int,
    period: Period,
    first_day: date | None,
    only: Collection[int] | None = None,
) -> tuple[DataFrame, DataFrame]:
    """Return what the units add to their cells, and what is not known of them, by unit."""
    units = units_by_cell(session, scope, grid, period, only)
    nowhere = np.where(units["without_position"], WITHOUT_POSITION, OUTSIDE)
    units["cell"] = units["cell"].where(units["cell"] != -1, nowhere)
    figures = unit_coverage(
        units[~units["closed_undated"]],
        visits_until(session, period, only),
        period.day,
        period.window_days,
        first_day=first_day,
    )
    doubts = DataFrame(
        {
            "unregistered": units["registered_on"].isna(),
            "unrated": units["risk"].isna(),
            "closed_undated": units["closed_undated"],
        }
    )
    ids = units["unit"]
    return figures.set_axis(ids[figures.index], axis=0), doubts.set_axis(ids, axis=0)
