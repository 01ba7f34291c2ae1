"""What stands in a table and is no row of it: notes below, sections, headings that come again."""

import re
from collections.abc import Sequence
from dataclasses import replace

from data.importers.columns import SERIAL_NUMBERS
from data.importers.fields import plain
from data.importers.formats.table import Table
from data.importers.report import Remark, some_rows

_SIGNED = "填表|制表|填报|填写|报送|编制|统计|审核|复核|审批|审定|签发"
_NOTE = re.compile(
    rf"(?:{_SIGNED})人"
    rf"|(?:(?:{_SIGNED}|经办|联系|负责|(?:主要|单位|分管|部门)负责)(?:人|单位|部门|时间|日期)?"
    r"|(?:主要|单位|分管)?领导|签字|签名|盖章|日期|(?:联系)?电话|[总合共累]计"
    r"|(?:填表|填报|填写)?(?:说明|须知|要求)|注意事项|备注|附?注\d*|notes?"
    r"|(?:prepared|filledin|checked|approved)by)(?:[(（][^()（）]{1,12}[)）])?[:：]"
    r"|第\d+页",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}(?:[、.．:：]|[)）])|第[一二三四五六七八九十]+部分"
)
_SERIAL = frozenset(map(plain, SERIAL_NUMBERS))
_NARROW = 2
"""In so few columns a row with one text may as well be data."""

_SHOWN, _LONGEST = 5, 80


def without_asides(table: Table) -> Table:
    """Return a table without the rows that are no data, each of which is told.

    Notes begin like 填表人： or 说明： and have no data below them; rows of one text below one go
    on with it. The name of a section, 一、餐饮行业, stands alone in the first column, as does the
    number of a row that nobody filled in.
    """
    if table.shapes is not None or len(table.columns) <= _NARROW:
        return table
    notes = _notes(table)
    numbers, sections = _alone(table, notes.start)
    asides = (
        ("numbered_blank_rows", "a number and nothing else, left out", numbers),
        ("sections", "names of sections, no data", sections),
        ("headings_repeated", "the headings again, no data", _headings_again(table)),
        ("notes_below", "notes below the table, no data", notes),
    )
    left_out = {at for _, _, rows in asides for at in rows}
    if not left_out:
        return table
    kept = [at for at in range(len(table.numbers)) if at not in left_out]
    told = [_remark(table, code, what, rows) for code, what, rows in asides if rows]
    return replace(
        table,
        numbers=[table.numbers[at] for at in kept],
        columns={heading: [texts[at] for at in kept] for heading, texts in table.columns.items()},
        remarks=[*table.remarks, *told],
    )


def _notes(table: Table) -> range:
    """Return the places of the rows below the table that are notes."""
    columns, n_rows = list(table.columns.values()), len(table.numbers)
    first = n_rows
    for at in reversed(range(n_rows)):
        texts = [text for column in columns if (text := column[at]) is not None]
        if texts and _NOTE.match(re.sub(r"\s+", "", texts[0])):
            first = at
        elif len(texts) > 1:
            break
    return range(first, n_rows)


def _alone(table: Table, end: int) -> tuple[list[int], list[int]]:
    """Return the rows before `end` that have only a number, and those that name a section."""
    (heading, first), *others = table.columns.items()
    rows = list(range(end))
    for _, texts in others:
        rows = [at for at in rows if texts[at] is None] if None in texts else []
    said = {at: (first[at] or "").strip() for at in rows}
    numbers = [at for at in rows if said[at].isdecimal() and plain(heading) in _SERIAL]
    return numbers, [at for at in rows if _SECTION.match(said[at])]


def _headings_again(table: Table) -> list[int]:
    """Return the rows of two texts or more that are all headings of their columns."""
    rows = list(range(len(table.numbers)))
    for heading, texts in table.columns.items():
        known = {None, heading, *heading.split()}
        rows = [] if known.isdisjoint(texts) else [at for at in rows if texts[at] in known]
    columns = table.columns.values()
    return [at for at in rows if sum(texts[at] is not None for texts in columns) > 1]


def _remark(table: Table, code: str, what: str, rows: Sequence[int]) -> Remark:
    shown = some_rows([table.numbers[at] for at in rows])
    if code == "numbered_blank_rows":
        return Remark(code, f"{shown}: {what}")
    columns = table.columns.values()
    texts = [" ".join(" ".join(texts[at] or "" for texts in columns).split()) for at in rows]
    more = "; …" if len(texts) > _SHOWN else ""
    told = "; ".join(f"{text:.{_LONGEST}}" for text in texts[:_SHOWN])
    return Remark(code, f"{shown}: {what}: {told}{more}")
