"""What is done to an item, by whom in which role and when: the script that the workflow plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from data.samples.city import PlannedDeed
from data.samples.zhengzhou.plan import LAST_DAY, at
from data.workflow import Brought, Shown


@dataclass
class Script:
    """The deeds on one item, in order; what would come after the last day is not done."""

    item: str

    def __post_init__(self) -> None:
        self.deeds: list[PlannedDeed] = []

    def do(  # noqa: PLR0913 - who, when and what an action may bring, each by its name
        self,
        action: str,
        day: date,
        clock: str,
        *,
        by: str | None = None,
        reason: str | None = None,
        shows: str | None = None,
        more: Mapping[str, Any] | None = None,
        **columns: Any,
    ) -> None:
        """Add a deed; `shows` is what a picture taken then shows."""
        if day > LAST_DAY:
            return
        evidence = () if shows is None else (self._picture(action, day, shows),)
        brought = Brought(by, at(day, clock), reason, evidence, columns, more or {})
        self.deeds.append(PlannedDeed(self.item, action, brought))

    def _picture(self, action: str, day: date, shows: str) -> Shown:
        name = f"{self.item}-{day:%m%d}-{action}.jpg"
        return Shown(name, sha256(name.encode()).hexdigest(), shows)

    def moment_of(self, action: str) -> datetime | None:
        """Return when it was last done, if it was."""
        moments = [deed.brought.at for deed in self.deeds if deed.action == action]
        return moments[-1] if moments else None
