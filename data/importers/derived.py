"""What follows from the columns of a ledger, and from its words as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from data.importers import fields
from data.importers.cells import Column, refusal
from data.importers.counts import HAZARD_WORDS, counting_word
from data.importers.faults import INTERVALS
from data.importers.headings import unit_of
from data.importers.keys import lamp_code
from data.importers.prepared import Prepared
from data.importers.report import Remark, RowError, some_rows
from data.importers.vocabulary import FIXED

_NATIVE = {"hazards": "level", "units": "risk"}
_TIMED = {"inspections": "inspected_at", "hazards": "found_at"}
_FROM_TO = r"^[从由自]?(.+?)(?:至|到|—+|–|--?|~|～)(.+)$"
_LONGEST_FROM_TO = 200
_FIXED = {fields.plain(word): said for said, words in FIXED.items() for word in words}


@dataclass
class Derived:
    """Columns by name, and what was wrong or is to be known."""

    columns: dict[str, pd.Series] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def derived(kind: str, given: Prepared, columns: Mapping[str, Column]) -> Derived:
    """Return the columns that follow from those that were read.

    Parameters
    ----------
    given
        The texts of the file.
    columns
        What was read of them, by field.
    """
    found = Derived()
    named = given.named
    native = _NATIVE.get(kind, "")
    if native in named and f"native_{native}" not in named:
        found.columns[f"native_{native}"] = named[native]
    if kind == "hazards":
        _add_closing(found, given, columns)
    if kind == "rectifications" and "closed_at" in columns:
        found.columns["state"] = _states(columns)
    if kind == "hazards" and "count" in named:
        _add_counting_words(found, given)
    if kind == "segments" and "from_to" in named:
        _add_ends(found, named)
    if kind == "outages" and {"road_name", "number"} <= set(named):
        known = columns["lamp_code"].values if "lamp_code" in columns else None
        found.columns["lamp_code"] = _lamp_codes(named, known)
    _add_times(found, kind, columns)
    return found


def _add_closing(found: Derived, given: Prepared, columns: Mapping[str, Column]) -> None:
    """Add whether it is known if a hazard is closed: it has a date, or is said to be open still.

    A ledger with dates of closing knows it of every row, but of those that it calls fixed without
    a date.
    """
    if "closing_known" in columns:
        return
    index = given.texts.index
    known = pd.Series("closed_at" in columns, index=index)
    if "fixed" in given.named:
        said = given.named["fixed"].map(lambda text: _FIXED.get(fields.plain(text or "")))
        undated = ~columns["closed_at"].values.notna() if "closed_at" in columns else ~known
        known = (known | (said == "open")) & ~((said == "fixed") & undated)
        if "closed_at" in columns and not known.all():
            message = "said to be fixed without a date, so that nobody knows since when"
            rows = some_rows(index[~known].tolist())
            found.remarks.append(Remark("fixed_undated", f"{rows}: {message}"))
    found.columns["closing_known"] = known


def _states(columns: Mapping[str, Column]) -> pd.Series:
    """Return the states; what has a day of closing and no state of its own is closed."""
    is_closed = columns["closed_at"].values.notna()
    unsaid = pd.Series(None, is_closed.index, dtype=object)
    said = columns["state"].values.astype(object) if "state" in columns else unsaid
    return said.mask(said.isna() & is_closed, "closed")


def _add_times(found: Derived, kind: str, columns: Mapping[str, Column]) -> None:
    """Add what follows from whether a moment names a time of day."""
    if (timed := _TIMED.get(kind)) is not None:
        found.columns["has_time"] = _has_time(columns[timed])
    start, end = INTERVALS.get(kind, ("", ""))
    if end in columns and end.endswith("_at"):
        # A day without a time of day is not before a start on that day.
        starts, ends = columns[start].values, columns[end].values
        same_day = ends.dt.normalize() == starts.dt.normalize()
        found.columns[end] = ends.mask(~_has_time(columns[end]) & same_day, starts)


def _has_time(column: Column) -> pd.Series:
    if column.has_time is None:
        raise TypeError("the column holds no dates")
    return column.has_time


def _add_counting_words(found: Derived, given: Prepared) -> None:
    """Add the word that counts from the cell or its heading; two different ones are refused."""
    texts = given.named["count"]
    said = texts.map({text: counting_word(text) for text in texts.dropna().unique()})
    heading = unit_of(given.heading_of("count"))
    usual = pd.Series(heading if heading in HAZARD_WORDS else None, texts.index, dtype=object)
    usual = given.named.get("counting_word", usual)
    differs = said.isin(HAZARD_WORDS) & usual.notna() & (said != usual)
    found.errors += [
        refusal(row, "count", word, f"counts {word}, the column {other}")
        for row, word, other in zip(
            texts.index[differs], said[differs], usual[differs], strict=True
        )
    ]
    words = usual.where(usual.notna(), said)
    found.columns["counting_word"] = words.astype(object).where(words.notna(), None)


def _add_ends(found: Derived, named: Mapping[str, pd.Series]) -> None:
    """Read 中原路—航海路 as both ends of a segment, where it has no ends of its own."""
    texts = named["from_to"].str.strip()
    ends = texts.where(texts.str.len() <= _LONGEST_FROM_TO).str.extract(_FROM_TO).astype(object)
    for name, end in (("from_name", ends[0]), ("to_name", ends[1])):
        if name not in named:
            text = end.str.strip()
            found.columns[name] = text.where(text.notna() & (text != ""), None)


def _lamp_codes(named: Mapping[str, pd.Series], known: pd.Series | None) -> pd.Series:
    """Name the lamps that have only a number on their road as their own ledger names them."""
    codes = [
        lamp_code(road, number) if isinstance(road, str) and isinstance(number, str) else None
        for road, number in zip(named["road_name"], named["number"], strict=True)
    ]
    found = pd.Series(codes, index=named["number"].index, dtype=object)
    return found if known is None else known.fillna(found)
