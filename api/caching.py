"""ETags: what an answer depends on, known before a single row of the ledgers is read."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from importlib.metadata import version

from fastapi import Request, Response
from sqlalchemy.orm import Session

from api.presenting import dump_json
from data.answers import revisions
from data.cities import the_city
from data.scope import Scope

VERSION = version("guatu")
REVALIDATE = "private, no-cache"
KEEP_A_MINUTE = "private, max-age=60"


def state_key(session: Session, scope: Scope, subjects: Iterable[str]) -> str:
    """Return a short text that changes when the city, its `subjects` or the program do."""
    city = the_city(session)
    moved = sorted(revisions(session, subjects).items())
    parts = (city.code, city.created_at.isoformat(), moved, scope.key, VERSION)
    return sha256(repr(parts).encode()).hexdigest()[:20]


def respond(
    request: Request,
    state: tuple[object, ...],
    make: Callable[[], Response],
    *,
    cache: str = REVALIDATE,
) -> Response:
    """Answer 304 when the reader already has this state of this address; else `make` the answer.

    `state` is `state_key` and whatever else the answer depends on besides the address, such as
    the day that a missing ``as_of`` was resolved to.
    """
    url = request.url
    seen = sha256(repr((state, url.path, url.query)).encode()).hexdigest()
    headers = {"ETag": f'W/"{seen[:32]}"', "Cache-Control": cache}
    if _has(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    response = make()
    response.headers.update(headers)
    return response


def uncached(body: object, status: int = 200) -> Response:
    """Answer with JSON that nobody keeps: what changes by itself, or what a request has done."""
    headers = {"Cache-Control": "no-store"}
    return Response(dump_json(body), status, headers, media_type="application/json")


def _has(known: str | None, tag: str) -> bool:
    if known is None:
        return False
    return known.strip() == "*" or tag in (part.strip() for part in known.split(","))
