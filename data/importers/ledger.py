"""The rows of a file, checked and in the columns `data.loading` takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data.importers import fields
from data.importers.cells import missing, read_column, refusal
from data.importers.cleaning import clean, refuse_damaged_headings, trimmed, without_blank_marks
from data.importers.files import Table
from data.importers.headings import POSITION, Choice, Field, contested, is_serial, understood
from data.importers.keys import derive, lamp_code
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

_INTERVALS = {
    "units": ("registered_on", "closed_on"),
    "hazards": ("found_at", "closed_at"),
    "outages": ("started_at", "ended_at"),
    "rectifications": ("found_at", "closed_at"),
    "grids": ("valid_from", "valid_to"),
}
_TIMED = {"inspections": "inspected_at", "hazards": "found_at"}
_NATIVE = {"hazards": "level", "units": "risk"}
_FROM_TO = r"^\s*(?:[从由自])?(.+?)\s*(?:至|到|—+|–|--?|~|～)\s*(.+?)\s*$"
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
    unit_names
        The name of the unit of each row, where the ledger names units.
    """

    rows: pd.DataFrame
    n_rows: int
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unit_names: pd.Series | None = None


def read_ledger(
    kind: str,
    table: Table,
    options: ImportOptions,
    zone: ZoneInfo,
    *,
    saved: Choice | None = None,
) -> Ledger:
    """Read every row by the rules of its kind.

    Parameters
    ----------
    saved
        What the headings of this kind and source were said to mean before: heading → field.

    Raises
    ------
    ImportRejectedError
        When the headings or the CRS of the file do not fit.
    """
    check_crs(table.crs, options.datum)
    refuse_damaged_headings(table)
    index = pd.Index(table.numbers)
    texts = pd.DataFrame(
        {h: pd.Series(column, index=index, dtype=object) for h, column in table.columns.items()},
        index=index,
    )
    mapping = options.mapping or {}
    meant = understood(kind, list(table.columns), mapping, saved)
    n_rows = len({*table.numbers, *(error.row for error in table.errors)})
    ledger = Ledger(pd.DataFrame(index=index), n_rows, list(table.errors), list(table.remarks))
    ledger.remarks += contested(kind, list(table.columns), mapping, saved)
    if not ledger.n_rows:
        ledger.remarks.append(Remark("no_rows", "the file has no rows"))
    texts, errors, remarks = clean(texts)
    ledger.errors += errors
    ledger.remarks += remarks
    if table.shapes is not None:
        meant = {h: one for h, one in meant.items() if one.name not in _POSITION_NAMES}
    named = _named(texts, meant, ledger)
    cells = _read(named, {one.name: one for one in meant.values()}, zone, ledger)
    _add_position(kind, cells, table, options, ledger)
    kept = cells.drop(columns=[*_POSITION_NAMES], errors="ignore")
    ledger.rows = pd.concat([ledger.rows, kept], axis="columns")
    ledger.unit_names = named.get("unit_name")
    _add_codes(kind, named, ledger)
    _add_derived(kind, named, ledger)
    stored = [heading for heading, one in meant.items() if one.stored]
    _add_properties(kind, texts.drop(columns=stored), meant, ledger)
    _check_rows(kind, ledger)
    _remark_duplicates(ledger)
    ledger.rows = ledger.rows.rename(columns={"code": "external_code"})
    return ledger


def _named(texts: pd.DataFrame, meant: Mapping[str, Field], ledger: Ledger) -> dict[str, pd.Series]:
    """Return the texts by field: names trimmed, marks of blank cells taken as blank."""
    named = {one.name: texts[heading] for heading, one in meant.items()}
    marked = {}
    for heading, one in meant.items():
        if one.rule is not fields.text:
            named[one.name], marked[heading] = without_blank_marks(named[one.name])
        elif "name" in one.name:
            named[one.name] = trimmed(named[one.name])
    told = [f"{n} in {heading}" for heading, n in marked.items() if n]
    if told:
        message = f"cells like '/', '—' and 无 are read as blank: {', '.join(told)}"
        ledger.remarks.append(Remark("blank_marks", message))
    return named


def _read(
    named: Mapping[str, pd.Series], meant: Mapping[str, Field], zone: ZoneInfo, ledger: Ledger
) -> pd.DataFrame:
    """Read the columns that are stored."""
    cells = {}
    for name, texts in named.items():
        if not meant[name].stored:
            continue
        column = read_column(texts, meant[name], zone)
        ledger.errors += column.errors
        cells[name] = column.values
        if meant[name].required:
            known = _rows_with_errors(ledger, str(texts.name))
            ledger.errors += [one for one in missing(texts, name) if one.row not in known]
    return pd.DataFrame(cells, index=ledger.rows.index)


def _rows_with_errors(ledger: Ledger, *names: str) -> set[int]:
    return {error.row for error in ledger.errors if error.field in names}


def _add_codes(kind: str, named: Mapping[str, pd.Series], ledger: Ledger) -> None:
    """Give every row of a ledger without codes one that follows from what it says."""
    if "code" in ledger.rows:
        return
    codes = derive(kind, named)
    ledger.rows["code"] = codes
    ledger.remarks.append(
        Remark("codes_derived", "the ledger has no codes: each row has one that its content gives")
    )
    known = _rows_with_errors(ledger, *map(str, named))
    told = "is missing, and the row does not say enough to tell it from others"
    _refuse(ledger, [row for row in codes.index[codes.isna()] if row not in known], "code", told)


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


def _add_derived(kind: str, texts: Mapping[str, pd.Series], ledger: Ledger) -> None:
    """Add what follows from the columns there are and from the words as the file has them."""
    rows = ledger.rows
    if (timed := _TIMED.get(kind)) is not None:
        rows["has_time"] = texts[timed].map(fields.has_time, na_action="ignore").eq(other=True)
    native = _NATIVE.get(kind, "")
    if native in texts:
        rows[f"native_{native}"] = texts[native]
    if kind == "hazards":
        rows["closing_known"] = "closed_at" in texts
    if kind == "segments" and "from_to" in texts:
        _add_ends(rows, texts["from_to"])
    if kind == "outages" and {"road_name", "number"} <= set(texts):
        _add_lamps(rows, texts["road_name"], texts["number"])
    start, end = _INTERVALS.get(kind, ("", ""))
    if end in texts and end.endswith("_at"):
        rows[end] = _not_before(rows[start], rows[end], texts[end])


def _add_ends(rows: pd.DataFrame, from_to: pd.Series) -> None:
    """Read 中原路—航海路 as both ends of a segment, where it has no ends of its own."""
    ends = from_to.str.extract(_FROM_TO).astype(object)
    for name, found in zip(("from_name", "to_name"), (ends[0], ends[1]), strict=True):
        if name not in rows:
            rows[name] = found.where(found.notna(), None)


def _add_lamps(rows: pd.DataFrame, roads: pd.Series, numbers: pd.Series) -> None:
    """Name the lamps that have only a number on their road as their own ledger names them."""
    codes = [
        lamp_code(road, number) if isinstance(road, str) and isinstance(number, str) else None
        for road, number in zip(roads, numbers, strict=True)
    ]
    derived = pd.Series(codes, index=rows.index, dtype=object)
    rows["lamp_code"] = rows["lamp_code"].fillna(derived) if "lamp_code" in rows else derived


def _not_before(starts: pd.Series, ends: pd.Series, texts: pd.Series) -> pd.Series:
    """Return the ends, where a day without a time of day is not before a start on that day."""
    is_day = ~texts.map(fields.has_time, na_action="ignore").eq(other=True)
    same_day = ends.dt.normalize() == starts.dt.normalize()
    return ends.mask(is_day & same_day, starts)


def _add_properties(
    kind: str, others: pd.DataFrame, meant: Mapping[str, Field], ledger: Ledger
) -> None:
    """Keep what no field of the store takes with its row; the numbers of rows only are dropped."""
    serial = [heading for heading in others if is_serial(str(heading))]
    if serial:
        message = f"{', '.join(map(str, serial))} only counts the rows of the file: left out"
        ledger.remarks.append(Remark("serial_numbers", message))
    others = others.drop(columns=serial)
    if others.columns.empty:
        return
    unknown = ", ".join(str(heading) for heading in others if heading not in meant)
    if kind == "grids":
        ledger.remarks.append(Remark("headings_left_out", f"not understood, left out: {unknown}"))
        return
    if unknown:
        message = f"not understood, kept as they are: {unknown}"
        ledger.remarks.append(Remark("headings_kept", message))
    headings = list(others)
    kept = [
        {name: value for name, value in zip(headings, row, strict=True) if value is not None}
        for row in zip(*(others[name] for name in headings), strict=True)
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
    if kind == "inspections":
        _check_visits(ledger)


def _check_visits(ledger: Ledger) -> None:
    named = ledger.rows.reindex(columns=["unit_code"])["unit_code"].notna()
    if ledger.unit_names is not None:
        named |= ledger.unit_names.notna()
    known = _rows_with_errors(ledger, "unit_code")
    _refuse(ledger, set(ledger.rows.index[~named]) - known, "unit_code", "is missing")


def _check_work(ledger: Ledger) -> None:
    rows = ledger.rows.reindex(columns=["hazard_code", "segment_code", "state", "closed_at"])
    named = rows["hazard_code"].notna().astype(int) + rows["segment_code"].notna().astype(int)
    reason = "a rectification is of one hazard or of one segment"
    _refuse(ledger, rows.index[named != 1], "hazard_code, segment_code", reason)
    undated = (rows["state"] == "closed") & rows["closed_at"].isna()
    _refuse(ledger, rows.index[undated], "closed_at", "is missing, although the state is closed")


def _refuse(ledger: Ledger, numbers: Iterable[Any], name: str, reason: str) -> None:
    ledger.errors += [refusal(row, name, None, reason) for row in numbers]


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
