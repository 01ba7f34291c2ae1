"""Texts of a file without what nobody meant to write; what marks a damaged file is refused."""

import re

import pandas as pd

from data.errors import ImportRejectedError
from data.importers import fields
from data.importers.cells import refusal
from data.importers.files import Table
from data.importers.numerals import INVISIBLE
from data.importers.report import Remark, RowError

_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_AROUND = re.compile(rf"^[\s{INVISIBLE}]+|[\s{INVISIBLE}]+$")
_MARKS = ("/", "／", "\\", "、", "//", "-", "－", "–", "—", "--", "---", "——", "———", "————")
_NOTHING = ("无", "暂无", "N/A", "n/a")
_BLANK_MARKS = frozenset(
    f"{before}{mark}{after}"
    for mark in (*_MARKS, *_NOTHING)
    for before in ("", " ")
    for after in ("", " ")
)


def refuse_damaged_headings(table: Table) -> None:
    """Refuse a file whose headings no store can keep.

    Raises
    ------
    ImportRejectedError
        Naming the heading.
    """
    for heading in table.columns:
        if reason := fields.unfit(heading):
            raise ImportRejectedError(f"heading {heading!r:.80}: {reason}")


def clean(texts: pd.DataFrame) -> tuple[pd.DataFrame, list[RowError], list[Remark]]:
    """Return the texts without control characters, and the cells that are damaged."""
    cleaned, errors, n_stripped = texts.copy(deep=False), [], 0
    for heading in texts:
        column = texts[heading].tolist()
        # Nearly every column is printable from end to end, which is seen at once.
        if "".join(filter(None, column)).replace("\n", "").isprintable():
            continue
        found = [_without(value) for value in column]
        errors += [
            refusal(row, str(heading), value, str(fields.unfit(value)))
            for row, value, (_, state) in zip(texts.index, column, found, strict=True)
            if state == "damaged"
        ]
        n_stripped += sum(state == "stripped" for _, state in found)
        kept = [value for value, _ in found]
        cleaned[heading] = pd.Series(kept, index=texts.index, dtype=object)
    remarks = []
    if n_stripped:
        message = f"control characters were taken out of {n_stripped} cells"
        remarks.append(Remark("control_characters", message))
    return cleaned, errors, remarks


def without_blank_marks(texts: pd.Series) -> tuple[pd.Series, int]:
    """Return a column in which '/', '—', 无 and the like are blank, and how many were."""
    column = texts.tolist()
    n_marks = sum(map(_BLANK_MARKS.__contains__, column))
    if not n_marks:
        return texts, 0
    kept = [None if text in _BLANK_MARKS else text for text in column]
    return pd.Series(kept, index=texts.index, dtype=object, name=texts.name), n_marks


def trimmed(texts: pd.Series) -> pd.Series:
    """Return names without blanks of any width and invisible marks around them."""
    column = texts.tolist()
    # What is printable has no invisible marks.
    strip = str.strip if "".join(filter(None, column)).isprintable() else _trim
    kept = [None if text is None else strip(text) or None for text in column]
    return pd.Series(kept, index=texts.index, dtype=object, name=texts.name)


def _trim(text: str) -> str:
    return _AROUND.sub("", text)


def _without(value: str | None) -> tuple[str | None, str]:
    """Return a text without control characters, and what was found in it."""
    if value is None:
        return None, "clean"
    if fields.DAMAGED.search(value):
        return None, "damaged"
    kept, n = _CONTROL.subn("", value)
    return kept, "stripped" if n else "clean"
