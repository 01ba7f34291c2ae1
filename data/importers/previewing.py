"""What a file seems to hold, before anything is asked of the store."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Engine

from data.engine import snapshot
from data.errors import ImportRejectedError
from data.importers.field import Field
from data.importers.files import Table
from data.importers.headings import FIELDS, contested, guess, is_remembered, understood
from data.importers.mappings import saved_mapping
from data.importers.report import Remark
from data.importers.upload import Upload

N_ROWS = 20
N_EXAMPLES = 3
LONGEST_TEXT = 500

_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Column:
    """A heading of the file, the field it seems to mean, and some of its texts.

    `remembered` tells that this, or that it means no field, was said when the source's last ledger
    came in.
    """

    heading: str
    field: str | None
    remembered: bool
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A field that a ledger of the kind may have, and what its heading usually is."""

    name: str
    required: bool
    title: str


@dataclass(frozen=True)
class Preview:
    """The first rows of a file, and what its headings seem to mean."""

    sheet: str | None
    sheets: tuple[str, ...]
    heading_row: int
    columns: tuple[Column, ...]
    fields: tuple[Wanted, ...]
    rows: tuple[tuple[str | None, ...], ...]
    n_rows: int
    warnings: tuple[Remark, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the preview as JSON shows it."""
        return asdict(self)


def preview(engine: Engine, upload: Upload) -> Preview:
    """Read the file, guess what its headings mean and return its first rows.

    Raises
    ------
    ImportRejectedError
        When the file cannot be read at all.
    """
    upload.check()
    table = upload.table()
    with snapshot(engine) as session:
        saved = saved_mapping(session, upload.kind, upload.options.source)
    headings = list(table.columns)
    mapping = upload.options.mapping or {}
    meant = guess(upload.kind, headings, saved, mapping)
    return Preview(
        sheet=table.sheet,
        sheets=tuple(table.sheets),
        heading_row=table.heading_row,
        columns=tuple(_columns(table, meant, saved)),
        fields=tuple(_wanted(field) for field in FIELDS[upload.kind]),
        rows=tuple(_rows(table)),
        n_rows=len({*table.numbers, *(error.row for error in table.errors)}),
        warnings=tuple(_warnings(upload, table, saved)),
    )


def _columns(
    table: Table, meant: Mapping[str, str | None], saved: Mapping[str, str | None]
) -> Iterator[Column]:
    for heading, texts in table.columns.items():
        different = dict.fromkeys(text for text in texts[:1000] if text is not None)
        examples = tuple(text[:LONGEST_TEXT] for text in islice(different, N_EXAMPLES))
        field = meant.get(heading)
        yield Column(heading, field, is_remembered(heading, field, saved), examples)


def _wanted(field: Field) -> Wanted:
    words = (alias for alias in field.aliases if _HAN.search(alias))
    return Wanted(field.name, field.required, next(words, field.name))


def _rows(table: Table) -> Iterator[tuple[str | None, ...]]:
    for row in islice(zip(*table.columns.values(), strict=True), N_ROWS):
        yield tuple(None if text is None else text[:LONGEST_TEXT] for text in row)


def _warnings(upload: Upload, table: Table, saved: Mapping[str, str | None]) -> Iterator[Remark]:
    headings, mapping = list(table.columns), upload.options.mapping or {}
    yield from table.remarks
    try:
        understood(upload.kind, headings, mapping, saved)
    except ImportRejectedError as error:
        yield Remark("headings", str(error))
    yield from contested(upload.kind, headings, mapping, saved)
    if table.errors:
        first = table.errors[0]
        yield Remark(
            "unreadable_rows",
            f"{len(table.errors)} rows cannot be read; the first: row {first.row} {first.reason}",
        )
