"""Which streets were built, handed over and accepted, and what shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.answer import records
from data.answers.ground import ground_of
from data.answers.questions import OutageQuestion
from data.models.streetlights import STANDINGS
from data.queries.handovers import register
from data.scope import Scope

_DAYS = ("built_on", "handed_over_on", "accepted_on")


@dataclass(frozen=True, eq=False)
class Register:
    """The hand-over register as of a day; `rows` by segment, `totals` of all that is in it."""

    as_of: date
    revisions: Mapping[str, int]
    simulated: bool
    totals: Mapping[str, int]
    rows: DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "as_of": self.as_of.isoformat(),
            "revision": sum(self.revisions.values()),
            "simulated": self.simulated,
            "totals": dict(self.totals),
            "segments": self.page(0, len(self.rows)),
        }

    def page(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Return the rows of the segments whose ids follow `after`, by id."""
        some = self.rows[self.rows.index > after].head(limit)
        days = {name: some[name].map(date.isoformat, na_action="ignore") for name in _DAYS}
        return records(some.assign(**days).reset_index(names="id"))


def handovers(
    session: Session,
    scope: Scope,
    as_of: date | None = None,
    known_at: date | None = None,
    standing: str | None = None,
) -> Register:
    """Return the register as of a day; with `standing` only the rows of segments that stand so."""
    ground = ground_of(session, OutageQuestion(as_of=as_of, known_at=known_at))
    rows = register(session, scope, ground.period)
    counts = rows["standing"].value_counts()
    return Register(
        as_of=ground.period.as_of,
        revisions=ground.revisions,
        simulated=ground.city.simulated,
        totals={name: int(counts.get(name, 0)) for name in STANDINGS},
        rows=rows if standing is None else rows[rows["standing"] == standing],
    )
