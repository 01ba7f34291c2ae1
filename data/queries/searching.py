"""Things on the map by a few letters of their name or code."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, case, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from data.models import Cell, Lamp, Placement, Segment, Unit
from data.queries.places import grid_id, seen, valid_on
from data.scope import Scope

Found = Select[*tuple[Any, ...]]


def find_things(
    session: Session, scope: Scope, said: str, grid: str | None, day: date, limit: int = 8
) -> list[dict[str, Any]]:
    """Return the visible things that are called so.

    Cells of `grid`, units and roads by name, lamps by the start of their code, each also by its
    whole code. Whole names come first, then names that start so, the shorter before the longer.
    Keys: ``thing`` (its kind), ``code``, ``name``, ``lon``, ``lat``.
    """
    kinds = [_roads(scope, said), _units(scope, said), _lamps(scope, said)]
    if grid is not None:
        kinds.insert(0, _cells(scope, said, grid_id(session, grid), day))
    every = union_all(*(_best(kind, limit) for kind in kinds)).subquery()
    found = session.execute(_best(select(every), limit)).mappings()
    return [{name: value for name, value in row.items() if name != "rank"} for row in found]


def _best(things: Found, limit: int) -> Found:
    of = things.subquery().c
    return select(*of).order_by(of.rank, func.length(of.name), of.name, of.code).limit(limit)


def _cells(scope: Scope, said: str, grid: int, day: date) -> Found:
    point = func.ST_PointOnSurface(Cell.geom)
    found = _thing("cell", Cell.code, Cell.name, point, said).where(
        Cell.grid_id == grid,
        valid_on(Cell, day),
        or_(_holds(Cell.code, said), _holds(Cell.name, said)),
    )
    return scope.narrow(found, Cell.id)


def _units(scope: Scope, said: str) -> Found:
    found = _thing("unit", Unit.external_code, Unit.name, Unit.geom, said).where(
        Unit.geom.is_not(None), or_(_holds(Unit.name, said), Unit.external_code == said)
    )
    return seen(found, scope, Placement.unit_id, Unit.id)


def _roads(scope: Scope, said: str) -> Found:
    """Return each road by its longest segment."""
    middle = func.ST_LineInterpolatePoint(Segment.geom, 0.5)
    found = _thing("road", Segment.external_code, Segment.name, middle, said).where(
        or_(_holds(Segment.name, said), Segment.external_code == said)
    )
    return (
        seen(found, scope, Placement.segment_id, Segment.id)
        .ext(distinct_on(Segment.name))
        .order_by(Segment.name, Segment.length_m.desc(), Segment.id)
    )


def _lamps(scope: Scope, said: str) -> Found:
    found = _thing("lamp", Lamp.external_code, Lamp.external_code, Lamp.geom, said).where(
        Lamp.geom.is_not(None), Lamp.external_code.startswith(said, autoescape=True)
    )
    return seen(found, scope, Placement.lamp_id, Lamp.id)


def _holds(text: Any, said: str) -> ColumnElement[bool]:
    holds: ColumnElement[bool] = text.icontains(said, autoescape=True)
    return holds


def _thing(kind: str, code: Any, name: Any, point: Any, said: str) -> Found:
    called = func.coalesce(name, code)
    rank = case(
        (or_(func.lower(called) == said.lower(), code == said), 0),
        (called.istartswith(said, autoescape=True), 1),
        else_=2,
    )
    return select(
        literal(kind).label("thing"),
        code.label("code"),
        called.label("name"),
        func.ST_X(point, type_=Double).label("lon"),
        func.ST_Y(point, type_=Double).label("lat"),
        rank.label("rank"),
    )
