"""Make a hazard or a segment somebody's work: the first event of every rectification."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from data.clock import by_the_clock
from data.engine import must_move
from data.errors import ActRefusedError, NotFoundError
from data.models import Event, Hazard, Rectification, Segment
from data.workflow.acting import Acted
from data.workflow.guards import Refusal
from data.workflow.records import OWN_SOURCE
from data.workflow.rules import due_by_rule, ruled_thing
from data.workflow.table import OPEN

THINGS: dict[str, type[Hazard] | type[Segment]] = {"hazard": Hazard, "segment": Segment}


def find(
    session: Session, about: str, thing: int, by: str, at: datetime | None, actor: str
) -> tuple[int, Acted]:
    """Make the hazard or segment of that id the subject of a new rectification.

    It is due by the rules of the city, where there is one for it.

    Returns
    -------
        The id of the rectification, and what it led to.

    Raises
    ------
    NotFoundError
        When there is no such hazard or segment.
    ActRefusedError
        When somebody has to fix it already, or it is found in the future.
    """
    # Two who find one thing at once wait for each other here.
    model = THINGS[about]
    if session.get(model, thing, with_for_update=True) is None:
        raise NotFoundError(f"{about} {thing}: there is none of that id")
    now = session.execute(select(by_the_clock(func.clock_timestamp()))).scalar_one()
    found_at = at or now
    if refusals := _refusals(session, about, thing, found_at, now):
        told = "; ".join(map(str, refusals))
        raise ActRefusedError(f"{about} {thing}: find: {told}", refusals)
    due_on = due_by_rule(session, ruled_thing(session, about, thing), found_at)
    item = Rectification(
        source=OWN_SOURCE,
        external_code=_next_code(session, f"{about}-{thing}-"),
        found_at=found_at,
        due_on=due_on,
        **{f"{about}_id": thing},
    )
    session.add(item)
    session.flush()
    event = Event(
        actor=actor,
        action="find",
        subject="rectification",
        subject_id=item.id,
        after={"state": "found", "version": 0, "at": found_at.isoformat(), "by": by}
        | ({} if due_on is None else {"due_on": due_on.isoformat()}),
    )
    session.add(event)
    session.flush()
    must_move(session, "rectifications")
    return item.id, Acted("found", 0, event.id)


def _refusals(
    session: Session, about: str, thing: int, found_at: datetime, now: datetime
) -> list[Refusal]:
    refusals = []
    if found_at > now:
        refusals.append(Refusal("at", "is in the future"))
    if _is_being_fixed(session, about, thing):
        refusals.append(Refusal(about, "is being fixed already"))
    return refusals


def _is_being_fixed(session: Session, about: str, thing: int) -> bool:
    on_it = getattr(Rectification, f"{about}_id") == thing
    open_there = exists().where(on_it, Rectification.state.in_(OPEN))
    return session.execute(select(open_there)).scalar_one()


def _next_code(session: Session, beginning: str) -> str:
    """Return the code after the highest of those that were given here."""
    codes = session.scalars(
        select(Rectification.external_code).where(
            Rectification.source == OWN_SOURCE,
            Rectification.external_code.startswith(beginning, autoescape=True),
        )
    )
    numbers = [int(code.removeprefix(beginning)) for code in codes]
    return f"{beginning}{max(numbers, default=0) + 1}"
