"""Rows of an upload that were not written: why, and with their whole text where they wait."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.copying import ColumnType, copy_frame
from data.importers.files import Table
from data.importers.report import RowError
from data.models import ImportRow

_COLUMNS: dict[str, ColumnType] = {
    "import_batch_id": "int4",
    "row": "int4",
    "field": "text",
    "heading": "text",
    "value": "text",
    "reason": "text",
    "state": "text",
    "texts": "jsonb",
}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def forget(session: Session, batch_id: int) -> None:
    """Drop what an earlier look at the file found."""
    session.execute(delete(ImportRow).where(ImportRow.import_batch_id == batch_id))


def drop_row(session: Session, batch_id: int, row: int) -> None:
    """Drop what was wrong with one row."""
    chosen = (ImportRow.import_batch_id == batch_id, ImportRow.row == row)
    session.execute(delete(ImportRow).where(*chosen))


def keep_refused(session: Session, batch_id: int, errors: Iterable[RowError]) -> None:
    """Keep what is wrong with a file of which nothing was written."""
    _copy(session, batch_id, "refused", ((error, None) for error in errors))


def keep_left_out(session: Session, batch_id: int, codes: pd.Series) -> None:
    """Keep which rows were left out because an earlier one has their code."""
    twice = codes[codes.duplicated()]
    reason = "an earlier row has the code"
    errors = (RowError(int(str(row)), "code", str(code), reason) for row, code in twice.items())
    _copy(session, batch_id, "left_out", ((error, None) for error in errors))


def keep_waiting(session: Session, batch_id: int, table: Table, errors: Sequence[RowError]) -> None:
    """Keep rows that wait to be corrected: the first error of each with the texts of the row."""
    _copy(session, batch_id, "waiting", _with_texts(table, errors))


def list_errors(
    session: Session, batch_id: int, limit: int, after: int = 0
) -> list[dict[str, Any]]:
    """Return what is wrong with the rows of a batch, in the order of the file."""
    columns = (ImportRow.id, ImportRow.row, ImportRow.field, ImportRow.heading)
    more = (ImportRow.value, ImportRow.reason, ImportRow.state)
    chosen = (
        select(*columns, *more)
        .where(ImportRow.import_batch_id == batch_id, ImportRow.id > after)
        .order_by(ImportRow.id)
        .limit(limit)
    )
    return [dict(row) for row in session.execute(chosen).mappings()]


def texts_of(table: Table, at: int) -> dict[str, str | None]:
    """Return one row by its headings; a shape becomes well-known text, which is read the same."""
    texts = {_storable(name): _storable(column[at]) for name, column in table.columns.items()}
    shape = None if table.shapes is None else table.shapes[at]
    if shape is None:
        return texts
    return {**texts, "wkt": shapely.to_wkt(shape, rounding_precision=-1)}


def _with_texts(
    table: Table, errors: Sequence[RowError]
) -> Iterator[tuple[RowError, dict[str, str | None] | None]]:
    wanted = {error.row for error in errors}
    numbers = reversed(list(enumerate(table.numbers))) if wanted else ()
    at = {number: place for place, number in numbers if number in wanted}
    told: set[int] = set()
    for error in errors:
        first = error.row not in told
        told.add(error.row)
        if not first:
            yield error, None
        elif error.row in at:
            yield error, texts_of(table, at[error.row])
        else:
            yield error, dict.fromkeys(map(_storable, table.columns))


def _copy(
    session: Session,
    batch_id: int,
    state: str,
    kept: Iterable[tuple[RowError, dict[str, Any] | None]],
) -> None:
    rows = [
        {
            "import_batch_id": batch_id,
            "row": error.row,
            "field": error.field,
            "heading": _storable(getattr(error, "heading", None)),
            "value": _storable(error.value),
            "reason": _storable(error.reason),
            "state": state,
            "texts": texts,
        }
        for error, texts in kept
    ]
    if rows:
        copy_frame(session, "import_row", pd.DataFrame(rows, dtype=object), _COLUMNS)


def _storable(value: Any) -> Any:
    """Return a text without the characters that no database takes."""
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value
