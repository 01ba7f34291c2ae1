"""The transitions of a rectification: what may be done in which state, and what it leads to."""

from dataclasses import dataclass

from data.errors import WrongStateError
from data.models.rectifications import STATES
from data.workflow import guards
from data.workflow.guards import ALWAYS, FIVE_ITEMS, Guard, Refusal, has, needs
from data.workflow.items import Case
from geo.errors import WrongValueError

ORDINARY = "ordinary"
MAJOR = "major"
BOTH = (ORDINARY, MAJOR)
"""Ways of an item: 一般 (较大 and segments too), 重大."""

PLANNED = ("lead_party", "helping_party", "person", "measure", "money_yuan", "due_on")
PLAN = (*PLANNED, "contingency", "handover_batch", "cause", "origin")
CONFIRMED = ("exempt_reason", "exempt_confirmed_by_city", "exempt_confirmed_by_builder")
LISTING = ("leader", "listed_by", "listed_until")
SANCTION = ("kind", "document_number", "fine_yuan", "issued_on")

TO_BE_FIXED = ("handed_over", "claimed", "fixing", "recheck_failed")
NOT_FIXED = ("found", "registered", "returned", "reopened", *TO_BE_FIXED)
LOOKED_AT = ("reported_fixed", "fixed_on_site", "rechecked")
ENDED = ("closed", "exempt", "transferred")
OPEN = tuple(state for state in STATES if state not in ENDED)
"""States of items that somebody still has to bring to an end (未销号)."""

HANDED_OVER = tuple(state for state in OPEN if state not in ("found", "registered"))
CHECKED = ("rechecked", "self_assessed", "accepted", "closed")
"""States in which somebody else has found it fixed, so that work may be resumed (复工复产)."""

TAKES_LISTING = tuple(state for state in HANDED_OVER if state != "fixed_on_site")


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    Attributes
    ----------
    action
        What is done.
    sources
        The states in which it may be done.
    target
        The state it leads to; None where the item stays in its state.
    takes
        What may be brought along, besides who did it and when.
    guards
        What must be so.
    ways
        Whether it is for ordinary items, for major hazards, or for both.
    """

    action: str
    sources: tuple[str, ...]
    target: str | None
    takes: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    ways: tuple[str, ...] = BOTH


_HANDED = (has("due_on"), guards.somebody_must, guards.deadline_stays, *FIVE_ITEMS)
_SHOWN = (needs("by"), needs("evidence"))
_BY_ANOTHER = (needs("by"), guards.is_another)
_FAILED = (*_BY_ANOTHER, needs("reason"))
_CLOSING = (guards.is_shown, guards.was_rechecked)
_EXEMPTED = (*(has(name) for name in CONFIRMED), guards.both_confirmed)
_EXTENDED = (needs("due_on"), guards.is_later, needs("reason"))
_LISTED = (needs("leader"), guards.is_not_listed)
_SANCTIONED = (
    needs("kind"),
    needs("issued_on"),
    guards.falls_on_a_unit,
    guards.is_no_spared_finding,
)
_RESUMED = (*_BY_ANOTHER, guards.is_stopped)
_WHY = ("reason", "evidence")

TRANSITIONS: tuple[Transition, ...] = (
    Transition("register", ("found",), "registered", PLAN),
    Transition("fix_on_site", ("found", "registered"), "fixed_on_site", _WHY, _SHOWN, (ORDINARY,)),
    Transition("hand_over", ("registered", "returned", "reopened"), "handed_over", PLAN, _HANDED),
    Transition("claim", ("handed_over",), "claimed", ("person",), (has("person"),)),
    Transition("return", ("handed_over", "claimed"), "returned", _WHY, (needs("reason"),)),
    Transition(
        "reassign",
        ("returned", *TO_BE_FIXED),
        "handed_over",
        (*PLAN, "reason"),
        (needs("reason"), *_HANDED),
    ),
    Transition("start", ("claimed", "recheck_failed"), "fixing", PLAN, (guards.deadline_stays,)),
    Transition("report_fixed", ("fixing",), "reported_fixed", _WHY, _SHOWN),
    Transition("recheck", LOOKED_AT, "rechecked", _WHY, _BY_ANOTHER),
    Transition("fail_recheck", LOOKED_AT, "recheck_failed", _WHY, _FAILED),
    Transition("self_assess", ("rechecked",), "self_assessed", _WHY, _SHOWN, (MAJOR,)),
    Transition("accept", ("self_assessed",), "accepted", _WHY, _BY_ANOTHER, (MAJOR,)),
    Transition("refuse", ("self_assessed", "accepted"), "recheck_failed", _WHY, _FAILED, (MAJOR,)),
    Transition("close", ("rechecked",), "closed", _WHY, _CLOSING, (ORDINARY,)),
    Transition("close", ("accepted",), "closed", _WHY, _CLOSING, (MAJOR,)),
    Transition(
        "transfer",
        NOT_FIXED,
        "transferred",
        ("lead_party", *_WHY),
        (needs("lead_party"), needs("reason")),
    ),
    Transition("exempt", NOT_FIXED, "exempt", (*CONFIRMED, "evidence"), _EXEMPTED),
    Transition(
        "reopen",
        ENDED,
        "reopened",
        _WHY,
        (needs("by"), needs("reason"), guards.is_not_followed),
    ),
    Transition("plan", NOT_FIXED, None, PLAN, (guards.deadline_stays,)),
    Transition("extend", ("returned", *TO_BE_FIXED), None, ("due_on", *_WHY), _EXTENDED),
    Transition(
        "confirm_exemption",
        NOT_FIXED,
        None,
        CONFIRMED,
        (guards.a_side_confirms, has("exempt_reason"), guards.both_confirmed),
    ),
    Transition("show", OPEN, None, _WHY, _SHOWN),
    Transition(
        "escalate",
        HANDED_OVER,
        None,
        ("escalation", "reason"),
        (needs("escalation"), guards.is_above),
    ),
    Transition("list", TAKES_LISTING, None, (*LISTING, "reason"), _LISTED),
    Transition("unlist", STATES, None, _WHY, (needs("reason"), guards.is_listed)),
    Transition("sanction", (*HANDED_OVER, "closed"), None, (*SANCTION, "reason"), _SANCTIONED),
    Transition("resume", CHECKED, None, _WHY, _RESUMED),
)
"""Every transition there is; nothing else changes the state of an item."""

ACTIONS: tuple[str, ...] = tuple(dict.fromkeys(one.action for one in TRANSITIONS))


def way_of(*, is_major: bool) -> str:
    """Return the way an item goes."""
    return MAJOR if is_major else ORDINARY


def transition(action: str, state: str, way: str) -> Transition:
    """Return what `action` does to an item of that way in that state.

    Raises
    ------
    WrongValueError
        When there is no such action.
    WrongStateError
        When it cannot be taken in that state.
    """
    if action not in ACTIONS:
        raise WrongValueError(f"action: {action!r} is none of {', '.join(ACTIONS)}")
    for one in TRANSITIONS:
        if one.action == action and state in one.sources and way in one.ways:
            return one
    allowed = ", ".join(actions_in(state, way))
    raise WrongStateError(f"{action} is not for {way} items that are {state}; there is {allowed}")


def refusals_of(step: Transition, case: Case) -> list[Refusal]:
    """Return every reason why `step` may not be taken; none where it may."""
    foreign = sorted(case.brought.names - {*step.takes})
    found = (guard(case) for guard in (*ALWAYS, *step.guards))
    return [
        *(Refusal(name, f"is not part of {step.action}") for name in foreign),
        *(refusal for refusal in found if refusal is not None),
    ]


def actions_in(state: str, way: str) -> list[str]:
    """Return the actions that may be taken on an item of that way in that state."""
    return [one.action for one in TRANSITIONS if state in one.sources and way in one.ways]
