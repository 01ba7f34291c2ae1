"""What far tiles of hazards are summed from, kept in the process while no ledger is written."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data.engine import snapshot
from data.models import LEVELS
from data.queries.hazard_points import hazard_points
from data.queries.tiles import TileRequest, encode_squares
from geo.periods import Period
from geo.quadtree import of_tile, places, square_sums

_WORDS_OF = ("level", "source", "sector")


@dataclass(frozen=True, eq=False)
class Hazards:
    """Every hazard of the city, in the order of the quadtree.

    Attributes
    ----------
    words
        The words that the numbers of a column stand for, from one on.
    columns
        Those of `hazard_points`, and `place`.
    """

    words: Mapping[str, list[str]]
    columns: Mapping[str, NDArray[Any]]

    def tile(self, session: Session, request: TileRequest, period: Period) -> bytes:
        """Return the tile that `tile_hazard_sums.sql` makes of the same rows."""
        found = of_tile(self.columns["place"], request.z, request.x, request.y)
        here = {name: values[found] for name, values in self.columns.items()}
        chosen = self._chosen(here, request, period)
        count = here["count"][chosen].astype(np.int64)
        is_major = here["level"][chosen] == 1 + LEVELS.index("major")
        across, down = here["across"][chosen], here["down"][chosen]
        squares = square_sums(across, down, request.z, np.array([count, count * is_major]))
        return encode_squares(session, squares)

    def _chosen(
        self, here: Mapping[str, NDArray[Any]], request: TileRequest, period: Period
    ) -> NDArray[np.bool_]:
        start, end = _in_utc(period.start), _in_utc(period.end)
        chosen = (here["found_at"] >= start) & (here["found_at"] < end)
        for name in _WORDS_OF:
            word = getattr(request, name)
            if word is not None:
                chosen &= here[name] == self._number(name, word)
        if request.state is not None:
            is_closed = here["closed_at"] < end
            is_known = here["closing_known"]
            chosen &= {"open": is_known & ~is_closed, "closed": is_closed, "unknown": ~is_known}[
                request.state
            ]
        return chosen

    def _number(self, column: str, word: str) -> int:
        words = self.words[column]
        return 1 + words.index(word) if word in words else -1


def read_hazards(session: Session) -> Hazards:
    """Read every hazard of the city."""
    choices, columns = hazard_points(session)
    across, down = (columns[name].astype(np.uint32) for name in ("across", "down"))
    columns |= {"across": across, "down": down, "place": places(across, down)}
    order = np.argsort(columns["place"])
    ordered = {name: values[order] for name, values in columns.items()}
    return Hazards(choices | {"level": list(LEVELS)}, ordered)


def _in_utc(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


class KeptHazards:
    """The hazards as they were read last; safe for threads, of which one reads and others wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._stood: Hashable = None
        self._hazards: Hazards | None = None

    def hazards(self, stands: Hashable) -> Hazards:
        """Return the hazards, read when the store stood so or later."""
        with self._lock:
            if self._hazards is None or self._stood != stands:
                with snapshot(self._engine) as session:
                    self._hazards = read_hazards(session)
                self._stood = stands
            return self._hazards
