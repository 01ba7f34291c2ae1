"""Batches on record: what came in, how far it is and what became of it."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from data.engine import transaction
from data.errors import ImportRejectedError, NotFoundError, WrongStateError
from data.importers.kept_rows import forget, keep_refused
from data.importers.report import ImportOptions, ImportReport
from data.importers.upload import Upload
from data.loading import LoadCounts
from data.models import ImportBatch
from data.models import Upload as Content

UNDER_WAY = ("checking", "importing")
OPEN = ("previewed", "checked", "refused", "failed")
"""States from which a file can be asked for again."""

_ADDED = ("new", "changed", "same", "duplicate", "without_position", "outside")
_OPTIONS = {field.name for field in fields(ImportOptions)}


def add_batch(session: Session, upload: Upload, state: str = "importing") -> int:
    """Put an upload on record and return the number of its batch."""
    batch = ImportBatch(
        kind=upload.kind,
        source=upload.options.source,
        file_name=upload.name,
        file_sha256=upload.sha256,
        mapping=upload.reading,
        options=_stored(upload.options),
        actor=upload.options.actor,
        state=state,
    )
    session.add(batch)
    session.flush()
    return batch.id


def keep_content(session: Session, upload: Upload) -> None:
    """Keep the file itself; the same content is kept once."""
    kept = insert(Content).values(sha256=upload.sha256, content=upload.content)
    fresh = {"received_at": func.now()}
    session.execute(kept.on_conflict_do_update(index_elements=["sha256"], set_=fresh))


def last_batch(session: Session, upload: Upload) -> int | None:
    """Return what was imported last of the kind and source, if it was this file, read this way."""
    columns = (ImportBatch.id, ImportBatch.file_sha256, ImportBatch.mapping)
    last = session.execute(
        select(*columns)
        .where(
            ImportBatch.kind == upload.kind,
            ImportBatch.source == upload.options.source,
            ImportBatch.state == "imported",
        )
        .order_by(ImportBatch.imported_at.desc(), ImportBatch.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or (last.file_sha256, last.mapping) != (upload.sha256, upload.reading):
        return None
    return int(last.id)


def finish_batch(
    session: Session, batch_id: int, *, counts: Mapping[str, Any], report: ImportReport
) -> None:
    """Call a batch imported. Nothing else of an import touches its row, which others follow."""
    _set(
        session,
        batch_id,
        state="imported",
        imported_at=func.now(),
        counts=dict(counts),
        report=_summary(report),
    )


def add_to_counts(session: Session, batch_id: int, counts: LoadCounts) -> None:
    """Count a row that was refused with those it belongs to now; the sum stays."""
    batch = find_batch(session, batch_id)
    more = {name: getattr(counts, name) for name in _ADDED}
    # A row of the file may be several of the ledger.
    kept = {**more, "rows": counts.rows - 1, "refused": -1}
    for told in ("counts", "report"):
        former = getattr(batch, told) or {}
        changed = {name: former.get(name, 0) + n for name, n in kept.items()}
        setattr(batch, told, {**former, **changed})


def mark_duplicate(session: Session, batch_id: int, last: int, report: ImportReport) -> None:
    """Say that the batch brought nothing that `last` had not brought."""
    _set(session, batch_id, state="refused", duplicate_of=last, report=_summary(report))


def finish_check(session: Session, batch_id: int, report: ImportReport) -> None:
    """Keep what a check found: the report, and every error of the rows."""
    forget(session, batch_id)
    keep_refused(session, batch_id, report.errors)
    told = _summary(replace(report, batch=batch_id))
    move_batch(session, batch_id, ("checking",), "checked", report=told)


def mark_failed(engine: Engine, batch_id: int, reason: str) -> None:
    """Say that a batch under way came to nothing, and why."""
    with transaction(engine) as session:
        session.execute(
            update(ImportBatch)
            .where(ImportBatch.id == batch_id, ImportBatch.state.in_(UNDER_WAY))
            .values(state="failed", report={"message": reason})
        )


def record_refusal(
    engine: Engine, upload: Upload, error: ImportRejectedError, batch_id: int | None = None
) -> int:
    """Keep a file that was refused on record, with the reason and every error of its rows."""
    report = error.report or ImportReport(upload.kind, rows=0)
    with transaction(engine) as session:
        batch = batch_id or add_batch(session, upload, "refused")
        forget(session, batch)
        keep_refused(session, batch, report.errors)
        told = _summary(replace(report, batch=batch)) | {"message": str(error)}
        _set(session, batch, state="refused", report=told)
    error.report = replace(report, batch=batch) if error.report else None
    return batch


def find_batch(session: Session, batch_id: int) -> ImportBatch:
    """Return one batch.

    Raises
    ------
    NotFoundError
        When there is none of that number.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFoundError(f"there is no import {batch_id}")
    return batch


def list_batches(session: Session, limit: int, before: int | None = None) -> list[ImportBatch]:
    """Return the latest batches first; with `before` those of lower numbers only."""
    chosen = select(ImportBatch).order_by(ImportBatch.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(ImportBatch.id < before)
    return list(session.scalars(chosen))


def upload_of(session: Session, batch_id: int) -> Upload:
    """Return the file of a batch with what was asked of it.

    Raises
    ------
    NotFoundError
        When the file is not kept any more.
    """
    batch = find_batch(session, batch_id)
    kept = session.get(Content, batch.file_sha256)
    if kept is None:
        raise NotFoundError(f"the file of import {batch_id} is not kept any more: send it again")
    return Upload(batch.kind, batch.file_name, kept.content, options_of(batch))


def options_of(batch: ImportBatch) -> ImportOptions:
    """Return what was asked of a batch."""
    known = {name: value for name, value in batch.options.items() if name in _OPTIONS}
    return ImportOptions(**known)


def set_options(session: Session, batch_id: int, upload: Upload) -> None:
    """Ask for the file of a batch in another way.

    Raises
    ------
    WrongStateError
        When the batch is under way or imported.
    """
    move_batch(
        session,
        batch_id,
        OPEN,
        "previewed",
        source=upload.options.source,
        mapping=upload.reading,
        options=_stored(upload.options),
        report=None,
    )


def move_batch(
    session: Session, batch_id: int, expected: tuple[str, ...], state: str, **more: Any
) -> None:
    """Let a batch go from one of the `expected` states to `state`, if nobody was faster.

    Raises
    ------
    WrongStateError
        When it is in another state.
    """
    moved = session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id, ImportBatch.state.in_(expected))
        .values(state=state, **more)
        .returning(ImportBatch.id)
    ).one_or_none()
    if moved is None:
        state = find_batch(session, batch_id).state
        raise WrongStateError(f"import {batch_id} is {state}, not {' or '.join(expected)}")


def require_state(session: Session, batch_id: int, state: str) -> None:
    """Stop where somebody else has brought the batch to another state meanwhile.

    Raises
    ------
    WrongStateError
        When it is no longer in `state`.
    """
    now = session.scalar(select(ImportBatch.state).where(ImportBatch.id == batch_id))
    if now != state:
        raise WrongStateError(f"import {batch_id} is {now}, not {state}")


def note_progress(engine: Engine, batch_id: int, progress: Mapping[str, Any]) -> None:
    """Write how far a batch is, apart from the transaction that imports it."""
    with transaction(engine) as session:
        _set(session, batch_id, progress=dict(progress))


def sweep(engine: Engine, days: float) -> int:
    """Drop contents that nobody asked for in so many days, and previews that came to nothing.

    Returns
    -------
        How many files were dropped.
    """
    with transaction(engine) as session:
        old = func.now() - timedelta(days=days)
        waiting = select(ImportBatch.file_sha256).where(ImportBatch.state.in_(UNDER_WAY))
        dropped = session.execute(
            delete(Content)
            .where(Content.received_at < old, Content.sha256.not_in(waiting))
            .returning(Content.sha256)
        ).all()
        idle = ("previewed", "checked")
        session.execute(
            delete(ImportBatch).where(
                ImportBatch.state.in_(idle),
                ImportBatch.received_at < old,
                ImportBatch.file_sha256.in_([row.sha256 for row in dropped]),
            )
        )
        return len(dropped)


def _set(session: Session, batch_id: int, **values: Any) -> None:
    session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(**values))


def _stored(options: ImportOptions) -> dict[str, Any]:
    return asdict(options)


def _summary(report: ImportReport) -> dict[str, Any]:
    """Return the report without its errors, which are rows of their own."""
    told = report.as_dict()
    return {name: value for name, value in told.items() if name != "errors"}
