"""The columns of a file that no field of the store takes: kept with their rows, and told."""

from collections.abc import Sequence

import pandas as pd

from data.importers.headings import is_serial
from data.importers.prepared import Prepared
from data.importers.report import Remark
from data.importers.titles import is_note

_KEPT = ("headings_kept", "not understood, kept as they are: {}")
_LEFT_OUT = ("headings_left_out", "not understood, left out: {}")
_ASIDE_KEPT = ("headings_set_aside", "said to mean no field, kept as they are: {}")
_ASIDE_LEFT_OUT = ("headings_set_aside", "said to mean no field, left out: {}")


def leftovers(kind: str, given: Prepared) -> tuple[pd.Series | None, list[Remark]]:
    """Return heading → text of what no field takes, for each row if there is any; and remarks.

    Numbers that only count the rows are left out, and notes that went out with an export; of grids,
    whose cells have no place for more, everything.
    """
    meant = given.meant
    others = [one for one in map(str, given.texts) if one not in meant or not meant[one].stored]
    serial = [heading for heading in others if is_serial(heading)]
    notes = [heading for heading in others if is_note(heading)]
    kept = [heading for heading in others if heading not in {*serial, *notes}]
    aside = [heading for heading in kept if heading in given.set_aside]
    unknown = [heading for heading in kept if heading not in {*meant, *aside}]
    left_out = kind == "grids"
    remarks = [
        *_told("serial_numbers", "{} only counts the rows of the file: left out", serial),
        *_told("notes_left_out", "{}: notes and masked values are left out", notes),
        *_told(*(_LEFT_OUT if left_out else _KEPT), unknown),
        *_told(*(_ASIDE_LEFT_OUT if left_out else _ASIDE_KEPT), aside),
    ]
    if left_out or not kept:
        return None, remarks
    return _kept(given.texts[kept]), remarks


def _told(code: str, message: str, headings: Sequence[str]) -> list[Remark]:
    return [Remark(code, message.format(", ".join(headings)))] if headings else []


def _kept(texts: pd.DataFrame) -> pd.Series:
    headings = list(texts)
    cells = zip(*(texts[heading].tolist() for heading in headings), strict=True)
    rows = [
        {heading: text for heading, text in zip(headings, row, strict=True) if text is not None}
        for row in cells
    ]
    return pd.Series(rows, index=texts.index, dtype=object)
