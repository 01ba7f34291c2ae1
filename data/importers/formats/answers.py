"""A table as bytes, for the process that asked: the head in JSON, the columns in Arrow, photos."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from data.errors import ImportRejectedError
from data.importers.fields import DAMAGED, unfit
from data.importers.formats.table import LONGEST_HEADING, Table, TotalRow
from data.importers.report import Remark, RowError

LENGTH_BYTES = 8
MOST_ERRORS = 200_000
SAME = (
    *("crs", "errors", "sheet", "sheets", "heading_row", "places", "title", "totals"),
    *("date_1904", "remarks"),
)
"""What is the same in the head as in the table."""


@dataclass
class Head:
    """All of a table but its columns, shapes and photos; or why there is none.

    Attributes
    ----------
    photos
        Row and number of bytes of each.
    """

    refused: str | None = None
    headings: list[str] = field(default_factory=list)
    has_shapes: bool = False
    photos: list[tuple[int, int]] = field(default_factory=list)
    crs: str | None = None
    errors: list[RowError] = field(default_factory=list)
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    heading_row: int = 0
    places: dict[str, int] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    totals: list[TotalRow] = field(default_factory=list)
    date_1904: bool = False
    remarks: list[Remark] = field(default_factory=list)


def refusal(reason: str) -> Iterator[Any]:
    """Return the answer that the file is refused."""
    yield from _framed(_json(Head(refused=reason)))


def encoded(table: Table) -> Iterator[Any]:
    """Return the answer that holds a table, in pieces.

    Raises
    ------
    ImportRejectedError
        When a heading cannot be kept as text, or is too long to be one.
    """
    for heading in table.columns:
        if len(heading) > LONGEST_HEADING:
            raise ImportRejectedError(f"heading {heading!r:.80}: longer than {LONGEST_HEADING:,}")
        if reason := unfit(heading):
            raise ImportRejectedError(f"heading {heading!r:.80}: {reason}")
    arrays = [_text_array(table, heading) for heading in table.columns]
    stream = _stream(table, arrays)
    table.errors = table.errors[:MOST_ERRORS]
    head = Head(
        headings=list(table.columns),
        has_shapes=table.shapes is not None,
        photos=[(photo.row, len(photo.content)) for photo in table.photos],
        **{name: getattr(table, name) for name in SAME},
    )
    yield from _framed(_json(head))
    yield from _framed(stream)
    for photo in table.photos:
        yield photo.content


def schema_of(n_columns: int, *, has_shapes: bool) -> pa.Schema:
    """Return the schema of the columns: the number of the row, the texts, the shape."""
    fields = [("row", pa.int64()), *((str(at), pa.large_string()) for at in range(n_columns))]
    return pa.schema([*fields, ("shape", pa.large_binary())] if has_shapes else fields)


def _stream(table: Table, arrays: list[pa.Array]) -> pa.Buffer:
    arrays = [pa.array(table.numbers, type=pa.int64()), *arrays]
    has_shapes = table.shapes is not None
    schema = schema_of(len(arrays) - 1, has_shapes=has_shapes)
    if table.shapes is not None:
        # Not at the top: it takes longer to import than a small ledger to read.
        from data.importers.formats.wkb import to_flat_wkb

        arrays.append(pa.array(to_flat_wkb(table.shapes), type=pa.large_binary()))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.record_batch(arrays, schema=schema))
    return sink.getvalue()


def _text_array(table: Table, heading: str) -> pa.Array:
    texts = table.columns[heading]
    if isinstance(texts, pa.Array):
        return texts
    try:
        return pa.array(texts, type=pa.large_string())
    except UnicodeEncodeError:
        return pa.array(_without_halves(table, heading), type=pa.large_string())


def _without_halves(table: Table, heading: str) -> list[str | None]:
    """Return a column without the texts that hold half a character, which are refused."""
    kept: list[str | None] = []
    for number, text in zip(table.numbers, table.columns[heading], strict=True):
        reason = None if text is None else unfit(text)
        kept.append(None if reason else text)
        if reason:
            table.errors.append(RowError(number, heading, f"{text:.200}", reason))
    return kept


def _json(head: Head) -> bytes:
    return json.dumps(_storable(asdict(head)), ensure_ascii=False).encode()


def _storable(part: Any) -> Any:
    """Return a part of the head with marks in place of the characters that no store keeps."""
    if isinstance(part, str):
        return DAMAGED.sub("\ufffd", part)
    if isinstance(part, dict):
        return {_storable(name): _storable(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_storable(each) for each in part]
    return part


def _framed(part: Any) -> Iterator[Any]:
    yield len(part).to_bytes(LENGTH_BYTES, "little")
    yield part
