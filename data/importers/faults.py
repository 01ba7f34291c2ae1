"""What is wrong between the columns of a row, each of which can be read."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from data.importers.cells import refusal
from data.importers.report import MOST_ROWS_TOLD, Remark, RowError, some_rows

INTERVALS = {
    "units": ("registered_on", "closed_on"),
    "hazards": ("found_at", "closed_at"),
    "outages": ("started_at", "ended_at"),
    "rectifications": ("found_at", "closed_at"),
    "grids": ("valid_from", "valid_to"),
}
"""For each kind the columns between which a row holds."""

HANDOVER_DAYS = ("built_on", "handed_over_on", "accepted_on")
EVIDENCE = ("evidence_file", "evidence_sha256", "evidence_note")


def faults(kind: str, rows: pd.DataFrame, unit_names: pd.Series | None) -> list[RowError]:
    """Return the rows of `kind` whose columns do not go together."""
    found = _backwards(kind, rows)
    if kind == "rectifications":
        found += _faults_of_work(rows)
    if kind == "handovers":
        found += _faults_of_handovers(rows)
    if kind == "inspections":
        found += _visits_to_nobody(rows, unit_names)
    return found


def repeated(rows: pd.DataFrame) -> list[Remark]:
    """Return a remark on the rows whose code an earlier one has, and on those that differ from it.

    >>> repeated(pd.DataFrame({"code": ["u1", "u1"], "name": ["甲", "乙"]}, [5, 7]))[0].message
    'left out, an earlier row has the code: row 7 (as row 5, but it differs)'
    """
    codes = rows["code"].tolist()
    if len({*codes}) == len(codes):
        return []
    first: dict[str, int] = {}
    pairs = [
        (at, before)
        for at, code in enumerate(codes)
        if code is not None and (before := first.setdefault(code, at)) != at
    ]
    told = [
        f"{rows.index[at]} (as row {rows.index[before]}{_difference(rows, at, before)})"
        for at, before in pairs[:MOST_ROWS_TOLD]
    ]
    shown = some_rows([*told, *pairs[MOST_ROWS_TOLD:]])
    message = f"left out, an earlier row has the code: {shown}"
    return [Remark("duplicate_codes", message)] if pairs else []


def _difference(rows: pd.DataFrame, at: int, before: int) -> str:
    same = [*map(str, rows.iloc[at])] == [*map(str, rows.iloc[before])]
    return "" if same else ", but it differs"


def _backwards(kind: str, rows: pd.DataFrame) -> list[RowError]:
    start, end = INTERVALS.get(kind, ("", ""))
    if start not in rows or end not in rows:
        return []
    backwards = rows[end] <= rows[start] if kind == "grids" else rows[end] < rows[start]
    return _refusals(rows.index[backwards], end, f"is before {start}")


def _visits_to_nobody(rows: pd.DataFrame, unit_names: pd.Series | None) -> list[RowError]:
    named = rows.reindex(columns=["unit_code"])["unit_code"].notna()
    if unit_names is not None:
        named |= unit_names.notna()
    return _refusals(rows.index[~named], "unit_code", "is missing")


def _faults_of_work(rows: pd.DataFrame) -> list[RowError]:
    rows = rows.reindex(columns=["hazard_code", "segment_code", "state", "closed_at"])
    named = rows["hazard_code"].notna().astype(int) + rows["segment_code"].notna().astype(int)
    reason = "a rectification is of one hazard or of one segment"
    of_one = _refusals(rows.index[named != 1], "hazard_code, segment_code", reason)
    undated = (rows["state"] == "closed") & rows["closed_at"].isna()
    reason = "is missing, although the state is closed"
    return of_one + _refusals(rows.index[undated], "closed_at", reason)


def _faults_of_handovers(rows: pd.DataFrame) -> list[RowError]:
    """Refuse a later step without the one before, and what is said without being shown."""
    rows = rows.reindex(columns=[*HANDOVER_DAYS, *EVIDENCE])
    # A column that the ledger lacks is no column of days.
    built_on, handed_over_on, accepted_on = (pd.to_datetime(rows[name]) for name in HANDOVER_DAYS)
    found = _refusals(rows.index[handed_over_on < built_on], "handed_over_on", "is before built_on")
    early = (accepted_on < handed_over_on) | (accepted_on.notna() & handed_over_on.isna())
    found += _refusals(rows.index[early], "accepted_on", "is before handed_over_on, or without it")
    shown = rows[list(EVIDENCE)].notna()
    partly = rows.index[shown.any(axis="columns") & ~shown.all(axis="columns")]
    reason = "is missing in part: evidence is a file, its SHA-256 and a note"
    found += _refusals(partly, ", ".join(EVIDENCE), reason)
    unshown = rows.index[handed_over_on.isna() & ~shown.any(axis="columns")]
    reason = "is missing: that a street was not handed over is shown by a file and its SHA-256"
    return found + _refusals(unshown, "evidence_file", reason)


def _refusals(numbers: Iterable[Any], name: str, reason: str) -> list[RowError]:
    return [refusal(row, name, None, reason) for row in numbers]
