"""What was published about a sample city, beside what its rows say."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from data.cities import the_city
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
