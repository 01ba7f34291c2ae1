"""Streets of an OpenStreetMap extract, cut at junctions and joined where only the way changes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from data.importers.osm_tags import is_main

COLUMNS = ["external_code", "name", "road_class", "declared_lit", "from_name", "to_name", "geom"]


class Node(NamedTuple):
    """One point of a way."""

    ref: int
    lon: float
    lat: float


class Way(NamedTuple):
    """A street as the map draws it; ``None`` stands for a node outside the extract."""

    ref: int
    nodes: list[Node | None]
    tags: dict[str, str]


class Piece(NamedTuple):
    """A stretch of one way between two junctions, its ends included."""

    code: str
    nodes: list[Node]
    tags: dict[str, str]

    @property
    def ends(self) -> tuple[Node, Node]:
        """The first and the last node."""
        return self.nodes[0], self.nodes[-1]

    @property
    def likeness(self) -> tuple[str | None, ...]:
        """What two pieces share when they are one street that goes on."""
        return tuple(self.tags.get(key) for key in ("name", "highway", "lit"))


class Crossings:
    """How many stretches of street leave a node, as seen from one of them.

    A path without a name ends at every other street, but a road or a named path goes on where only
    such a path meets it: its blocks reach from street to street.
    """

    def __init__(self, ways: Iterable[Way]) -> None:
        self._all: Counter[int] = Counter()
        self._main: Counter[int] = Counter()
        for way in ways:
            for pair in pairwise(way.nodes):
                refs = [node.ref for node in pair if node is not None]
                self._all.update(refs)
                if is_main(way.tags):
                    self._main.update(refs)

    def degree(self, node: Node, tags: dict[str, str]) -> int:
        """Return the number of stretches at `node` that count for a street with `tags`."""
        return (self._main if is_main(tags) else self._all)[node.ref]


def segments_of(ways: list[Way]) -> pd.DataFrame:
    """Return one row for each street between junctions, in the order of their codes.

    Ways are cut where streets meet and where the extract has no node. Pieces are joined again
    where nothing else meets them and name, class and lighting go on; the joined segment has the
    lowest code of its pieces. `from_name` and `to_name` are the streets met at the two ends.
    """
    crossings = Crossings(ways)
    pieces = sorted(piece for way in ways for piece in _cut(way, crossings))
    if not pieces:
        return pd.DataFrame(columns=COLUMNS)
    groups = _joined(pieces, crossings)
    names = _names_by_end(pieces)
    firsts = np.unique(groups, return_index=True)[1]
    lines = _merged(pieces, groups)
    rows = [_row(pieces[first], line, names) for first, line in zip(firsts, lines, strict=True)]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("external_code", ignore_index=True)


def _cut(way: Way, crossings: Crossings) -> Iterator[Piece]:
    for number, stretch in enumerate(_stretches(way, crossings), 1):
        yield Piece(f"w{way.ref}-{number:03d}", stretch, way.tags)


def _stretches(way: Way, crossings: Crossings) -> Iterator[list[Node]]:
    stretch: list[Node] = []
    for here, after in pairwise([*way.nodes, None]):
        if here is None:
            continue
        stretch.append(here)
        if after is None or crossings.degree(here, way.tags) > 2:
            if len({(node.lon, node.lat) for node in stretch}) > 1:
                yield stretch
            stretch = [] if after is None else [here]


def _joined(pieces: list[Piece], crossings: Crossings) -> NDArray[np.int32]:
    """Return the number of the segment each piece belongs to."""
    meetings: defaultdict[int, list[int]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        for node in piece.ends:
            if crossings.degree(node, piece.tags) == 2:
                meetings[node.ref].append(number)
    pairs = [
        meeting
        for meeting in meetings.values()
        if len(meeting) == 2 and pieces[meeting[0]].likeness == pieces[meeting[1]].likeness
    ]
    one, other = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(pieces), len(pieces)))
    groups: NDArray[np.int32] = connected_components(links, directed=False)[1]
    return groups


def _merged(pieces: list[Piece], groups: NDArray[np.int32]) -> NDArray[np.object_]:
    """Return the line of each group: its pieces form a chain or a ring, so they merge to one.

    Only where different nodes lie on one spot can parts remain, which the store then splits.
    """
    coordinates = [node[1:] for piece in pieces for node in piece.nodes]
    owner = np.repeat(np.arange(len(pieces)), [len(piece.nodes) for piece in pieces])
    lines = np.asarray(shapely.linestrings(coordinates, indices=owner))
    order = np.argsort(groups, kind="stable")
    bundles = shapely.multilinestrings(lines[order], indices=groups[order])
    return np.asarray(shapely.line_merge(bundles))


def _names_by_end(pieces: list[Piece]) -> dict[tuple[float, ...], set[str]]:
    names: defaultdict[tuple[float, ...], set[str]] = defaultdict(set)
    for piece in pieces:
        if "name" in piece.tags:
            for node in piece.ends:
                names[node[1:]].add(piece.tags["name"])
    return names


def _row(
    piece: Piece, line: BaseGeometry, names: dict[tuple[float, ...], set[str]]
) -> dict[str, Any]:
    name = piece.tags.get("name")
    start, *_, end = map(tuple, shapely.get_coordinates(line).tolist())

    def met_at(place: tuple[float, ...]) -> str | None:
        return " / ".join(sorted(names.get(place, set()) - {name})) or None

    return {
        "external_code": piece.code,
        "name": name,
        "road_class": piece.tags["highway"],
        "declared_lit": piece.tags.get("lit"),
        "from_name": met_at(start),
        "to_name": met_at(end),
        "geom": line,
    }
