"""What may be asked: one small frozen type a question, usable as a key."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, get_args

from data.answers.chosen_streets import STATUSES, ChosenStreets
from data.answers.street_works import STAGES
from data.models import LEVELS
from data.queries.hazards import HAZARD_STATES, ChosenHazards
from geo.errors import WrongValueError

HotspotValue = Literal["count", "per-unit", "per-100-visits", "eb"]
HOTSPOT_VALUES: tuple[str, ...] = get_args(HotspotValue)

MAX_PERMUTATIONS = 99_999


def _require(name: str, value: object, *, holds: bool, rule: str) -> None:
    if not holds:
        raise WrongValueError(f"{name}: {value!r}; it must be {rule}")


def _require_zone(known_at: date | None) -> None:
    """Count only what was recorded by a day's end or by a moment; a moment needs its zone."""
    zoned = not isinstance(known_at, datetime) or known_at.tzinfo is not None
    _require("known_at", known_at, holds=zoned, rule="a day, or a moment with its zone")


@dataclass(frozen=True)
class CoverageQuestion:
    """Where has nobody looked? Figures per cell of `grid`.

    Attributes
    ----------
    grid
        Code of the grid.
    as_of
        A local date (its end), a tz-aware moment, or ``None``: the city's own default.
    window_days
        Local days up to `as_of` in which visits count.
    known_at
        Count only what was recorded by then (当时口径), a local date meaning its end; ``None``: all
        that is known (最新口径).
    """

    subjects: ClassVar[tuple[str, ...]] = ("grids", "ledgers")

    grid: str
    as_of: date | None = None
    window_days: int = 365
    known_at: date | None = None

    def __post_init__(self) -> None:
        _require_zone(self.known_at)


@dataclass(frozen=True)
class HotspotQuestion:
    """Where are the hazards? Values, Gi* and local Moran's I per cell of `grid`.

    Attributes
    ----------
    value
        ``count``; ``per-unit``: per active unit; ``per-100-visits``: only hazards found by a visit,
        per hundred visits; ``eb``: per unit, empirical-Bayes smoothed.
    level, source, sector, state
        Count only the hazards of this level, from this source, in units of this sector, in this of
        `HAZARD_STATES`.
    permutations, seed
        Of the conditional permutations behind Moran's p.
    known_at
        As of `CoverageQuestion`.
    """

    subjects: ClassVar[tuple[str, ...]] = ("grids", "ledgers")

    grid: str
    as_of: date | None = None
    window_days: int = 365
    value: HotspotValue = "count"
    level: str | None = None
    source: str | None = None
    permutations: int = 999
    seed: int = 0
    known_at: date | None = None
    sector: str | None = None
    state: str | None = None

    @property
    def hazards(self) -> ChosenHazards:
        """Which hazards count."""
        return ChosenHazards(self.level, self.source, self.sector, self.state)

    def __post_init__(self) -> None:
        _require_zone(self.known_at)
        _require(
            "state",
            self.state,
            holds=self.state is None or self.state in HAZARD_STATES,
            rule=f"one of {', '.join(HAZARD_STATES)}",
        )
        _require(
            "value",
            self.value,
            holds=self.value in HOTSPOT_VALUES,
            rule=f"one of {', '.join(HOTSPOT_VALUES)}",
        )
        _require(
            "level",
            self.level,
            holds=self.level is None or self.level in LEVELS,
            rule=f"one of {', '.join(LEVELS)}",
        )
        _require(
            "permutations",
            self.permutations,
            holds=1 <= self.permutations <= MAX_PERMUTATIONS,
            rule=f"1 to {MAX_PERMUTATIONS}",
        )
        _require("seed", self.seed, holds=self.seed >= 0, rule="0 or more")


@dataclass(frozen=True)
class OutageQuestion:
    """Which streets are dark, and why? Figures per segment.

    Attributes
    ----------
    grid
        Code of a grid: each row then names its cell of it.
    window_days
        Local days up to `as_of` in which outages that began or ended are counted apart.
    max_gap_m
        Farthest that two lamps can be apart and still serve one stretch.
    dark_threshold
        Share of a segment's lamps out from which the whole segment is called dark.
    status, work, owner
        Only the segments that are `ChosenStreets` on the day, and the lamps along them.
    known_at
        As of `CoverageQuestion`.
    """

    subjects: ClassVar[tuple[str, ...]] = ("grids", "streetlights", "rectifications")

    grid: str | None = None
    as_of: date | None = None
    window_days: int = 365
    max_gap_m: float = 120.0
    dark_threshold: float = 0.8
    known_at: date | None = None
    status: str | None = None
    work: str | None = None
    owner: str | None = None

    @property
    def streets(self) -> ChosenStreets:
        """Which segments count."""
        return ChosenStreets(self.status, self.work, self.owner)

    def __post_init__(self) -> None:
        _require_zone(self.known_at)
        for name, value, known in (
            ("status", self.status, STATUSES),
            ("work", self.work, STAGES),
        ):
            holds = value is None or value in known
            _require(name, value, holds=holds, rule=f"one of {', '.join(known)}")
        _require(
            "max_gap_m",
            self.max_gap_m,
            holds=0 < self.max_gap_m <= 10_000,
            rule="more than 0 and at most 10000",
        )
        _require(
            "dark_threshold",
            self.dark_threshold,
            holds=0 < self.dark_threshold <= 1,
            rule="more than 0 and at most 1",
        )


GroupedBy = Literal["owner", "helper", "cell"]
GROUPED_BY: tuple[str, ...] = get_args(GroupedBy)
About = Literal["hazard", "segment"]
ABOUT: tuple[str, ...] = get_args(About)


@dataclass(frozen=True)
class RectificationQuestion:
    """Who is done, who is late? Figures per owner or per cell, ranked.

    Attributes
    ----------
    grid
        Code of the grid whose cells are ranked; or, where owners are, that items name a cell of.
    window_days
        Days since the last ranking: what is new and what was closed since, and who moved.
    known_at
        As of `CoverageQuestion`.
    by
        ``owner``: who leads (属地); ``helper``: who helps (行业); ``cell``: where it lies.
    about
        Only the items on hazards, or only those on segments.
    """

    subjects: ClassVar[tuple[str, ...]] = ("grids", "ledgers", "streetlights", "rectifications")

    grid: str | None = None
    as_of: date | None = None
    window_days: int = 3
    known_at: date | None = None
    by: GroupedBy = "owner"
    about: About | None = None

    def __post_init__(self) -> None:
        _require("by", self.by, holds=self.by in GROUPED_BY, rule=f"one of {', '.join(GROUPED_BY)}")
        _require(
            "about",
            self.about,
            holds=self.about is None or self.about in ABOUT,
            rule=f"one of {', '.join(ABOUT)}",
        )
        _require("grid", self.grid, holds=self.by != "cell" or self.grid is not None, rule="named")
        _require_zone(self.known_at)


Question = CoverageQuestion | HotspotQuestion | OutageQuestion | RectificationQuestion
