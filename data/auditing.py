"""Is the chain of events whole? Walked from its start, and held against anchors outside."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data.cities import the_city
from data.errors import UnreadableAnchorsError
from data.models import Event

# Hashed here and not by the function of the database, which may have been replaced as well.
_CHAIN = text("""
    SELECT id, previous_hash, hash, (to_jsonb(one) - 'hash')::text AS told
    FROM event AS one ORDER BY id
""")
_AT_ONCE = 10_000
_HASH = "[0-9a-f]{64}"
_MADE_AT = r"\d{8}T\d{12}"
"""How files were named before: by when the city was made, which its owner could write anew."""


@dataclass(frozen=True)
class Anchor:
    """An event and its hash, as they were when somebody wrote them down elsewhere."""

    event: int
    hash: str
    written_at: str


@dataclass(frozen=True)
class Fault:
    """Where the chain is broken, and what is wrong there."""

    event: int
    what: str


@dataclass(frozen=True)
class Audit:
    """What a walk along the chain found."""

    n_events: int
    n_anchors: int
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


class Anchors:
    """The anchors of one city: files of lines that are only ever added to.

    A file is named by the city's code and the hash of the first event, with which a chain can
    change neither its beginning nor its name unnoticed: whatever was anchored under the code of the
    city counts as well, be it of a chain that begins otherwise.
    """

    def __init__(self, folder: Path, session: Session) -> None:
        self._folder = folder
        self._code = the_city(session).code
        first = session.scalar(select(Event.hash).order_by(Event.id).limit(1))
        self._begins = None if first is None else first.hex()

    def read(self) -> list[Anchor]:
        """Return the anchors, those of this very chain last.

        Raises
        ------
        UnreadableAnchorsError
            When a line is no anchor.
        """
        named = re.compile(rf"{re.escape(self._code)}-({_MADE_AT}|{_HASH})\.jsonl")
        under_its_code = [
            file for file in self._folder.glob("*.jsonl") if named.fullmatch(file.name)
        ]
        own = set(self._own())
        files = [*sorted({*under_its_code} - own), *sorted(own)]
        return [one for file in files for one in _anchors(file, _whole(file.read_bytes()))]

    def add(self, session: Session) -> Anchor | None:
        """Write down the last event, unless it is written down or there is none."""
        last = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one_or_none()
        if last is None:
            return None
        now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        anchor = Anchor(last.id, last.hash.hex(), now.isoformat())
        self._folder.mkdir(parents=True, exist_ok=True)
        path = next(iter(self._own()), self._folder / f"{self._code}-{self._begins}.jsonl")
        with path.open("a+b") as file:
            flock(file, LOCK_EX)
            file.seek(0)
            whole = _whole(file.read())
            if any(known.event >= last.id for known in _anchors(path, whole)):
                return None
            file.truncate(len(whole))
            file.write(json.dumps(asdict(anchor)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return anchor

    def _own(self) -> list[Path]:
        """Return the file of this chain, whatever the city was called when it was begun."""
        return [] if self._begins is None else sorted(self._folder.glob(f"*-{self._begins}.jsonl"))


def _anchors(file: Path, content: bytes) -> list[Anchor]:
    try:
        return [Anchor(**json.loads(line)) for line in content.splitlines()]
    except (ValueError, TypeError) as error:
        raise UnreadableAnchorsError(f"{file}: a line is no anchor") from error


def _whole(content: bytes) -> bytes:
    """Return the lines that have an end: what was written when the power went has none."""
    return content[: content.rfind(b"\n") + 1]


def verify(session: Session, anchors: list[Anchor]) -> Audit:
    """Walk the chain of events and hold it against `anchors`.

    An event that was edited does not fit its hash; one that was removed, added or put elsewhere
    breaks the link or the count. A chain that was forged anew from some event on, or cut short, is
    whole in itself and misses an anchor.
    """
    anchored: dict[int, str] = {}
    for anchor in anchors:
        anchored.setdefault(anchor.event, anchor.hash)
    faults: list[Fault] = []
    n_events = last_id = 0
    last_hash = b""
    for number, previous, own, told in _chain(session):
        n_events += 1
        if number != last_id + 1:
            faults.append(Fault(number, f"{number - last_id - 1} events before it are missing"))
        elif previous != last_hash:
            faults.append(Fault(number, "does not follow the event before it"))
        if sha256(previous + told.encode()).digest() != own:
            faults.append(Fault(number, "was changed after it was written"))
        if anchored.get(number, own.hex()) != own.hex():
            faults.append(Fault(number, "is not the event that was anchored"))
        last_id, last_hash = number, own
    cut = [Fault(number, "was anchored and is gone") for number in anchored if number > last_id]
    return Audit(n_events, len(anchors), (*faults, *cut))


def _chain(session: Session) -> Iterator[tuple[int, bytes, bytes, str]]:
    session.execute(text("SET LOCAL timezone = 'UTC'"))
    for row in session.execute(_CHAIN, execution_options={"yield_per": _AT_ONCE}):
        yield row.id, row.previous_hash, row.hash, row.told
