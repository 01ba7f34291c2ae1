"""What is said over HTTP of rows without a place, and how one is given."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, FiniteFloat

from api.schemas import Said, ShortText, problem_response


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


PLACING_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: problem_response("The body is not UTF-8."),
    403: problem_response("Another page asked for something to be written."),
    404: problem_response("There is no such row, or it does not wait for a place."),
    413: problem_response("The request is too large."),
    422: problem_response("A parameter is wrong, or the place is none."),
    503: problem_response("The store cannot answer right now, or holds no city."),
}
