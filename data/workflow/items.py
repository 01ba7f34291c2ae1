"""What the workflow looks at: the item, what an action brings, and both together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import Any
from unicodedata import normalize


@dataclass(frozen=True)
class Item:
    """A rectification as it stands, as far as guards look at it.

    Attributes
    ----------
    is_on_hazard
        It is on a hazard, not on a segment.
    is_major
        It is on a major hazard (重大); 较大, 一般 and segments go the ordinary way.
    origin
        Who found it.
    unit_id
        The premises a sanction would fall on.
    n_evidence
        Files shown since it was last reopened.
    is_followed
        Another item on the same thing is open.
    is_listed
        It is under listed supervision (挂牌督办).
    stopped_on
        The day of the last sanction over it that keeps the unit closed until work is resumed.
    """

    id: int = 0
    state: str = "found"
    version: int = 0
    is_on_hazard: bool = True
    is_major: bool = False
    origin: str | None = None
    unit_id: int | None = None
    found_at: datetime | None = None
    state_at: datetime | None = None
    closed_at: datetime | None = None
    due_on: date | None = None
    lead_party: str | None = None
    helping_party: str | None = None
    person: str | None = None
    measure: str | None = None
    money_yuan: Decimal | None = None
    contingency: str | None = None
    handover_batch: str | None = None
    cause: str | None = None
    exempt_reason: str | None = None
    exempt_confirmed_by_city: str | None = None
    exempt_confirmed_by_builder: str | None = None
    escalation: str | None = None
    reported_fixed_by: str | None = None
    rechecked_by: str | None = None
    recheck_verified: bool | None = None
    n_reopened: int = 0
    n_evidence: int = 0
    is_followed: bool = False
    is_listed: bool = False
    stopped_on: date | None = None


@dataclass(frozen=True)
class Shown:
    """A file that shows what was done: its name, its hash and what it shows."""

    file_name: str
    sha256: str
    note: str


@dataclass(frozen=True)
class Brought:
    """What an action brings along.

    Attributes
    ----------
    by
        The person who did it, by name.
    at
        When it was done; default now.
    reason
        Why, where the action needs one.
    evidence
        Files that show it.
    columns
        New values of columns of the item.
    more
        What goes into a record of its own: the leader of a supervision, the parts of a sanction.
    """

    by: str | None = None
    at: datetime | None = None
    reason: str | None = None
    evidence: tuple[Shown, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """What it holds besides who and when."""
        held = {"reason": self.reason, "evidence": self.evidence, **self.columns, **self.more}
        return {name for name, value in held.items() if not is_blank(value)}

    @property
    def told(self) -> dict[str, Any]:
        """The new values of columns, without blank ones."""
        return {name: value for name, value in self.columns.items() if not is_blank(value)}


@dataclass(frozen=True)
class Case:
    """An item, what somebody brings to it, the time it is, and the clock of the city."""

    item: Item
    brought: Brought
    now: datetime
    zone: tzinfo = UTC

    @cached_property
    def after(self) -> Item:
        """The item with the new values of its columns."""
        return replace(self.item, **self.brought.told)

    @property
    def at(self) -> datetime:
        """When it was done."""
        return self.brought.at or self.now

    @property
    def day(self) -> date:
        """The local day on which it was done."""
        return self.at.astimezone(self.zone).date()


def is_blank(value: object) -> bool:
    """Tell whether nothing was said: None, no file, or a text of blanks."""
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def same_person(one: str | None, other: str | None) -> bool:
    """Tell whether two names are written for one person, whatever their width, case and blanks."""
    return one is not None and other is not None and _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return "".join(normalize("NFKC", name).casefold().split())
