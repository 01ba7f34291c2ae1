"""How large a request may be, counted as it comes in, whatever its headers say."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

MB = 2**20
LARGEST = 1 * MB
"""For everything that is not a file."""

LARGEST_UPLOAD = 64 * MB
UPLOADS: Mapping[str, int] = dict.fromkeys(
    # What stands around the file in a form is small.
    ("/api/v1/imports", "/api/v1/forms"),
    LARGEST_UPLOAD + MB,
)


class BodyLimit:
    """Refuse what is too large: at once where its length is told, else when it has come so far."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = UPLOADS.get(scope["path"], LARGEST)
        if _told_length(scope) > limit:
            await problem(413, "too-large", _reason(limit))(scope, receive, send)
            return
        come = 0

        async def receive_counting() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > limit:
                raise HTTPException(413, _reason(limit))
            return message

        await self.app(scope, receive_counting, send)


def _told_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _reason(limit: int) -> str:
    return f"A request may have {limit / MB:.0f} MB at most."
