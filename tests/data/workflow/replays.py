"""Random rectification at a told pace, written down plainly and replayed plainly."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from data.clock import tell_time
from data.errors import ActRefusedError, WrongStateError
from data.models import Hazard, Party, Rectification
from data.workflow import TRANSITIONS, Brought, Seen, act, actions_in
from tests.data.workflow.scenes import FILE

START = datetime(2019, 8, 1, 1, tzinfo=UTC)
OWNERS = ("east", "west", "north")
ONWARD = ("register", "hand_over", "claim", "start", "report_fixed", "recheck", "close")
SHARE_ONWARD = 0.6
"""How often the next step is taken where there is one, and no other action."""

TOLD = ("due_on", "lead_party", "person")
"""What is replayed beside the state."""


@dataclass(frozen=True)
class Entry:
    """One line of a plain diary: what was so of an item from `done`, written down at `recorded`."""

    item: int
    recorded: datetime
    done: datetime
    told: dict[str, Any]


@dataclass
class Diary:
    """Everything that was done, in the order it was written down."""

    entries: list[Entry] = field(default_factory=list)

    def told_of(self, ends: datetime, known: datetime) -> dict[int, dict[str, Any]]:
        """What was so of each item at `ends`, by what was written down until `known`."""
        told: dict[int, dict[str, Any]] = {}
        for entry in self.entries:
            if entry.done < ends and entry.recorded <= known:
                told[entry.item] = told.get(entry.item, {}) | entry.told
        return told


def replay(session: Session, n_items: int, n_steps: int, seed: int) -> Diary:
    """Find items and act on them at random, each step an hour or two after the one before."""
    rng, diary = np.random.default_rng(seed), Diary()
    for owner in OWNERS:
        session.add(Party(code=owner, name=owner.title()))
    now = START
    items: list[int] = []
    for step in range(n_steps):
        now += timedelta(minutes=int(rng.integers(30, 180)))
        tell_time(session, now)
        done = now - timedelta(minutes=int(rng.integers(30)))
        if len(items) < n_items and (step % 3 == 0 or not items):
            items.append(_find(session, len(items), done, now))
            diary.entries.append(Entry(items[-1], now, done, {"state": "found"}))
        else:
            _act(session, rng, diary, int(rng.choice(items)), done, now)
    return diary


def _find(session: Session, number: int, done: datetime, now: datetime) -> int:
    hazard = Hazard(source="t", external_code=f"h{number}", found_at=done, recorded_at=now)
    session.add(hazard)
    session.flush()
    item = Rectification(
        source="t",
        external_code=f"r{number}",
        hazard_id=hazard.id,
        found_at=done,
        recorded_at=now,
    )
    session.add(item)
    session.flush()
    return item.id


def _act(
    session: Session,
    rng: np.random.Generator,
    diary: Diary,
    number: int,
    done: datetime,
    now: datetime,
) -> None:
    item = session.get_one(Rectification, number, populate_existing=True)
    allowed = actions_in(item.state, "ordinary")
    onward = [one for one in ONWARD if one in allowed and rng.random() < SHARE_ONWARD]
    action = str(rng.choice(onward or allowed))
    columns = _columns(rng, action)
    brought = Brought(
        by=str(rng.choice(["Wang", "Li"])),
        at=done,
        reason="as agreed",
        evidence=(replace(FILE, note=action),),
        columns=columns,
    )
    try:
        with session.begin_nested():
            acted = act(session, number, action, Seen(item.state), _fit(brought, action), "tester")
    except (ActRefusedError, WrongStateError):
        return
    told = {name: columns[name] for name in TOLD if name in columns}
    diary.entries.append(Entry(number, now, done, {"state": acted.state} | told))


def _columns(rng: np.random.Generator, action: str) -> dict[str, Any]:
    due_on = date(2019, 8, int(rng.integers(5, 28)))
    if action in ("register", "hand_over", "reassign", "plan"):
        return {
            "lead_party": str(rng.choice(OWNERS)),
            "person": str(rng.choice(["Zhao", "Qian"])),
            **({} if action in ("reassign", "plan") else {"due_on": due_on}),
        }
    return {
        "claim": {"person": "Sun"},
        "transfer": {"lead_party": str(rng.choice(OWNERS))},
        "extend": {"due_on": due_on},
        "exempt": {
            "exempt_reason": "under construction",
            "exempt_confirmed_by_city": "Zhou",
            "exempt_confirmed_by_builder": "Wu",
        },
    }.get(action, {})


def _fit(brought: Brought, action: str) -> Brought:
    """Leave away what the action does not take."""
    takes = next(one.takes for one in TRANSITIONS if one.action == action)
    return replace(
        brought,
        reason=brought.reason if "reason" in takes else None,
        evidence=brought.evidence if "evidence" in takes else (),
    )
