"""What must be so before an action is taken: small functions that return why it is not."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data.models.ledgers import ORIGINS
from data.models.rectifications import CAUSES, ESCALATIONS, SANCTIONS
from data.workflow.items import Case, Item, is_blank, same_person

FIVE = ("person", "measure", "money_yuan", "due_on", "contingency")
"""整改五落实: responsibility, measure, money, due date, contingency plan."""

FREE_DEADLINE = ("found", "registered", "reopened")
"""States before anybody was given a deadline to keep."""

FIXED = ("fixed_on_site", "rechecked", "self_assessed", "accepted", "closed")
SPARED = ("enterprise", "expert")
"""Whose own findings bring no penalty once fixed (自查或专家查出并彻底整改的，不予处罚)."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "cause": CAUSES,
    "origin": ORIGINS,
    "escalation": ESCALATIONS,
    "kind": SANCTIONS,
}
"""Words that may be chosen from."""

SHA256 = re.compile(r"[0-9a-fA-F]{64}")
MOST_YUAN = Decimal(10) ** 12


@dataclass(frozen=True)
class Refusal:
    """Which field is wrong, and why."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field} {self.reason}"


Guard = Callable[[Case], Refusal | None]


def needs(name: str) -> Guard:
    """Return the guard that the action brings `name` along."""

    def brings(case: Case) -> Refusal | None:
        given = name in case.brought.names or (name == "by" and not is_blank(case.brought.by))
        return None if given else Refusal(name, "is missing")

    return brings


def has(name: str) -> Guard:
    """Return the guard that the item has `name`, or is given it."""

    def known(case: Case) -> Refusal | None:
        return Refusal(name, "is missing") if is_blank(getattr(case.after, name)) else None

    return known


def has_of_five(name: str) -> Guard:
    """Return the guard that a major hazard has `name`, one of the five items."""

    def planned(case: Case) -> Refusal | None:
        if not case.item.is_major or not is_blank(getattr(case.after, name)):
            return None
        return Refusal(
            name,
            "is missing: a major hazard is handed over with person, measure, money, due date and"
            " contingency plan",
        )

    return planned


def somebody_must(case: Case) -> Refusal | None:
    """Name whom it is handed to: a party or a person."""
    if not (is_blank(case.after.lead_party) and is_blank(case.after.person)):
        return None
    return Refusal("lead_party", "is missing: name a party or a person")


def is_bound(item: Item) -> bool:
    """Tell whether somebody was given a deadline to keep."""
    return item.due_on is not None and item.state not in FREE_DEADLINE


def deadline_stays(case: Case) -> Refusal | None:
    """Let a deadline that was given move by an extension only, which keeps the old one."""
    old, new = case.item.due_on, case.after.due_on
    if old == new or not is_bound(case.item):
        return None
    return Refusal("due_on", f"is set to {old}: a deadline moves by an extension")


def is_later(case: Case) -> Refusal | None:
    """Let an extension move a deadline that is there to a later day."""
    old, new = case.item.due_on, case.brought.columns.get("due_on")
    if old is None:
        return Refusal("due_on", "is not set: there is no deadline to extend")
    if new is not None and new <= old:
        return Refusal("due_on", f"is not after the deadline it extends, {old}")
    return None


def is_shown(case: Case) -> Refusal | None:
    """Close nothing without evidence."""
    if case.item.n_evidence or case.brought.evidence:
        return None
    return Refusal("evidence", "is missing: nothing is closed without a file, its hash and a note")


def is_another(case: Case) -> Refusal | None:
    """Let somebody re-check or accept who did not report it fixed, nor has to fix it."""
    by = case.brought.by
    if same_person(by, case.item.reported_fixed_by or case.item.person):
        return Refusal("by", "is the person who fixed it: somebody else must re-check")
    return None


def was_rechecked(case: Case) -> Refusal | None:
    """Close nothing before somebody else re-checked it."""
    item = case.item
    if item.rechecked_by is None:
        return Refusal("rechecked_by", "is missing: nothing is closed before a re-check")
    if same_person(item.rechecked_by, item.reported_fixed_by):
        return Refusal("rechecked_by", "is the person who fixed it: somebody else must re-check")
    return None


def both_confirmed(case: Case) -> Refusal | None:
    """Let two different persons confirm an exemption, one of each side."""
    after = case.after
    if same_person(after.exempt_confirmed_by_city, after.exempt_confirmed_by_builder):
        return Refusal("exempt_confirmed_by_builder", "is the person who confirmed for the city")
    return None


def a_side_confirms(case: Case) -> Refusal | None:
    """Ask a confirmation who confirms, for at least one side."""
    if case.brought.names & {"exempt_confirmed_by_city", "exempt_confirmed_by_builder"}:
        return None
    return Refusal("exempt_confirmed_by_city", "is missing: name who confirms, for either side")


def is_above(case: Case) -> Refusal | None:
    """Let escalation only go up: bulletin, interview, supervision."""
    old, new = case.item.escalation, case.brought.columns.get("escalation")
    if old is None or new not in ESCALATIONS or _step(new) > _step(old):
        return None
    return Refusal("escalation", f"is not above {old}, the step it has reached")


def is_not_followed(case: Case) -> Refusal | None:
    """Reopen nothing that somebody has to fix by another item already."""
    if not case.item.is_followed:
        return None
    return Refusal("state", "is being fixed already")


def is_not_listed(case: Case) -> Refusal | None:
    """List an item once at a time."""
    if not case.item.is_listed:
        return None
    return Refusal("listed_on", "is known: the item is under listed supervision already")


def is_listed(case: Case) -> Refusal | None:
    """Take off the list (摘牌) only what is on it."""
    if case.item.is_listed:
        return None
    return Refusal("listed_on", "is missing: the item is not under listed supervision")


def falls_on_a_unit(case: Case) -> Refusal | None:
    """Let a sanction fall on a unit."""
    if case.item.unit_id is not None:
        return None
    return Refusal("unit", "is missing: a sanction falls on a unit, and the hazard names none")


def is_stopped(case: Case) -> Refusal | None:
    """Resume only what a sanction keeps closed, and not before its day."""
    stopped_on = case.item.stopped_on
    if stopped_on is None:
        return Refusal("kind", "is missing: no sealing or suspension is in force")
    if case.day < stopped_on:
        return Refusal("at", f"is before {stopped_on}, the day of the sanction")
    return None


def is_no_spared_finding(case: Case) -> Refusal | None:
    """Spare what the enterprise itself or an expert found and was fully fixed."""
    if case.item.origin not in SPARED or case.item.state not in FIXED:
        return None
    return Refusal(
        "origin",
        "is the enterprise itself or an expert, and the hazard is fixed: there is no penalty",
    )


def is_in_time(case: Case) -> Refusal | None:
    """Let nothing be done before the item came into its state, nor in the future."""
    since = case.item.state_at or case.item.found_at
    if case.at > case.now:
        return Refusal("at", "is in the future")
    if since is not None and case.at < since:
        return Refusal("at", f"is before {since.isoformat()}, when the item came into its state")
    return None


def is_whole_evidence(case: Case) -> Refusal | None:
    """Have each file named, told by its hash and explained."""
    for shown in case.brought.evidence:
        unsaid = is_blank(shown.file_name) or is_blank(shown.note)
        if unsaid or not SHA256.fullmatch(shown.sha256):
            return Refusal(
                "evidence", "needs a file name, a SHA-256 of 64 hexadecimal digits and a note"
            )
    return None


def is_known(name: str) -> Guard:
    """Return the guard that what is brought as `name` is one of the words for it."""

    def one_of(case: Case) -> Refusal | None:
        word = {**case.brought.columns, **case.brought.more}.get(name)
        if word is None or word in WORDS[name]:
            return None
        return Refusal(name, f"is none of {', '.join(WORDS[name])}")

    return one_of


def is_amount(name: str) -> Guard:
    """Return the guard that what is brought as `name` is an amount in yuan."""

    def in_yuan(case: Case) -> Refusal | None:
        amount = {**case.brought.columns, **case.brought.more}.get(name)
        if amount is None or _is_yuan(amount):
            return None
        return Refusal(name, "is not an amount in yuan with at most two decimals")

    return in_yuan


ALWAYS: Sequence[Guard] = (
    is_in_time,
    is_whole_evidence,
    *map(is_known, WORDS),
    *map(is_amount, ("money_yuan", "fine_yuan")),
)
"""What must be so whatever is done."""

FIVE_ITEMS: Sequence[Guard] = tuple(has_of_five(name) for name in FIVE)


def _is_yuan(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount < MOST_YUAN and amount == round(amount, 2)


def _step(escalation: str) -> int:
    return ESCALATIONS.index(escalation)
