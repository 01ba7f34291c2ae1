"""The rows of a file, checked and in the columns `data.loading` takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pandas as pd

from data.importers import exported
from data.importers.cells import Column, missing, read_column, refusal
from data.importers.date_columns import Setting, Years
from data.importers.datums import datum_of
from data.importers.derived import derived
from data.importers.faults import faults, repeated
from data.importers.field import DECLARED
from data.importers.files import Table
from data.importers.headings import Choice
from data.importers.identifiers import doubtful
from data.importers.keys import KEYS, derivable, derive
from data.importers.leftovers import leftovers
from data.importers.positions import Whereabouts, locate
from data.importers.prepared import POSITION_NAMES, Prepared, prepare
from data.importers.report import ImportOptions, Remark, RowError
from data.importers.spots import Bounds

_IN_KEYS = {name for keys in KEYS.values() for key in keys for name in key}


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
    derived
        Whether the codes follow from what the rows say, because the ledger has none.
    told
        What the codes of units or hazards were made of, where they follow from it.
    """

    rows: pd.DataFrame
    n_rows: int
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unit_names: pd.Series | None = None
    declared: pd.DataFrame | None = None
    refusal: str | None = None
    derived: bool = False
    told: pd.DataFrame | None = None

    def rows_with_errors(self, *names: str) -> set[int]:
        """Return the numbers of the rows in which one of these fields is at fault."""
        return {error.row for error in self.errors if error.field in names}


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
    given = prepare(kind, table, options, saved)
    ledger = Ledger(
        pd.DataFrame(index=given.texts.index),
        n_rows=len({*table.numbers, *(error.row for error in table.errors)}),
        errors=given.errors,
        remarks=given.remarks,
        unit_names=given.named.get("unit_name"),
        declared=_declared(given),
    )
    if not ledger.n_rows:
        ledger.remarks.append(Remark("no_rows", "the file has no rows"))
    years = Years(options.year, (*table.title, *([file_name] if file_name else [])))
    columns = _read(given, Setting(zone, years, table.date_1904), ledger)
    where = Whereabouts(datum_of(options.datum, table.crs), near)
    _add_columns(kind, columns, given.table, where, ledger)
    if kind == "rectifications":
        _add_hazards(given.named, ledger)
    _add_codes(kind, given.named, ledger)
    _add_derived(kind, given, columns, ledger)
    _add_leftovers(kind, given, ledger)
    ledger.errors += exported.settle(ledger.rows, options.source)
    _add_faults(kind, ledger)
    ledger.remarks += [*repeated(ledger.rows), *doubtful(given.named)]
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
            known = ledger.rows_with_errors(str(texts.name))
            ledger.errors += [one for one in missing(texts, name) if one.row not in known]
    return columns


def _add_columns(
    kind: str, columns: Mapping[str, Column], table: Table, where: Whereabouts, ledger: Ledger
) -> None:
    """Add where the rows lie, and what was read besides."""
    values = {name: one.values for name, one in columns.items()}
    cells = pd.DataFrame(values, index=ledger.rows.index)
    found = locate(kind, cells, table.shapes, where)
    ledger.remarks += found.remarks
    ledger.refusal = found.refusal
    if len(found.columns.columns):
        # What could not be read is not missing besides.
        known = ledger.rows_with_errors(*POSITION_NAMES)
        ledger.errors += [error for error in found.errors if error.row not in known]
    others = cells.drop(columns=[*POSITION_NAMES], errors="ignore")
    ledger.rows = pd.concat([found.columns, others], axis="columns")


def _add_hazards(named: Mapping[str, pd.Series], ledger: Ledger) -> None:
    """Name the hazards of work as their own ledger does, where it has no codes either."""
    if {"hazard_code", "segment_code"} & set(ledger.rows) or not derivable("hazards", named):
        return
    told = _told(named, ledger)
    ledger.rows["hazard_code"] = derive("hazards", told)
    ledger.told = pd.DataFrame(told)
    message = "the ledger has no codes of hazards: each row is of the one that its content tells"
    ledger.remarks.append(Remark("hazards_derived", message))


def _add_codes(kind: str, named: Mapping[str, pd.Series], ledger: Ledger) -> None:
    """Give every row of a ledger without codes one that follows from what it says."""
    if "code" in ledger.rows:
        return
    told = _told(named, ledger)
    codes = ledger.rows["code"] = derive(kind, told)
    ledger.derived = True
    if kind in ("units", "hazards"):
        ledger.told = pd.DataFrame(told)
    message = "the ledger has no codes: each row has one that its content gives"
    ledger.remarks.append(Remark("codes_derived", message))
    known = ledger.rows_with_errors(*map(str, named))
    reason = "is missing, and the row does not say enough to tell it from others"
    nameless = [row for row in codes.index[codes.isna()] if row not in known]
    ledger.errors += [refusal(row, "code", None, reason) for row in nameless]


def _told(named: Mapping[str, pd.Series], ledger: Ledger) -> dict[str, pd.Series]:
    """Return what the rows say, as it was read or else as it stands."""
    read = {name: _as_text(ledger.rows[name]) for name in ledger.rows if name in _IN_KEYS}
    return {name: texts for name, texts in {**named, **read}.items() if name in _IN_KEYS}


def _as_text(values: pd.Series) -> pd.Series:
    """Return dates as text that does not depend on how they were written."""
    if not pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts: pd.Series = values.dt.strftime("%Y-%m-%d %H:%M:%S").astype(object)
    return texts


def _add_derived(kind: str, given: Prepared, columns: Mapping[str, Column], ledger: Ledger) -> None:
    found = derived(kind, given, columns)
    ledger.rows = ledger.rows.assign(**found.columns)
    ledger.errors += found.errors
    ledger.remarks += found.remarks


def _add_leftovers(kind: str, given: Prepared, ledger: Ledger) -> None:
    kept, remarks = leftovers(kind, given)
    ledger.remarks += remarks
    if kept is None:
        return
    if "properties" in ledger.rows:
        both = zip(ledger.rows["properties"], kept, strict=True)
        merged = [(known or {}) | own for known, own in both]
        kept = pd.Series(merged, index=kept.index, dtype=object)
    ledger.rows["properties"] = kept


def _add_faults(kind: str, ledger: Ledger) -> None:
    known = ledger.rows_with_errors("unit_code")
    ledger.errors += [
        error
        for error in faults(kind, ledger.rows, ledger.unit_names)
        if error.field != "unit_code" or error.row not in known
    ]
