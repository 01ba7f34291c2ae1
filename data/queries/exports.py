"""Whole ledgers as they leave the store: every row that was true on a day, in the order of ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from data.models import (
    Cell,
    Handover,
    Hazard,
    Inspection,
    Lamp,
    Outage,
    Party,
    Placement,
    PowerBox,
    Rectification,
    Segment,
    Unit,
)
from data.queries.places import grid_id, resolve_period, valid_on
from data.scope import Scope
from geo.periods import Period

CHUNK = 5_000
"""Rows in memory at once."""

Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class ExportFilter:
    """Which rows of which ledger.

    Attributes
    ----------
    as_of
        What was true at the end of that day; None leaves nothing out.
    source
        Whose ledger; None is all of them.
    grid
        The grid whose cells are meant, for kind 'grids' only.
    """

    kind: str
    as_of: date | None = None
    source: str | None = None
    grid: str | None = None


def ledger_statement(session: Session, scope: Scope, wanted: ExportFilter) -> Statement:
    """Return the rows asked for: the fields of the kind, `properties`, `wkb` and `place_of`.

    `place_of` is 'own', or the thing whose place `wkb` is: 'unit', 'lamp', 'hazard', 'segment'.
    """
    if wanted.kind == "grids":
        return _cells(session, scope, wanted)
    model = MODELS[wanted.kind]
    statement = _seen(_STATEMENTS[wanted.kind](), scope, wanted.kind)
    if wanted.source is not None:
        statement = statement.where(model.source == wanted.source)
    if wanted.as_of is not None:
        period = resolve_period(session, wanted.as_of, window_days=1)
        statement = statement.where(*_true_on(wanted.kind, period))
    return statement


def n_rows(session: Session, statement: Statement) -> int:
    """Return how many rows a statement gives."""
    plain = statement.order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(plain)) or 0


def stream(session: Session, statement: Statement) -> Iterator[list[Any]]:
    """Yield the rows in chunks, which the database holds back until they are asked for."""
    result = session.execute(statement, execution_options={"yield_per": CHUNK})
    for chunk in result.mappings().partitions(CHUNK):
        yield list(chunk)


def property_names(session: Session, statement: Statement) -> dict[str, bool]:
    """Return what else was kept of the rows, by name, and whether it always is text."""
    rows = statement.order_by(None).subquery()
    each = func.jsonb_each(rows.c.properties).table_valued("key", "value")
    is_text = func.bool_and(func.jsonb_typeof(each.c.value) == "string")
    both = rows.join(each, true())
    found = select(each.c.key, is_text).select_from(both).group_by(each.c.key)
    return dict(sorted((name, bool(text)) for name, text in session.execute(found)))


def sources(session: Session, kind: str) -> list[str]:
    """Return whose ledgers of a kind there are."""
    if kind == "grids":
        return []
    source = MODELS[kind].source
    return list(session.scalars(select(source).distinct().order_by(source)))


def has_unknown_closing(session: Session, statement: Statement) -> bool:
    """Tell whether of some hazards nobody knows whether they were closed."""
    rows = statement.order_by(None).subquery()
    return session.scalar(select(exists().where(~rows.c.closing_known))) or False


def _units() -> Statement:
    return select(
        *_head(Unit),
        Unit.name,
        Unit.address,
        Unit.credit_code,
        Unit.legal_person,
        Unit.phone,
        Unit.sector,
        Unit.risk,
        Unit.native_risk,
        Unit.status,
        Unit.registered_on,
        Unit.closed_on,
        *_position(Unit),
    ).order_by(Unit.id)


def _inspections() -> Statement:
    return (
        select(
            *_head(Inspection),
            Unit.external_code.label("unit_code"),
            Unit.name.label("unit_name"),
            Inspection.inspected_at,
            Inspection.has_time,
            Inspection.team,
            Inspection.team_size,
            Inspection.manner,
            Inspection.origin,
            Inspection.countersigned,
            Inspection.result,
            _wkb(Unit.geom),
            _place_of("unit"),
        )
        .join(Unit, Unit.id == Inspection.unit_id)
        .order_by(Inspection.id)
    )


def _hazards() -> Statement:
    return (
        select(
            *_head(Hazard),
            Unit.external_code.label("unit_code"),
            Unit.name.label("unit_name"),
            Inspection.external_code.label("inspection_code"),
            Hazard.level,
            Hazard.native_level,
            Hazard.category,
            Hazard.place,
            Hazard.description,
            Hazard.legal_basis,
            Hazard.origin,
            Hazard.found_at,
            Hazard.has_time,
            Hazard.closed_at,
            Hazard.closing_known,
            Hazard.count,
            Hazard.counting_word,
            *_position(Hazard),
        )
        .outerjoin(Unit, Unit.id == Hazard.unit_id)
        .outerjoin(Inspection, Inspection.id == Hazard.inspection_id)
        .order_by(Hazard.id)
    )


def _segments() -> Statement:
    """Return a row for each row of the ledger: its parts, in the order of their suffixes."""
    by_part = func.length(Segment.external_code), Segment.external_code
    parts = func.ST_Collect(aggregate_order_by(Segment.geom, *by_part))
    same = (
        Segment.source,
        Segment.ledger_code,
        Segment.name,
        Segment.road_class,
        Segment.from_name,
        Segment.to_name,
        Segment.lamp_survey,
        Segment.declared_lit,
        Segment.properties,
    )
    return (
        select(*same, Segment.ledger_code.label("code"), _wkb(parts), _place_of("own"))
        .group_by(*same)
        .order_by(func.min(Segment.id))
    )


def _handovers() -> Statement:
    return (
        select(
            *_head(Handover),
            Segment.external_code.label("segment_code"),
            Handover.built_on,
            Handover.handed_over_on,
            Handover.accepted_on,
            Handover.handed_by,
            Handover.received_by,
            Handover.evidence_file,
            Handover.evidence_sha256,
            Handover.evidence_note,
            _wkb(func.ST_LineInterpolatePoint(Segment.geom, 0.5)),
            _place_of("segment"),
        )
        .join(Segment, Segment.id == Handover.segment_id)
        .order_by(Handover.id)
    )


def _boxes() -> Statement:
    return select(*_head(PowerBox), PowerBox.name, *_position(PowerBox)).order_by(PowerBox.id)


def _lamps() -> Statement:
    return (
        select(
            *_head(Lamp),
            Lamp.road_name,
            PowerBox.external_code.label("box_code"),
            Lamp.circuit,
            Lamp.owner,
            Lamp.handed_over_on,
            Lamp.status,
            *_position(Lamp),
        )
        .outerjoin(PowerBox, PowerBox.id == Lamp.power_box_id)
        .order_by(Lamp.id)
    )


def _outages() -> Statement:
    own = or_(Outage.original_x.isnot(None), Lamp.geom.is_(None))
    return (
        select(
            *_head(Outage),
            Lamp.external_code.label("lamp_code"),
            Outage.category,
            Outage.place,
            Outage.started_at,
            Outage.ended_at,
            Outage.cause,
            Outage.datum,
            Outage.original_x,
            Outage.original_y,
            _wkb(func.coalesce(Outage.geom, Lamp.geom)),
            _place_of("own", own, "lamp"),
        )
        .outerjoin(Lamp, Lamp.id == Outage.lamp_id)
        .order_by(Outage.id)
    )


def _rectifications() -> Statement:
    lead, helping = aliased(Party), aliased(Party)
    middle = func.ST_LineInterpolatePoint(Segment.geom, 0.5)
    return (
        select(
            *_head(Rectification),
            Hazard.external_code.label("hazard_code"),
            Segment.external_code.label("segment_code"),
            Rectification.state,
            Rectification.found_at,
            Rectification.closed_at,
            Rectification.due_on,
            lead.code.label("lead_party"),
            helping.code.label("helping_party"),
            Rectification.person,
            Rectification.measure,
            Rectification.money_yuan,
            Rectification.contingency,
            Rectification.handover_batch,
            Rectification.cause,
            Rectification.exempt_confirmed_by_city,
            Rectification.exempt_confirmed_by_builder,
            _wkb(func.coalesce(Hazard.geom, middle)),
            _place_of("hazard", Rectification.hazard_id.isnot(None), "segment"),
        )
        .outerjoin(Hazard, Hazard.id == Rectification.hazard_id)
        .outerjoin(Segment, Segment.id == Rectification.segment_id)
        .outerjoin(lead, lead.id == Rectification.lead_party_id)
        .outerjoin(helping, helping.id == Rectification.helping_party_id)
        .order_by(Rectification.id)
    )


def _cells(session: Session, scope: Scope, wanted: ExportFilter) -> Statement:
    columns = (Cell.code, Cell.name, Cell.officer, Cell.valid_from, Cell.valid_to)
    nothing = func.jsonb_build_object().label("properties")
    statement = (
        select(*columns, nothing, _wkb(Cell.geom), _place_of("own"))
        .where(Cell.grid_id == grid_id(session, str(wanted.grid)))
        .order_by(Cell.id)
    )
    if wanted.as_of is not None:
        day = resolve_period(session, wanted.as_of, window_days=1).day
        statement = statement.where(valid_on(Cell, day))
    return scope.narrow(statement, Cell.id)


_STATEMENTS = {
    "units": _units,
    "inspections": _inspections,
    "hazards": _hazards,
    "segments": _segments,
    "handovers": _handovers,
    "boxes": _boxes,
    "lamps": _lamps,
    "outages": _outages,
    "rectifications": _rectifications,
}
MODELS: Mapping[str, Any] = {
    "units": Unit,
    "inspections": Inspection,
    "hazards": Hazard,
    "segments": Segment,
    "handovers": Handover,
    "boxes": PowerBox,
    "lamps": Lamp,
    "outages": Outage,
    "rectifications": Rectification,
}

_FED = aliased(Lamp)
_LIES: Mapping[str, tuple[ColumnElement[bool], ...]] = {
    "units": (Placement.unit_id == Unit.id,),
    "inspections": (Placement.unit_id == Unit.id,),
    "hazards": (Placement.hazard_id == Hazard.id,),
    "segments": (Placement.segment_id == Segment.id,),
    "handovers": (Placement.segment_id == Handover.segment_id,),
    "boxes": (and_(_FED.power_box_id == PowerBox.id, Placement.lamp_id == _FED.id),),
    "lamps": (Placement.lamp_id == Lamp.id,),
    "outages": (Placement.lamp_id == Outage.lamp_id, Placement.segment_id == Outage.segment_id),
    "rectifications": (
        Placement.hazard_id == Rectification.hazard_id,
        Placement.segment_id == Rectification.segment_id,
    ),
}
"""What makes a placement that of a row; a box lies where the lamps lie that it feeds."""


def _seen(statement: Statement, scope: Scope, kind: str) -> Statement:
    """Keep the rows that lie in a cell, of whichever grid, that the reader may see."""
    if scope.cell_ids is None:
        return statement
    visible = Placement.cell_id.in_(sorted(scope.cell_ids))
    lies = (exists().where(one, visible).correlate_except(Placement, _FED) for one in _LIES[kind])
    return statement.where(or_(*lies))


def _true_on(kind: str, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions of what had begun by the end of the day, and for units not ended."""
    began = {
        "inspections": Inspection.inspected_at,
        "hazards": Hazard.found_at,
        "outages": Outage.started_at,
        "rectifications": Rectification.found_at,
    }
    if kind in began:
        return [began[kind] < period.end]
    if kind == "lamps":
        return [or_(Lamp.handed_over_on.is_(None), Lamp.handed_over_on <= period.day)]
    if kind != "units":
        return []
    stays = and_(Unit.closed_on.is_(None), Unit.status != "closed")
    return [
        or_(Unit.registered_on.is_(None), Unit.registered_on <= period.day),
        or_(Unit.closed_on > period.day, stays),
    ]


def _head(model: Any) -> tuple[ColumnElement[Any], ...]:
    return (model.source, model.external_code.label("code"), model.properties)


def _position(model: Any) -> tuple[Any, ...]:
    own = or_(model.original_x.isnot(None), model.geom.is_(None))
    place_of = _place_of("own", own, "unit")
    return (model.datum, model.original_x, model.original_y, _wkb(model.geom), place_of)


def _wkb(geom: SQLColumnExpression[Any]) -> ColumnElement[bytes]:
    return func.ST_AsBinary(geom, type_=LargeBinary).label("wkb")


def _place_of(
    place: str, where: ColumnElement[bool] | None = None, otherwise: str = ""
) -> ColumnElement[str]:
    found: ColumnElement[str] = literal(place)
    if where is not None:
        found = case((where, place), else_=otherwise)
    return found.label("place_of")
