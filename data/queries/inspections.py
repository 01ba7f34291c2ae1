"""Units and the visits to them."""

from datetime import date
from typing import Any

import numpy as np
from pandas import DataFrame
from sqlalchemy import ColumnElement, Date, Integer, and_, func, literal, select
from sqlalchemy.orm import Session

from data.models import RISKS, Cell, Inspection, Placement, Unit
from data.queries.places import CELL_OR_NONE, LedgerDays, in_cells, local_day, local_days
from data.queries.reading import read_columns
from data.scope import Scope
from geo.periods import Period


def units_by_cell(session: Session, scope: Scope, grid: int, period: Period) -> DataFrame:
    """Return the units a reader may see, each with its cell of `grid` (-1: none) and its dates.

    `closed_undated` marks a unit whose status is closed while nobody knows since when.
    """
    statement = in_cells(
        select(
            Unit.id.label("unit"),
            CELL_OR_NONE.label("cell"),
            func.coalesce(func.array_position(list(RISKS), Unit.risk), 0, type_=Integer).label(
                "risk"
            ),
            _day(Unit.registered_on).label("registered_on"),
            _day(Unit.closed_on).label("closed_on"),
            Unit.geom.is_(None).label("without_position"),
            and_(Unit.status == "closed", Unit.closed_on.is_(None)).label("closed_undated"),
        ),
        Unit.id,
        Placement.unit_id,
        grid,
        period.day,
    )
    units = read_columns(session, scope.narrow(statement, Cell.id).order_by(Unit.id))
    return units.assign(risk=np.array([None, *RISKS], dtype=object)[units["risk"]])


def _day(column: Any) -> ColumnElement[date]:
    return func.coalesce(column, literal("-infinity").cast(Date), type_=Date)


def visits_until(session: Session, period: Period) -> DataFrame:
    """Return every visit before the end of the period: its unit and local day."""
    statement = select(
        Inspection.unit_id.label("unit"),
        local_day(Inspection.inspected_at, period.timezone).label("visited_on"),
    ).where(Inspection.inspected_at < period.end)
    return read_columns(session, statement)


def days_of_inspections(session: Session, timezone: str) -> LedgerDays:
    """Return the days of the first and the last visit."""
    return local_days(session, Inspection.inspected_at, timezone)


def first_registration(session: Session) -> date | None:
    """Return the first day any unit was registered, if one is known."""
    return session.scalar(select(func.min(Unit.registered_on)))
