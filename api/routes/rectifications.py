"""Work items: the ones behind a figure, what became of them, and what is done about one."""

from contextlib import AbstractContextManager
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api.acting import brought_by, moment_of, writing
from api.asking import Asked, ChangesAsked, ItemsAsked
from api.caching import respond, state_key, uncached
from api.deps import Reading, Reads
from api.item_schemas import (
    ACT_PROBLEMS,
    ActedItem,
    ActGiven,
    ChangedItems,
    DeadlineGiven,
    DeadlineRules,
    FoundGiven,
    ItemRecord,
    RecordAsked,
    ThingAsked,
    ThingsWithItems,
    WorkItems,
)
from api.paging import Number, page_of
from api.policies import Writer
from api.presenting import dump_json
from api.schemas import PROBLEMS
from data.answers import RectificationQuestion, resolve_period
from data.answers.item_changes import item_changes
from data.answers.item_lists import item_list, item_rows
from data.queries.item_records import item_record, items_on
from data.workflow import Seen, act, find
from data.workflow.rules import Rule, Ruled, set_rule, told_rules
from maps.words import reason

router = APIRouter(prefix="/api/v1/rectifications", tags=["rectifications"])


@router.get("/items", response_model=WorkItems, responses=PROBLEMS)
def items(reading: Reads, asked: Annotated[ItemsAsked, Query()]) -> Response:
    """Return the items behind a figure as they stood, by id."""

    def make() -> Response:
        found = item_list(
            reading.session, reading.scope, asked.question(), asked.figure, asked.chosen
        )
        page = item_rows(found[found.index > asked.after].head(asked.limit))
        return _json(page_of(reading.request, page, asked.limit) | {"n_all": len(found)})

    return respond(reading.request, _state(reading, asked.question()), make)


@router.get("/changes", response_model=ChangedItems, responses=PROBLEMS)
def changes(reading: Reads, asked: Annotated[ChangesAsked, Query()]) -> Response:
    """Return what became of the items between two days: new, fixed, still open, worse."""

    def make() -> Response:
        found = item_changes(reading.session, reading.scope, asked.question(), asked.before)
        return _json(found.as_dict())

    return respond(reading.request, _state(reading, asked.question()), make)


@router.get("/deadlines", response_model=DeadlineRules, responses=PROBLEMS)
def deadlines(reading: Reads, asked: Annotated[Asked, Query()]) -> Response:
    """Return how many days there are by level and kind, and what is proposed beside that."""
    session, day = reading.session, asked.as_of
    ends = None if day is None else resolve_period(session, day, 1).end
    return uncached({"rules": told_rules(session, ends)})


@router.post("/deadlines", response_model=DeadlineRules, responses=ACT_PROBLEMS)
def deadline_set(request: Request, actor: Writer, given: DeadlineGiven) -> Response:
    """Set how many days there are from now on; without days the rule is taken back."""
    rule = Rule(Ruled(given.about, given.level, given.kind), given.days, given.by)
    with _writing(request) as session:
        set_rule(session, rule, actor)
        told = told_rules(session)
    return uncached({"rules": told})


@router.get("/items/{number}", response_model=ItemRecord, responses=PROBLEMS)
def record(reading: Reads, number: Number, asked: Annotated[RecordAsked, Query()]) -> Response:
    """Return one item as it stands, what may be done next, and all that was done."""
    found = item_record(reading.session, reading.scope, number)
    language = asked.lang or reading.house
    for step in found["steps"]:
        for refusal in step["blocked"]:
            refusal["text"] = reason(refusal["reason"], language)
    return uncached(found)


@router.get("/on/{about}", response_model=ThingsWithItems, responses=PROBLEMS)
def on_thing(
    reading: Reads, about: Literal["hazard", "segment"], asked: Annotated[ThingAsked, Query()]
) -> Response:
    """Return the hazards or segments of a code, and the work items on each."""
    things = items_on(reading.session, reading.scope, about, asked.code)
    return uncached({"things": things})


@router.post("/items", response_model=ActedItem, status_code=201, responses=ACT_PROBLEMS)
def found(
    request: Request, actor: Writer, given: FoundGiven, _asked: Annotated[RecordAsked, Query()]
) -> Response:
    """Make a hazard or a segment somebody's work."""
    with _writing(request) as session:
        at = moment_of(session, given)
        number, acted = find(session, given.about, given.thing, given.by, at, actor)
    body = {"id": number, "state": acted.state, "version": acted.version, "event": acted.event}
    return uncached(body, 201)


@router.post("/items/{number}/{action}", response_model=ActedItem, responses=ACT_PROBLEMS)
def acted(
    request: Request,
    actor: Writer,
    number: Number,
    action: str,
    given: ActGiven,
    _asked: Annotated[RecordAsked, Query()],
) -> Response:
    """Take an action on an item; of several who saw it as it is, one takes it."""
    seen = Seen(given.state, given.version)
    with _writing(request) as session:
        done = act(session, number, action, seen, brought_by(session, given), actor)
    body = {"id": number, "state": done.state, "version": done.version, "event": done.event}
    return uncached(body)


def _writing(request: Request) -> AbstractContextManager[Session]:
    return writing(request.app.state.patient_engine, request.app.state.anchors)


def _state(reading: Reading, question: RectificationQuestion) -> tuple[object, ...]:
    period = resolve_period(reading.session, question.as_of, question.window_days)
    return state_key(reading.session, reading.scope, question.subjects), period.as_of


def _json(body: object) -> Response:
    return Response(dump_json(body), media_type="application/json")
