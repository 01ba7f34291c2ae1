"""Rectifications that are ready for an action, in the store and as guards see them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from data.models import Evidence, Hazard, Party, Rectification, Sanction, Supervision, Unit
from data.workflow import Acted, Brought, Seen, Shown, Transition, act
from data.workflow.items import Case, Item
from data.workflow.table import MAJOR

FOUND = datetime(2019, 8, 1, 1, tzinfo=UTC)
SINCE = datetime(2019, 8, 5, 1, tzinfo=UTC)
NOW = datetime(2019, 8, 20, 1, tzinfo=UTC)
DUE = date(2019, 8, 31)
HASH = sha256(b"a picture").hexdigest()
FILE = Shown("after.jpg", HASH, "the cable is new")


@dataclass(frozen=True)
class Scene:
    """A rectification to be, and what somebody brings to it."""

    row: dict[str, Any]
    brought: Brought
    level: str = "general"
    origin: str = "government"
    has_unit: bool = True
    is_shown: bool = True
    is_listed: bool = False
    is_followed: bool = False
    stopped_on: date | None = None

    @property
    def case(self) -> Case:
        """The scene as guards see it."""
        item = Item(
            id=1,
            is_major=self.level == "major",
            origin=self.origin,
            unit_id=1 if self.has_unit else None,
            n_evidence=int(self.is_shown),
            is_followed=self.is_followed,
            is_listed=self.is_listed,
            stopped_on=self.stopped_on,
            **self.row,
        )
        return Case(item, self.brought, NOW)

    def with_row(self, **columns: Any) -> "Scene":
        return replace(self, row=self.row | columns)

    def bringing(self, **parts: Any) -> "Scene":
        return replace(self, brought=replace(self.brought, **parts))

    def bringing_column(self, **columns: Any) -> "Scene":
        return self.bringing(columns={**self.brought.columns, **columns})

    def bringing_more(self, **more: Any) -> "Scene":
        return self.bringing(more={**self.brought.more, **more})


BROUGHT_COLUMNS: dict[str, dict[str, Any]] = {
    "claim": {"person": "Li"},
    "transfer": {"lead_party": "fire"},
    "extend": {"due_on": date(2019, 9, 15)},
    "confirm_exemption": {"exempt_confirmed_by_city": "Zhao"},
    "escalate": {"escalation": "interview"},
}
BROUGHT_MORE: dict[str, dict[str, Any]] = {
    "list": {"leader": "Sun", "listed_by": "office", "listed_until": date(2019, 9, 30)},
    "sanction": {
        "kind": "fine",
        "issued_on": date(2019, 8, 20),
        "document_number": "12",
        "fine_yuan": Decimal("2000.50"),
    },
}


def ready(step: Transition, state: str, way: str) -> Scene:
    """A scene in which nothing keeps `step` from being taken."""
    brought = Brought(
        by="Wang",
        reason="as agreed" if "reason" in step.takes else None,
        evidence=(FILE,) if "evidence" in step.takes else (),
        columns=BROUGHT_COLUMNS.get(step.action, {}),
        more=BROUGHT_MORE.get(step.action, {}),
    )
    row = {
        "state": state,
        "found_at": FOUND,
        "state_at": SINCE,
        "closed_at": SINCE if state == "closed" else None,
        "due_on": DUE,
        "lead_party": "lighting",
        "person": "Li",
        "measure": "a new cable",
        "money_yuan": Decimal("1200.00"),
        "contingency": "a mobile lamp",
        "exempt_reason": "under construction",
        "exempt_confirmed_by_city": "Zhao",
        "exempt_confirmed_by_builder": "Qian",
        "escalation": "bulletin",
        "reported_fixed_by": "Li",
        "rechecked_by": "Wang",
    }
    level = "major" if way == MAJOR else "general"
    stopped_on = date(2019, 8, 3) if step.action == "resume" else None
    is_listed = step.action == "unlist"
    return Scene(row, brought, level, is_listed=is_listed, stopped_on=stopped_on)


def stage(session: Session, scene: Scene) -> Rectification:
    """Write the scene's rectification, with what belongs to it."""
    unit = Unit(source="t", external_code="u", name="Mill")
    session.add(unit)
    session.flush()
    hazard = Hazard(
        source="t",
        external_code="h",
        found_at=FOUND,
        level=scene.level,
        origin=scene.origin,
        unit_id=unit.id if scene.has_unit else None,
    )
    columns = dict(scene.row)
    party = columns.pop("lead_party")
    lead = None if party is None else Party(code=party, name=party)
    session.add_all([hazard, *([lead] if lead else [])])
    session.flush()
    item = Rectification(
        source="t",
        external_code="r",
        hazard_id=hazard.id,
        lead_party_id=lead.id if lead else None,
        **columns,
    )
    session.add(item)
    session.flush()
    if scene.is_shown:
        session.add(
            Evidence(
                rectification_id=item.id,
                round=0,
                action="report_fixed",
                file_name="before.jpg",
                sha256=bytes.fromhex(HASH),
                note="dark",
                added_by="Li",
            )
        )
    if scene.stopped_on:
        told = {"kind": "suspension", "issued_on": scene.stopped_on, "unit_id": unit.id}
        session.add(Sanction(source="t", external_code="x", rectification_id=item.id, **told))
    if scene.is_listed:
        session.add(Supervision(rectification_id=item.id, listed_on=DUE))
    session.flush()
    return item


def take(session: Session, item: Rectification, action: str, brought: Brought) -> Acted:
    """Take `action` on the item as it stands."""
    session.refresh(item)
    return act(session, item.id, action, Seen(item.state, item.version), brought, "tester")


Where = Callable[[Transition, str, str], set[str]]
"""From a transition, a state and a way to the fields that must be refused there."""


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with a scene, and where it must be refused."""

    name: str
    spoil: Callable[[Scene], Scene]
    refused: Where = field(repr=False)
