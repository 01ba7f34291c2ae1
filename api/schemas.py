"""What the API answers with, for its description and for the tests that hold answers to it."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict


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
    outages_per_100m: float | None
    dark_m: float | None
    lit_m: float | None
    unserved_m: float | None
    dark_share: float | None
    longest_run_m: float | None
    status: str
    cause: str | None
    exempt: bool


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
