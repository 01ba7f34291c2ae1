"""Columns of texts as a table: blank rows passed over, rows of totals set apart."""

import re
from collections.abc import Sequence

from data.importers.formats.table import Table, TotalRow

Texts = list[str | None]

_TOTAL = re.compile(
    r"(?:[全本各]?\w{0,6})(?:合计|小计|总计|共计)(?:[（(].{0,8}[)）])?[:：]?"
    r"|(?:(?:grand|sub)[ -]?)?totals?:?",
    re.IGNORECASE,
)
HINTS = ("计", "otal", "OTAL")
"""What every word for totals holds one of."""

_LONGEST_TOTAL = 24
TELLING = 3
"""The word that makes a row one of totals stands in one of so many columns from the left."""


def without_blanks(cells: Sequence[str]) -> Texts:
    """Return texts, None where there is nothing but white space."""
    stripped = list(map(str.strip, cells))
    if "" not in stripped:
        return list(cells)
    return [text if bare else None for text, bare in zip(cells, stripped, strict=True)]


def tabulate(columns: dict[str, Texts], numbers: list[int]) -> Table:
    """Return the table of columns of texts, rows of totals apart and blank rows left out."""
    texts = list(columns.values())
    blank = _blank_rows(texts, len(numbers))
    totals = sorted(_total_rows(texts))
    if blank or totals:
        dropped = {*blank, *totals}
        kept = [at for at in range(len(numbers)) if at not in dropped]
        table = Table(
            [numbers[at] for at in kept],
            {heading: [column[at] for at in kept] for heading, column in columns.items()},
        )
    else:
        table = Table(numbers, columns)
    for at in totals:
        found = {heading: text for heading, column in columns.items() if (text := column[at])}
        table.totals.append(TotalRow(numbers[at], found))
    return table


def is_total(text: str) -> bool:
    """Tell whether the text says that its row holds totals.

    >>> is_total("合 计"), is_total("金水区小计："), is_total("合计酒店")
    (True, True, False)
    """
    return len(text) <= _LONGEST_TOTAL and bool(_TOTAL.fullmatch(re.sub(r"\s+", "", text)))


def _blank_rows(columns: Sequence[Texts], n_rows: int) -> list[int]:
    blank: Sequence[int] = range(n_rows)
    for column in columns:
        blank = [at for at in blank if column[at] is None]
        if not blank:
            return []
    return list(blank)


def _total_rows(columns: Sequence[Texts]) -> list[int]:
    """Return the rows whose first text is the word for totals."""
    found: list[int] = []
    for place, column in enumerate(columns[:TELLING]):
        if not any(hint in "\n".join(filter(None, column)) for hint in HINTS):
            continue
        words = {text for text in set(column) if text is not None and is_total(text)}
        if words:
            found += [
                at
                for at, text in enumerate(column)
                if text in words and all(earlier[at] is None for earlier in columns[:place])
            ]
    return found
