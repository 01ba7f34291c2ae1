"""Bulletins that are issued: drafted, checked, signed, issued, corrected; frozen with figures."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from psycopg.errors import LockNotAvailable
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, aliased

from data.answers.bulletins import BulletinQuestion, Facts, bulletin
from data.cities import the_city
from data.clock import by_the_clock
from data.engine import wait_for_loads
from data.errors import NotFoundError, StillWrittenError, WrongStateError
from data.models import Event, Publication
from data.queries.places import known_moment, resolve_period
from data.scope import WHOLE_CITY
from data.workflow.items import is_blank, same_person
from geo.errors import WrongValueError

Step = Literal["check", "sign", "issue"]
STEPS: Mapping[str, str] = MappingProxyType(
    {"check": "drafted", "sign": "checked", "issue": "signed"}
)
"""Each step, and the state it follows."""

PATIENCE_S = 10.0
"""How long a draft waits for an import, and then for what else is being written."""

_LIMIT = text("SELECT set_config('lock_timeout', :limit, true)")
_NO_LIMIT = text("SET LOCAL lock_timeout TO DEFAULT")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('guatu publication'))")


@dataclass(frozen=True)
class Draft:
    """Who drafts which bulletin; `corrects` is the number of the issue it takes the place of."""

    question: BulletinQuestion
    by: str
    office: str = ""
    corrects: int | None = None


def draft(
    session: Session, wanted: Draft, actor: str, *, patience_s: float = PATIENCE_S
) -> Publication:
    """Freeze the figures of a bulletin, of the whole city and as they are known now.

    It waits for what is being written, which it counts; what is written from then on waits for
    no draft, and is known later.

    Raises
    ------
    NotFoundError
        When there is no issue to correct.
    WrongStateError
        When what is to be corrected was never issued.
    StillWrittenError
        When something has been under way for longer than `patience_s`.
    WrongValueError
        When nobody is named.
    """
    _require_name(wanted.by)
    session.execute(_ONE_AT_A_TIME)
    kind = wanted.question.kind
    corrected = None if wanted.corrects is None else publication_of(session, kind, wanted.corrects)
    if corrected is not None and corrected.issued_at is None:
        raise WrongStateError(f"{kind} {corrected.number} was not issued: there is no need")
    question = _settled(session, wanted.question, patience_s)
    facts = bulletin(session, WHOLE_CITY, question)
    last = session.scalar(select(func.max(Publication.number)).where(Publication.kind == kind))
    made = Publication(
        kind=kind,
        number=(last or 0) + 1,
        cut_off_at=resolve_period(session, question.as_of, 1).end,
        figures={"facts": facts, "asked": _as_text(question), "office": wanted.office},
        drafted_by=wanted.by,
        corrects_id=corrected and corrected.id,
    )
    session.add(made)
    session.flush()
    _write_event(session, made, "draft", wanted.by, actor)
    return made


def advance(session: Session, kind: str, number: int, step: Step, by: str, actor: str) -> str:
    """Take the next step with a bulletin and return its new state; no figure ever changes.

    Raises
    ------
    NotFoundError
        When there is no such bulletin.
    WrongStateError
        When the step is not the next one.
    WrongValueError
        When nobody is named, or who drafted it would check or sign it too.
    """
    _require_name(by)
    session.execute(_ONE_AT_A_TIME)
    found = publication_of(session, kind, number)
    state = state_of(found)
    if state != STEPS[step]:
        raise WrongStateError(
            f"{kind} {number} is {state}; {step} is for one that is {STEPS[step]}"
        )
    if step != "issue" and same_person(by, found.drafted_by):
        raise WrongValueError(f"by: {by!r} has drafted it; somebody else must {step} it")
    if step == "check":
        found.checked_by = by
    elif step == "sign":
        found.signed_by = by
    else:
        found.issued_at = session.execute(select(by_the_clock(func.now()))).scalar_one()
    session.flush()
    _write_event(session, found, step, by, actor)
    return state_of(found)


def state_of(found: Publication) -> str:
    """Return how far a bulletin is: drafted, checked, signed or issued."""
    if found.issued_at is not None:
        return "issued"
    if found.signed_by is not None:
        return "signed"
    return "drafted" if found.checked_by is None else "checked"


def publication_of(session: Session, kind: str, number: int) -> Publication:
    """Return the bulletin of that kind and number.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    numbered = (Publication.kind == kind, Publication.number == number)
    found = session.scalar(select(Publication).where(*numbered))
    if found is None:
        raise NotFoundError(f"{kind} {number}: there is no bulletin of that number")
    return found


def publications(session: Session) -> list[dict[str, Any]]:
    """Return every bulletin without its figures, the newest first."""
    corrected = aliased(Publication)
    statement = (
        select(Publication, corrected.number)
        .outerjoin(corrected, corrected.id == Publication.corrects_id)
        .order_by(Publication.id.desc())
    )
    return [_described(found, number) for found, number in session.execute(statement)]


def published(session: Session, kind: str, number: int) -> dict[str, Any]:
    """Return a bulletin with its frozen figures, the office and the local day of its issue."""
    found = publication_of(session, kind, number)
    earlier = None if found.corrects_id is None else session.get_one(Publication, found.corrects_id)
    zone = ZoneInfo(the_city(session).timezone)
    issued_at = found.issued_at
    return {
        **_described(found, None if earlier is None else earlier.number),
        "issued_on": issued_at and issued_at.astimezone(zone).date(),
        "office": found.figures["office"],
        "facts": found.figures["facts"],
    }


def comes_out_again(session: Session, kind: str, number: int) -> bool:
    """Tell whether the figures of a bulletin still come out of the rows as they were known."""
    found = publication_of(session, kind, number)
    asked = found.figures["asked"]
    moment = datetime.fromisoformat
    question = BulletinQuestion(
        kind=asked["kind"],
        as_of=moment(asked["as_of"])
        if "T" in asked["as_of"]
        else date.fromisoformat(asked["as_of"]),
        known_at=moment(asked["known_at"]),
        grid=asked["grid"],
    )
    facts: Facts = found.figures["facts"]
    return bulletin(session, WHOLE_CITY, question) == facts


def _settled(session: Session, question: BulletinQuestion, patience_s: float) -> BulletinQuestion:
    """Return the question with its day, and the moment of knowledge, written down."""
    as_of = resolve_period(session, question.as_of, window_days=1).as_of
    # Loads first: acts wait for no load, but would for who waits for all that is being recorded.
    with _patiently(session, "an import is under way", patience_s):
        wait_for_loads(session)
    now = _all_recorded(session, patience_s)
    asked = known_moment(question.known_at, the_city(session).timezone) or now
    return replace(question, as_of=as_of, known_at=min(asked, now))


def _all_recorded(session: Session, patience_s: float) -> datetime:
    """Return a moment by which all that was recorded can be read.

    Going back to the savepoint lets go of the lock: what is recorded while the figures are computed
    is recorded later, and known later.
    """
    with (
        _patiently(session, "something is being written", patience_s),
        session.begin_nested() as held,
    ):
        now: datetime = session.execute(select(func.guatu_all_recorded())).scalar_one()
        held.rollback()
    return now


@contextmanager
def _patiently(session: Session, under_way: str, patience_s: float) -> Iterator[None]:
    """Wait for a lock only so long, and keep nobody waiting any longer behind this one."""
    limit = {"limit": f"{round(patience_s * 1000)}ms"}
    try:
        with session.begin_nested():
            session.execute(_LIMIT, limit)
            yield
            session.execute(_NO_LIMIT)
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        raise StillWrittenError(
            f"{under_way}, and a bulletin counts all that was recorded: draft it again when that is"
            " done"
        ) from error


def _as_text(question: BulletinQuestion) -> dict[str, Any]:
    known_at, as_of = question.known_at, question.as_of
    return {
        "kind": question.kind,
        "as_of": as_of and as_of.isoformat(),
        "known_at": known_at and known_at.isoformat(),
        "grid": question.grid,
    }


def _described(found: Publication, corrects: int | None) -> dict[str, Any]:
    issued_at = found.issued_at
    return {
        "kind": found.kind,
        "number": found.number,
        "state": state_of(found),
        "cut_off_at": found.cut_off_at.isoformat(),
        "drafted_by": found.drafted_by,
        "checked_by": found.checked_by,
        "signed_by": found.signed_by,
        "issued_at": issued_at and issued_at.isoformat(),
        "corrects": corrects,
    }


def _require_name(by: str) -> None:
    if is_blank(by):
        raise WrongValueError("by: nobody is named")


def _write_event(session: Session, found: Publication, action: str, by: str, actor: str) -> None:
    told = {"kind": found.kind, "number": found.number, "state": state_of(found), "by": by}
    session.add(
        Event(actor=actor, action=action, subject="publication", subject_id=found.id, after=told)
    )
    session.flush()
