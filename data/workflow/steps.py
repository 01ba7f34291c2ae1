"""What may be done to a rectification as it stands, what that needs, and what is in its way."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from data.workflow.acting import looked_at
from data.workflow.guards import Refusal
from data.workflow.items import Case
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
    """

    action: str
    leads_to: str | None
    takes: tuple[str, ...]
    needs: tuple[str, ...]
    blocked: tuple[Refusal, ...]


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
    way = way_of(is_major=item.is_major)
    mine = [one for one in TRANSITIONS if way in one.ways]
    return Steps(
        open=tuple(_open(one, case) for one in mine if item.state in one.sources),
        closed=tuple(
            ClosedStep(one.action, one.sources) for one in mine if item.state not in one.sources
        ),
    )


def _open(step: Transition, case: Case) -> OpenStep:
    """Return what is refused to who brings nothing: what to bring, and what no one can bring."""
    offered = {"by", *step.takes}
    refusals = refusals_of(step, case)
    needed = [one for one in refusals if one.field in offered and one.reason.startswith(_UNSAID)]
    return OpenStep(
        step.action,
        step.target,
        step.takes,
        needs=tuple(dict.fromkeys(one.field for one in needed)),
        blocked=tuple(one for one in refusals if one not in needed),
    )
