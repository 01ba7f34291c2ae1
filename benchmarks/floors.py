"""What is promised of each work, and whether the rows of a run keep it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.measuring import Row

FASTEST = "the fastest peer"


@dataclass(frozen=True)
class Floor:
    """A promise: so many times as fast as a peer, or at most so many seconds or megabytes.

    `work` is how the names of the works begin that it holds for.
    """

    work: str
    peer: str = FASTEST
    ratio: float | None = None
    at_most_mb: float | None = None
    at_most_s: float | None = None
    first: Literal["cold", "warm"] = "warm"


@dataclass(frozen=True)
class Verdict:
    """What was promised and what was measured."""

    work: str
    promise: str
    measured: str
    is_met: bool


FLOORS = (
    Floor("1,000,000 points in 10,000", ratio=10),
    Floor("1,000,000 points in 10,000", ratio=2.5, first="cold"),
    Floor("10,000,000 points in", ratio=6),
    Floor("10,000,000 points in", ratio=4, first="cold"),
    Floor("Gi* of", "esda", ratio=100),
    Floor("local Moran's I of 10,000", "pygeoda, look-up table", ratio=1),
    Floor("local Moran's I of 99,856", "pygeoda, look-up table", ratio=2),
    Floor("clusters of", ratio=10),
    Floor("snap 50,000", ratio=1.5),
    Floor("snap 1,000,000", ratio=4),
    Floor("dark runs of", "DuckDB", ratio=1),
    Floor("dark runs of", "PostGIS, window functions", ratio=4),
    Floor("1,000,000 points into", ratio=1.5),
    Floor("1,000,000 points into", "geopandas.to_postgis", ratio=10),
    Floor("300,000 ledger rows into", at_most_s=2.0),  # 150 thousand a second
    Floor("CSV of 1,000,000 inspections", at_most_s=20.0),  # 50 thousand a second
    Floor("preview of a workbook", at_most_s=3.0, first="cold"),
    Floor("workbook of", at_most_s=60.0),
    Floor("one visit among", "PostGIS, GROUP BY", ratio=30),
    Floor("one visit among", at_most_s=0.01),
    Floor("answer about a past day", at_most_s=0.3, first="cold"),
    Floor("tiles of", "tipg", ratio=1.2),
    Floor("a reader's tiles", "Guatu, made anew", ratio=50),
    Floor("a reader's tiles", "PostGIS, each by its statement", ratio=50),
    Floor("a reader's tiles", "constants", ratio=0.8),
    Floor("the slowest in twenty of", at_most_s=0.05),
    Floor("first call", at_most_s=2.0, first="cold"),
    Floor("text of the page", at_most_s=0.02),
    Floor("text of the page", at_most_mb=60 / 1024),
    Floor("map of", at_most_s=2.5),
    Floor("map of", at_most_mb=100),
)


def verdicts(rows: Iterable[Row], floors: Sequence[Floor] = FLOORS) -> list[Verdict]:
    """Return what became of each promise about a work that was measured."""
    by_work: dict[str, list[Row]] = {}
    for row in rows:
        by_work.setdefault(row.work, []).append(row)
    return [
        _verdict(floor, group)
        for work, group in by_work.items()
        for floor in floors
        if work.startswith(floor.work)
    ]


def _verdict(floor: Floor, rows: Sequence[Row]) -> Verdict:
    """Judge the first of `rows`, ours, beside the others."""
    ours = _seconds(rows[0], floor)
    if floor.at_most_s is not None:
        promise = f"{floor.first}: at most {floor.at_most_s:g} s"
        return Verdict(rows[0].work, promise, f"{ours:.3g} s", ours <= floor.at_most_s)
    if floor.at_most_mb is not None:
        held_mb = rows[0].peak_mb
        promise = f"at most {floor.at_most_mb:.3g} MB"
        return Verdict(rows[0].work, promise, f"{held_mb:.3g} MB", held_mb <= floor.at_most_mb)
    peers = [row for row in rows[1:] if floor.peer in {FASTEST, row.contender}]
    peer = min(peers, key=lambda row: _seconds(row, floor))
    ratio = _seconds(peer, floor) / ours
    promise = f"{floor.first}: {floor.ratio:g} × {floor.peer}"
    measured = f"{ratio:.3g} × {peer.contender}"
    return Verdict(rows[0].work, promise, measured, ratio >= (floor.ratio or 0))


def _seconds(row: Row, floor: Floor) -> float:
    return row.cold_s if floor.first == "cold" else row.warm_s
