"""What is wrong between the columns of a row, each of which can be read."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from data.importers.cells import refusal
from data.importers.report import Remark, RowError, some_rows

INTERVALS = {
    "units": ("registered_on", "closed_on"),
    "hazards": ("found_at", "closed_at"),
    "outages": ("started_at", "ended_at"),
    "rectifications": ("found_at", "closed_at"),
    "grids": ("valid_from", "valid_to"),
}
"""For each kind the columns between which a row holds."""


def faults(kind: str, rows: pd.DataFrame, unit_names: pd.Series | None) -> list[RowError]:
    """Return the rows of `kind` whose columns do not go together."""
    found = _backwards(kind, rows)
    if kind == "rectifications":
        found += _faults_of_work(rows)
    if kind == "inspections":
        found += _visits_to_nobody(rows, unit_names)
    return found


def repeated_codes(codes: pd.Series) -> list[Remark]:
    """Return a remark on the rows whose code an earlier one has."""
    if len({*codes.tolist()}) == len(codes):
        return []
    repeated = codes.index[codes.notna() & codes.duplicated()]
    if repeated.empty:
        return []
    message = f"the code was there before, the row is left out: {some_rows(repeated.tolist())}"
    return [Remark("duplicate_codes", message)]


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


def _refusals(numbers: Iterable[Any], name: str, reason: str) -> list[RowError]:
    return [refusal(row, name, None, reason) for row in numbers]
