"""Who may read a route. Each route depends on one policy, or the service does not start."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Mount

from api.errors import UndeclaredPolicyError
from data.scope import WHOLE_CITY, Scope

OPEN_MOUNTS = frozenset({"/static/guatu", "/static/vendor"})
"""Our own scripts and styles: the same for everybody, and no data in them."""


def reader() -> Scope:
    """Let in whoever reaches this machine's loopback, with the whole city in view."""
    return WHOLE_CITY


def anyone() -> None:
    """Let in everybody: the answer holds no row of the city."""


Reader = Annotated[Scope, Depends(reader)]
ANYONE = Depends(anyone)
POLICIES = frozenset({reader, anyone})


def check_policies(routes: Sequence[BaseRoute]) -> None:
    """Refuse to start when a route does not declare its policy.

    Raises
    ------
    UndeclaredPolicyError
        Names the routes.
    """
    missing = [str(found.path) for found in iter_route_contexts(routes) if not _declared(found)]
    if missing:
        raise UndeclaredPolicyError(f"no policy is declared by {', '.join(sorted(missing))}")


def _declared(found: RouteContext) -> bool:
    if isinstance(found.original_route, Mount):
        return found.path in OPEN_MOUNTS
    if not isinstance(found.original_route, APIRoute):
        return False
    return not POLICIES.isdisjoint(_calls(found.dependant))


def _calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)
