"""What became of the work items between two days: new, fixed, still open, worse."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.answer import records
from data.answers.ground import ground_of
from data.answers.questions import RectificationQuestion
from data.answers.rectifications import GROUPS, is_open, items_of
from data.scope import Scope
from geo.errors import WrongValueError
from geo.periods import Period

CHANGES = ("new", "reopened", "fixed", "taken_off", "still", "worse")
"""What an item may have become; one that is worse is also still open, or was opened again."""

_SHOWN = ["code", "about", "thing_code", "thing_name", "state_before", "state", "due_on", *CHANGES]


@dataclass(frozen=True, eq=False)
class ItemChanges:
    """What changed between the ends of two days.

    Open items before + new + reopened - fixed - taken off are the open items after: `totals` and
    each row of `groups` add up so, since what is found and fixed in between is both.

    Attributes
    ----------
    totals
        `n_open_before`, `n_open_after` and the number of items of each of `CHANGES`.
    groups
        The same by owner, helper or cell.
    items
        The items that are not as before, by id.
    """

    before: date
    as_of: date
    revisions: Mapping[str, int]
    simulated: bool
    totals: Mapping[str, int]
    groups: DataFrame
    items: DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "before": self.before.isoformat(),
            "as_of": self.as_of.isoformat(),
            "revision": sum(self.revisions.values()),
            "simulated": self.simulated,
            "totals": dict(self.totals),
            "groups": records(self.groups),
            "items": records(self.items),
        }


def item_changes(
    session: Session, scope: Scope, question: RectificationQuestion, before: date
) -> ItemChanges:
    """Return what changed from the end of `before` to the end of the day of `question`.

    Raises
    ------
    WrongValueError
        When `before` is not earlier.
    """
    ground = ground_of(session, question)
    period = ground.period
    earlier = replace(period, as_of=before)
    if earlier.end >= period.end:
        raise WrongValueError(f"before: {before}; it must be earlier than {period.as_of}")
    changes = _changes(session, scope, question, earlier, period)
    group = GROUPS[question.by]
    grouped = changes.dropna(subset=[group.key]).groupby([group.code, group.name], dropna=False)
    groups = grouped[_counted(changes)].sum().rename_axis(["code", "name"]).reset_index()
    has_moved = changes[[name for name in CHANGES if name != "still"]].any(axis=1)
    moved = changes[has_moved | (changes["state"] != changes["state_before"])]
    due_on = moved["due_on"].dt.strftime("%Y-%m-%d")
    return ItemChanges(
        before=before,
        as_of=period.as_of,
        revisions=ground.revisions,
        simulated=ground.city.simulated,
        totals={name: int(changes[name].sum()) for name in _counted(changes)},
        groups=groups,
        items=moved.assign(due_on=due_on)[_SHOWN],
    )


def _counted(changes: DataFrame) -> list[str]:
    return [name for name in changes.columns if name.startswith("n_open_") or name in CHANGES]


def _changes(
    session: Session,
    scope: Scope,
    question: RectificationQuestion,
    earlier: Period,
    period: Period,
) -> DataFrame:
    """Return each item with whether it is any of `CHANGES`."""
    then = items_of(session, scope, question, earlier)
    now = items_of(session, scope, question, period)
    known = then.reindex(now.index)
    was_open = is_open(then).reindex(now.index, fill_value=False)
    still_open = is_open(now)
    is_new = known["state"].isna()
    was_late = was_open & (known["due_on"] < pd.Timestamp(earlier.day))
    is_late = still_open & (now["due_on"] < pd.Timestamp(period.day))
    is_closed = (now["state"] == "closed") & (known["state"] != "closed")
    has_failed = (now["state"] == "recheck_failed") & (known["state"] != "recheck_failed")
    reopened = ~is_new & ~was_open & still_open
    return now.assign(
        state_before=known["state"],
        n_open_before=was_open,
        n_open_after=still_open,
        new=is_new,
        reopened=reopened,
        fixed=is_closed & (is_new | was_open),
        taken_off=(is_new | was_open) & ~still_open & (now["state"] != "closed"),
        still=was_open & still_open,
        worse=reopened | (was_open & (has_failed | (is_late & ~was_late))),
    )
