"""What the API answers with, for its description and for the tests that hold answers to it."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import UploadFile
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
)

from api.asking import Word

ImportKind = Literal[
    "grids",
    "units",
    "inspections",
    "hazards",
    "segments",
    "lamps",
    "boxes",
    "outages",
    "rectifications",
]
PointKind = Literal["units", "hazards", "boxes", "lamps", "outages"]
CellText = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]
GridKind = Literal["administrative", "management"]
ShortText = Annotated[Word, Field(max_length=200)]
HeadingRow = Annotated[int, Field(ge=1, le=10_000)]
Year = Annotated[int, Field(ge=1800, le=2199)]
Several = Annotated[tuple[ShortText, ...], Field(max_length=1_000)]
Mapping = dict[Word, Word | None]
Yuan = Annotated[Decimal, Field(ge=0, lt=10**12, decimal_places=2, allow_inf_nan=False)]
Day = Annotated[date, Field(ge=date(1800, 1, 1), le=date(2199, 12, 31))]
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1800, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC)),
    # PostgreSQL takes no zone 16 hours or more away.
    AfterValidator(lambda moment: moment.astimezone(UTC)),
]


def read_mapping(value: Any) -> Any:
    """Return the JSON object that a field of a form holds."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError("not a JSON object of field and heading") from error


class Said(BaseModel):
    """Part of an answer. More keys may follow; these stay."""

    model_config = ConfigDict(extra="allow", strict=True)


class Decision(Said):
    """One choice behind the figures."""

    code: str
    text: str
    values: dict[str, Any]


class AnswerObject(Said):
    """What every answer to a question carries beside its rows."""

    grid: str | None
    as_of: str
    window_days: int
    revision: int
    revisions: dict[str, int]
    definition: str
    decisions: list[Decision]
    parameters: dict[str, Any]
    totals: dict[str, Any]
    outside: dict[str, int | None]
    data_until: str | None
    simulated: bool


class CoverageCell(Said):
    """Coverage of one cell; null is unknown, never zero."""

    code: str
    name: str
    n_units: int
    n_inspected: int | None
    n_visits: int | None
    n_never: int | None
    n_overdue: int | None
    coverage: float | None
    gap: float | None


class CoverageAnswer(AnswerObject):
    """Where nobody has looked."""

    cells: list[CoverageCell]


class HotspotCell(Said):
    """Hazards of one cell and how it stands among its neighbors."""

    code: str
    name: str
    value: float | None
    gi_z: float | None
    gi_p: float | None
    gi_bin: int | None
    moran_i: float | None
    moran_p: float | None
    quadrant: str | None


class HotspotAnswer(AnswerObject):
    """Where the hazards are."""

    cells: list[HotspotCell]


class OutageSegment(Said):
    """Outages along one segment; null is unknown, never zero."""

    code: str
    name: str | None
    n_lamps: int | None
    n_out: int | None
    outages_per_lamp: float | None
    outages_per_100m: float | None
    dark_m: float | None
    lit_m: float | None
    unserved_m: float | None
    dark_share: float | None
    longest_run_m: float | None
    status: str
    cause: str | None
    exempt: bool


class RankedRow(Said):
    """What one party or cell has done; null is unknown, never zero, or not ranked."""

    code: str
    name: str | None
    rank: int | None
    movement: int | None
    n_found: int
    n_closed: int
    n_due: int
    n_in_time: int
    n_overdue: int
    n_exempt: int
    n_transferred: int
    n_open: int
    completion: float | None
    on_time: float | None


class Rate(Said):
    """One rate with everything it is made of."""

    name: str
    numerator: int
    denominator: int
    excluded: int
    value: float | None


class OutageAnswer(AnswerObject):
    """Which streets are dark."""

    segments: list[OutageSegment]
    rates: list[Rate]
    longest_dark_walk_m: float | None


class RectificationAnswer(AnswerObject):
    """Who is done and who is late, the best first: `parties`, or `cells` where asked by cell."""

    rates: list[Rate]
    parties: list[RankedRow] | None = None
    cells: list[RankedRow] | None = None


class CityObject(Said):
    """The city of this store."""

    code: str
    name: str
    timezone: str
    languages: list[str]
    default_as_of: date | None
    simulated: bool
    attribution: str | None
    bounds: list[float] | None


class Rows(Said):
    """A page of a ledger; `next` is the address of the page that follows, null at the end."""

    items: list[dict[str, Any]]
    next: str | None


class UploadAsked(BaseModel):
    """A file, what it is, and how it is to be read."""

    model_config = ConfigDict(extra="forbid")

    file: UploadFile
    kind: ImportKind
    source: ShortText = "ledger"
    datum: ShortText | None = None
    sheet: ShortText | None = None
    heading_row: HeadingRow | None = None
    grid: ShortText | None = None
    grid_name: ShortText | None = None
    grid_kind: GridKind = "administrative"
    mapping: Annotated[Mapping | None, BeforeValidator(read_mapping)] = None
    year: Year | None = None
    stated_totals: Several = ()
    precedence: Several = ()


class ImportChanges(BaseModel):
    """What is asked of a kept file in another way; what is not named stays."""

    model_config = ConfigDict(extra="forbid")

    source: ShortText = "ledger"
    datum: ShortText | None = None
    sheet: ShortText | None = None
    heading_row: HeadingRow | None = None
    grid: ShortText | None = None
    grid_name: ShortText | None = None
    grid_kind: GridKind = "administrative"
    mapping: Mapping | None = None
    year: Year | None = None
    stated_totals: Several = ()
    precedence: Several = ()


class ImportWish(BaseModel):
    """All of the file or nothing, or its good rows."""

    model_config = ConfigDict(extra="forbid")

    accept_good: bool = False


class ImportPreview(Said):
    """What a file seems to hold."""

    id: int
    kind: str
    state: str
    file_name: str
    source: str
    datum: str | None
    sheet: str | None
    sheets: list[str]
    heading_row: int
    columns: list[dict[str, Any]]
    fields: list[dict[str, Any]]
    rows: list[list[str | None]]
    n_rows: int
    warnings: list[dict[str, str]]


class ImportOrdered(Said):
    """What a worker will do."""

    id: int
    state: str
    job: int


class ImportUndone(Said):
    """What was taken back, in rows."""

    id: int
    state: str
    removed: int
    restored: int
    brought_back: int


class ImportState(Said):
    """How far an import is, and what became of it."""

    id: int
    kind: str
    state: str
    file_name: str
    source: str
    progress: dict[str, Any]
    report: dict[str, Any] | None


class ImportList(Said):
    """A page of imports, the latest first."""

    items: list[ImportState]
    next: str | None


class RowProblem(Said):
    """What is wrong with one field of one row."""

    id: int
    row: int
    field: str | None
    heading: str | None
    value: str | None
    reason: str
    state: str


class ImportErrors(Said):
    """A page of what is wrong with the rows of a file."""

    items: list[RowProblem]
    next: str | None


class WaitingRow(Said):
    """A row that waits to be corrected."""

    row: int
    texts: dict[str, str | None]
    errors: list[dict[str, str | None]]


class WaitingRows(Said):
    """A page of rows that wait to be corrected."""

    items: list[WaitingRow]
    next: str | None


class RowTexts(BaseModel):
    """Other texts of a row, by the headings of its file."""

    model_config = ConfigDict(extra="forbid")

    texts: dict[Word, CellText | None]


class DiscardReason(BaseModel):
    """Why a row is given up."""

    model_config = ConfigDict(extra="forbid")

    reason: Word


class RowCorrected(Said):
    """What became of a row: imported, or what is still wrong with it."""

    row: int
    imported: bool
    errors: list[dict[str, Any]]


class UnplacedCounts(Said):
    """How many rows of each kind wait for a place."""

    units: int
    hazards: int
    boxes: int
    lamps: int
    outages: int


class UnplacedRow(Said):
    """A row without a place, and the words that may name where it is."""

    id: int
    source: str
    code: str
    said: str


class UnplacedRows(Said):
    """A page of rows that wait for a place."""

    items: list[UnplacedRow]
    next: str | None


class OfferedPlace(Said):
    """Something known by a name like that of the row, and where it lies."""

    thing: Literal["unit", "lamp", "box", "road"]
    code: str
    name: str
    likeness: float
    lon: float
    lat: float


class Offers(Said):
    """What a row may mean, the most alike first."""

    items: list[OfferedPlace]


class PlaceGiven(BaseModel):
    """Where a row lies: degrees, or metres, in `datum`."""

    model_config = ConfigDict(extra="forbid")

    lon: FiniteFloat
    lat: FiniteFloat
    datum: ShortText = "wgs84"


class PlacedRow(Said):
    """The row that has a place now."""

    id: int
    kind: str


class WorkItem(Said):
    """A rectification as it stood; null is unknown or not said."""

    id: int
    code: str
    about: Literal["hazard", "segment"]
    thing_code: str
    thing_name: str | None
    level: str | None
    state: str
    found_on: str
    closed_on: str | None
    due_on: str | None
    owner: str | None
    owner_name: str | None
    is_exempt: bool
    is_overdue: bool


class WorkItems(Said):
    """A page of rectifications, `n_all` of them in all."""

    items: list[WorkItem]
    next: str | None
    n_all: int


class ChangedItems(Said):
    """What became of the items between two days."""

    before: str
    as_of: str
    revision: int
    simulated: bool
    totals: dict[str, int]
    groups: list[dict[str, Any]]
    items: list[dict[str, Any]]


class Step(Said):
    """Something that may be done to an item in its state, and what may be brought along."""

    action: str
    leads_to: str | None
    takes: list[str]


class ItemRecord(Said):
    """One item with all that was ever done about it."""

    id: int
    state: str
    version: int
    steps: list[Step]
    events: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    extensions: list[dict[str, Any]]
    supervisions: list[dict[str, Any]]
    sanctions: list[dict[str, Any]]


class EvidenceGiven(BaseModel):
    """A file that shows what was done, by its name, its SHA-256 and what it shows."""

    model_config = ConfigDict(extra="forbid")

    file_name: ShortText
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]
    note: Word


class ColumnsGiven(BaseModel):
    """New values of an item; which of them an action takes, the item's record says."""

    model_config = ConfigDict(extra="forbid")

    lead_party: ShortText | None = None
    helping_party: ShortText | None = None
    person: ShortText | None = None
    measure: Word | None = None
    money_yuan: Yuan | None = None
    due_on: Day | None = None
    contingency: Word | None = None
    handover_batch: ShortText | None = None
    cause: ShortText | None = None
    origin: ShortText | None = None
    escalation: ShortText | None = None
    exempt_reason: Word | None = None
    exempt_confirmed_by_city: ShortText | None = None
    exempt_confirmed_by_builder: ShortText | None = None


class RecordGiven(BaseModel):
    """What a supervision or a sanction is made of."""

    model_config = ConfigDict(extra="forbid")

    leader: ShortText | None = None
    listed_until: Day | None = None
    kind: ShortText | None = None
    document_number: ShortText | None = None
    fine_yuan: Yuan | None = None
    issued_on: Day | None = None


class ActGiven(BaseModel):
    """What somebody does, and the state and version in which they saw the item."""

    model_config = ConfigDict(extra="forbid")

    state: ShortText
    version: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    by: ShortText | None = None
    at: Instant | None = None
    reason: Word | None = None
    evidence: Annotated[tuple[EvidenceGiven, ...], Field(max_length=50)] = ()
    columns: ColumnsGiven = ColumnsGiven()
    more: RecordGiven = RecordGiven()


class FoundGiven(BaseModel):
    """A hazard or a segment that somebody must fix."""

    model_config = ConfigDict(extra="forbid")

    about: Literal["hazard", "segment"]
    thing: Annotated[int, Field(ge=1, lt=2**31)]
    by: ShortText
    at: Instant | None = None


class ActedItem(Said):
    """The item as it is now, and the event that tells of it."""

    id: int
    state: str
    version: int
    event: int


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {"description": description, "content": content}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    304: {"description": "The reader already has this state."},
    404: _problem("There is no such thing."),
    422: _problem("A parameter is wrong."),
    503: _problem("The store cannot answer right now, or holds no city."),
}
ROWS_RESPONSES: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    200: {"description": "A page of rows.", "content": {"application/geo+json": {}}},
}
WRITING_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("The body is not UTF-8."),
    403: _problem("Another page asked for something to be written."),
    413: _problem("The request is too large."),
}
IMPORT_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("The body is not UTF-8."),
    403: _problem("Another page asked for something to be written."),
    404: _problem("There is no such import, or its file is not kept any more."),
    409: _problem("The import is in another state, or later rows build on it."),
    413: _problem("The request is too large."),
    422: _problem("A parameter is wrong, or the file cannot be read."),
    503: _problem("The store cannot answer right now, or holds no city."),
}
PLACING_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("The body is not UTF-8."),
    403: _problem("Another page asked for something to be written."),
    404: _problem("There is no such row, or it does not wait for a place."),
    413: _problem("The request is too large."),
    422: _problem("A parameter is wrong, or the place is none."),
    503: _problem("The store cannot answer right now, or holds no city."),
}
ACT_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("The body is not UTF-8."),
    403: _problem("Another page asked for something to be written."),
    404: _problem("There is no such item, hazard or segment."),
    409: _problem("The item is not as it was seen, or the action is not for its state."),
    413: _problem("The request is too large."),
    422: _problem("A parameter is wrong, or something that the action needs is not so."),
    503: _problem("The store cannot answer right now, or holds no city."),
}
ANSWER_RESPONSES: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    200: {
        "description": "One object, or a table of its rows.",
        "content": {
            "application/geo+json": {},
            "text/csv": {},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
        },
    },
}
