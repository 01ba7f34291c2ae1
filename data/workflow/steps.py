"""What may be done to a rectification as it stands, what that needs, and what is in its way."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from data.workflow.acting import looked_at
from data.workflow.guards import Refusal, deadline_stays, is_bound
from data.workflow.items import Brought, Case
from data.workflow.rules import days_by_rule, thing_of_item
from data.workflow.table import TRANSITIONS, Transition, refusals_of, way_of

_UNSAID = "is missing"


@dataclass(frozen=True)
class OpenStep:
    """A transition that is for the item's state.

    Attributes
    ----------
    takes
        What may be brought along, besides who did it and when.
    needs
        What must be brought, of these and ``by``.
    blocked
        What is so about the item itself, and forbids the step whatever is brought.
    fixed
        What, of what it takes, may only be brought as it is.
    due
        The deadline that a rule of the city gives where none is brought.
    """

    action: str
    leads_to: str | None
    takes: tuple[str, ...]
    needs: tuple[str, ...]
    blocked: tuple[Refusal, ...]
    fixed: tuple[str, ...] = ()
    due: "RuledDay | None" = None


@dataclass(frozen=True)
class RuledDay:
    """The last day by a rule for what is done now, and the rule: its days, for what, said by whom.

    A rule for all levels or kinds has None there.
    """

    due_on: str
    days: int
    level: str | None
    kind: str | None
    said_by: str | None


@dataclass(frozen=True)
class ClosedStep:
    """A transition that is for other states than the item's."""

    action: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Steps:
    """Every transition of the way an item goes, by whether it is for the item's state."""

    open: tuple[OpenStep, ...]
    closed: tuple[ClosedStep, ...]


def steps_of(session: Session, number: int) -> Steps:
    """Return what may be done to the rectification of that id, and what may not yet, or no more.

    Raises
    ------
    NotFoundError
        When there is no such rectification.
    """
    case = looked_at(session, number)
    item = case.item
    due = _ruled_day(session, case)
    way = way_of(is_major=item.is_major)
    mine = [one for one in TRANSITIONS if way in one.ways]
    return Steps(
        open=tuple(_open(one, case, due) for one in mine if item.state in one.sources),
        closed=tuple(
            ClosedStep(one.action, one.sources) for one in mine if item.state not in one.sources
        ),
    )


def _ruled_day(session: Session, case: Case) -> RuledDay | None:
    """Return the deadline of who is handed the item now and told none."""
    if case.item.due_on is not None:
        return None
    found = days_by_rule(session, thing_of_item(session, case.item.id, case.item.cause))
    if found is None:
        return None
    rule, days = found
    due_on = case.day + timedelta(days=days)
    return RuledDay(due_on.isoformat(), days, rule.thing.level, rule.thing.kind, rule.said_by)


def _open(step: Transition, case: Case, ruled: RuledDay | None) -> OpenStep:
    """Return what is refused to who brings nothing: what to bring, and what no one can bring."""
    offered = {"by", *step.takes}
    due = ruled if step.action == "hand_over" else None
    if due is not None:
        case = replace(case, brought=Brought(columns={"due_on": date.fromisoformat(due.due_on)}))
    refusals = refusals_of(step, case)
    needed = [one for one in refusals if one.field in offered and one.reason.startswith(_UNSAID)]
    return OpenStep(
        step.action,
        step.target,
        step.takes,
        needs=tuple(dict.fromkeys(one.field for one in needed)),
        blocked=tuple(one for one in refusals if one not in needed),
        fixed=("due_on",) if deadline_stays in step.guards and is_bound(case.item) else (),
        due=due,
    )
