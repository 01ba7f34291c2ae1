"""Delimited text without quotes, where every row is one line: read in one go by Arrow."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from data.importers.formats.rows import HINTS, TELLING, is_total
from data.importers.formats.table import MAX_CELLS

_MAY_BEGIN_BLANKS = np.zeros(256, dtype=bool)
_MAY_BEGIN_BLANKS[[*range(0x09, 0x0E), *range(0x1C, 0x21), 0xC2, 0xE1, 0xE2, 0xE3]] = True
"""The first bytes of white space in UTF-8, which other characters share."""

_BLOCK_BYTES = 4 * 2**20


def is_plain(text: str, delimiter: str) -> bool:
    """Tell whether every line of a text is a row and every cell stands as it is meant."""
    unusual = ('"', "\0", f"{delimiter}'", "\n'")
    if text.startswith("'") or any(mark in text for mark in unusual):
        return False
    return text.count("\r") == text.count("\r\n")


def columns_below(text: str, delimiter: str, first: int, width: int) -> list[pa.Array] | None:
    """Return the columns of a plain text from its line `first` (from 0) on, blank cells null.

    None where a row is blank, one of totals or not of `width` cells: what these mean is told by
    reading them one by one.
    """
    try:
        table = csv.read_csv(
            pa.py_buffer(text.rstrip("\r\n").encode()),
            csv.ReadOptions(
                use_threads=False,
                block_size=_BLOCK_BYTES,
                skip_rows=first,
                column_names=[str(at) for at in range(width)],
            ),
            csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types={str(at): pa.large_string() for at in range(width)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if not 0 < table.num_rows * width <= MAX_CELLS:
        return None
    columns = [_without_blanks(column.combine_chunks()) for column in table.columns]
    return None if _has_blank_row(columns) or _has_totals(columns[:TELLING]) else columns


def _without_blanks(texts: pa.Array) -> pa.Array:
    """Return texts, null where there is nothing but white space."""
    _, offsets, content = texts.buffers()
    ends = np.frombuffer(offsets, np.int64)[: len(texts) + 1]
    # One byte more, so that an empty cell at the end has a place to look at as well.
    held = np.append(np.frombuffer(content or b"", np.uint8)[: ends[-1]], np.uint8(0))
    empty = ends[:-1] == ends[1:]
    doubtful = np.flatnonzero(_MAY_BEGIN_BLANKS[held[ends[:-1]]] & ~empty)
    blank = empty.copy()
    blank[doubtful] = [not text.strip() for text in texts.take(pa.array(doubtful)).to_pylist()]
    return pc.if_else(pa.array(~blank), texts, None) if blank.any() else texts


def _has_blank_row(columns: Sequence[pa.Array]) -> bool:
    blank = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        if not column.null_count:
            return False
        blank &= column.is_null().to_numpy(zero_copy_only=False)
    return bool(blank.any())


def _has_totals(columns: Sequence[pa.Array]) -> bool:
    hinted = (
        column.filter(pc.match_substring(column, hint)) for column in columns for hint in HINTS
    )
    return any(is_total(text) for texts in hinted for text in texts.unique().to_pylist())
