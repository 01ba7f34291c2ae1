"""What may be asked: the query parameters of the API, checked at the door."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
)

from data.answers import (
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    Question,
    RectificationQuestion,
)
from data.answers.chosen_streets import ChosenStreets
from data.queries.hazards import ChosenHazards
from data.queries.ledgers import LedgerFilter
from data.queries.tiles import TileRequest
from geo.errors import WrongValueError
from maps.layers import Subject
from maps.words import Language

YEARS = range(1800, 2200)
"""Years the calendar arithmetic of a window stays inside, and no ledger leaves."""

Level = Literal["general", "larger", "major"]
HazardState = Literal["open", "closed", "unknown"]
StreetStatus = Literal["dark", "scattered", "lit", "no_lamp", "not_surveyed"]
StreetWork = Literal["overdue", "found", "handed_over", "fixing", "relit", "exempt", "transferred"]
Bbox = tuple[float, float, float, float]


def read_as_of(value: Any) -> Any:
    """Return the day or the moment that `value` names.

    A day is ``2019-08-31`` and means its end; a moment is ``2019-08-31T18:00:00+08:00``.
    """
    if not isinstance(value, str):
        return value
    named = _day_or_moment(value)
    if isinstance(named, datetime) and named.tzinfo is None:
        raise ValueError("a moment needs its zone: 2019-08-31T18:00:00+08:00")
    if named.year not in YEARS:
        raise ValueError(f"the year must lie in {YEARS.start} to {YEARS.stop - 1}")
    # PostgreSQL takes no zone 16 hours or more away.
    return named.astimezone(UTC) if isinstance(named, datetime) else named


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


def _day_or_moment(text: str) -> date:
    try:
        if len(text) == len("2019-08-31"):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("neither a day (2019-08-31) nor a moment with its zone") from error


def _checked_bbox(value: str) -> str:
    read_bbox(value)
    return value


_IN_YEARS = "^(18|19|20|21)"
AsOf = Annotated[
    date | datetime | None,
    BeforeValidator(read_as_of),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date", "pattern": _IN_YEARS},
                {"type": "string", "format": "date-time", "pattern": _IN_YEARS},
                {"type": "null"},
            ]
        }
    ),
]
Window = Annotated[int, Field(ge=1, le=36_500, description="Days counted before as_of.")]
# PostgreSQL's text knows no NUL.
Word = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]
BboxText = Annotated[
    str,
    Field(
        description="west,south,east,north in degrees",
        examples=["24.93,60.16,24.95,60.18"],
        pattern=r"^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$",
    ),
    AfterValidator(_checked_bbox),
]


class Asked(BaseModel):
    """What every question may carry. A parameter that no one knows is refused, not dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: AsOf = None


class AnswerAsked(Asked):
    """What the four questions share."""

    window: Window = 365
    known_at: AsOf = None
    lang: Language | None = None
    format: Literal["json", "columns", "geojson", "csv", "xlsx"] = "json"


class CoverageAsked(AnswerAsked):
    """The question of coverage: where has nobody looked."""

    grid: Word

    def question(self) -> CoverageQuestion:
        """Return the question to the store."""
        return CoverageQuestion(
            grid=self.grid, as_of=self.as_of, window_days=self.window, known_at=self.known_at
        )


class HazardsAsked(BaseModel):
    """Which hazards count; all of them unless told."""

    level: Level | None = None
    source: Word | None = None
    sector: Annotated[Word | None, Field(description="Sector of the unit.")] = None
    state: Annotated[HazardState | None, Field(description="At the end of the day.")] = None

    @property
    def hazards(self) -> ChosenHazards:
        """Which hazards are asked for."""
        return ChosenHazards(self.level, self.source, self.sector, self.state)


class HotspotsAsked(HazardsAsked, AnswerAsked):
    """The question of hotspots: where are the hazards."""

    grid: Word
    value: Literal["count", "per-unit", "per-100-visits", "eb"] = "count"

    def question(self) -> HotspotQuestion:
        """Return the question to the store."""
        return HotspotQuestion(
            grid=self.grid,
            as_of=self.as_of,
            window_days=self.window,
            value=self.value,
            **asdict(self.hazards),
            known_at=self.known_at,
        )


class StreetsAsked(BaseModel):
    """Which streets count; all of them unless told."""

    status: Annotated[StreetStatus | None, Field(description="On the day.")] = None
    work: Annotated[StreetWork | None, Field(description="How far the work on it is.")] = None
    owner: Annotated[Word | None, Field(description="Who leads the work on it.")] = None

    @property
    def streets(self) -> ChosenStreets:
        """Which streets are asked for."""
        return ChosenStreets(self.status, self.work, self.owner)


class OutagesAsked(StreetsAsked, AnswerAsked):
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
            known_at=self.known_at,
            **asdict(self.streets),
        )


class RectificationsAsked(AnswerAsked):
    """The question of rectification: who is done, who is late."""

    grid: Word | None = None
    window: Window = 3
    by: Literal["owner", "helper", "cell"] = "owner"
    about: Literal["hazard", "segment"] | None = None

    def question(self) -> RectificationQuestion:
        """Return the question to the store."""
        return RectificationQuestion(
            grid=self.grid,
            as_of=self.as_of,
            window_days=self.window,
            known_at=self.known_at,
            by=self.by,
            about=self.about,
        )


class ChoiceAsked(HazardsAsked, StreetsAsked):
    """What counts on any of the pages; each takes what it is about."""

    def of(self, question: Question) -> Question:
        """Return the question about what was chosen only."""
        if isinstance(question, HotspotQuestion):
            return replace(question, **asdict(self.hazards))
        if isinstance(question, OutageQuestion):
            return replace(question, **asdict(self.streets))
        return question


class RowChangesAsked(ChoiceAsked, Asked):
    """What has become of each row since an earlier day."""

    before: Annotated[AsOf, Field(description="The earlier day.")]
    grid: Word | None = None
    window: Window = 365
    by: Annotated[Word | None, Field(description="The figure of which any amount is bad.")] = None

    def question(self, subject: Subject, as_of: date | None) -> Question:
        """Return the question behind the page of `subject`, at one of the two days."""
        return self.of(question_of(subject, self.grid, as_of, self.window))


def question_of(
    subject: Subject, grid: str | None, as_of: date | None, window_days: int
) -> Question:
    """Return the question behind the page of `subject`."""
    if subject == "streetlights":
        return OutageQuestion(grid=grid, as_of=as_of, window_days=window_days)
    if grid is None:
        raise WrongValueError("grid: what is told of cells needs one")
    kind = HotspotQuestion if subject == "hazards" else CoverageQuestion
    return kind(grid=grid, as_of=as_of, window_days=window_days)


class ConsistencyAsked(Asked):
    """Which day's figures are held against each other."""

    lang: Language | None = None


class PageOfRows(Asked):
    """A page of rows: those that follow the row `after`."""

    bbox: BboxText | None = None
    cell: Word | None = None
    after: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    format: Literal["json", "geojson"] = "json"

    def filter(self, grid: str | None) -> LedgerFilter:
        """Return what to read, each row with its cell of `grid`."""
        return LedgerFilter(
            bbox=None if self.bbox is None else read_bbox(self.bbox),
            grid=grid,
            cell=self.cell,
            as_of=self.as_of,
            after=self.after,
            limit=self.limit,
        )


class ItemsAsked(Asked):
    """A page of rectifications: those behind a figure, of one owner, helper or cell."""

    grid: Word | None = None
    known_at: AsOf = None
    about: Literal["hazard", "segment"] | None = None
    figure: (
        Literal["found", "closed", "due", "in_time", "overdue", "exempt", "transferred", "open"]
        | None
    ) = None
    state: Word | None = None
    owner: Word | None = None
    helper: Word | None = None
    cell: Word | None = None
    after: Annotated[int, Field(ge=0, lt=2**31)] = 0
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100

    def question(self) -> RectificationQuestion:
        """Return the question whose items are asked for."""
        return RectificationQuestion(
            grid=self.grid, as_of=self.as_of, known_at=self.known_at, about=self.about
        )

    @property
    def chosen(self) -> dict[str, str]:
        """Which values of which columns are asked for."""
        asked = {
            "state": self.state,
            "owner": self.owner,
            "helper": self.helper,
            "cell_code": self.cell,
        }
        return {name: value for name, value in asked.items() if value is not None}


class ChangesAsked(RectificationsAsked):
    """What changed between the end of `before` and `as_of`."""

    before: date

    @field_validator("before")
    @classmethod
    def _in_years(cls, value: date) -> date:
        if value.year not in YEARS:
            raise ValueError(f"the year must lie in {YEARS.start} to {YEARS.stop - 1}")
        return value


class CellsAsked(PageOfRows):
    """A page of the cells of one grid, which the address names."""


class RowsAsked(PageOfRows):
    """A page of a ledger."""

    grid: Word | None = None


class TileAsked(HazardsAsked, Asked):
    """What a tile shows. `rev` changes the address whenever the store does."""

    grid: Word | None = None
    window: Window = 365
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
            **asdict(self.hazards),
        )


class PageAsked(ChoiceAsked, Asked):
    """What a page opens with."""

    grid: Word | None = None
    window: Window = 365
    lang: Language | None = None
    compare: AsOf = None
    wall: Annotated[bool, Field(description="Without controls, following the store.")] = False
