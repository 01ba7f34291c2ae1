"""What is said of work items over HTTP, and what may be done about one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from api.asking import Word
from api.schemas import Said, ShortText, problem_response
from maps.words import Language

Yuan = Annotated[Decimal, Field(ge=0, lt=10**12, decimal_places=2, allow_inf_nan=False)]
Day = Annotated[date, Field(ge=date(1800, 1, 1), le=date(2199, 12, 31))]
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1800, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC)),
    # PostgreSQL takes no zone 16 hours or more away.
    AfterValidator(lambda moment: moment.astimezone(UTC)),
]


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


class Blocked(Said):
    """What is so about an item and forbids a step: the field, the reason, and it in words."""

    field: str
    reason: str
    text: str


class RuledDay(Said):
    """The deadline that a rule gives where none is told, and the rule."""

    due_on: str
    days: int
    level: str | None
    kind: str | None
    said_by: str | None


class Step(Said):
    """Something that is for the state of an item: what may and must be brought, what forbids it.

    What is `fixed` is taken as it is only; `due` is the deadline of who is told none.
    """

    action: str
    leads_to: str | None
    takes: list[str]
    needs: list[str]
    blocked: list[Blocked]
    fixed: list[str]
    due: RuledDay | None


class OtherStep(Said):
    """Something that is for items in other states, and for which."""

    action: str
    sources: list[str]


class ItemRecord(Said):
    """One item with all that was ever done about it."""

    id: int
    state: str
    version: int
    lead_party: str | None
    helping_party: str | None
    today: str
    timezone: str
    days_left: int | None
    steps: list[Step]
    other_steps: list[OtherStep]
    choices: dict[str, list[str]]
    events: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    extensions: list[dict[str, Any]]
    supervisions: list[dict[str, Any]]
    sanctions: list[dict[str, Any]]


class ThingWithItems(Said):
    """A hazard or a segment by its id, and the work items on it, the latest first."""

    thing: int
    items: list[int]


class ThingsWithItems(Said):
    """What has a code in any source."""

    things: list[ThingWithItems]


class ThingAsked(BaseModel):
    """Which hazard or segment, by its code in the ledger."""

    model_config = ConfigDict(extra="forbid")

    code: ShortText


class RecordAsked(BaseModel):
    """In which language reasons are told."""

    model_config = ConfigDict(extra="forbid")

    lang: Language | None = None


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
    listed_by: ShortText | None = None
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
    on: Annotated[Day | None, Field(description="The local day, where no moment is told.")] = None
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
    on: Annotated[Day | None, Field(description="The local day, where no moment is told.")] = None


class DeadlineGiven(BaseModel):
    """So many days for hazards or segments, of one level or kind or of all; none takes it back."""

    model_config = ConfigDict(extra="forbid")

    about: Literal["hazard", "segment"]
    level: Literal["general", "larger", "major"] | None = None
    kind: ShortText | None = None
    days: Annotated[int, Field(ge=0, le=3660)] | None
    by: ShortText


class DeadlineRule(Said):
    """A rule; nobody has said what is only proposed, and it binds nobody."""

    about: Literal["hazard", "segment"]
    level: str | None
    kind: str | None
    days: int
    said_by: str | None
    since: str | None


class DeadlineRules(Said):
    """How many days there are to fix something."""

    rules: list[DeadlineRule]


class ActedItem(Said):
    """The item as it is now, and the event that tells of it."""

    id: int
    state: str
    version: int
    event: int


ACT_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: problem_response("The body is not UTF-8."),
    403: problem_response("Another page asked for something to be written."),
    404: problem_response("There is no such item, hazard or segment."),
    409: problem_response("The item is not as it was seen, or the action is not for its state."),
    413: problem_response("The request is too large."),
    422: problem_response("A parameter is wrong, or something that the action needs is not so."),
    503: problem_response("The store cannot answer right now, or holds no city."),
}
