"""Hazards, counted per cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from pandas import DataFrame
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from data.models import LEVELS, Cell, Hazard, Placement, Unit
from data.queries.places import LedgerDays, in_cells, local_day, local_days, seen
from data.queries.reading import read_columns, read_rows
from data.scope import Scope
from geo.periods import Period

OUTSIDE = -1
WITHOUT_POSITION = -2
UNGRADED = "ungraded"
HAZARD_STATES = ("open", "closed", "unknown")
"""Open, closed, or of a source that gives no closing dates."""


@dataclass(frozen=True)
class ChosenHazards:
    """Which hazards count: those of one level, source, sector of their unit and state, or all.

    The state is one of `HAZARD_STATES` at the end of the period.
    """

    level: str | None = None
    source: str | None = None
    sector: str | None = None
    state: str | None = None

    def conditions(self, end: datetime) -> list[ColumnElement[bool]]:
        """Return what must be so of a hazard that counts, at the `end` of a period."""
        asked: list[tuple[Any, str | None]] = [
            (Hazard.level, self.level),
            (Hazard.source, self.source),
        ]
        equal = [column == wanted for column, wanted in asked if wanted is not None]
        if self.sector is not None:
            equal.append(Hazard.unit_id.in_(select(Unit.id).where(Unit.sector == self.sector)))
        if self.state is not None:
            is_open = _open_at(end)
            equal.append(
                {
                    "open": is_open,
                    "closed": and_(Hazard.closing_known, ~is_open),
                    "unknown": ~Hazard.closing_known,
                }[self.state]
            )
        return equal


ALL_HAZARDS = ChosenHazards()


def _open_at(end: datetime) -> ColumnElement[bool]:
    """Return the condition that a hazard is known to be open at the end of a period."""
    still_open = or_(Hazard.closed_at.is_(None), Hazard.closed_at >= end)
    return and_(Hazard.closing_known, still_open)


def hazards_by_cell(
    session: Session,
    grid: int,
    period: Period,
    hazards: ChosenHazards,
    step_starts: Sequence[datetime] = (),
) -> DataFrame:
    """Return sums of `count` per cell, level and step, of the whole city.

    Columns: ``cell`` (an id, `OUTSIDE` or `WITHOUT_POSITION`), ``level`` (`UNGRADED` for none),
    ``step`` (0 for what was found before the first of `step_starts`, 1 from it on, and so on),
    ``n`` found in the window, ``n_visited`` those of them found by a visit, ``n_open`` known to be
    open at the end, ``n_closing_unknown`` of which nobody knows whether they still are.
    """
    found_in_window = Hazard.found_at >= period.start
    cell = case(
        (Cell.id.isnot(None), Cell.id),
        (Hazard.geom.is_(None), WITHOUT_POSITION),
        else_=OUTSIDE,
    ).label("cell")
    graded = func.coalesce(func.array_position(list(LEVELS), Hazard.level), 0, type_=Integer)
    statement = in_cells(
        select(
            cell,
            graded.label("level"),
            _step(step_starts).label("step"),
            _total(found_in_window).label("n"),
            _total(and_(found_in_window, Hazard.inspection_id.isnot(None))).label("n_visited"),
            _total(_open_at(period.end)).label("n_open"),
            _total(~Hazard.closing_known).label("n_closing_unknown"),
        ),
        Hazard.id,
        Placement.hazard_id,
        grid,
        period.day,
    ).where(Hazard.found_at < period.end, *hazards.conditions(period.end))
    counts = read_columns(session, statement.group_by("cell", "level", "step"))
    words = dict(enumerate([UNGRADED, *LEVELS]))
    return counts.assign(level=counts["level"].map(words))


def days_of_hazards(session: Session, timezone: str, source: str | None) -> LedgerDays:
    """Return the days of the first and the last hazard found, by one source or by all."""
    only = () if source is None else (Hazard.source == source,)
    return local_days(session, Hazard.found_at, timezone, *only)


def hazard_places(
    session: Session, scope: Scope, period: Period, hazards: ChosenHazards
) -> DataFrame:
    """Return where the chosen hazards of the window lie, in degrees, of those with a place.

    Columns: ``lon``, ``lat``, ``n`` as reported and ``n_major``, the same of a major one, else 0.
    """
    statement = select(
        func.ST_X(Hazard.geom, type_=Double).label("lon"),
        func.ST_Y(Hazard.geom, type_=Double).label("lat"),
        Hazard.count.label("n"),
        case((Hazard.level == "major", Hazard.count), else_=0).label("n_major"),
    ).where(Hazard.geom.isnot(None), *_found_in(period, hazards))
    return read_columns(session, seen(statement, scope, Placement.hazard_id, Hazard.id))


def hazards_of_units(
    session: Session, scope: Scope, period: Period, hazards: ChosenHazards
) -> DataFrame:
    """Return the chosen hazards of the window that are of a unit and have a category.

    Columns: ``unit``, ``category``, ``found_on`` and ``closed_on`` (NaT: not by the end of the
    period), local days, and ``closing_known``.
    """
    closed = case((Hazard.closed_at < period.end, local_day(Hazard.closed_at, period.timezone)))
    statement = select(
        Hazard.unit_id.label("unit"),
        Hazard.category,
        local_day(Hazard.found_at, period.timezone).label("found_on"),
        closed.label("closed_on"),
        Hazard.closing_known,
    ).where(Hazard.unit_id.isnot(None), Hazard.category.isnot(None), *_found_in(period, hazards))
    found = read_rows(session, seen(statement, scope, Placement.hazard_id, Hazard.id))
    days = ["found_on", "closed_on"]
    return found.assign(**{day: pd.to_datetime(found[day]) for day in days})


def _found_in(period: Period, hazards: ChosenHazards) -> list[ColumnElement[bool]]:
    window = [Hazard.found_at >= period.start, Hazard.found_at < period.end]
    return [*window, *hazards.conditions(period.end)]


def choices_of_hazards(session: Session, scope: Scope) -> dict[str, list[str]]:
    """Return sources and sectors that hazards are seen of, in the order of their names."""
    sources = seen(select(Hazard.source), scope, Placement.hazard_id, Hazard.id).distinct()
    units = seen(select(Hazard.unit_id), scope, Placement.hazard_id, Hazard.id)
    sectors = select(Unit.sector).where(Unit.id.in_(units)).distinct()
    return {
        "source": sorted(session.scalars(sources)),
        "sector": sorted(filter(None, session.scalars(sectors))),
    }


def _step(starts: Sequence[datetime]) -> ColumnElement[int]:
    if not starts:
        return literal(0, Integer)
    return func.width_bucket(Hazard.found_at, array(starts), type_=Integer)


def _total(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(Hazard.count).filter(condition), 0, type_=BigInteger)
