"""Segments, the lamps along them, outages and their rectification."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    and_,
    case,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from data.models import Cell, Lamp, Outage, Party, Placement, PowerBox, Rectification, Segment
from data.queries.places import LedgerDays, in_cells, local_day, seen, shapes, wkb
from data.queries.reading import read_columns, read_rows
from data.queries.rectifications import is_exempt, items_at
from data.scope import Scope
from geo.periods import Period

OFF_SEGMENTS = -1
WITHOUT_POSITION = -2


def segments(session: Session, scope: Scope, grid: int | None, period: Period) -> DataFrame:
    """Return the visible segments by id, in the byte order of codes.

    Columns: ``code``, ``name``, ``cell`` (code of the cell of `grid`, if one is asked for),
    ``length_m`` and ``lamp_survey``.
    """
    columns = (
        Segment.id,
        Segment.external_code.label("code"),
        Segment.name,
        (null() if grid is None else Cell.code).label("cell"),
        Segment.length_m,
        Segment.lamp_survey,
    )
    statement = seen(select(*columns), scope, Placement.segment_id, Segment.id)
    if grid is not None:
        statement = in_cells(statement, Segment.id, Placement.segment_id, grid, period.day)
    return read_rows(session, statement.order_by(Segment.external_code, Segment.id)).set_index("id")


def lamps(session: Session, scope: Scope, period: Period) -> DataFrame:
    """Return the visible lamps that stand at the end of the period.

    Columns: ``code`` (the id), ``segment`` (`OFF_SEGMENTS` for none), ``measure_m``, ``power_box``
    (-1 for none), ``is_out``, and ``in_service``: handed over and in service by then.
    """
    statement = select(
        Lamp.id.label("code"),
        func.coalesce(Lamp.segment_id, OFF_SEGMENTS, type_=Integer).label("segment"),
        func.coalesce(Lamp.measure_m, float("nan"), type_=Double).label("measure_m"),
        func.coalesce(Lamp.power_box_id, -1, type_=Integer).label("power_box"),
        Lamp.id.in_(out_lamps(period)).label("is_out"),
        in_service(period).label("in_service"),
    ).where(Lamp.status != "removed")
    return read_columns(session, seen(statement, scope, Placement.lamp_id, Lamp.id))


def in_service(period: Period) -> ColumnElement[bool]:
    """Return the condition that a lamp is in service, and handed over by the end of the period."""
    return and_(
        Lamp.status == "in_service",
        or_(Lamp.handed_over_on.is_(None), Lamp.handed_over_on <= period.day),
    )


def out_lamps(period: Period) -> Select[int | None]:
    """Return the statement of the lamps that are out at the end of the period.

    Not a question a lamp, which takes a look at the history for each of what was known earlier.
    """
    return select(Outage.lamp_id).where(Outage.lamp_id.isnot(None), out_at_end(period))


def out_at_end(period: Period) -> ColumnElement[bool]:
    """Return the condition that an outage holds at the end of the period."""
    return and_(
        Outage.started_at < period.end,
        or_(Outage.ended_at.is_(None), Outage.ended_at >= period.end),
    )


def outages_by_segment(session: Session, period: Period) -> DataFrame:
    """Return outages counted by segment, of the whole city.

    The index is a segment's id, `OFF_SEGMENTS` or `WITHOUT_POSITION`. ``n_open`` counts the places
    without a known lamp that are out at the end of the period (outages that overlap at one place
    are one); ``n_begun`` and ``n_ended`` the rows that began or ended inside the window.
    """
    segment = case(
        (Outage.segment_id.isnot(None), Outage.segment_id),
        (Lamp.segment_id.isnot(None), Lamp.segment_id),
        (and_(Outage.geom.is_(None), Lamp.geom.is_(None)), WITHOUT_POSITION),
        else_=OFF_SEGMENTS,
    ).label("segment")
    place = func.coalesce(func.ST_AsText(Outage.geom), Outage.external_code)
    open_alone = and_(Outage.lamp_id.is_(None), out_at_end(period))
    statement = (
        select(
            segment,
            _number(func.count(place.distinct()).filter(open_alone)).label("n_open"),
            _number(func.count().filter(_within(Outage.started_at, period))).label("n_begun"),
            _number(func.count().filter(_within(Outage.ended_at, period))).label("n_ended"),
        )
        .outerjoin(Lamp, Lamp.id == Outage.lamp_id)
        .where(Outage.started_at < period.end)
        .group_by("segment")
    )
    return read_columns(session, statement).set_index("segment")


def _number(count: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(count, 0, type_=BigInteger)


def _within(moment: Any, period: Period) -> ColumnElement[bool]:
    return and_(moment >= period.start, moment < period.end)


def rectifications(session: Session, period: Period, known_at: datetime | None = None) -> DataFrame:
    """Return the latest work item on each segment found before the end, by segment.

    With `known_at` only what was recorded by then counts.

    Columns: ``cause``, ``exempt`` (both sides had confirmed it by then), ``relit`` (closed by then
    and not opened again); of the item ``item`` (its id), ``state``, ``due_on``, ``owner`` (the name
    of the party that leads it) and ``person``.
    """
    item = items_at(period, known_at)
    statement = (
        select(
            item.segment_id.label("segment"),
            item.cause,
            is_exempt(item).label("exempt"),
            (item.state == "closed").label("relit"),
            item.id.label("item"),
            item.state,
            item.due_on,
            Party.name.label("owner"),
            item.person,
        )
        .outerjoin(Party, Party.id == item.lead_party_id)
        .ext(distinct_on(item.segment_id))
        .where(item.segment_id.isnot(None))
        .order_by(item.segment_id, item.found_at.desc(), item.id.desc())
    )
    works = read_rows(session, statement).set_index("segment")
    works["due_on"] = pd.to_datetime(works["due_on"])
    return works.astype({"exempt": bool, "relit": bool})


def owners_of_streets(session: Session, scope: Scope) -> list[str]:
    """Return who leads the work on a street that is seen, in the order of their names."""
    of_streets = select(Rectification.lead_party_id).join(
        Segment, Segment.id == Rectification.segment_id
    )
    leading = seen(of_streets, scope, Placement.segment_id, Segment.id)
    return sorted(session.scalars(select(Party.name).where(Party.id.in_(leading)).distinct()))


def days_of_outages(session: Session, timezone: str) -> LedgerDays:
    """Return the day the first outage began and the last day one began or ended."""
    last = func.greatest(func.max(Outage.started_at), func.max(Outage.ended_at))
    days = select(local_day(func.min(Outage.started_at), timezone), local_day(last, timezone))
    return LedgerDays(*session.execute(days).one())


def box_codes(session: Session, boxes: list[int]) -> dict[int, str]:
    """Return the codes of power boxes by id."""
    statement = select(PowerBox.id, PowerBox.external_code).where(PowerBox.id.in_(boxes))
    return {row.id: row.external_code for row in session.execute(statement)}


def segment_lines(session: Session, scope: Scope, ids: Iterable[int]) -> NDArray[np.object_]:
    """Return the lines of segments, in degrees, in the order of `ids`; None for an unseen one."""
    statement = select(Segment.id, wkb(Segment.geom)).where(Segment.id == func.any(list(ids)))
    return shapes(session, seen(statement, scope, Placement.segment_id, Segment.id), ids)
