"""The rows of a file, checked and in the columns `data.loading` takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data.importers import exported
from data.importers.cells import Column, missing, read_column, refusal
from data.importers.counts import HAZARD_WORDS, counting_word
from data.importers.date_columns import Setting, Years
from data.importers.datums import datum_of
from data.importers.field import DECLARED
from data.importers.files import Table
from data.importers.headings import Choice, is_serial, unit_of
from data.importers.identifiers import doubtful
from data.importers.keys import derive, lamp_code
from data.importers.positions import Whereabouts, locate
from data.importers.prepared import POSITION_NAMES, Prepared, prepare
from data.importers.report import ImportOptions, Remark, RowError
from data.importers.spots import Bounds
from data.importers.titles import is_note

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


@dataclass
class Ledger:
    """What was read of a file.

    Attributes
    ----------
    rows
        The columns for `data.loading`, indexed by the number of the row in the file. Hazards that
        were listed in one cell have the same number.
    n_rows
        How many there are in the file, also those that could not be read at all.
    errors, remarks
        What is wrong with rows, and what a person should know.
    unit_names
        The name of the unit of each row, where the ledger names units.
    declared
        The words of each row for the cells it belongs to, a column for each heading that has them.
    refusal
        What is wrong with all rows in one way; the first words of the answer.
    """

    rows: pd.DataFrame
    n_rows: int
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unit_names: pd.Series | None = None
    declared: pd.DataFrame | None = None
    refusal: str | None = None


def read_ledger(  # noqa: PLR0913 - what is known besides the file, each by its name
    kind: str,
    table: Table,
    options: ImportOptions,
    zone: ZoneInfo,
    *,
    saved: Choice | None = None,
    file_name: str | None = None,
    near: Bounds | None = None,
) -> Ledger:
    """Read every row by the rules of its kind.

    Parameters
    ----------
    saved
        What the headings of this kind and source were said to mean before: heading → field.
    file_name
        May tell the year of dates that have none.
    near
        West, south, east, north of the city in degrees, if it has bounds.

    Raises
    ------
    ImportRejectedError
        When the headings or the CRS of the file do not fit.
    """
    where = Whereabouts(datum_of(options.datum, table.crs), near)
    given = prepare(kind, table, options, saved)
    rows = pd.DataFrame(index=given.texts.index)
    n_rows = len({*table.numbers, *(error.row for error in table.errors)})
    ledger = Ledger(rows, n_rows, given.errors, given.remarks)
    if not ledger.n_rows:
        ledger.remarks.append(Remark("no_rows", "the file has no rows"))
    years = Years(options.year, (*table.title, *([file_name] if file_name else [])))
    columns = _read(given, Setting(zone, years, table.date_1904), ledger)
    cells = pd.DataFrame({name: one.values for name, one in columns.items()}, index=rows.index)
    _add_position(kind, cells, given.table, where, ledger)
    kept = cells.drop(columns=[*POSITION_NAMES], errors="ignore")
    ledger.rows = pd.concat([ledger.rows, kept], axis="columns")
    ledger.unit_names = given.named.get("unit_name")
    ledger.declared = _declared(given)
    _add_codes(kind, given.named, ledger)
    _add_derived(kind, given.named, ledger)
    if kind == "hazards" and "count" in given.named:
        _add_counting_words(given, ledger)
    _add_times(kind, columns, ledger.rows)
    _add_properties(kind, given, ledger)
    ledger.errors += exported.settle(ledger.rows, options.source)
    _check_rows(kind, ledger)
    _remark_duplicates(ledger)
    ledger.remarks += doubtful(given.named)
    # Rows of one cell share its faults as well.
    ledger.errors = list(dict.fromkeys(ledger.errors))
    ledger.rows = ledger.rows.rename(columns={"code": "external_code"})
    return ledger


def _declared(given: Prepared) -> pd.DataFrame | None:
    words = {one.name: given.named[one.name] for one in DECLARED if one.name in given.named}
    return pd.DataFrame(words, index=given.texts.index) if words else None


def _read(given: Prepared, setting: Setting, ledger: Ledger) -> dict[str, Column]:
    """Read the columns that are stored."""
    columns = {}
    for name, meant in given.fields.items():
        if not meant.stored:
            continue
        texts = given.named[name]
        column = columns[name] = read_column(texts, meant, setting)
        ledger.errors += column.errors
        ledger.remarks += column.remarks
        if meant.required:
            known = _rows_with_errors(ledger, str(texts.name))
            ledger.errors += [one for one in missing(texts, name) if one.row not in known]
    return columns


def _rows_with_errors(ledger: Ledger, *names: str) -> set[int]:
    return {error.row for error in ledger.errors if error.field in names}


def _add_codes(kind: str, named: Mapping[str, pd.Series], ledger: Ledger) -> None:
    """Give every row of a ledger without codes one that follows from what it says."""
    if "code" in ledger.rows:
        return
    codes = derive(kind, {name: _as_text(ledger.rows.get(name, named[name])) for name in named})
    ledger.rows["code"] = codes
    ledger.remarks.append(
        Remark("codes_derived", "the ledger has no codes: each row has one that its content gives")
    )
    known = _rows_with_errors(ledger, *map(str, named))
    told = "is missing, and the row does not say enough to tell it from others"
    _refuse(ledger, [row for row in codes.index[codes.isna()] if row not in known], "code", told)


def _add_position(
    kind: str, cells: pd.DataFrame, table: Table, where: Whereabouts, ledger: Ledger
) -> None:
    found = locate(kind, cells, table.shapes, where)
    ledger.remarks += found.remarks
    ledger.refusal = found.refusal
    if len(found.columns.columns):
        ledger.rows = found.columns
        # What could not be read is not missing besides.
        known = _rows_with_errors(ledger, *POSITION_NAMES)
        ledger.errors += [error for error in found.errors if error.row not in known]


def _as_text(values: pd.Series) -> pd.Series:
    """Return dates as text that does not depend on how they were written."""
    if not pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts: pd.Series = values.dt.strftime("%Y-%m-%d %H:%M:%S").astype(object)
    return texts


def _add_derived(kind: str, texts: Mapping[str, pd.Series], ledger: Ledger) -> None:
    """Add what follows from the columns there are and from the words as the file has them."""
    rows = ledger.rows
    native = _NATIVE.get(kind, "")
    if native in texts and f"native_{native}" not in rows:
        rows[f"native_{native}"] = texts[native]
    if kind == "hazards" and "closing_known" not in rows:
        rows["closing_known"] = "closed_at" in texts
    if kind == "segments" and "from_to" in texts:
        _add_ends(rows, texts["from_to"])
    if kind == "outages" and {"road_name", "number"} <= set(texts):
        _add_lamps(rows, texts["road_name"], texts["number"])


def _add_times(kind: str, columns: Mapping[str, Column], rows: pd.DataFrame) -> None:
    """Add what follows from whether a moment names a time of day."""
    if (timed := _TIMED.get(kind)) is not None:
        rows["has_time"] = columns[timed].has_time
    start, end = _INTERVALS.get(kind, ("", ""))
    if end in columns and end.endswith("_at"):
        # A day without a time of day is not before a start on that day.
        is_day = ~_has_time(columns[end])
        same_day = rows[end].dt.normalize() == rows[start].dt.normalize()
        rows[end] = rows[end].mask(is_day & same_day, rows[start])


def _has_time(column: Column) -> pd.Series:
    if column.has_time is None:
        raise TypeError("the column holds no dates")
    return column.has_time


def _add_counting_words(given: Prepared, ledger: Ledger) -> None:
    """Add the word that counts from the cell or its heading; two different ones are refused."""
    texts = given.named["count"]
    said = texts.map({text: counting_word(text) for text in texts.dropna().unique()})
    heading = unit_of(given.heading_of("count"))
    usual = pd.Series(heading if heading in HAZARD_WORDS else None, texts.index, dtype=object)
    usual = given.named.get("counting_word", usual)
    differs = said.isin(HAZARD_WORDS) & usual.notna() & (said != usual)
    for row, word, other in zip(texts.index[differs], said[differs], usual[differs], strict=True):
        ledger.errors.append(refusal(row, "count", word, f"counts {word}, the column {other}"))
    words = usual.where(usual.notna(), said)
    ledger.rows["counting_word"] = words.astype(object).where(words.notna(), None)


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


def _add_properties(kind: str, given: Prepared, ledger: Ledger) -> None:
    """Keep what no field of the store takes with its row; the numbers of rows only are dropped."""
    meant = given.meant
    stored = [heading for heading, one in meant.items() if one.stored]
    others = given.texts.drop(columns=stored)
    serial = [heading for heading in others if is_serial(str(heading))]
    if serial:
        message = f"{', '.join(map(str, serial))} only counts the rows of the file: left out"
        ledger.remarks.append(Remark("serial_numbers", message))
    notes = [heading for heading in others if is_note(str(heading))]
    if notes:
        message = f"{', '.join(map(str, notes))}: notes and masked values are left out"
        ledger.remarks.append(Remark("notes_left_out", message))
    others = others.drop(columns=[*serial, *notes])
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
        for row in zip(*(others[name].tolist() for name in headings), strict=True)
    ]
    if "properties" in ledger.rows:
        known = ledger.rows["properties"].tolist()
        kept = [(one or {}) | own for one, own in zip(known, kept, strict=True)]
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
    if len({*codes.tolist()}) == len(codes):
        return
    repeated = codes.index[codes.notna() & codes.duplicated()]
    if len(repeated):
        some = ", ".join(map(str, repeated[:10])) + (", …" if len(repeated) > 10 else "")
        ledger.remarks.append(
            Remark(
                "duplicate_codes", f"the code was there before, the row is left out: rows {some}"
            )
        )
