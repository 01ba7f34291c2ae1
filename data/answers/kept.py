"""Answers kept in the process, so that asking again reads nothing but the revisions."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from threading import Lock

from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.ground import Ground, ground_of
from data.answers.hazards import hotspots
from data.answers.inspected import KeptUnits
from data.answers.inspections import coverage
from data.answers.questions import (
    CoverageQuestion,
    HotspotQuestion,
    Question,
    RectificationQuestion,
)
from data.answers.rectifications import rectifications
from data.answers.streetlights import outages
from data.scope import Scope


def answer(
    session: Session,
    scope: Scope,
    question: Question,
    units: KeptUnits | None = None,
    ground: Ground | None = None,
) -> Answer:
    """Answer any of the four questions, coverage with what is kept of the units."""
    if isinstance(question, CoverageQuestion):
        return coverage(session, scope, question, units, ground)
    if isinstance(question, HotspotQuestion):
        return hotspots(session, scope, question)
    if isinstance(question, RectificationQuestion):
        return rectifications(session, scope, question)
    return outages(session, scope, question)


class KeptAnswers:
    """The answers asked for last, at most `size` of them; safe for threads.

    For sessions that read what is committed: an answer is known by its question, its reader's
    scope and the revisions, and writes move those only when they commit.
    """

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._units = KeptUnits()
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def answer(self, session: Session, scope: Scope, question: Question) -> Answer:
        """Return the kept answer, or compute it and keep it."""
        ground = ground_of(session, question)
        key = _key(session, scope, question, ground)
        return self._find(key) or self._keep(
            key, lambda: answer(session, scope, question, self._units, ground)
        )

    def _find(self, key: Hashable) -> Answer | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        computed = compute()
        with self._lock:
            self._kept[key] = computed
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return computed


def _key(session: Session, scope: Scope, question: Question, ground: Ground) -> Hashable:
    return (
        session.get_bind().engine.url,
        ground.city.code,
        ground.city.created_at,
        replace(question, as_of=ground.period.as_of),
        scope.key,
        tuple(sorted(ground.revisions.items())),
    )
