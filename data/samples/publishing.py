"""What was published about a sample city, beside what its rows say."""

from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from data.cities import the_city
from data.models.records import SUBJECTS
from data.queries.places import city_state
from data.samples.zhengzhou import published
from data.samples.zhengzhou.plan import CODE

PUBLISHED: Mapping[str, Callable[[Session], list[dict[str, Any]]]] = MappingProxyType(
    {CODE: published.compare}
)
"""The sample cities whose totals somebody published."""


def has_published(session: Session) -> bool:
    """Tell whether somebody published figures of the store's city."""
    city = the_city(session)
    return city.simulated and city.code in PUBLISHED


def published_beside_rows(session: Session) -> list[dict[str, Any]]:
    """Return each published figure of the store's city, what its rows say, and the difference."""
    return PUBLISHED[the_city(session).code](session) if has_published(session) else []


class KeptPublished:
    """The published figures beside the rows, counted once for each state of the store.

    For sessions that read what is committed. Safe for threads, of which one counts and the others
    wait for it.
    """

    def __init__(self) -> None:
        self._state: Hashable = None
        self._figures: list[dict[str, Any]] = []
        self._lock = Lock()

    def beside_rows(self, session: Session) -> list[dict[str, Any]]:
        """Return the figures as `published_beside_rows` does."""
        city, revisions, _ = city_state(session, SUBJECTS)
        url = session.get_bind().engine.url
        state = (url, city.code, city.created_at, tuple(sorted(revisions.items())))
        with self._lock:
            if state != self._state:
                self._figures = published_beside_rows(session)
                self._state = state
            return self._figures
