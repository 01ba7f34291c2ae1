"""What stands below a table: notes and rows that have only their number, set apart and told."""

import re
from collections.abc import Sequence
from dataclasses import replace

from data.importers.columns import SERIAL_NUMBERS
from data.importers.fields import plain
from data.importers.formats.table import Table
from data.importers.report import Remark

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
_NARROW = 2
"""In so few columns a row with one text may as well be data."""

_SHOWN, _LONGEST = 5, 80
_SERIAL = frozenset(map(plain, SERIAL_NUMBERS))


def without_asides(table: Table) -> Table:
    """Return a table without the notes below it and the numbered blank rows above those; told.

    A note begins like 填表人： or 说明：; rows of one text below it go on with it. Nothing is set
    apart that has a row of data below it.
    """
    if table.shapes is not None or len(table.columns) <= _NARROW:
        return table
    notes = _first_note(list(table.columns.values()), len(table.numbers))
    blank = _first_numbered(table, notes)
    if blank == len(table.numbers):
        return table
    remarks = list(table.remarks)
    if blank < notes:
        message = f"{_rows(table.numbers[blank:notes])}: only a number and nothing else, left out"
        remarks.append(Remark("numbered_blank_rows", message))
    if notes < len(table.numbers):
        remarks.append(Remark("notes_below", _told(table, notes)))
    return replace(
        table,
        numbers=table.numbers[:blank],
        columns={heading: texts[:blank] for heading, texts in table.columns.items()},
        remarks=remarks,
    )


def _first_note(columns: Sequence[Sequence[str | None]], n_rows: int) -> int:
    """Return the place of the first row that is a note, `n_rows` where there is none."""
    first = n_rows
    for at in reversed(range(n_rows)):
        texts = [text for column in columns if (text := column[at]) is not None]
        if texts and _NOTE.match(re.sub(r"\s+", "", texts[0])):
            first = at
        elif len(texts) > 1:
            break
    return first


def _first_numbered(table: Table, end: int) -> int:
    """Return the place of the first of the rows before `end` that only have a number."""
    serial = [texts for heading, texts in table.columns.items() if plain(heading) in _SERIAL]
    others = [texts for heading, texts in table.columns.items() if plain(heading) not in _SERIAL]
    while (
        end
        and all(texts[end - 1] is None for texts in others)
        and all((texts[end - 1] or "").strip().isdecimal() for texts in serial)
    ):
        end -= 1
    return end


def _told(table: Table, first: int) -> str:
    numbers = table.numbers[first:]
    rows = zip(*(texts[first:] for texts in table.columns.values()), strict=True)
    texts = [" ".join(" ".join(filter(None, row)).split()) for row in rows]
    shown = "; ".join(f"{text:.{_LONGEST}}" for text in texts[:_SHOWN])
    more = "; …" if len(texts) > _SHOWN else ""
    return f"{_rows(numbers)}: notes below the table, no data: {shown}{more}"


def _rows(numbers: Sequence[int]) -> str:
    first, last = numbers[0], numbers[-1]
    return f"row {first}" if first == last else f"rows {first} to {last}"
