"""The basemap in a file (PMTiles): baked from the store, and read while it is still true."""

import gzip
import logging
import math
import zlib
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import (
    Compression,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    zxy_to_tileid,
)
from pmtiles.writer import Writer
from sqlalchemy.orm import Session

from data.cities import bounds_of, the_city
from data.errors import NotFoundError
from data.queries.basemap import MAX_ZOOM, basemap_state, basemap_tile
from data.queries.places import resolve_period, revisions
from data.scope import WHOLE_CITY, Scope

BASEMAP_SUBJECTS = ("grids", "streetlights")
"""What a write to which may change the basemap."""

_STATE = "guatu_state"
_DEGREES_E7 = 1e7
_BROKEN = (
    *(OSError, ValueError, EOFError, IndexError, zlib.error),
    *(MagicNumberNotFound, SpecVersionUnsupported),
)
"""What reading a file that is not there, or not whole, raises."""

_LOG = logging.getLogger(__name__)


def bake(session: Session, file: Path, begin: Callable[[str], None]) -> int:
    """Write the basemap of the whole city to `file` and return how many tiles it has.

    `begin` is told each zoom that is begun. The file is whole or not there: it takes its name when
    the last byte is written.

    Raises
    ------
    NotFoundError
        When the store holds no street and no boundary.
    """
    city = the_city(session)
    bounds = bounds_of(city)
    if bounds is None:
        raise NotFoundError("the store holds nothing yet that a basemap could show")
    growing = file.with_name(f"{file.name}.part")
    with growing.open("wb") as out:
        writer = Writer(out)
        for number, tile in _tiles(session, bounds, begin):
            writer.write_tile(number, tile)
        metadata = {
            "name": city.name,
            "format": "pbf",
            "attribution": city.attribution or "",
            "vector_layers": [
                {
                    "id": "basemap",
                    "fields": {"kind": "String", "rank": "Number", "name": "String"},
                }
            ],
            _STATE: basemap_state(session),
        }
        writer.finalize(_header(bounds), metadata)
    growing.replace(file)
    return int(writer.addressed_tiles)


def _header(bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = (round(degrees * _DEGREES_E7) for degrees in bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 11,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _tiles(
    session: Session, bounds: tuple[float, float, float, float], begin: Callable[[str], None]
) -> Iterator[tuple[int, bytes]]:
    """Yield the tiles that hold something, by the number under which the format keeps them."""
    for z in range(MAX_ZOOM + 1):
        begin(f"zoom {z}")
        places = sorted((zxy_to_tileid(z, x, y), x, y) for x, y in _over(bounds, z))
        for number, x, y in places:
            content = basemap_tile(session, WHOLE_CITY, z, x, y)
            if content:
                yield number, gzip.compress(content, mtime=0)


def _over(bounds: tuple[float, float, float, float], z: int) -> Iterator[tuple[int, int]]:
    """Yield the x and y of the tiles that meet `bounds`."""
    west, south, east, north = bounds
    last = 2**z - 1
    first_x, last_x = (min(int((lon + 180) / 360 * 2**z), last) for lon in (west, east))
    first_y, last_y = (min(max(int(_down(lat) * 2**z), 0), last) for lat in (north, south))
    for x in range(first_x, last_x + 1):
        yield from ((x, y) for y in range(first_y, last_y + 1))


def _down(lat: float) -> float:
    return (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2


class _Baked(NamedTuple):
    """A file as it was when it was opened: it may be replaced while the service runs."""

    version: Hashable
    reader: Reader
    state: str


class Basemap:
    """The basemap of a store: from its file while that is true, else drawn anew; safe for threads.

    A file is true while the streets and boundaries are those that it was baked from. To compare
    them takes reading them, so it is done once after each write to their subjects.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._baked: _Baked | None = None
        self._stands: tuple[Hashable, str] | None = None

    def state(self, session: Session) -> str:
        """Return a short text that changes when what the basemap shows does."""
        city = the_city(session)
        day = resolve_period(session, None, 1).day
        moved = tuple(revisions(session, BASEMAP_SUBJECTS).items())
        key = (session.get_bind().engine.url, city.code, city.created_at, day, moved)
        known = self._stands
        if known is not None and known[0] == key:
            return known[1]
        state = basemap_state(session)
        self._stands = key, state
        return state

    def tile(self, session: Session, scope: Scope, z: int, x: int, y: int) -> bytes:
        """Return one tile; the file shows the whole city, so it is for who may see all of it."""
        baked = self._true_file(session) if scope.cell_ids is None else None
        if baked is not None:
            try:
                found = baked.reader.get(z, x, y)
                return gzip.decompress(found) if found else b""
            except _BROKEN as error:
                _LOG.warning("the basemap %s cannot be read: %r", self._file, error)
        return basemap_tile(session, scope, z, x, y)

    def _true_file(self, session: Session) -> _Baked | None:
        """Return the file as it is now, while it shows what the store holds."""
        if self._file is None:
            return None
        try:
            found = self._file.stat()
            version = (found.st_ino, found.st_size, found.st_mtime_ns)
            if self._baked is None or self._baked.version != version:
                self._baked = _open(self._file, version)
        except _BROKEN as error:
            _LOG.warning("the basemap %s cannot be read: %r", self._file, error)
            return None
        return self._baked if self._baked.state == self.state(session) else None


def _open(path: Path, version: Hashable) -> _Baked:
    with path.open("rb") as file:
        reader = Reader(MmapSource(file))
    return _Baked(version, reader, str(reader.metadata().get(_STATE)))
