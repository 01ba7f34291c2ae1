"""Who may read or write by a route; without a policy on each, the service does not start."""

from collections.abc import Iterator, Sequence
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Mount

from api.errors import ForeignPageError, UndeclaredPolicyError
from data.scope import WHOLE_CITY, Scope

OWN_SITES = ("same-origin", "none")
"""What a browser says of a request that no other page makes; programs say nothing."""

WEB = "web page"
"""Who acts, until there are accounts."""

OPEN_MOUNTS = frozenset({"/static/guatu", "/static/vendor"})
"""Our own scripts and styles: the same for everybody, and no data in them."""


async def reader() -> Scope:
    """Let in whoever reaches this machine's loopback, with the whole city in view."""
    return WHOLE_CITY


async def anyone() -> None:
    """Let in everybody: the answer holds no row of the city."""


async def writer(request: Request) -> str:
    """Let in whoever reaches this machine's loopback from our own pages or from no page at all.

    A browser says of each request which page it comes from; a page of another host, or of another
    port of this one, may not write with its reader's hands.

    Raises
    ------
    ForeignPageError
        When another page asks.
    """
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    if site not in OWN_SITES or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    ):
        raise ForeignPageError("what writes must come from a page of this service")
    return WEB


Writer = Annotated[str, Depends(writer)]
Reader = Annotated[Scope, Depends(reader)]
ANYONE = Depends(anyone)
POLICIES = frozenset({reader, writer, anyone})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


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
    calls = set(_calls(found.dependant))
    if SAFE_METHODS.issuperset(found.original_route.methods or ()):
        return not POLICIES.isdisjoint(calls)
    return writer in calls


def _calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)
