"""Several hazards in one cell: a numbered list becomes as many rows."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from data.importers.cells import refusal
from data.importers.counts import read_count
from data.importers.files import Table
from data.importers.report import Remark, RowError

Parts = Mapping[int, Sequence[str]]
"""Place of a row in its table → what its cell lists."""

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMERALS = "一二三四五六七八九十"
_APART = r"(?<=[\s;；。！!,，])"
_AROUND = " \t\r\n\u3000;；"
_MOST = 99
_MAY_BEGIN = re.compile(r"\s*[(（]?[1①一]")


def _digits(number: int) -> str:
    # A point before a digit is that of a decimal: 1.5米.
    return rf"{_APART}{number}(?:[.．](?!\d)|[、:：)）])"


def _in_brackets(number: int) -> str:
    return rf"[(（]{number}[)）]"


def _circled(number: int) -> str:
    return _CIRCLED[number - 1] if number <= len(_CIRCLED) else r"\b\B"


def _numerals(number: int) -> str:
    return rf"{_APART}{_NUMERALS[number - 1]}[、.．]" if number <= len(_NUMERALS) else r"\b\B"


def _numerals_in_brackets(number: int) -> str:
    return rf"[(（]{_NUMERALS[number - 1]}[)）]" if number <= len(_NUMERALS) else r"\b\B"


_STYLES: tuple[Callable[[int], str], ...] = (
    _digits,
    _in_brackets,
    _circled,
    _numerals,
    _numerals_in_brackets,
)


def split_text(text: str) -> list[str]:
    """Return the parts of a list that is numbered from 1; any other text is one part.

    >>> split_text("1.灭火器距地1.5米；2.通道堵塞")
    ['灭火器距地1.5米', '通道堵塞']
    """
    if not _MAY_BEGIN.match(text):
        return [text]
    for style in _STYLES:
        # What stands before the first number must be nothing: a line break parts it from others.
        lined = f"\n{text.strip()}"
        marks = _marks(lined, style)
        ends = [mark.start() for mark in marks[1:]] + [len(lined)]
        parts = [
            lined[mark.end() : end].strip(_AROUND) for mark, end in zip(marks, ends, strict=False)
        ]
        if len(parts) > 1 and all(any(map(str.isalpha, part)) for part in parts):
            return parts
    return [text]


def _marks(lined: str, style: Callable[[int], str]) -> list[re.Match[str]]:
    """Return the numbers 1, 2, 3 … of a list in one style, if the text begins with it."""
    first = re.compile(style(1)).match(lined, 1)
    marks = [] if first is None else [first]
    while marks and len(marks) < _MOST:
        after = re.compile(style(len(marks) + 1)).search(lined, marks[-1].end())
        if after is None:
            break
        marks.append(after)
    return marks


def split_hazards(
    table: Table, meaning: Mapping[str, str | None]
) -> tuple[Table, list[RowError], list[Remark]]:
    """Return a table with one hazard a row, the rows at fault and what was done.

    The rows of one cell keep the number of its row and the other cells; codes get -1, -2. A cell of
    another column that lists as many things is split beside it.

    Parameters
    ----------
    meaning
        The field that each heading means.
    """
    headings = {name: heading for heading, name in meaning.items() if name is not None}
    if "description" not in headings:
        return table, [], []
    described, counted = headings["description"], headings.get("count")
    lists = _lists(table.columns[described])
    parts = _agreeing(lists, None if counted is None else table.columns[counted])
    remarks = _told(described, lists, parts)
    if not parts:
        return table, [], remarks
    taken = [at for at in range(len(table.numbers)) for _ in parts.get(at, [""])]
    columns = {heading: _spread(column, parts) for heading, column in table.columns.items()}
    if counted is not None:
        columns[counted] = _ones(columns[counted], taken, parts)
    split = replace(
        table,
        numbers=[table.numbers[at] for at in taken],
        columns=columns,
        shapes=None if table.shapes is None else [table.shapes[at] for at in taken],
    )
    coded = headings.get("code")
    errors = [] if coded is None else _add_suffixes(split, coded, taken, parts)
    return split, errors, remarks


def _lists(column: Sequence[str | None]) -> dict[int, list[str]]:
    return {
        at: parts
        for at, text in enumerate(column)
        if text is not None and len(parts := split_text(text)) > 1
    }


def _agreeing(lists: Parts, counts: Sequence[str | None] | None) -> dict[int, Sequence[str]]:
    """Return the lists as long as the row says, where it says how many hazards it has."""
    if counts is None:
        return dict(lists)
    return {at: parts for at, parts in lists.items() if _says(counts[at]) in (None, 1, len(parts))}


def _says(text: str | None) -> int | None:
    try:
        return None if text is None else read_count(text).value
    except ValueError:
        return None


def _told(described: str, lists: Parts, parts: Parts) -> list[Remark]:
    remarks = []
    if parts:
        n = sum(map(len, parts.values()))
        message = f"{len(parts)} cells of {described} list several hazards: they are {n} rows now"
        remarks.append(Remark("rows_split", message))
    if n_left := len(lists) - len(parts):
        message = f"{n_left} cells of {described} list more or fewer hazards than their row counts"
        remarks.append(Remark("rows_not_split", f"{message}: they are not split"))
    return remarks


def _spread(column: Sequence[str | None], parts: Parts) -> list[str | None]:
    """Return a column with a cell for each part: its own part, or else the whole cell again."""
    spread: list[str | None] = []
    for at, text in enumerate(column):
        n = len(parts.get(at, [""]))
        own = [text] if n == 1 or text is None else split_text(text)
        spread += own if len(own) == n else [text] * n
    return spread


def _ones(column: Sequence[str | None], taken: Sequence[int], parts: Parts) -> list[str | None]:
    """Return counts in which each hazard of a list counts once, in the same word."""
    return [
        re.sub(r"^.*?([^\d,.]*)$", r"1\1", text.strip()) if text and at in parts else text
        for at, text in zip(taken, column, strict=True)
    ]


def _add_suffixes(split: Table, coded: str, taken: Sequence[int], parts: Parts) -> list[RowError]:
    """Give the rows of one cell codes of their own; a code that another row has is refused."""
    column = split.columns[coded]
    others = {text.strip() for at, text in zip(taken, column, strict=True) if text}
    given: Counter[int] = Counter()
    errors = []
    for place, (at, text) in enumerate(zip(taken, column, strict=True)):
        if at not in parts or text is None:
            continue
        given[at] += 1
        code = f"{text.strip()}-{given[at]}"
        if code in others:
            reason = "is needed for a part of another row"
            errors.append(refusal(split.numbers[place], "code", code, reason))
        column[place] = code
    return errors
