"""Bulletins that are issued: drafted, checked, signed, issued, and read as they were frozen."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine

from api.asking import AsOf, Word
from api.caching import uncached
from api.deps import Reads
from api.documents import Ending, Wish, write_published
from api.item_schemas import ACT_PROBLEMS
from api.policies import Writer
from api.schemas import PROBLEMS
from data.answers.bulletins import BulletinKind, BulletinQuestion
from data.engine import transaction
from data.publishing import Draft, Step, advance, draft, publications
from maps.documents import FORMATS, document_policy
from maps.words import Language

router = APIRouter(prefix="/api/v1/publications", tags=["documents"])

Number = Annotated[int, Field(ge=1, lt=2**31)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]


class Given(BaseModel):
    """What is given along; a field that no one knows is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DraftGiven(Given):
    """Which bulletin is to be frozen, by whom, and which issue it puts right."""

    kind: BulletinKind
    by: Name
    as_of: AsOf = None
    known_at: AsOf = None
    grid: Word | None = None
    office: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    corrects: Number | None = None


class StepGiven(Given):
    """Who takes a step."""

    by: Name


class FileAsked(Given):
    """In which language a file is wanted."""

    lang: Language | None = None


class PublicationState(BaseModel):
    """A bulletin and how far it is."""

    kind: str
    number: int
    state: str


class PublicationRow(PublicationState):
    """A bulletin without its figures."""

    cut_off_at: str
    drafted_by: str | None
    checked_by: str | None
    signed_by: str | None
    issued_at: str | None
    corrects: int | None


class PublicationRows(BaseModel):
    """Every bulletin, the newest first."""

    publications: list[PublicationRow]


@router.get("", response_model=PublicationRows, responses=PROBLEMS)
def index(reading: Reads) -> Response:
    """Return every bulletin that was drafted, without its figures."""
    return uncached({"publications": publications(reading.session)})


@router.post("", response_model=PublicationState, status_code=201, responses=ACT_PROBLEMS)
def drafted(request: Request, actor: Writer, given: DraftGiven) -> Response:
    """Freeze the figures of a bulletin under the next number."""
    question = BulletinQuestion(given.kind, given.as_of, given.known_at, given.grid)
    engine: Engine = request.app.state.patient_engine
    with transaction(engine) as session:
        wanted = Draft(question, given.by, given.office, given.corrects)
        number = draft(session, wanted, actor).number
    return uncached({"kind": given.kind, "number": number, "state": "drafted"}, 201)


@router.post("/{kind}/{number}/{step}", response_model=PublicationState, responses=ACT_PROBLEMS)
def stepped(
    request: Request,
    actor: Writer,
    kind: BulletinKind,
    number: Number,
    step: Step,
    given: StepGiven,
) -> Response:
    """Check, sign or issue a bulletin; its figures stay."""
    engine: Engine = request.app.state.patient_engine
    with transaction(engine) as session:
        state = advance(session, kind, number, step, given.by, actor)
    return uncached({"kind": kind, "number": number, "state": state})


@router.get(
    "/{kind}/{number}.{ending}",
    response_class=Response,
    responses={
        **PROBLEMS,
        200: {"content": {form.media_type: {} for form in FORMATS.values()}},
    },
)
def file(
    reading: Reads,
    kind: BulletinKind,
    number: Number,
    ending: Ending,
    asked: Annotated[FileAsked, Query()],
) -> Response:
    """Return a bulletin with its frozen figures, number, day and names."""
    wish = Wish(f".{ending}", asked.lang or reading.house)
    content = write_published(reading.session, kind, number, wish)
    headers = {"Cache-Control": "no-store"}
    headers["Content-Disposition"] = f'attachment; filename="{kind}-{number}.{ending}"'
    if ending == "html":
        del headers["Content-Disposition"]
        headers["Content-Security-Policy"] = document_policy()
    return Response(content, media_type=FORMATS[wish.ending].media_type, headers=headers)
