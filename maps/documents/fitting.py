"""A table as it is printed: without blank columns, and each as broad as its texts need."""

import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import east_asian_width

from maps.documents.document import Table, Value, shown

ROOM = 140
"""Half-width characters in a line of a broad page, at the size of its tables."""

PADDING = 1.5
_LONGEST_WORD, _SHORTEST_LINE, _LONGEST_LINE, _HEADING = 16, 8, 40, 4
_CAPITAL, _SMALL = 1.6, 1.3
"""Where Times New Roman is missing, what stands in for it is broader."""

_WORD = re.compile("[!-~]+")


def without_blank_columns(table: Table) -> tuple[Table, tuple[str, ...]]:
    """Return the table without the columns that say nothing in any row, and their headings."""
    told = [any(value not in (None, "") for value in cells) for cells in _cells(table)]
    kept = [place for place, is_told in enumerate(told) if is_told or not table.rows]
    columns = tuple(table.columns[place] for place in kept)
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    blank = tuple(one.heading for place, one in enumerate(table.columns) if place not in kept)
    return replace(table, columns=columns, rows=rows), blank


def fitted(table: Table) -> Table:
    """Return the table with the room of a line shared out by what its columns hold.

    Codes, numbers and days stay whole where all of them fit; what is left goes to long texts.
    """
    texts = [
        [shown(value, column.kind, table.missing) for value in cells]
        for column, cells in zip(table.columns, _cells(table), strict=True)
    ]
    least: list[float] = [
        _least(one.heading, held) for one, held in zip(table.columns, texts, strict=True)
    ]
    wanted: list[float] = [
        max(few, min(_LONGEST_LINE, max(map(width, held), default=0)))
        for few, held in zip(least, texts, strict=True)
    ]
    left = max(0.0, ROOM - sum(least) - PADDING * len(least))
    missing = sum(wanted) - sum(least)
    share = min(1.0, left / missing) if missing else 0.0
    columns = tuple(
        replace(one, width=few + share * (many - few) + PADDING)
        for one, few, many in zip(table.columns, least, wanted, strict=True)
    )
    return replace(table, columns=columns)


def width(text: str) -> float:
    """Return the width of a text in half-width characters, at least.

    >>> round(width("S0267"), 2), width("中原区")
    (6.8, 6)
    """
    return sum(_width(one) for one in text)


def _width(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 2
    return _CAPITAL if character.isupper() else _SMALL


def _least(heading: str, texts: Sequence[str]) -> float:
    """Return the width below which words would be cut."""
    words = [word for text in (heading, *texts) for word in _WORD.findall(text)]
    word = min(_LONGEST_WORD, max(map(width, words), default=0))
    line = min(_SHORTEST_LINE, max(map(width, texts), default=0))
    return max(word, line, _HEADING)


def _cells(table: Table) -> list[list[Value]]:
    return [[row[place] for row in table.rows] for place in range(len(table.columns))]
