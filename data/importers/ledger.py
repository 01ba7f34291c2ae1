"""The rows of a file, checked and in the columns `data.loading` takes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data.errors import ImportRejectedError
from data.importers import fields
from data.importers.files import Table
from data.importers.headings import POSITION, Field, understood
from data.importers.positions import (
    MUST_HAVE,
    SHAPES,
    Positions,
    check_crs,
    from_wkt,
    points,
    shapes,
)
from data.importers.report import ImportOptions, Remark, RowError

_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INTERVALS = {
    "units": ("registered_on", "closed_on"),
    "hazards": ("found_at", "closed_at"),
    "outages": ("started_at", "ended_at"),
    "rectifications": ("found_at", "closed_at"),
    "grids": ("valid_from", "valid_to"),
}
_TIMED = {"inspections": "inspected_at", "hazards": "found_at"}
_NATIVE = {"hazards": "level", "units": "risk"}
_POSITION_NAMES = {one.name for one in POSITION}


@dataclass
class Ledger:
    """What was read of a file.

    Attributes
    ----------
    rows
        The columns for `data.loading`, indexed by the number of the row in the file.
    n_rows
        How many there are in the file, also those that could not be read at all.
    errors, remarks
        What is wrong with rows, and what a person should know.
    """

    rows: pd.DataFrame
    n_rows: int
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def read_ledger(kind: str, table: Table, options: ImportOptions, zone: ZoneInfo) -> Ledger:
    """Read every row by the rules of its kind.

    Raises
    ------
    ImportRejectedError
        When the headings or the CRS of the file do not fit.
    """
    check_crs(table.crs, options.datum)
    _refuse_damaged_headings(table)
    texts = pd.DataFrame(table.columns, index=table.numbers, dtype=object)
    n_rows = len(texts) + len(table.errors)
    ledger = Ledger(pd.DataFrame(index=texts.index), n_rows, list(table.errors))
    if not n_rows:
        ledger.remarks.append(Remark("no_rows", "the file has no rows"))
    _strip_control_characters(texts, ledger)
    meant = understood(kind, list(table.columns), options.mapping or {})
    if table.shapes is not None:
        meant = {h: one for h, one in meant.items() if one.name not in _POSITION_NAMES}
    cells = pd.DataFrame(
        {one.name: _column(texts[heading], one, zone, ledger) for heading, one in meant.items()},
        index=texts.index,
    )
    _add_position(kind, cells, table, options, ledger)
    ledger.rows = ledger.rows.join(cells.drop(columns=[*_POSITION_NAMES], errors="ignore"))
    _add_derived(kind, {one.name: texts[heading] for heading, one in meant.items()}, ledger)
    _add_properties(kind, texts.drop(columns=list(meant)), ledger)
    _check_rows(kind, ledger)
    _remark_duplicates(ledger)
    ledger.rows = ledger.rows.rename(columns={"code": "external_code"})
    return ledger


def _refuse_damaged_headings(table: Table) -> None:
    for heading in table.columns:
        if reason := fields.unfit(heading):
            raise ImportRejectedError(f"heading {heading!r:.80}: {reason}")


def _strip_control_characters(texts: pd.DataFrame, ledger: Ledger) -> None:
    """Take out what no ledger means to say; what marks a damaged file is refused."""
    n_stripped = 0
    for heading in texts:
        column = texts[heading].dropna()
        for row, value in column[column.str.contains(fields.DAMAGED)].items():
            ledger.errors.append(_error(row, str(heading), value, str(fields.unfit(value))))
            texts.at[row, heading] = None
        dirty = column[column.str.contains(_CONTROL)]
        texts.loc[dirty.index, heading] = dirty.str.replace(_CONTROL, "", regex=True)
        n_stripped += len(dirty)
    if n_stripped:
        ledger.remarks.append(
            Remark("control_characters", f"control characters were taken out of {n_stripped} cells")
        )


def _column(texts: pd.Series, meant: Field, zone: ZoneInfo, ledger: Ledger) -> pd.Series:
    """Read one column; equal texts are read once."""
    values: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for text in texts.dropna().unique():
        try:
            values[text] = meant.rule(text, zone)
        except ValueError as error:
            reasons[text] = str(error)
    for row, text in texts[texts.isin(list(reasons))].items():
        ledger.errors.append(_error(row, meant.name, text, reasons[text]))
    if meant.required:
        damaged = _rows_with_errors(ledger, str(texts.name))
        for row in texts.index[texts.isna() & ~texts.index.isin(damaged)]:
            ledger.errors.append(_error(row, meant.name, None, "is missing"))
    read = texts.map(values, na_action="ignore")
    return _typed(read, meant, zone)


def _rows_with_errors(ledger: Ledger, *names: str) -> set[int]:
    return {error.row for error in ledger.errors if error.field in names}


def _typed(read: pd.Series, meant: Field, zone: ZoneInfo) -> pd.Series:
    if meant.rule is fields.moment:
        return pd.to_datetime(read, utc=True).dt.tz_convert(zone)
    if meant.rule is fields.day:
        return pd.to_datetime(read)
    return read.astype(object).where(read.notna(), None)


def _add_position(
    kind: str, cells: pd.DataFrame, table: Table, options: ImportOptions, ledger: Ledger
) -> None:
    found = _position(kind, cells, table, options, ledger)
    if found is not None:
        ledger.rows = found.columns
        # What could not be read is not missing besides.
        known = _rows_with_errors(ledger, *_POSITION_NAMES)
        ledger.errors += [error for error in found.errors if error.row not in known]


def _position(
    kind: str, cells: pd.DataFrame, table: Table, options: ImportOptions, ledger: Ledger
) -> Positions | None:
    if kind not in SHAPES:
        if table.shapes is not None and any(shape is not None for shape in table.shapes):
            ledger.remarks.append(Remark("geometry_left_out", f"{kind} have no geometry"))
        return None
    if table.shapes is not None:
        given = pd.Series(table.shapes, index=cells.index, dtype=object)
        return shapes(kind, given, options.datum)
    if {"lon", "lat"} <= set(cells):
        return points(cells, options.datum)
    if "geometry" not in cells and kind not in MUST_HAVE:
        return None
    texts = cells.get("geometry", pd.Series(None, index=cells.index, dtype=object))
    given, errors = from_wkt(texts)
    ledger.errors += errors
    return shapes(kind, given, options.datum)


def _add_derived(kind: str, texts: dict[str, pd.Series], ledger: Ledger) -> None:
    """Add what follows from the columns there are and from the words as the file has them."""
    rows = ledger.rows
    if (timed := _TIMED.get(kind)) is not None:
        rows["has_time"] = texts[timed].map(fields.has_time, na_action="ignore").eq(other=True)
    native = _NATIVE.get(kind)
    if native in texts:
        rows[f"native_{native}"] = texts[native]
    if kind == "hazards":
        rows["closing_known"] = "closed_at" in texts
    start, end = _INTERVALS.get(kind, ("", ""))
    if end in texts and end.endswith("_at"):
        rows[end] = _not_before(rows[start], rows[end], texts[end])


def _not_before(starts: pd.Series, ends: pd.Series, texts: pd.Series) -> pd.Series:
    """Return the ends, where a day without a time of day is not before a start on that day."""
    is_day = ~texts.map(fields.has_time, na_action="ignore").eq(other=True)
    same_day = ends.dt.normalize() == starts.dt.normalize()
    return ends.mask(is_day & same_day, starts)


def _add_properties(kind: str, others: pd.DataFrame, ledger: Ledger) -> None:
    if others.columns.empty:
        return
    names = ", ".join(map(str, others))
    if kind == "grids":
        ledger.remarks.append(Remark("headings_left_out", f"not understood, left out: {names}"))
        return
    ledger.remarks.append(Remark("headings_kept", f"not understood, kept as they are: {names}"))
    kept = [
        {name: value for name, value in row.items() if isinstance(value, str)}
        for row in others.to_dict("records")
    ]
    ledger.rows["properties"] = pd.Series(kept, index=others.index, dtype=object)


def _check_rows(kind: str, ledger: Ledger) -> None:
    rows = ledger.rows
    start, end = _INTERVALS.get(kind, ("", ""))
    if start in rows and end in rows:
        backwards = rows[end] <= rows[start] if kind == "grids" else rows[end] < rows[start]
        _refuse(ledger, rows.index[backwards], end, f"is before {start}")
    if kind == "rectifications":
        _check_work(ledger)


def _check_work(ledger: Ledger) -> None:
    rows = ledger.rows.reindex(columns=["hazard_code", "segment_code", "state", "closed_at"])
    named = rows["hazard_code"].notna().astype(int) + rows["segment_code"].notna().astype(int)
    reason = "a rectification is of one hazard or of one segment"
    _refuse(ledger, rows.index[named != 1], "hazard_code, segment_code", reason)
    undated = (rows["state"] == "closed") & rows["closed_at"].isna()
    _refuse(ledger, rows.index[undated], "closed_at", "is missing, although the state is closed")


def _refuse(ledger: Ledger, numbers: Iterable[Any], name: str, reason: str) -> None:
    ledger.errors += [_error(row, name, None, reason) for row in numbers]


def _remark_duplicates(ledger: Ledger) -> None:
    codes = ledger.rows["code"]
    repeated = codes.index[codes.notna() & codes.duplicated()]
    if len(repeated):
        some = ", ".join(map(str, repeated[:10])) + (", …" if len(repeated) > 10 else "")
        ledger.remarks.append(
            Remark(
                "duplicate_codes", f"the code was there before, the row is left out: rows {some}"
            )
        )


def _error(row: Any, name: str, value: str | None, reason: str) -> RowError:
    shown = None if value is None else f"{value:.200}".encode(errors="replace").decode()
    return RowError(int(row), name, shown, reason)
