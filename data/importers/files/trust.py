"""The answer of the process that read a file, nothing of which is taken on trust."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from data.errors import ImportRejectedError
from data.importers.formats.answers import LENGTH_BYTES, SAME, Head, schema_of
from data.importers.formats.photos import picture_kind
from data.importers.formats.table import Photo, Table
from data.importers.formats.wkb import from_flat_wkb

_SOME = 10_000
"""So many rows tell whether the texts of a column are often equal."""

BROKEN = "the file cannot be read: it breaks what reads it"


def decoded(answer: memoryview) -> Table:
    """Return the table of an answer.

    Raises
    ------
    ImportRejectedError
        When the answer says that the file is refused, or is no answer.
    """
    try:
        return _decoded(answer)
    except (ValidationError, ValueError, pa.ArrowException, OSError, EOFError) as error:
        raise ImportRejectedError(BROKEN) from error


def _decoded(answer: memoryview) -> Table:
    head_bytes, rest = _unframed(answer)
    head = TypeAdapter(Head).validate_json(bytes(head_bytes))
    if head.refused is not None:
        raise ImportRejectedError(head.refused)
    stream, pictures = _unframed(rest)
    numbers, *columns = _columns(stream, head)
    wkb = columns.pop() if head.has_shapes else None
    return Table(
        numbers.to_pylist(),
        {name: _texts(column) for name, column in zip(head.headings, columns, strict=True)},
        None if wkb is None else from_flat_wkb(wkb.to_numpy(zero_copy_only=False)),
        photos=list(_photos(head.photos, pictures)),
        **{name: getattr(head, name) for name in SAME},
    )


def _columns(stream: memoryview, head: Head) -> list[pa.Array]:
    """Return the columns of a stream that has exactly the columns of the head."""
    with pa.ipc.open_stream(pa.py_buffer(stream)) as reader:
        if not reader.schema.equals(schema_of(len(head.headings), has_shapes=head.has_shapes)):
            raise ValueError("columns of another kind")
        batch = reader.read_next_batch()
    batch.validate(full=True)
    if batch.column(0).null_count:
        raise ValueError("rows without a number")
    return list(batch.columns)


def _texts(column: pa.Array) -> list[str | None]:
    """Return the texts of a column; where many are equal, they are made once, and found faster."""
    some = column[:_SOME]
    if 2 * len(some.unique()) > len(some):
        texts = column.to_numpy(zero_copy_only=False)
    else:
        coded = column.dictionary_encode()
        distinct = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
        # What is blank has the number -1: the last text, which is none.
        texts = distinct.take(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False))
    known: list[str | None] = texts.tolist()
    return known


def _unframed(answer: memoryview) -> tuple[memoryview, memoryview]:
    end = LENGTH_BYTES + int.from_bytes(answer[:LENGTH_BYTES], "little")
    if len(answer) < end:
        raise ValueError("the answer is cut short")
    return answer[LENGTH_BYTES:end], answer[end:]


def _photos(sizes: list[tuple[int, int]], pictures: memoryview) -> Iterator[Photo]:
    """Return the photos under names made here."""
    for count, (row, size) in enumerate(sizes, start=1):
        content = bytes(pictures[: max(size, 0)])
        kind = picture_kind(content)
        if kind is None:
            raise ValueError("a photo is none")
        yield Photo(row, f"row-{row}-{count}.{kind}", content)
        pictures = pictures[size:]
