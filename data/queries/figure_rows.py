"""The rows of a ledger behind a headline figure, by the conditions that the figure is summed by."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from data.models import Cell, Hazard, Inspection, Lamp, Outage, Placement, Segment, Unit
from data.queries.hazards import ChosenHazards
from data.queries.places import in_cells, local_day, seen
from data.queries.streetlights import in_service, out_lamps
from data.scope import Scope
from geo.periods import Period


class FigureRows(NamedTuple):
    """A figure counted again from its rows: their sum, their number, and a page of them."""

    n: int
    n_rows: int
    items: list[dict[str, Any]]


class Page(NamedTuple):
    """The rows after one, by id; all of them without a `limit`."""

    after: int = 0
    limit: int | None = 100


HAZARD_FIGURES = ("hazards_found", "open", "not_placed")


class HazardFigure(NamedTuple):
    """A figure of the page of hazards, of those that were chosen."""

    name: str
    grid: int
    period: Period
    hazards: ChosenHazards


def hazards_behind(session: Session, scope: Scope, figure: HazardFigure, page: Page) -> FigureRows:
    """Return the hazards that a figure of the page of hazards counts."""
    grid, period = figure.grid, figure.period
    chosen = figure.hazards.conditions(period.end)
    where = and_(_condition(figure.name, scope, period), *chosen)

    def of(*columns: Any) -> Select[*tuple[Any, ...]]:
        chosen = in_cells(select(*columns), Hazard.id, Placement.hazard_id, grid, period.day)
        return chosen.where(where)

    total = func.coalesce(func.sum(Hazard.count), 0, type_=BigInteger)
    n, n_rows = session.execute(of(total, func.count())).one()
    columns = (
        Hazard.id,
        Hazard.external_code.label("code"),
        Hazard.level,
        Hazard.category,
        Hazard.place,
        local_day(Hazard.found_at, period.timezone).label("found_on"),
        local_day(Hazard.closed_at, period.timezone).label("closed_on"),
        Cell.code.label("cell"),
        Hazard.count.label("n"),
    )
    statement = of(*columns).where(Hazard.id > page.after).order_by(Hazard.id).limit(page.limit)
    return FigureRows(n, n_rows, _rows(session, statement))


def _condition(figure: str, scope: Scope, period: Period) -> ColumnElement[bool]:
    visible = true() if scope.cell_ids is None else Cell.id.in_(sorted(scope.cell_ids))
    in_window = and_(Hazard.found_at >= period.start, Hazard.found_at < period.end)
    if figure == "hazards_found":
        return and_(in_window, Cell.id.isnot(None), visible)
    if figure == "not_placed":
        # Who sees some cells only does not see what lies in none.
        return and_(in_window, Cell.id.is_(None), true() if scope.cell_ids is None else false())
    still_open = or_(Hazard.closed_at.is_(None), Hazard.closed_at >= period.end)
    found = Hazard.found_at < period.end
    return and_(found, Hazard.closing_known, still_open, Cell.id.isnot(None), visible)


def lit_lamps(
    session: Session,
    scope: Scope,
    period: Period,
    page: Page,
    segments: Sequence[int] | None = None,
) -> FigureRows:
    """Return the lamps in service that give light at the end of the period, of surveyed streets.

    Of `segments` only, where they are given.
    """
    lit = and_(
        in_service(period),
        or_(Lamp.segment_id.is_(None), Segment.lamp_survey != "not_surveyed"),
        exists().where(Outage.started_at.isnot(None)),
        Lamp.id.notin_(out_lamps(period)),
        true() if segments is None else Lamp.segment_id == func.any(list(segments)),
    )

    def of(*columns: Any) -> Select[*tuple[Any, ...]]:
        chosen = select(*columns).select_from(Lamp)
        chosen = chosen.outerjoin(Segment, Segment.id == Lamp.segment_id).where(lit)
        return seen(chosen, scope, Placement.lamp_id, Lamp.id)

    n = session.execute(of(func.count())).scalar_one()
    columns = (
        Lamp.id,
        Lamp.external_code.label("code"),
        Lamp.road_name,
        Segment.external_code.label("segment"),
        literal(1).label("n"),
    )
    statement = of(*columns).where(Lamp.id > page.after).order_by(Lamp.id).limit(page.limit)
    return FigureRows(n, n, _rows(session, statement))


def units_of(session: Session, ids: Sequence[int], period: Period) -> list[dict[str, Any]]:
    """Return units by id, each with the day of the last visit before the period ends."""
    last = (
        select(func.max(Inspection.inspected_at))
        .where(Inspection.unit_id == Unit.id, Inspection.inspected_at < period.end)
        .scalar_subquery()
    )
    statement = (
        select(
            Unit.id,
            Unit.external_code.label("code"),
            Unit.name,
            Unit.sector,
            Unit.risk,
            local_day(last, period.timezone).label("last_visit"),
        )
        .where(Unit.id == func.any(list(ids)))
        .order_by(Unit.id)
    )
    return _rows(session, statement)


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(statement).mappings()]
