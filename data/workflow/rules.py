"""By which rules of the city the deadline of what is found and handed over is set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from data.cities import the_city
from data.engine import must_move
from data.models import DeadlineRule, Event, Hazard, Rectification
from data.models.base import LEVELS
from data.models.rectifications import CAUSES
from data.workflow.items import is_blank
from geo.errors import WrongValueError

MOST_DAYS = 3660

PROPOSED: Mapping[tuple[str, str | None], int] = MappingProxyType(
    {
        ("hazard", "general"): 7,
        ("hazard", "larger"): 15,
        ("hazard", "major"): 30,
        ("segment", None): 60,
    }
)
"""Days by what it is about and level, for a city that has none: ours, for no document gives any.

They bind nobody until somebody adopts them.
"""


@dataclass(frozen=True)
class Ruled:
    """What a rule may look at: hazard or segment, its level, its category or cause."""

    about: str
    level: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Rule:
    """So many days for what fits; `None` in `thing` fits all."""

    thing: Ruled
    days: int | None
    said_by: str | None
    recorded_at: datetime | None = None

    def fits(self, thing: Ruled) -> bool:
        """Tell whether it holds for `thing`."""
        own = self.thing
        return (
            own.about == thing.about
            and own.level in (None, thing.level)
            and own.kind in (None, thing.kind)
        )

    @property
    def closeness(self) -> tuple[bool, bool]:
        """How closely it says what it holds for: a kind goes before a level."""
        return self.thing.kind is not None, self.thing.level is not None


def closest(rules: Iterable[Rule], thing: Ruled) -> Rule | None:
    """Return the rule that holds for `thing` most closely; ``None``: there is none."""
    fitting = (rule for rule in rules if rule.fits(thing) and rule.days is not None)
    return max(fitting, key=lambda rule: rule.closeness, default=None)


def rules_at(session: Session, moment: datetime | None = None) -> list[Rule]:
    """Return the rules that held at `moment`, else those that hold now; withdrawn ones are none."""
    same = (DeadlineRule.about, DeadlineRule.level, DeadlineRule.kind)
    statement = (
        select(DeadlineRule)
        .ext(distinct_on(*same))
        .order_by(*same, DeadlineRule.recorded_at.desc(), DeadlineRule.id.desc())
    )
    if moment is not None:
        statement = statement.where(DeadlineRule.recorded_at <= moment)
    return [
        Rule(Ruled(row.about, row.level, row.kind), row.days, row.said_by, row.recorded_at)
        for row in session.scalars(statement)
        if row.days is not None
    ]


def told_rules(session: Session, moment: datetime | None = None) -> list[dict[str, Any]]:
    """Return the rules that held at `moment` as plain values, and what is proposed beside them.

    Keys: ``about``, ``level``, ``kind``, ``days``, ``said_by`` and ``since``; the last two are
    ``None`` for what is only proposed, and binds nobody.
    """
    rules = rules_at(session, moment)
    known = {rule.thing for rule in rules}
    proposed = [
        Rule(Ruled(about, level), days, None)
        for (about, level), days in PROPOSED.items()
        if Ruled(about, level) not in known
    ]
    return [
        {
            "about": rule.thing.about,
            "level": rule.thing.level,
            "kind": rule.thing.kind,
            "days": rule.days,
            "said_by": rule.said_by,
            "since": rule.recorded_at and rule.recorded_at.isoformat(),
        }
        for rule in (*rules, *proposed)
    ]


def set_rule(session: Session, rule: Rule, actor: str) -> None:
    """Let `rule` hold from now on; without days those for the same thing hold no more.

    Raises
    ------
    WrongValueError
        When the rule looks at what there is not, or has too many days, or nobody says it.
    """
    _refuse(rule)
    thing = rule.thing
    row = DeadlineRule(
        about=thing.about,
        level=thing.level,
        kind=thing.kind,
        days=rule.days,
        said_by=rule.said_by,
    )
    session.add(row)
    session.flush()
    told = {"about": thing.about, "level": thing.level, "kind": thing.kind, "days": rule.days}
    session.add(
        Event(
            actor=actor,
            action="set_deadline",
            subject="deadline_rule",
            subject_id=row.id,
            after={**told, "by": row.said_by},
        )
    )
    session.flush()
    must_move(session, "rectifications")


def adopt_proposed(session: Session, said_by: str, actor: str) -> int:
    """Let the proposed days hold for what the city has no rule for; return how many there were."""
    known = {rule.thing for rule in rules_at(session)}
    missing = {
        Ruled(about, level): days
        for (about, level), days in PROPOSED.items()
        if Ruled(about, level) not in known
    }
    for thing, days in missing.items():
        set_rule(session, Rule(thing, days, said_by), actor)
    return len(missing)


def due_by_rule(session: Session, thing: Ruled, at: datetime) -> date | None:
    """Return the last day for what is found or handed over `at`; ``None``: no rule says.

    The day itself does not count: of one day, the next day is the last.
    """
    found = days_by_rule(session, thing)
    if found is None:
        return None
    _rule, days = found
    return at.astimezone(ZoneInfo(the_city(session).timezone)).date() + timedelta(days=days)


def days_by_rule(session: Session, thing: Ruled) -> tuple[Rule, int] | None:
    """Return the rule that dates `thing`, and its days; ``None``: there is none."""
    rule = closest(rules_at(session), thing)
    return None if rule is None or rule.days is None else (rule, rule.days)


def ruled_thing(session: Session, about: str, thing: int, cause: str | None = None) -> Ruled:
    """Return what rules look at of the hazard or segment of that id."""
    if about == "segment":
        return Ruled(about, None, cause)
    hazard = session.get_one(Hazard, thing)
    return Ruled(about, hazard.level, hazard.category)


def thing_of_item(session: Session, item: int, cause: str | None) -> Ruled:
    """Return what rules look at of what an item is about."""
    row = session.get_one(Rectification, item)
    about = "segment" if row.hazard_id is None else "hazard"
    return ruled_thing(session, about, row.hazard_id or 0, cause)


def _refuse(rule: Rule) -> None:
    thing = rule.thing
    if thing.about not in ("hazard", "segment"):
        raise WrongValueError(f"about: {thing.about!r} is neither hazard nor segment")
    if thing.level is not None and (thing.about != "hazard" or thing.level not in LEVELS):
        raise WrongValueError(f"level: {thing.level!r} is no level of a {thing.about}")
    if thing.about == "segment" and thing.kind is not None and thing.kind not in CAUSES:
        raise WrongValueError(f"kind: {thing.kind!r} is none of {', '.join(CAUSES)}")
    if rule.days is not None and not 0 <= rule.days <= MOST_DAYS:
        raise WrongValueError(f"days: {rule.days} is not 0 to {MOST_DAYS}")
    if is_blank(rule.said_by):
        raise WrongValueError("by: is missing")
