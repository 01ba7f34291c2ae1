"""Bring one file into the store: all of it in one transaction, or nothing."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from data.cities import settle_city, the_city
from data.engine import snapshot, transaction
from data.errors import ImportRejectedError
from data.grids import GridHead, load_grid
from data.importers.files import read_bytes, read_table
from data.importers.headings import FIELDS
from data.importers.ledger import Ledger, read_ledger
from data.importers.report import ImportOptions, ImportReport, Remark, RowError
from data.importers.topology import check_cells
from data.loading import SUBJECTS, LoadCounts, load
from data.models import Event, ImportBatch, ImportRow
from data.references import REFERENCES, resolve

KINDS = tuple(FIELDS)


@dataclass(frozen=True)
class _Upload:
    """A file, and how it is to be read."""

    kind: str
    name: str
    content: bytes
    options: ImportOptions

    @cached_property
    def sha256(self) -> bytes:
        """What tells its content from others."""
        return hashlib.sha256(self.content).digest()

    @property
    def reading(self) -> dict[str, Any]:
        """What, besides its content, decides what is stored."""
        chosen = asdict(self.options)
        return {name: chosen[name] for name in ("datum", "mapping", "grid", "grid_name")}


def import_file(
    engine: Engine, kind: str, path: Path, options: ImportOptions | None = None
) -> ImportReport:
    """Import a CSV or GeoJSON file of `kind`.

    The file imported last, read the same way again, changes nothing and is told so: every row is
    the same. Imports wait for each other.

    Raises
    ------
    ImportRejectedError
        When a row or the whole file is refused; nothing is written. Its report names every row.
    NoCityError
        When the store holds no city yet.
    """
    if kind not in KINDS:
        raise ImportRejectedError(f"{kind}: not one of {', '.join(KINDS)}")
    upload = _Upload(kind, path.name, read_bytes(path), options or ImportOptions())
    with snapshot(engine) as session:
        zone = ZoneInfo(the_city(session).timezone)
        known = _known_report(session, upload)
    # A large file is read before the transaction begins, which would be idle for too long.
    if known is not None:
        return known
    ledger = _read(upload, zone)
    work = _rehearse if upload.options.dry_run else _write
    return work(engine, upload, ledger)


def _read(upload: _Upload, zone: ZoneInfo) -> Ledger:
    if upload.kind == "grids" and upload.options.grid is None:
        raise ImportRejectedError("the code of the grid is missing: name it with --grid")
    return read_ledger(upload.kind, read_table(upload.name, upload.content), upload.options, zone)


def _write(engine: Engine, upload: _Upload, ledger: Ledger) -> ImportReport:
    # The transaction looks at what moved when it ends.
    moved: set[str] = set()
    with transaction(engine, moves=moved) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('guatu_import'))"))
        if (known := _known_report(session, upload)) is not None:
            return known
        report, counts = _load(session, upload, ledger)
        if counts.new or counts.changed or counts.removed:
            moved.add(SUBJECTS[upload.kind])
        return report


def _rehearse(engine: Engine, upload: _Upload, ledger: Ledger) -> ImportReport:
    """Do everything and commit nothing."""
    with Session(engine) as session:
        report, _ = _load(session, upload, ledger)
        return replace(report, batch=None)


def _known_report(session: Session, upload: _Upload) -> ImportReport | None:
    """Return the report of a file that is what was imported last, read the same way."""
    last = session.scalar(
        select(ImportBatch)
        .where(
            ImportBatch.kind == upload.kind,
            ImportBatch.source == upload.options.source,
            ImportBatch.state == "imported",
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    if last is None or (last.file_sha256, last.mapping) != (upload.sha256, upload.reading):
        return None
    counts = LoadCounts(**last.counts)
    return ImportReport(
        upload.kind,
        rows=counts.rows,
        batch=last.id,
        same=counts.new + counts.changed + counts.same,
        duplicate=counts.duplicate,
        without_position=counts.without_position,
        outside=counts.outside,
        warnings=(Remark("same_file", f"the file was imported before, as batch {last.id}"),),
    )


def _load(session: Session, upload: _Upload, ledger: Ledger) -> tuple[ImportReport, LoadCounts]:
    ledger.errors += _unknown_references(session, upload, ledger.rows)
    if upload.kind == "grids" and not ledger.errors:
        check_cells(session, ledger)
    _refuse_any(upload.kind, ledger)
    batch = _add_batch(session, upload)
    counts = _load_rows(session, upload, ledger.rows, batch.id)
    batch.counts = asdict(counts)
    session.add_all(_left_out(ledger, batch.id))
    settle_city(session)
    session.add(
        Event(
            actor=upload.options.actor,
            action="import",
            subject=upload.kind,
            subject_id=batch.id,
            after=batch.counts,
        )
    )
    if counts.removed:
        message = f"{counts.removed} cells that the file does not have were removed"
        ledger.remarks.append(Remark("cells_removed", message))
    return ImportReport.of(upload.kind, batch.id, counts, ledger.remarks), counts


def _unknown_references(session: Session, upload: _Upload, rows: pd.DataFrame) -> list[RowError]:
    errors = []
    for column, (_, model) in REFERENCES.get(upload.kind, {}).items():
        if column not in rows:
            continue
        ids = resolve(session, model, rows[column], upload.options.source)
        thing = model.__tablename__.replace("_", " ")
        errors += [
            RowError(
                int(str(row)), column, str(code), f"names no {thing}, or several sources have it"
            )
            for row, code in rows.loc[rows[column].notna() & ids.isna(), column].items()
        ]
    return errors


def _refuse_any(kind: str, ledger: Ledger) -> None:
    if not ledger.errors:
        return
    errors = sorted(ledger.errors, key=lambda error: error.row)
    refused = len({error.row for error in errors})
    first = errors[0]
    raise ImportRejectedError(
        f"{refused} of {ledger.n_rows} rows are refused, nothing is imported; the first: row"
        f" {first.row}, {first.field or 'the row'} {first.reason}",
        ImportReport(
            kind,
            rows=ledger.n_rows,
            refused=refused,
            errors=tuple(errors),
            warnings=tuple(ledger.remarks),
        ),
    )


def _add_batch(session: Session, upload: _Upload) -> ImportBatch:
    batch = ImportBatch(
        kind=upload.kind,
        source=upload.options.source,
        file_name=upload.name,
        file_sha256=upload.sha256,
        mapping=upload.reading,
    )
    session.add(batch)
    session.flush()
    return batch


def _load_rows(session: Session, upload: _Upload, rows: pd.DataFrame, batch_id: int) -> LoadCounts:
    source = upload.options.source
    if upload.kind != "grids":
        return load(session, upload.kind, rows, source=source, batch_id=batch_id)
    code = str(upload.options.grid)
    head = GridHead(code, upload.options.grid_name or code, upload.options.grid_kind)
    return load_grid(session, head, rows, source=source, batch_id=batch_id)


def _left_out(ledger: Ledger, batch_id: int) -> Iterator[ImportRow]:
    """Keep which rows were left out because an earlier one has their code."""
    codes = ledger.rows["external_code"]
    for row, code in codes[codes.duplicated()].items():
        yield ImportRow(
            import_batch_id=batch_id,
            row=int(str(row)),
            field="code",
            value=str(code),
            reason="an earlier row has the code",
        )
