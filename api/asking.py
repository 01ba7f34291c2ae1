"""What may be asked: the query parameters of the API, checked at the door."""

from datetime import date, datetime
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from data.answers import CoverageQuestion, HotspotQuestion, OutageQuestion
from data.queries.ledgers import LedgerFilter
from data.queries.tiles import TileRequest
from maps.words import Language

YEARS = range(1800, 2201)
"""Years the calendar arithmetic of a window stays inside, and no ledger leaves."""

Level = Literal["general", "larger", "major"]
Bbox = tuple[float, float, float, float]


def read_as_of(value: Any) -> Any:
    """Return the day or the moment that `value` names.

    A day is ``2019-08-31`` and means its end; a moment is ``2019-08-31T18:00:00+08:00``.
    """
    if not isinstance(value, str):
        return value
    try:
        if len(value) == len("2019-08-31"):
            return _in_years(date.fromisoformat(value))
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("neither a day (2019-08-31) nor a moment with its zone") from error
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone: 2019-08-31T18:00:00+08:00")
    return _in_years(moment)


def read_bbox(value: str) -> Bbox:
    """Return west, south, east, north of ``"west,south,east,north"`` in degrees."""
    try:
        west, south, east, north = map(float, value.split(","))
    except ValueError as error:
        raise ValueError("four numbers are needed: west,south,east,north") from error
    if not all(map(isfinite, (west, south, east, north))):
        raise ValueError("the numbers must be finite")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("west,south,east,north must be degrees, west <= east, south <= north")
    return west, south, east, north


def _in_years(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"the year must lie in {YEARS.start} to {YEARS.stop - 1}")
    return day


def _checked_bbox(value: str) -> str:
    read_bbox(value)
    return value


AsOf = Annotated[date | datetime | None, BeforeValidator(read_as_of)]
Window = Annotated[int, Field(ge=1, le=36_500, description="Days counted before as_of.")]
# PostgreSQL's text knows no NUL.
Word = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]
BboxText = Annotated[str, AfterValidator(_checked_bbox)]


class Asked(BaseModel):
    """What every question may carry. A parameter that no one knows is refused, not dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: AsOf = None


class AnswerAsked(Asked):
    """What the three questions share."""

    window: Window = 365
    lang: Language | None = None
    format: Literal["json", "geojson", "csv", "xlsx"] = "json"


class CoverageAsked(AnswerAsked):
    """The question of coverage: where has nobody looked."""

    grid: Word

    def question(self) -> CoverageQuestion:
        """Return the question to the store."""
        return CoverageQuestion(grid=self.grid, as_of=self.as_of, window_days=self.window)


class HotspotsAsked(AnswerAsked):
    """The question of hotspots: where are the hazards."""

    grid: Word
    value: Literal["count", "per-unit", "per-100-visits", "eb"] = "count"
    level: Level | None = None
    source: Word | None = None

    def question(self) -> HotspotQuestion:
        """Return the question to the store."""
        return HotspotQuestion(
            grid=self.grid,
            as_of=self.as_of,
            window_days=self.window,
            value=self.value,
            level=self.level,
            source=self.source,
        )


class OutagesAsked(AnswerAsked):
    """The question of outages: which streets are dark."""

    grid: Word | None = None
    max_gap_m: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] = 120
    dark_threshold: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.8

    def question(self) -> OutageQuestion:
        """Return the question to the store."""
        return OutageQuestion(
            grid=self.grid,
            as_of=self.as_of,
            window_days=self.window,
            max_gap_m=self.max_gap_m,
            dark_threshold=self.dark_threshold,
        )


class RowsAsked(Asked):
    """A page of a ledger: the rows that follow the row `after`."""

    bbox: BboxText | None = None
    grid: Word | None = None
    cell: Word | None = None
    after: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    format: Literal["json", "geojson"] = "json"

    def filter(self) -> LedgerFilter:
        """Return what to read."""
        return LedgerFilter(
            bbox=None if self.bbox is None else read_bbox(self.bbox),
            grid=self.grid,
            cell=self.cell,
            as_of=self.as_of,
            after=self.after,
            limit=self.limit,
        )


class TileAsked(Asked):
    """What a tile shows. `rev` changes the address whenever the store does."""

    grid: Word | None = None
    window: Window = 365
    level: Level | None = None
    source: Word | None = None
    rev: Word | None = None

    def tile(self, layer: str, z: int, x: int, y: int) -> TileRequest:
        """Return the tile to draw."""
        return TileRequest(
            layer,
            z,
            x,
            y,
            grid=self.grid,
            as_of=self.as_of,
            window_days=self.window,
            level=self.level,
            source=self.source,
        )


class PageAsked(Asked):
    """What a page opens with."""

    grid: Word | None = None
    window: Window = 365
    lang: Language | None = None
