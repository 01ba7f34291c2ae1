"""Rectifications as they stood at the end of any day."""

from datetime import date, datetime
from typing import Any

import pandas as pd
from pandas import DataFrame
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.selectable import LateralFromClause

from data.models import Cell, Hazard, Party, Placement, Rectification, Segment
from data.queries.places import LedgerDays, local_day, valid_on
from data.queries.reading import read_rows
from data.scope import Scope
from data.upserts import table_of
from geo.periods import Period

_LEAD, _HELPING = aliased(Party), aliased(Party)
_DAYS = ["found_on", "closed_on", "due_on"]


def items_at(period: Period, known_at: datetime | None = None) -> type[Rectification]:
    """Return the rectifications found before the period ends, as they stood then.

    With `known_at` only what was recorded by then counts (当时口径), else all that is known now
    (最新口径).
    """
    return _stood(period.end, known_at)


def _stood(ends: Any, known_at: datetime | None) -> type[Rectification]:
    columns = table_of(Rectification).columns
    stood = func.guatu_rectifications_at(ends, known_at).table_valued(*columns, name="item")
    return aliased(Rectification, stood, adapt_on_names=True)


def work_items(
    session: Session,
    scope: Scope,
    period: Period,
    *,
    known_at: datetime | None = None,
    grid: int | None = None,
) -> DataFrame:
    """Return the visible items found before the period ends, as they stood then, by id.

    Columns: ``code``, ``source``, ``about`` (``hazard`` or ``segment``), ``thing``, ``thing_code``,
    ``thing_name``, ``level``, ``state``, ``found_on``, ``closed_on`` and ``due_on`` (local days),
    ``owner``, ``owner_name``, ``helper``, ``helper_name``, ``person``, ``cause``,
    ``handover_batch``, ``n_reopened``, ``is_exempt`` (both sides confirmed it), and ``cell``,
    ``cell_code``, ``cell_name`` of `grid`; missing is None or NaT.
    """
    item = items_at(period, known_at)
    statement = _in_cell(_described(item, period), item, grid, period.day)
    items = read_rows(session, sees(statement, item, scope)).set_index("id")
    for name in _DAYS:
        items[name] = pd.to_datetime(items[name])
    return items.astype({"is_exempt": bool, "n_reopened": "int64"})


def _described(item: type[Rectification], period: Period) -> Select[*tuple[Any, ...]]:
    is_hazard = item.hazard_id.isnot(None)
    hazard = _looked_up(
        item.hazard_id == Hazard.id,
        Hazard.external_code.label("code"),
        Hazard.place.label("name"),
        Hazard.level,
    )
    segment = _looked_up(
        item.segment_id == Segment.id, Segment.external_code.label("code"), Segment.name
    )
    return (
        select(
            item.id,
            item.external_code.label("code"),
            item.source,
            case((is_hazard, "hazard"), else_="segment").label("about"),
            func.coalesce(item.hazard_id, item.segment_id).label("thing"),
            func.coalesce(hazard.c.code, segment.c.code).label("thing_code"),
            func.coalesce(hazard.c.name, segment.c.name).label("thing_name"),
            hazard.c.level,
            item.state,
            local_day(item.found_at, period.timezone).label("found_on"),
            cast(_closed_on(item, period.timezone), Date).label("closed_on"),
            item.due_on,
            _LEAD.code.label("owner"),
            _LEAD.name.label("owner_name"),
            _HELPING.code.label("helper"),
            _HELPING.name.label("helper_name"),
            item.person,
            item.cause,
            item.handover_batch,
            func.coalesce(item.n_reopened, 0).label("n_reopened"),
            is_exempt(item).label("is_exempt"),
        )
        .select_from(item)
        .outerjoin(hazard, true())
        .outerjoin(segment, true())
        .outerjoin(_LEAD, _LEAD.id == item.lead_party_id)
        .outerjoin(_HELPING, _HELPING.id == item.helping_party_id)
        .order_by(item.id)
    )


def _looked_up(one: ColumnElement[bool], *columns: Any) -> LateralFromClause:
    """Return columns of the one row that is `one`, found by its index for each item.

    There are few items, and what was known earlier of a whole ledger is not quickly read.
    """
    return select(*columns).where(one).offset(0).lateral()


def is_exempt(item: type[Rectification]) -> ColumnElement[bool]:
    """Return the condition that both sides have confirmed that it is not to be fixed."""
    confirmed = (item.exempt_confirmed_by_city, item.exempt_confirmed_by_builder)
    return and_(*(func.coalesce(name, "") != "" for name in confirmed))


def _closed_on(item: type[Rectification], timezone: str) -> ColumnElement[date | None]:
    """Return the day it was closed; an item that was opened again is not closed any more."""
    return case((item.state == "closed", local_day(item.closed_at, timezone)))


def _in_cell(
    statement: Select[*tuple[Any, ...]], item: type[Rectification], grid: int | None, day: date
) -> Select[*tuple[Any, ...]]:
    """Add the cell of `grid` that the hazard or the segment effectively lies in."""
    of_hazard, of_segment = (
        _looked_up(and_(own == placed, Placement.grid_id == grid), Placement.cell_id)
        for own, placed in (
            (item.hazard_id, Placement.hazard_id),
            (item.segment_id, Placement.segment_id),
        )
    )
    placed_in = func.coalesce(of_hazard.c.cell_id, of_segment.c.cell_id)
    return (
        statement.add_columns(
            Cell.id.label("cell"), Cell.code.label("cell_code"), Cell.name.label("cell_name")
        )
        .outerjoin(of_hazard, true())
        .outerjoin(of_segment, true())
        .outerjoin(Cell, and_(Cell.id == placed_in, valid_on(Cell, day)))
    )


def sees(
    statement: Select[*tuple[Any, ...]], item: type[Rectification], scope: Scope
) -> Select[*tuple[Any, ...]]:
    """Keep the items on what lies in a cell that the reader may see."""
    if scope.cell_ids is None:
        return statement
    on_it = or_(Placement.hazard_id == item.hazard_id, Placement.segment_id == item.segment_id)
    visible = Placement.cell_id.in_(sorted(scope.cell_ids))
    return statement.where(exists().where(on_it, visible).correlate_except(Placement))


def days_of_items(session: Session, timezone: str, known_at: datetime | None = None) -> LedgerDays:
    """Return the day the first item was found, and the last day one was found or moved.

    With `known_at` only what was recorded by then counts.
    """
    item = Rectification if known_at is None else _stood(text("timestamptz 'infinity'"), known_at)
    last = func.greatest(func.max(item.found_at), func.max(item.closed_at), func.max(item.state_at))
    days = select(local_day(func.min(item.found_at), timezone), local_day(last, timezone))
    return LedgerDays(*session.execute(days).one())
