"""What is drawn by chance to be looked at: closed work once more, units by drawn teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from data.answers.item_lists import item_list, item_rows
from data.answers.questions import RectificationQuestion
from data.models import Placement, Unit
from data.queries.places import resolve_period, seen
from data.scope import Scope
from geo.draws import draw_share, draw_teams

_BETWEEN = "\x1f"
"""Between source and code: the separator of units, which is taken out of every ledger."""


@dataclass(frozen=True)
class Drawn:
    """What was drawn, out of how many, and by which seed."""

    seed: int
    n_all: int
    rows: list[dict[str, Any]]


def draw_rechecks(
    session: Session, scope: Scope, question: RectificationQuestion, share: float, seed: int
) -> Drawn:
    """Draw a share of the closed items of each cell of the question's grid (“回头看”).

    Without a grid they are one stratum, as are those outside every cell. An item is told apart by
    its source and its code, between which U+001F stands where the order of a seed is made of them.
    """
    closed = item_list(session, scope, question, "closed")
    keys = closed["source"] + _BETWEEN + closed["code"]
    drawn = closed[draw_share(keys, closed["cell_code"], share, seed)]
    return Drawn(seed, len(closed), item_rows(drawn))


def draw_visits(
    session: Session,
    scope: Scope,
    inspectors: Sequence[str],
    n_units: int,
    team_size: int,
    seed: int,
) -> Drawn:
    """Draw registered units, told apart as items are, and a team for each (双随机)."""
    day = resolve_period(session, None, 1).day
    stays = and_(Unit.closed_on.is_(None), Unit.status != "closed")
    statement = seen(
        select(Unit.external_code.label("code"), Unit.source, Unit.name).where(
            or_(stays, Unit.closed_on > day),
            or_(Unit.registered_on.is_(None), Unit.registered_on <= day),
        ),
        scope,
        Placement.unit_id,
        Unit.id,
    )
    found = session.execute(statement).mappings()
    units = {_BETWEEN.join((row["source"], row["code"])): row for row in found}
    teams = draw_teams(units, inspectors, n_units, team_size, seed)
    rows = [{**units[unit], "team": list(team)} for unit, team in teams]
    return Drawn(seed, len(units), rows)
