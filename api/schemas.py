"""What the API answers with, for its description and for the tests that hold answers to it."""

import json
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import UploadFile
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

from api.asking import Word

ImportKind = Literal[
    "grids",
    "units",
    "inspections",
    "hazards",
    "segments",
    "handovers",
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
    officer: str | None


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
    cluster: str | None
    pattern: str | None
    n_hot_periods: int | None
    n_cold_periods: int | None
    trend_z: float | None
    trend_p: float | None


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
    handover: str | None
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
    """Which streets are dark.

    `boxes` are the codes of the power boxes that feed the chosen streets, null where all are meant.
    """

    segments: list[OutageSegment]
    rates: list[Rate]
    longest_dark_walk_m: float | None
    boxes: list[str] | None = None


class RectificationAnswer(AnswerObject):
    """Who is done and who is late, the best first: `parties`, or `cells` where asked by cell."""

    rates: list[Rate]
    parties: list[RankedRow] | None = None
    cells: list[RankedRow] | None = None


class Checked(Said):
    """One check between figures, and the rows that do not fit."""

    code: str
    finding: Literal["fits", "differs", "unknown"]
    text: str
    values: dict[str, Any]
    rows: list[dict[str, Any]]


class ConsistencyAnswer(Said):
    """What fits together, as of a day."""

    as_of: str
    revision: int
    simulated: bool
    checks: list[Checked]


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


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


def problem_response(description: str) -> dict[str, Any]:
    """Return how a description of the API tells of an answer that is a problem."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {"description": description, "content": content}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    304: {"description": "The reader already has this state."},
    404: problem_response("There is no such thing."),
    422: problem_response("A parameter is wrong."),
    503: problem_response("The store cannot answer right now, or holds no city."),
}
ROWS_RESPONSES: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    200: {"description": "A page of rows.", "content": {"application/geo+json": {}}},
}
WRITING_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: problem_response("The body is not UTF-8."),
    403: problem_response("Another page asked for something to be written."),
    413: problem_response("The request is too large."),
}
IMPORT_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: problem_response("The body is not UTF-8."),
    403: problem_response("Another page asked for something to be written."),
    404: problem_response("There is no such import, or its file is not kept any more."),
    409: problem_response("The import is in another state, or later rows build on it."),
    413: problem_response("The request is too large."),
    422: problem_response("A parameter is wrong, or the file cannot be read."),
    503: problem_response("The store cannot answer right now, or holds no city."),
}
ANSWER_RESPONSES: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    200: {
        "description": "One object, or a table of its rows.",
        "content": {
            "application/vnd.guatu.columns+json": {},
            "application/geo+json": {},
            "text/csv": {},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
        },
    },
}
