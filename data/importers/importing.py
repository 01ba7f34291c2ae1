"""Bring one file into the store: all of it in one transaction, or nothing."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from data.cities import bounds_of, settle_city, the_city
from data.engine import loading, snapshot
from data.errors import ImportRejectedError
from data.grids import GridHead, load_grid
from data.importers import fields
from data.importers.files import read_bytes, read_table
from data.importers.headings import FIELDS
from data.importers.ledger import Ledger, read_ledger
from data.importers.mappings import save_mapping, saved_mapping
from data.importers.report import ImportOptions, ImportReport, Remark, RowError
from data.importers.surroundings import check_surroundings
from data.importers.topology import check_cells
from data.importers.unit_names import name_units
from data.loading import SUBJECTS, LoadCounts, load
from data.models import Event, Grid, ImportBatch, ImportRow
from data.models.places import GRID_KINDS
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
        return {
            name: chosen[name]
            for name in ("datum", "mapping", "grid", "grid_name", "grid_kind", "year")
        }


def import_file(
    engine: Engine, kind: str, path: Path, options: ImportOptions | None = None
) -> ImportReport:
    """Import a CSV or GeoJSON file of `kind`.

    The file imported last, read the same way again, is told so where it changes nothing. Imports
    wait for each other.

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
    _check_options(upload)
    with snapshot(engine) as session:
        city = the_city(session)
        zone, near = ZoneInfo(city.timezone), bounds_of(city)
        saved = saved_mapping(session, kind, upload.options.source)
    # A large file is read before the transaction begins, which would be idle for too long.
    table = read_table(upload.name, upload.content)
    ledger = read_ledger(
        kind, table, upload.options, zone, saved=saved, file_name=upload.name, near=near
    )
    # The transaction looks at what moved when it ends.
    moved: set[str] = set()
    rehearsal = upload.options.dry_run
    with loading(engine, moves=moved, rehearsal=rehearsal) as session:
        report, counts = _load(session, upload, ledger)
        if counts.wrote:
            moved.add(SUBJECTS[kind])
    return replace(report, batch=None) if rehearsal else report


def _check_options(upload: _Upload) -> None:
    """Refuse words that the store cannot keep as codes."""
    options = upload.options
    if upload.kind == "grids" and options.grid is None:
        raise ImportRejectedError("the code of the grid is missing: name it with --grid")
    if options.grid_kind not in GRID_KINDS:
        raise ImportRejectedError(f"{options.grid_kind}: not one of {', '.join(GRID_KINDS)}")
    words = {"source": options.source, "grid": options.grid, "grid name": options.grid_name}
    for name, word in words.items():
        reason = None if word is None else fields.unfit(word)
        if reason or (word is not None and not 1 <= len(word.strip()) <= fields.LONGEST_CODE):
            reason = reason or f"must have 1 to {fields.LONGEST_CODE} characters"
            raise ImportRejectedError(f"{name} {word!r:.80}: {reason}")


def _last_batch(session: Session, upload: _Upload) -> ImportBatch | None:
    """Return what was imported last of the kind and source, if it was this file, read this way."""
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
    return last


def _load(session: Session, upload: _Upload, ledger: Ledger) -> tuple[ImportReport, LoadCounts]:
    _check(session, upload, ledger)
    last = _last_batch(session, upload)
    attempt = session.begin_nested()
    batch = _add_batch(session, upload)
    counts = _load_rows(session, upload, ledger.rows, batch.id)
    if last is not None and not counts.wrote:
        attempt.rollback()
        message = f"the file was imported before, as batch {last.id}"
        remarks = [*ledger.remarks, Remark("same_file", message)]
        return ImportReport.of(upload.kind, last.id, counts, remarks), counts
    _record(session, upload, ledger, batch, counts)
    return ImportReport.of(upload.kind, batch.id, counts, ledger.remarks), counts


def _check(session: Session, upload: _Upload, ledger: Ledger) -> None:
    """Refuse the file for what only shows beside what is stored."""
    ledger.errors += name_units(session, upload.kind, ledger, upload.options.source)
    ledger.errors += _unknown_references(session, upload, ledger.rows)
    check_surroundings(session, ledger)
    if upload.kind == "grids" and not ledger.errors:
        check_cells(session, ledger)
    _refuse_any(upload.kind, ledger)


def _record(
    session: Session, upload: _Upload, ledger: Ledger, batch: ImportBatch, counts: LoadCounts
) -> None:
    """Keep what was imported, beside the rows themselves."""
    batch.counts = asdict(counts)
    session.add_all(_left_out(ledger, batch.id))
    settle_city(session)
    chosen = upload.options.mapping or {}
    said = {heading: name for name, heading in chosen.items() if heading is not None}
    save_mapping(session, upload.kind, upload.options.source, said)
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
    headline = "" if ledger.refusal is None else f"{ledger.refusal}. "
    raise ImportRejectedError(
        f"{headline}{refused} of {ledger.n_rows} rows are refused, nothing is imported; the first:"
        f" row {first.row}, {first.field or 'the row'} {first.reason}",
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
    known = session.scalar(select(Grid.name).where(Grid.code == code))
    head = GridHead(code, upload.options.grid_name or known or code, upload.options.grid_kind)
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
