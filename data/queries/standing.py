"""What every answer depends on besides its question, in one cheap statement."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from data.repeated_statement import Row
from geo.periods import Period

HOW_IT_STANDS = """
    SELECT revision.subject, revision.value, city.code, city.created_at, city.timezone,
        coalesce(city.default_as_of, CAST(now() AT TIME ZONE city.timezone AS date)),
        box2d(city.bounds)
    FROM revision CROSS JOIN city
"""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Standing:
    """The counter of every subject, and with each what is known of the city, as it was answered."""

    rows: Mapping[str, Row]

    def of(self, subjects: Iterable[str]) -> tuple[Row, ...]:
        """Return what changes when the city, its day or one of `subjects` does."""
        return tuple(self.rows[subject] for subject in subjects)

    def period(self, as_of: date | None, window_days: int) -> Period:
        """Return the asked day, or that of who names none, and the days counted before it."""
        _code, _created_at, timezone, day, _bounds = self._city
        return Period(as_of or date.fromisoformat(day), window_days, timezone)

    @property
    def bounds(self) -> Box | None:
        """West, south, east and north of all that is stored; ``None`` while nothing is."""
        *_, box = self._city
        if not box:
            return None
        west, south, east, north = map(float, re.findall(r"[-+.e\d]+", box.removeprefix("BOX")))
        return west, south, east, north

    @property
    def _city(self) -> list[str]:
        _counter, *known = next(iter(self.rows.values()))
        return [str(value or b"", "utf-8") for value in known]


def standing_of(rows: Iterable[Row]) -> Standing | None:
    """Return what `HOW_IT_STANDS` has answered; ``None`` while the store holds no city."""
    by_subject = {str(subject or b"", "ascii"): tuple(known) for subject, *known in rows}
    return Standing(by_subject) if by_subject else None
