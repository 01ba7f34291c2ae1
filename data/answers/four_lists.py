"""The four lists of a campaign (四张清单) at the end of any day, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from data.answers.bulletins import cut_off, moment_of
from data.answers.ground import ground_of
from data.answers.questions import RectificationQuestion
from data.queries.listed_items import listed_items
from data.scope import Scope
from data.workflow import OPEN
from geo.periods import Period

LISTS = ("hazards", "handed_over", "leaders", "closing")
"""风险隐患, 交办督办, 领导责任, 验收销号."""

_NOT_HANDED_OVER = ("found", "registered")
_TO_BE_CLOSED = (
    *("reported_fixed", "fixed_on_site", "rechecked", "self_assessed", "accepted"),
    *("closed", "exempt", "transferred"),
)


@dataclass(frozen=True)
class ListsQuestion:
    """As of when, and as far as it was known at which moment."""

    subjects: ClassVar[tuple[str, ...]] = RectificationQuestion.subjects

    as_of: date | None = None
    known_at: date | None = None


def four_lists(session: Session, scope: Scope, question: ListsQuestion) -> dict[str, Any]:
    """Return the items of each of `LISTS` as JSON has them, in the order of their codes.

    Every item is a hazard or a dark segment that was found, with whoever must fix it; it is on the
    second list once it was handed over, and on the last one once it is to be closed.
    """
    asked = RectificationQuestion(as_of=question.as_of, known_at=question.known_at)
    ground = ground_of(session, asked)
    period = ground.period
    items = [
        _plain({**row, **_days(row, period)})
        for row in listed_items(session, scope, period, ground.known_at)
    ]
    return {
        "city": ground.city.name,
        "simulated": ground.city.simulated,
        "day": period.day.isoformat(),
        "cut_off": cut_off(period),
        "known_at": moment_of(ground.known_at, period),
        "hazards": items,
        "handed_over": [one for one in items if one["state"] not in _NOT_HANDED_OVER],
        "leaders": items,
        "closing": [one for one in items if one["state"] in _TO_BE_CLOSED],
    }


def _days(row: Mapping[str, Any], period: Period) -> dict[str, Any]:
    """Return how many days an item is late, and whether it was closed in time."""
    due_on, closed_at = row["due_on"], row["closed_at"]
    is_late = row["state"] in OPEN and due_on is not None and due_on < period.day
    is_closed = row["state"] == "closed" and due_on is not None
    return {
        "days_late": (period.day - due_on).days if is_late else None,
        "in_time": closed_at.date() <= due_on if is_closed else None,
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    """Return a value as JSON has it; a moment at midnight is a day, as ledgers write it."""
    if isinstance(value, datetime):
        if value.time() == datetime.min.time():
            return value.date().isoformat()
        exact = "auto" if value.second or value.microsecond else "minutes"
        return value.isoformat(sep=" ", timespec=exact)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
