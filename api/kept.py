"""Tiles and answers, kept as they were sent while nothing that they show was written."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Asked

from api.watching import STANDING, Watch
from data.answers import CoverageQuestion, HotspotQuestion, OutageQuestion
from data.basemaps import BASEMAP_SUBJECTS
from data.errors import StoreError
from data.queries.standing import Standing
from data.queries.tiles import LAYERS
from data.scope import Scope

KEPT_BYTES = 128 * 2**20
BESIDE_BYTES = 1024
"""What a response takes beside its body, about; most of the earth is empty tiles."""

_TILES, _TILE = "/tiles/", ".mvt"
_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "/api/v1/coverage": CoverageQuestion.subjects,
    "/api/v1/hotspots": HotspotQuestion.subjects,
    "/api/v1/outages": OutageQuestion.subjects,
    "/api/v1/dark-runs": OutageQuestion.subjects,
    "/api/v1/clusters": HotspotQuestion.subjects,
    "/api/v1/repeat-sites": HotspotQuestion.subjects,
    "/api/v1/blind-spots": CoverageQuestion.subjects,
}
_SAYS_READER_HAS_IT = {b"etag", b"cache-control", b"vary"}
Key = tuple[str, bytes, bool, str]
"""Path, query, whether the reader takes it packed, and what the reader may see."""


@dataclass(frozen=True)
class Kept:
    """One answer, and how what it shows stood when it was made."""

    stood: Hashable
    start: Message
    tag: str
    body: bytes

    @property
    def size(self) -> int:
        """The memory it takes, in bytes."""
        return len(self.body) + BESIDE_BYTES


@dataclass
class _Recorded:
    """An answer on its way."""

    start: Message = field(default_factory=dict)
    body: bytes = b""

    def note(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = dict(message)
        else:
            self.body += message.get("body", b"")

    @property
    def is_whole(self) -> bool:
        """Whether it is an answer: no failure, and no word that the reader has it."""
        return self.start["status"] in {200, 204} and b"etag" in dict(self.start["headers"])

    def kept(self, stood: Hashable) -> Kept:
        return Kept(stood, self.start, Headers(raw=self.start["headers"])["etag"], self.body)


class KeptResponses:
    """Answer from what was sent before, else let the service answer and keep what it says.

    What is kept is sent only after the store was asked, for this very request, whether its subjects
    stand as they did when it was made. `reader` says who may see what, as it does for the
    routes.
    """

    def __init__(
        self,
        app: ASGIApp,
        watch: Watch,
        reader: Callable[[], Awaitable[Scope]],
        size: int = KEPT_BYTES,
    ) -> None:
        self.app = app
        self._watch = watch
        self._reader = reader
        self._free = size
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        """Send what is kept, or pass the request on and keep the answer."""
        subjects = subjects_of(scope)
        standing = await self._standing() if subjects else None
        if standing is None:
            await self.app(scope, receive, send)
            return
        stood = standing.of(subjects)
        asked = Headers(scope=scope)
        packed = "gzip" in asked.get("accept-encoding", "")  # as the service asks before it packs
        key = (scope["path"], scope["query_string"], packed, (await self._reader()).key)
        kept = self._kept.get(key)
        if kept is not None and kept.stood == stood:
            self._kept.move_to_end(key)
            await _send_kept(kept, asked.get("if-none-match", ""), send)
            return
        recorded = _Recorded()

        async def send_and_note(message: Message) -> None:
            recorded.note(message)
            await send(message)

        await self.app({**scope, STANDING: standing}, receive, send_and_note)
        # When something was written since, the store will never again stand as it did.
        if recorded.is_whole:
            self._keep(key, recorded.kept(stood))

    async def _standing(self) -> Standing | None:
        try:
            return await self._watch.standing()
        except StoreError:
            return None  # the service says what is wrong

    def _keep(self, key: Key, response: Kept) -> None:
        before = self._kept.pop(key, None)
        self._kept[key] = response
        self._free += (0 if before is None else before.size) - response.size
        while self._free < 0:
            _, oldest = self._kept.popitem(last=False)
            self._free += oldest.size


def subjects_of(scope: Asked) -> tuple[str, ...]:
    """Return what an answer that may be kept depends on; nothing of a request for anything else."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return ()
    path: str = scope["path"]
    if path.startswith(_TILES) and path.endswith(_TILE):
        layer = path[len(_TILES) :].partition("/")[0]
        if layer == "basemap":
            return BASEMAP_SUBJECTS
        return LAYERS[layer].subjects if layer in LAYERS else ()
    return _ANSWERS.get(path, ())


async def _send_kept(kept: Kept, known: str, send: Send) -> None:
    start, body = kept.start, kept.body
    if known.strip() == "*" or kept.tag in (part.strip() for part in known.split(",")):
        headers = [pair for pair in start["headers"] if pair[0] in _SAYS_READER_HAS_IT]
        start, body = {**start, "status": 304, "headers": headers}, b""
    await send({**start, "headers": list(start["headers"])})
    await send({"type": "http.response.body", "body": body})
