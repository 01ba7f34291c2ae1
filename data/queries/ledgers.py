"""Pages of the ledgers: plain rows in the order of their ids, each with its shape as GeoJSON."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    case,
    exists,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from data.cities import the_city
from data.models import Cell, Hazard, Inspection, Lamp, Outage, Placement, PowerBox, Segment, Unit
from data.queries.places import grid_id, in_cells, local_day, resolve_period, seen, valid_on
from data.queries.streetlights import out_at_end
from data.scope import Scope
from geo.errors import WrongValueError
from geo.periods import Period

MAX_ROWS = 1_000
DECIMALS = 7

Bbox = tuple[float, float, float, float]


@dataclass(frozen=True)
class LedgerFilter:
    """Which rows of a ledger, and how many.

    Attributes
    ----------
    bbox
        West, south, east, north in degrees; rows without a position are in none.
    grid, cell
        With `grid` each row names its ``cell`` of it; with `cell` only the rows in that one.
    as_of
        What was true at the end of that day; ``None`` leaves nothing out.
    after
        The ``id`` of the last row of the page before.
    """

    bbox: Bbox | None = None
    grid: str | None = None
    cell: str | None = None
    as_of: date | None = None
    after: int | None = None
    limit: int = 100

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_ROWS:
            raise WrongValueError(f"limit: {self.limit}; it must be 1 to {MAX_ROWS}")
        if self.cell is not None and self.grid is None:
            raise WrongValueError(f"cell: {self.cell!r} needs the grid it belongs to")


@dataclass(frozen=True)
class _Ledger:
    """Where a thing is kept, where it lies and in which cells."""

    id: SQLColumnExpression[int]
    thing: SQLColumnExpression[int]
    placed: SQLColumnExpression[int | None]
    geom: SQLColumnExpression[Any]


_UNITS = _Ledger(Unit.id, Unit.id, Placement.unit_id, Unit.geom)
_INSPECTIONS = _Ledger(Inspection.id, Unit.id, Placement.unit_id, Unit.geom)
_HAZARDS = _Ledger(Hazard.id, Hazard.id, Placement.hazard_id, Hazard.geom)
_SEGMENTS = _Ledger(Segment.id, Segment.id, Placement.segment_id, Segment.geom)
_LAMPS = _Ledger(Lamp.id, Lamp.id, Placement.lamp_id, Lamp.geom)


def units(session: Session, scope: Scope, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return units, without the names and phones of persons; on a day, those active then."""
    period = _period(session, wanted)
    statement = select(
        Unit.id,
        Unit.external_code.label("code"),
        Unit.source,
        Unit.name,
        Unit.address,
        Unit.sector,
        Unit.risk,
        Unit.native_risk,
        Unit.status,
        Unit.registered_on,
        Unit.closed_on,
    )
    if wanted.as_of is not None:
        statement = statement.where(
            or_(Unit.registered_on.is_(None), Unit.registered_on <= period.day),
            or_(
                Unit.closed_on > period.day, and_(Unit.closed_on.is_(None), Unit.status != "closed")
            ),
        )
    return _page(session, scope, statement, _UNITS, wanted)


def inspections(session: Session, scope: Scope, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return visits, at the position of their unit; on a day, those made until its end."""
    period = _period(session, wanted)
    statement = select(
        Inspection.id,
        Inspection.external_code.label("code"),
        Inspection.source,
        Unit.external_code.label("unit"),
        local_day(Inspection.inspected_at, period.timezone).label("inspected_on"),
        _if_timed(Inspection.has_time, Inspection.inspected_at).label("inspected_at"),
        Inspection.team,
        Inspection.team_size,
        Inspection.manner,
        Inspection.origin,
        Inspection.countersigned,
        Inspection.result,
    ).join(Unit, Unit.id == Inspection.unit_id)
    if wanted.as_of is not None:
        statement = statement.where(Inspection.inspected_at < period.end)
    return _page(session, scope, statement, _INSPECTIONS, wanted)


def hazards(session: Session, scope: Scope, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return hazards; on a day, those found until its end, with what was open then."""
    period = _period(session, wanted)
    is_open = case(
        (~Hazard.closing_known, null()),
        else_=or_(Hazard.closed_at.is_(None), Hazard.closed_at >= period.end),
    )
    statement = select(
        Hazard.id,
        Hazard.external_code.label("code"),
        Hazard.source,
        Unit.external_code.label("unit"),
        Hazard.level,
        Hazard.native_level,
        Hazard.category,
        Hazard.place,
        Hazard.description,
        Hazard.legal_basis,
        Hazard.origin,
        local_day(Hazard.found_at, period.timezone).label("found_on"),
        _if_timed(Hazard.has_time, Hazard.found_at).label("found_at"),
        local_day(Hazard.closed_at, period.timezone).label("closed_on"),
        is_open.label("is_open"),
        Hazard.count,
        Hazard.counting_word,
    ).outerjoin(Unit, Unit.id == Hazard.unit_id)
    if wanted.as_of is not None:
        statement = statement.where(Hazard.found_at < period.end)
    return _page(session, scope, statement, _HAZARDS, wanted)


def segments(session: Session, scope: Scope, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return road segments."""
    statement = select(
        Segment.id,
        Segment.external_code.label("code"),
        Segment.source,
        Segment.ledger_code,
        Segment.name,
        Segment.road_class,
        Segment.from_name,
        Segment.to_name,
        Segment.length_m,
        Segment.lamp_survey,
        Segment.declared_lit,
    )
    return _page(session, scope, statement, _SEGMENTS, wanted)


def lamps(session: Session, scope: Scope, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return lamps, and whether each is out at the end of the day (the city's own by default)."""
    period = _period(session, wanted)
    statement = (
        select(
            Lamp.id,
            Lamp.external_code.label("code"),
            Lamp.source,
            Lamp.road_name,
            Segment.external_code.label("segment"),
            Lamp.measure_m,
            Lamp.offset_m,
            Lamp.side,
            PowerBox.external_code.label("power_box"),
            Lamp.circuit,
            Lamp.owner,
            Lamp.handed_over_on,
            Lamp.status,
            exists().where(Outage.lamp_id == Lamp.id, out_at_end(period)).label("is_out"),
        )
        .outerjoin(Segment, Segment.id == Lamp.segment_id)
        .outerjoin(PowerBox, PowerBox.id == Lamp.power_box_id)
    )
    return _page(session, scope, statement, _LAMPS, wanted)


def cells(session: Session, scope: Scope, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Return the cells of the grid asked for."""
    if wanted.grid is None:
        raise WrongValueError("grid: cells are those of one grid, name it")
    parent = aliased(Cell)
    statement = (
        select(
            Cell.id,
            Cell.code,
            Cell.name,
            Cell.officer,
            parent.code.label("parent"),
            Cell.valid_from,
            Cell.valid_to,
            _geojson(Cell.geom),
        )
        .outerjoin(parent, parent.id == Cell.parent_id)
        .where(Cell.grid_id == grid_id(session, wanted.grid), *_in_bbox(Cell.geom, wanted))
    )
    if wanted.cell is not None:
        statement = statement.where(Cell.code == wanted.cell)
    if wanted.as_of is not None:
        statement = statement.where(valid_on(Cell, _period(session, wanted).day))
    return _rows(session, scope.narrow(statement, Cell.id), Cell.id, wanted)


def _period(session: Session, wanted: LedgerFilter) -> Period:
    return resolve_period(session, wanted.as_of, window_days=1)


def _if_timed(has_time: SQLColumnExpression[bool], moment: Any) -> ColumnElement[Any]:
    return case((has_time, moment), else_=null())


def _geojson(geom: SQLColumnExpression[Any]) -> ColumnElement[str]:
    return func.ST_AsGeoJSON(geom, DECIMALS, type_=Text).label("geometry")


def _in_bbox(geom: SQLColumnExpression[Any], wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    if wanted.bbox is None:
        return []
    box = func.ST_MakeEnvelope(*wanted.bbox, 4326)
    return [geom.op("&&")(box), func.ST_Intersects(geom, box)]


def _page(
    session: Session,
    scope: Scope,
    statement: Select[*tuple[Any, ...]],
    ledger: _Ledger,
    wanted: LedgerFilter,
) -> list[dict[str, Any]]:
    statement = seen(statement, scope, ledger.placed, ledger.thing)
    if wanted.grid is not None:
        grid, day = grid_id(session, wanted.grid), _period(session, wanted).day
        statement = in_cells(
            statement.add_columns(Cell.code.label("cell")), ledger.thing, ledger.placed, grid, day
        )
    if wanted.cell is not None:
        statement = statement.where(Cell.code == wanted.cell)
    statement = statement.add_columns(_geojson(ledger.geom)).where(*_in_bbox(ledger.geom, wanted))
    return _rows(session, statement, ledger.id, wanted)


def _rows(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    key: SQLColumnExpression[int],
    wanted: LedgerFilter,
) -> list[dict[str, Any]]:
    if wanted.after is not None:
        statement = statement.where(key > wanted.after)
    zone = ZoneInfo(the_city(session).timezone)
    found = session.execute(statement.order_by(key).limit(wanted.limit)).mappings()
    return [{name: _plain(value, zone) for name, value in row.items()} for row in found]


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return value.isoformat() if isinstance(value, date) else value
