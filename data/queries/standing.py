"""What every answer depends on besides its question, in one cheap statement."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

_STANDING = text("""
    SELECT city.code, city.created_at,
        coalesce(city.default_as_of, CAST(now() AT TIME ZONE city.timezone AS date)),
        ARRAY(SELECT subject FROM revision ORDER BY subject),
        ARRAY(SELECT value FROM revision ORDER BY subject)
    FROM city
""")


class Standing(NamedTuple):
    """The city, the day of who names none, and the counter of every subject."""

    code: str
    created_at: datetime
    day: date
    subjects: tuple[str, ...]
    counters: tuple[int, ...]

    def of(self, subjects: Iterable[str]) -> tuple[object, ...]:
        """Return what changes when the city, its day or one of `subjects` does."""
        moved = dict(zip(self.subjects, self.counters, strict=True))
        return (self.code, self.created_at, self.day, *(moved[name] for name in sorted(subjects)))


def standing(connection: Connection) -> Standing | None:
    """Return how the store stands now; ``None`` while it holds no city."""
    row = connection.execute(_STANDING).one_or_none()
    if row is None:
        return None
    code, created_at, day, subjects, counters = row
    return Standing(code, created_at, day, tuple(subjects), tuple(counters))
