"""Which rows of a sheet are its headings, below titles and with groups above them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from data.errors import ImportRejectedError
from data.importers.fields import plain
from data.importers.formats.table import LONGEST_HEADING

MOST_ABOVE = 30
"""So many rows from the top may hold the headings."""

_BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]")
_NUMERIC = re.compile(r"[-+\d.,:/% ]+")
_DEEPEST = 4

Row = Sequence[Any]
Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell (row, column) of a merged range, both from 0 and within."""


@dataclass(frozen=True)
class HeadingBlock:
    """The rows that hold the headings, `top` to `bottom` within, and the heading of each column."""

    top: int
    bottom: int
    texts: list[str]


def find_heading_row(rows: Sequence[Row], known: Collection[str]) -> int:
    """Return the index of the row that holds the headings.

    The rule: of the first `MOST_ABOVE` rows the one with the most known headings, the upper one of
    equals, if it has two or more. Else the first that looks like headings: half as wide as the
    widest of them or more, its cells all text, no two alike and none a number, and a row with
    something in it follows. Else the first row that is not blank.

    Raises
    ------
    ImportRejectedError
        When all rows are blank.
    """
    top = [[text_of(cell) for cell in row] for row in rows[:MOST_ABOVE]]
    scores = [n_known(row, known) for row in top]
    if max(scores, default=0) >= min(2, max(map(_width, top), default=0)) > 0:
        return scores.index(max(scores))
    filled = [at for at, row in enumerate(top) if any(row)]
    if not filled:
        raise ImportRejectedError("the file has no heading")
    widest = max(map(_width, top))
    return next((at for at in filled if _looks_like_headings(rows, at, widest)), filled[0])


def n_known(texts: Sequence[str], known: Collection[str]) -> int:
    """Return how many different known headings there are among the texts of a row."""
    short = {text for text in texts if text and len(text) <= LONGEST_HEADING}
    return len({word for text in short for word in _words(text) if word in known})


def text_of(cell: Any) -> str:
    """Return the text of a cell as a heading: in one line, without blanks around."""
    if cell is None:
        return ""
    lines = [part.strip() for part in str(cell).splitlines()]
    return _joined([part for part in lines if part])


def heading_block(
    rows: Sequence[Row], at: int, merges: Sequence[Merge], left: int = 0
) -> HeadingBlock:
    """Return the headings around row `at`.

    `merges` count rows as `rows` do and columns as the sheet does, which begins at `left`. A merged
    range that reaches into other rows takes them in. Below a group (cells merged across some
    columns) follow its own headings, if nothing else stands in that row. Two rows that fit together
    as if they were merged are taken so.
    """
    merges = [*merges, *_as_if_merged(rows, at, merges, left)]
    within = [m for m in merges if m[0][0] <= at <= m[1][0] and m[1][0] - m[0][0] < _DEEPEST]
    top = min([at, *(first[0] for first, _ in within)])
    bottom = max([at, *(last[0] for _, last in within)])
    inside = [m for m in merges if top <= m[0][0] and m[1][0] <= bottom]
    groups = [
        (first[1] - left, last[1] - left)
        for first, last in inside
        if last[1] > first[1] and last[0] == bottom
    ]
    if _has_headings_below(rows, bottom, groups):
        bottom += 1
    return HeadingBlock(top, bottom, _column_texts(rows[top : bottom + 1], inside, top, left))


def _as_if_merged(rows: Sequence[Row], at: int, merges: Sequence[Merge], left: int) -> list[Merge]:
    """Return the ranges that row `at` and one beside it would have, had they been merged."""
    for top in (at - 1, at):
        if top < 0 or top + 1 >= len(rows) or any(m[0][0] in (top, top + 1) for m in merges):
            continue
        upper, lower = ([text_of(cell) for cell in row] for row in rows[top : top + 2])
        starts = [place for place, text in enumerate(upper) if text]
        spans = list(zip(starts, [*starts[1:], len(upper)], strict=True))
        if _fit_together(upper, lower, spans):
            return [
                ((top, start + left), (top, end - 1 + left))
                if lower[start]
                else ((top, start + left), (top + 1, start + left))
                for start, end in spans
            ]
    return []


def _fit_together(
    upper: Sequence[str], lower: Sequence[str], spans: Sequence[tuple[int, int]]
) -> bool:
    """Tell whether two rows are groups and their headings.

    The first column is no group. Below a group of two columns or more each has a heading, below
    what is no group there is nothing.
    """
    groups = [lower[start:end] for start, end in spans if lower[start]]
    others = [lower[start:end] for start, end in spans if not lower[start]]
    return (
        bool(upper[0] and groups)
        and not lower[0]
        and all(len(group) > 1 and all(group) for group in groups)
        and not any(any(other) for other in others)
        and not any(map(_NUMERIC.fullmatch, filter(None, lower)))
    )


def _words(text: str) -> tuple[str, ...]:
    """Return a heading as it may be known: whole, without blanks, without what is in brackets."""
    squeezed = re.sub(r"[\s*※★]+", "", text)
    return plain(text), plain(squeezed), plain(_BRACKETS.sub("", squeezed))


def _width(texts: Sequence[str]) -> int:
    return sum(map(bool, texts))


def _looks_like_headings(rows: Sequence[Row], at: int, widest: int) -> bool:
    cells = [cell for cell in rows[at] if cell is not None and text_of(cell)]
    texts = [text_of(cell) for cell in cells]
    return (
        2 * len(texts) >= widest
        and all(isinstance(cell, str) for cell in cells)
        and len(set(texts)) == len(texts)
        and not any(map(_NUMERIC.fullmatch, texts))
        and any(text_of(cell) for row in rows[at + 1 : at + 1 + MOST_ABOVE] for cell in row)
    )


def _has_headings_below(
    rows: Sequence[Row], bottom: int, groups: Sequence[tuple[int, int]]
) -> bool:
    """Tell whether the row after `bottom` holds headings of the groups and nothing else."""
    if not groups or bottom + 1 >= len(rows):
        return False
    below = [text_of(cell) for cell in rows[bottom + 1]]
    grouped = {at for first, last in groups for at in range(first, last + 1)}
    filled = {at for at, text in enumerate(below) if text}
    return (
        bool(filled) and filled <= grouped and not any(map(_NUMERIC.fullmatch, filter(None, below)))
    )


def _column_texts(rows: Sequence[Row], merges: Sequence[Merge], top: int, left: int) -> list[str]:
    """Return the heading of each column, groups and headings joined by a blank."""
    texts = [[text_of(cell) for cell in row] for row in rows]
    for (row, column), (_, last) in merges:
        for at in range(column - left + 1, last - left + 1):
            texts[row - top][at] = texts[row - top][column - left]
    columns = zip(*texts, strict=True)
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def _joined(lines: Sequence[str]) -> str:
    """Join the lines of a cell; Chinese words that were broken have no blank between them."""
    joined = ""
    for line in lines:
        gap = " " if joined and joined[-1].isascii() and line[0].isascii() else ""
        joined += gap + line
    return joined
