"""Rows that wait to be corrected: of imports of which only the good rows were taken."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from data.cities import settle_city
from data.engine import loading, snapshot, transaction
from data.errors import NotFoundError
from data.importers.batches import add_to_counts, find_batch, options_of, require_state
from data.importers.checking import Checked, check
from data.importers.files import Table
from data.importers.importing import load_rows
from data.importers.kept_rows import drop_row, keep_waiting
from data.importers.report import RowError
from data.importers.upload import Upload
from data.loading import MODELS, SUBJECTS, LoadCounts
from data.models import Event, ImportRow
from data.upserts import table_of


@dataclass(frozen=True)
class Correction:
    """What became of a row that was given other texts: imported, or what is still wrong."""

    errors: tuple[RowError, ...]

    @property
    def imported(self) -> bool:
        """Whether it is good now, and stored."""
        return not self.errors


def waiting_rows(
    session: Session, batch_id: int, limit: int, after: int = -1
) -> list[dict[str, Any]]:
    """Return the rows of a batch that wait, each with its texts and all that is wrong with it."""
    about = func.jsonb_build_object("field", ImportRow.field, "heading", ImportRow.heading)
    told = func.jsonb_build_object("value", ImportRow.value, "reason", ImportRow.reason)
    # The first error of a row carries its texts.
    texts = func.array_agg(ImportRow.texts).filter(ImportRow.texts.is_not(None))[1]
    chosen = (
        select(
            ImportRow.row,
            texts.label("texts"),
            func.jsonb_agg(about.concat(told)).label("errors"),
        )
        .where(*_waits(batch_id), ImportRow.row > after)
        .group_by(ImportRow.row)
        .order_by(ImportRow.row)
        .limit(limit)
    )
    return [dict(row) for row in session.execute(chosen).mappings()]


def correct_row(
    engine: Engine, batch_id: int, row: int, texts: Mapping[str, str | None], actor: str
) -> Correction:
    """Read a waiting row again with other texts, by the rules of its file.

    A row that is good now is imported into the same batch; else it waits on, with what is wrong.

    Raises
    ------
    NotFoundError
        When no such row waits.
    ImportRejectedError
        When the texts have no column that is needed.
    """
    upload, former = _waiting_row(engine, batch_id, row)
    table = _table(row, {**former, **texts})
    ledger, headings = upload.ledger(engine, table), upload.headings(engine, table)
    # The transaction looks at what moved when it ends.
    moved: set[str] = set()
    with loading(engine, moves=moved) as session:
        require_state(session, batch_id, "imported")
        _require_waiting(session, batch_id, row)
        checked = check(session, upload, ledger, headings)
        checked = _without_repeated(session, upload, batch_id, checked)
        if checked.errors:
            drop_row(session, batch_id, row)
            keep_waiting(session, batch_id, table, checked.errors)
            return Correction(checked.errors)
        counts = load_rows(session, upload, checked.good, batch_id)
        if counts.wrote:
            moved.add(SUBJECTS[upload.kind])
        _record(session, upload, batch_id, row, counts, actor)
    return Correction(())


def discard_row(engine: Engine, batch_id: int, row: int, reason: str, actor: str) -> None:
    """Give a waiting row up, with the reason.

    Raises
    ------
    NotFoundError
        When no such row waits.
    """
    with transaction(engine) as session:
        _require_waiting(session, batch_id, row)
        _resolve(session, batch_id, row, "discarded", reason)
        batch = find_batch(session, batch_id)
        after = {"row": row, "reason": reason}
        session.add(
            Event(
                actor=actor,
                action="discard",
                subject=batch.kind,
                subject_id=batch_id,
                after=after,
            )
        )


def _waiting_row(engine: Engine, batch_id: int, row: int) -> tuple[Upload, dict[str, Any]]:
    with snapshot(engine) as session:
        batch = find_batch(session, batch_id)
        texts = session.scalar(
            select(ImportRow.texts).where(
                *_waits(batch_id), ImportRow.row == row, ImportRow.texts.is_not(None)
            )
        )
        if texts is None:
            raise NotFoundError(f"no row {row} of import {batch_id} waits")
        options = replace(options_of(batch), accept_good=False)
        return Upload(batch.kind, batch.file_name, b"", options), texts


def _table(row: int, texts: Mapping[str, str | None]) -> Table:
    columns = {heading: [text or None] for heading, text in texts.items()}
    return Table(numbers=[row], columns=columns)


def _without_repeated(session: Session, upload: Upload, batch_id: int, checked: Checked) -> Checked:
    """Refuse a code that another row of the same import has: the earlier one is kept."""
    model = MODELS[upload.kind]
    columns = table_of(model).columns
    here = select(columns["external_code"]).where(
        columns["import_batch_id"] == batch_id,
        columns["source"] == upload.options.source,
        columns["external_code"].in_(checked.good["external_code"].tolist()),
    )
    repeated = set(session.scalars(here))
    again = [
        RowError(int(str(row)), "code", code, "another row of the import has the code")
        for row, code in checked.good["external_code"].items()
        if code in repeated
    ]
    return replace(checked, errors=(*checked.errors, *again))


def _record(
    session: Session, upload: Upload, batch_id: int, row: int, counts: LoadCounts, actor: str
) -> None:
    _resolve(session, batch_id, row, "corrected")
    settle_city(session)
    event = Event(
        actor=actor,
        action="correct",
        subject=upload.kind,
        subject_id=batch_id,
        after={"row": row, **asdict(counts)},
    )
    session.add(event)
    session.flush()
    add_to_counts(session, batch_id, counts)


def _resolve(
    session: Session, batch_id: int, row: int, state: str, remark: str | None = None
) -> None:
    session.execute(
        update(ImportRow)
        .where(*_waits(batch_id), ImportRow.row == row)
        .values(state=state, remark=remark, resolved_at=func.now())
    )


def _require_waiting(session: Session, batch_id: int, row: int) -> None:
    """Lock the row, so that nobody else resolves it meanwhile."""
    here = select(ImportRow.id).where(*_waits(batch_id), ImportRow.row == row).with_for_update()
    if not session.scalars(here).all():
        raise NotFoundError(f"no row {row} of import {batch_id} waits")


def _waits(batch_id: int) -> tuple[Any, ...]:
    return (ImportRow.import_batch_id == batch_id, ImportRow.state == "waiting")
