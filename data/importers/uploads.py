"""Files that came over the web: received, asked for again, checked and imported by a worker."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import Engine

from data.engine import snapshot, transaction
from data.errors import ImportRejectedError
from data.importers.batches import (
    OPEN,
    add_batch,
    find_batch,
    finish_check,
    keep_content,
    mark_failed,
    move_batch,
    note_progress,
    record_refusal,
    set_options,
    upload_of,
)
from data.importers.importing import STEPS, Step, import_upload, rehearse
from data.importers.previewing import Preview, preview
from data.importers.upload import Upload
from data.jobs import defer
from geo.errors import GuatuError

Work = Literal["check", "import"]

_STATES: Mapping[Work, str] = {"check": "checking", "import": "importing"}


def receive(engine: Engine, upload: Upload) -> tuple[int, Preview]:
    """Keep a file that came in, and return its batch and what it seems to hold.

    Raises
    ------
    ImportRejectedError
        When the file cannot be read; its report names the batch that has it on record.
    """
    upload.check()
    try:
        seen = preview(engine, upload)
    except ImportRejectedError as error:
        record_refusal(engine, upload, error)
        raise
    with transaction(engine) as session:
        keep_content(session, upload)
        return add_batch(session, upload, "previewed"), seen


def ask_again(engine: Engine, batch_id: int, changes: Mapping[str, Any]) -> tuple[Upload, Preview]:
    """Ask for a kept file in another way, and return what it seems to hold then.

    Raises
    ------
    NotFoundError
        When there is no such batch, or its file is not kept any more.
    WrongStateError
        When it is under way or imported.
    """
    with snapshot(engine) as session:
        kept = upload_of(session, batch_id)
    upload = replace(kept, options=replace(kept.options, **changes))
    seen = preview(engine, upload)
    if changes:
        with transaction(engine) as session:
            set_options(session, batch_id, upload)
    return upload, seen


def order(engine: Engine, batch_id: int, work: Work, *, accept_good: bool = False) -> int:
    """Let a worker check or import a batch; return the number of the job.

    Raises
    ------
    NotFoundError
        When there is no such batch, or its file is not kept any more.
    WrongStateError
        When it is under way or imported.
    """
    with transaction(engine) as session:
        upload = upload_of(session, batch_id)
        asked = replace(upload.options, accept_good=accept_good)
        replace(upload, options=asked).check()
        options = {**find_batch(session, batch_id).options, "accept_good": accept_good}
        move_batch(
            session, batch_id, OPEN, _STATES[work], options=options, progress={}, report=None
        )
        job = defer(session, batch_id)
        find_batch(session, batch_id).job = job
        return job


def carry_out(engine: Engine, batch_id: int) -> None:
    """Do what was ordered of a batch; what is done already is not done again."""
    with snapshot(engine) as session:
        state = find_batch(session, batch_id).state
        upload = upload_of(session, batch_id) if state in _STATES.values() else None
    if upload is None:
        return
    try:
        _work(engine, batch_id, state, upload)
    except ImportRejectedError as error:
        record_refusal(engine, upload, error, batch_id)
    except GuatuError as error:
        mark_failed(engine, batch_id, str(error))


def _work(engine: Engine, batch_id: int, state: str, upload: Upload) -> None:
    step = _teller(engine, batch_id)
    if state == "importing":
        import_upload(engine, upload, batch_id=batch_id, step=step)
        return
    report = rehearse(engine, upload, step)
    with transaction(engine) as session:
        finish_check(session, batch_id, report)


def _teller(engine: Engine, batch_id: int) -> Step:
    """Return what writes each step down where others can see it."""

    def tell(step: str) -> None:
        progress = {"step": step, "done": STEPS.index(step), "total": len(STEPS)}
        note_progress(engine, batch_id, progress)

    return tell
