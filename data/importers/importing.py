"""Bring one file into the store: in one transaction, all of it, its good rows, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from data.cities import Founding, found_city, settle_city
from data.engine import loading
from data.errors import ImportRejectedError
from data.grids import GridHead, load_grid
from data.importers.batches import (
    add_batch,
    finish_batch,
    last_batch,
    mark_duplicate,
    record_refusal,
    require_state,
)
from data.importers.checking import Checked, check, refusal
from data.importers.declarations import declare
from data.importers.files import Table, read_bytes
from data.importers.headings import decided
from data.importers.kept_rows import forget, keep_left_out, keep_waiting
from data.importers.ledger import Ledger
from data.importers.mappings import save_mapping, saved_mapping
from data.importers.report import ImportOptions, ImportReport, Remark
from data.importers.upload import Upload, shown_name
from data.loading import SUBJECTS, LoadCounts, load
from data.models import Event, Grid

Step = Callable[[str], None]
"""Is told which of `STEPS` begins."""

STEPS = ("read", "understand", "check", "write")


@dataclass(frozen=True)
class _File:
    """An upload with everything that was read of it."""

    upload: Upload
    table: Table
    ledger: Ledger
    headings: Mapping[str, str]


def import_file(
    engine: Engine,
    kind: str,
    path: Path,
    options: ImportOptions | None = None,
    step: Step = lambda _: None,
    founding: Founding | None = None,
) -> ImportReport:
    """Import a file of `kind`; where there is no city yet, `founding` is made with it.

    The file imported last, read the same way again, is told so where it changes nothing. Imports
    wait for each other. A file that is refused is kept on record with its errors.

    Raises
    ------
    ImportRejectedError
        When a row or the whole file is refused; nothing is written. Its report names every row.
    NoCityError
        When the store holds no city yet.
    """
    upload = Upload(kind, shown_name(path.name), b"", options or ImportOptions())
    upload.check()
    upload = replace(upload, content=read_bytes(path))
    if upload.options.dry_run:
        return _rehearsed(engine, upload, step, founding)
    try:
        return import_upload(engine, upload, step=step, founding=founding)
    except ImportRejectedError as error:
        record_refusal(engine, upload, error)
        raise


def import_upload(
    engine: Engine,
    upload: Upload,
    *,
    batch_id: int | None = None,
    step: Step = lambda _: None,
    founding: Founding | None = None,
) -> ImportReport:
    """Import what `upload` holds, as a new batch or as the one of `batch_id`.

    Raises
    ------
    ImportRejectedError
        When a row or the whole file is refused; nothing is written.
    """
    file = _read(engine, upload, step, founding)
    # The transaction looks at what moved when it ends.
    moved: set[str] = set()
    with loading(engine, moves=moved) as session:
        found_city(session, founding)
        if batch_id is not None:
            require_state(session, batch_id, "importing")
        step("check")
        checked = check(session, upload, file.ledger, file.headings)
        if checked.errors and not upload.options.accept_good:
            raise refusal(upload, file.ledger, checked)
        step("write")
        report, wrote = _write(session, file, checked, batch_id)
        if wrote:
            moved.add(SUBJECTS[upload.kind])
    return report


def rehearse(
    engine: Engine,
    upload: Upload,
    step: Step = lambda _: None,
    founding: Founding | None = None,
) -> ImportReport:
    """Return what an import would do to the good rows and why the others are refused.

    Raises
    ------
    ImportRejectedError
        When the whole file is refused; that of a grid for any of its cells.
    """
    file = _read(engine, upload, step, founding)
    with loading(engine, rehearsal=True) as session:
        found_city(session, founding)
        step("check")
        checked = check(session, upload, file.ledger, file.headings)
        if checked.errors and (upload.kind == "grids" or file.ledger.refusal is not None):
            raise refusal(upload, file.ledger, checked)
        step("write")
        report, _ = _write(session, file, checked, None)
    return replace(report, batch=None)


def _rehearsed(
    engine: Engine, upload: Upload, step: Step, founding: Founding | None
) -> ImportReport:
    """Rehearse, and refuse what an import would refuse."""
    report = rehearse(engine, upload, step, founding)
    if report.errors and not upload.options.accept_good:
        first = report.errors[0]
        raise ImportRejectedError(
            f"{report.refused} of {report.rows} rows would be refused; the first: row {first.row},"
            f" {first.field or 'the row'} {first.reason}",
            report,
        )
    return report


def load_rows(
    session: Session, upload: Upload, rows: pd.DataFrame, batch_id: int | None
) -> LoadCounts:
    """Write good rows of an upload, whatever kind they are."""
    source = upload.options.source
    if upload.kind != "grids":
        return load(session, upload.kind, rows, source=source, batch_id=batch_id)
    code = str(upload.options.grid)
    known = session.scalar(select(Grid.name).where(Grid.code == code))
    head = GridHead(code, upload.options.grid_name or known or code, upload.options.grid_kind)
    return load_grid(session, head, rows, source=source, batch_id=batch_id)


def _read(engine: Engine, upload: Upload, step: Step, founding: Founding | None = None) -> _File:
    """Read the whole file before the transaction, which would be idle for too long."""
    step("read")
    table = upload.table()
    step("understand")
    ledger = upload.ledger(engine, table, founding)
    return _File(upload, table, ledger, upload.headings(engine, table))


def _write(
    session: Session, file: _File, checked: Checked, batch_id: int | None
) -> tuple[ImportReport, bool]:
    """Write the good rows; return the report and whether anything is stored otherwise now."""
    upload, remarks = file.upload, file.ledger.remarks
    last = last_batch(session, upload)
    attempt = session.begin_nested()
    batch = batch_id or add_batch(session, upload)
    counts = load_rows(session, upload, checked.good, batch)
    wrote = declare(session, upload, file.ledger, checked.good) or counts.wrote
    if last is not None and not wrote and not checked.errors:
        attempt.rollback()
        same = Remark("same_file", f"the file was imported before, as batch {last}")
        report = ImportReport.of(upload.kind, last, counts, [*remarks, same])
        if batch_id is not None:
            mark_duplicate(session, batch_id, last, report)
        return report, False
    if counts.removed:
        message = f"{counts.removed} cells that the file does not have were removed"
        remarks.append(Remark("cells_removed", message))
    report = ImportReport.of(upload.kind, batch, counts, remarks, checked.errors)
    _record(session, file, checked, report, counts)
    return report, wrote


def _record(
    session: Session, file: _File, checked: Checked, report: ImportReport, counts: LoadCounts
) -> None:
    """Keep what was imported, and what was not, beside the rows themselves."""
    upload, batch = file.upload, report.batch
    if batch is None:
        raise ValueError("what is recorded belongs to a batch")
    forget(session, batch)
    if counts.duplicate:
        keep_left_out(session, batch, checked.good["external_code"])
    keep_waiting(session, batch, file.table, checked.errors)
    settle_city(session)
    _keep_mapping(session, upload, list(file.table.columns))
    told = asdict(counts) | {"rows": report.rows, "refused": report.refused}
    event = Event(
        actor=upload.options.actor,
        action="import",
        subject=upload.kind,
        subject_id=batch,
        after=told,
    )
    session.add(event)
    session.flush()
    finish_batch(session, batch, counts=told, report=report)


def _keep_mapping(session: Session, upload: Upload, headings: Sequence[str]) -> None:
    """Keep what was said of the headings, also that they mean nothing, for the next file."""
    kind, source, mapping = upload.kind, upload.options.source, upload.options.mapping or {}
    saved = saved_mapping(session, kind, source)
    save_mapping(session, kind, source, decided(kind, headings, mapping, saved))
