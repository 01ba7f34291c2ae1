"""Write what somebody does about work items, whoever asks: over HTTP or on the command line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.item_schemas import ActGiven, FoundGiven
from data.auditing import Anchors
from data.engine import snapshot, transaction
from data.errors import UnreadableAnchorsError
from data.workflow import Brought, Shown
from data.workflow.deadlines import moment_on

log = logging.getLogger("guatu")


def moment_of(session: Session, given: ActGiven | FoundGiven) -> datetime | None:
    """Return when something was done; None: now."""
    if given.at is not None or given.on is None:
        return given.at
    return moment_on(session, given.on)


def brought_by(session: Session, given: ActGiven) -> Brought:
    """Return what somebody brings to an item."""
    return Brought(
        by=given.by,
        at=moment_of(session, given),
        reason=given.reason,
        evidence=tuple(Shown(one.file_name, one.sha256, one.note) for one in given.evidence),
        columns=given.columns.model_dump(exclude_none=True),
        more=given.more.model_dump(exclude_none=True),
    )


@contextmanager
def writing(engine: Engine, anchors: Path) -> Iterator[Session]:
    """Write in one transaction, and anchor its events outside the database.

    What is written stays written where the anchor cannot be: the next one covers it.
    """
    with transaction(engine) as session:
        yield session
    try:
        with snapshot(engine) as session:
            Anchors(anchors, session).add(session)
    except (OSError, SQLAlchemyError, UnreadableAnchorsError) as error:
        log.warning("the chain of events is not anchored: %s", error)
