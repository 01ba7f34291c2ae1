"""Work items with all that the four lists tell of them, as they stood at the end of any day."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Label,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from data.models import (
    Evidence,
    Extension,
    Hazard,
    Party,
    Rectification,
    Segment,
    Supervision,
    Unit,
)
from data.queries.rectifications import items_at, sees
from data.scope import Scope
from geo.periods import Period

_LEAD, _HELPING = aliased(Party), aliased(Party)
_OWN = (
    "state",
    "found_at",
    "closed_at",
    "due_on",
    "person",
    "measure",
    "money_yuan",
    "contingency",
    "handover_batch",
    "escalation",
    "reported_fixed_by",
    "rechecked_by",
    "exempt_confirmed_by_city",
    "exempt_confirmed_by_builder",
    "exempt_reason",
)


def listed_items(
    session: Session, scope: Scope, period: Period, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Return the visible items found before the period ends, in the order of their codes.

    Moments are by the city's clock and without a zone; missing is None.
    """
    item = items_at(period, known_at)
    statement = _joined(_columns(item, period, known_at), item).order_by(
        item.external_code, item.id
    )
    found = session.execute(sees(statement, item, scope)).mappings()
    return [{name: _local(value, period.zone) for name, value in row.items()} for row in found]


def _columns(
    item: type[Rectification], period: Period, known_at: datetime | None
) -> Select[*tuple[Any, ...]]:
    return select(
        item.external_code.label("code"),
        item.source,
        Hazard.external_code.label("hazard_code"),
        Segment.external_code.label("segment_code"),
        func.coalesce(Hazard.place, Segment.name).label("place"),
        Hazard.description,
        Hazard.level,
        Hazard.category,
        func.coalesce(Hazard.origin, item.origin).label("origin"),
        Unit.name.label("unit"),
        _LEAD.name.label("lead_party"),
        _HELPING.name.label("helping_party"),
        *(getattr(item, name) for name in _OWN),
        func.coalesce(item.n_reopened, 0).label("n_reopened"),
        _n_evidence(item, period, known_at).label("n_evidence"),
        _first_limit(item, period, known_at).label("first_due_on"),
        *_supervised(item, period.day, known_at),
    )


def _joined(
    statement: Select[*tuple[Any, ...]], item: type[Rectification]
) -> Select[*tuple[Any, ...]]:
    return (
        statement.outerjoin(Hazard, Hazard.id == item.hazard_id)
        .outerjoin(Unit, Unit.id == Hazard.unit_id)
        .outerjoin(Segment, Segment.id == item.segment_id)
        .outerjoin(_LEAD, _LEAD.id == item.lead_party_id)
        .outerjoin(_HELPING, _HELPING.id == item.helping_party_id)
    )


def _known(recorded_at: SQLColumnExpression[Any], known_at: datetime | None) -> ColumnElement[bool]:
    """Return the condition that something was recorded by then; everything is known now."""
    return true() if known_at is None else recorded_at <= known_at


def _n_evidence(
    item: type[Rectification], period: Period, known_at: datetime | None
) -> ScalarSelect[int]:
    """Count the files shown since the item was last reopened."""
    return (
        select(func.count(Evidence.id))
        .where(Evidence.rectification_id == item.id, Evidence.round == item.n_reopened)
        .where(Evidence.added_at < period.end, _known(Evidence.recorded_at, known_at))
        .scalar_subquery()
    )


def _first_limit(
    item: type[Rectification], period: Period, known_at: datetime | None
) -> ScalarSelect[date]:
    """Return the limit before the first extension, if there was any."""
    return (
        select(Extension.old_due_on)
        .where(Extension.rectification_id == item.id, Extension.granted_at < period.end)
        .where(_known(Extension.recorded_at, known_at))
        .order_by(Extension.granted_at, Extension.id)
        .limit(1)
        .scalar_subquery()
    )


def _supervised(
    item: type[Rectification], day: date, known_at: datetime | None
) -> list[Label[Any]]:
    """Return the leader and the days of the last listed supervision (挂牌督办)."""

    def last(column: ColumnElement[Any] | SQLColumnExpression[Any]) -> ScalarSelect[Any]:
        return (
            select(column)
            .where(Supervision.rectification_id == item.id, Supervision.listed_on <= day)
            .where(_known(Supervision.recorded_at, known_at))
            .order_by(Supervision.listed_on.desc(), Supervision.id.desc())
            .limit(1)
            .scalar_subquery()
        )

    is_told = and_(Supervision.removed_on <= day, _known(Supervision.removal_recorded_at, known_at))
    removed = case((is_told, Supervision.removed_on))
    return [
        last(Supervision.leader).label("leader"),
        last(Supervision.listed_on).label("listed_on"),
        last(removed).label("removed_on"),
    ]


def _local(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(zone).replace(tzinfo=None)
    return value
