"""Where and when every hazard was found, for sums over far tiles."""

from typing import Any

from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    SmallInteger,
    and_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from data.models import LEVELS, Hazard, Unit
from data.queries.hazards import choices_of_hazards
from data.queries.reading import PackedSelect
from data.scope import WHOLE_CITY
from geo.quadtree import BITS

Words = dict[str, list[str]]


def hazard_points(session: Session) -> tuple[Words, dict[str, NDArray[Any]]]:
    """Return the sources and sectors of hazards, and a row for each one on the map of the world.

    Its source, its unit's sector and its level are numbers from one on in the order of the lists;
    zero is none. A closing day that is none, or that nobody knows, is NaT.
    """
    choices = choices_of_hazards(session, WHOLE_CITY)
    return choices, _points(choices).arrays(session)


def _points(choices: Words) -> PackedSelect:
    across, down = _units((func.ST_X(Hazard.geom) + 180) / 360), _units(_north_to_south())
    return PackedSelect(
        select(
            across.label("across"),
            down.label("down"),
            Hazard.found_at,
            func.coalesce(
                Hazard.closed_at, literal("-infinity").cast(DateTime(timezone=True))
            ).label("closed_at"),
            Hazard.closing_known,
            _number(Hazard.level, list(LEVELS)).label("level"),
            _number(Hazard.source, choices["source"]).label("source"),
            _number(Unit.sector, choices["sector"]).label("sector"),
            Hazard.count,
        )
        .outerjoin(Unit, Unit.id == Hazard.unit_id)
        .where(and_(across.between(0, 2**BITS - 1), down.between(0, 2**BITS - 1)))
    )


def _north_to_south() -> ColumnElement[Any]:
    """Return the share of the way down the map of the world."""
    north = func.asinh(func.tan(func.radians(func.ST_Y(Hazard.geom))))
    return (1 - north / func.pi()) / 2


def _units(share: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.floor(share * 2**BITS), BigInteger)


def _number(column: Any, words: list[str]) -> ColumnElement[int]:
    return func.coalesce(func.array_position(words, column), 0, type_=Integer).cast(SmallInteger)
