"""The texts of a file made ready to be read: their headings understood, their cells clean."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from data.importers import fields
from data.importers.cleaning import clean, refuse_damaged_headings, trimmed, without_blank_marks
from data.importers.field import DATUM, POSITION, Field
from data.importers.files import Table
from data.importers.headings import Choice, contested, set_aside, understood, unit_of
from data.importers.report import ImportOptions, Remark, RowError
from data.importers.splits import split_hazards
from data.importers.totals import check_totals

POSITION_NAMES = {one.name for one in POSITION}


@dataclass
class Prepared:
    """The texts of a file, and what they are about.

    Attributes
    ----------
    table
        The file, its cells that list several hazards split.
    texts
        The columns by their headings, indexed by the number of the row in the file; the rows of a
        cell that was split have the same number.
    meant
        Heading → the field it means.
    named
        The columns that mean a field, by its name: names trimmed, marks of blank cells blank.
    set_aside
        The headings that were said to mean nothing, now or when the last file came.
    errors, remarks
        Rows that are damaged, and what a person should know.
    """

    table: Table
    texts: pd.DataFrame
    meant: Mapping[str, Field]
    set_aside: frozenset[str]
    named: Mapping[str, pd.Series] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def heading_of(self, name: str) -> str:
        """Return the heading that means a field."""
        return next(heading for heading, one in self.meant.items() if one.name == name)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields that headings mean, by name."""
        return {one.name: one for one in self.meant.values()}


def prepare(
    kind: str, table: Table, options: ImportOptions, saved: Choice | None = None
) -> Prepared:
    """Return the texts of a file of `kind`, ready to be read.

    Parameters
    ----------
    saved
        What the headings of this kind and source were said to mean before: heading → field.

    Raises
    ------
    ImportRejectedError
        When the headings do not fit.
    """
    refuse_damaged_headings(table)
    mapping = options.mapping or {}
    headings = list(table.columns)
    meant = understood(kind, headings, mapping, saved)
    meant = {heading: _in_its_unit(heading, one) for heading, one in meant.items()}
    table, errors, remarks = _checked(kind, table, meant, options)
    index = pd.Index(table.numbers)
    columns = {h: pd.Series(texts, index, dtype=object) for h, texts in table.columns.items()}
    texts, damaged, stripped = clean(pd.DataFrame(columns, index=index))
    if table.shapes is not None:
        meant = {
            h: one for h, one in meant.items() if one.name not in POSITION_NAMES - {DATUM.name}
        }
    told = [*table.remarks, *contested(kind, headings, mapping, saved), *remarks, *stripped]
    at_fault = [*table.errors, *errors, *damaged]
    aside = set_aside(kind, headings, mapping, saved)
    prepared = Prepared(table, texts, meant, aside, errors=at_fault, remarks=told)
    _name(prepared)
    return prepared


def _checked(
    kind: str, table: Table, meant: Mapping[str, Field], options: ImportOptions
) -> tuple[Table, list[RowError], list[Remark]]:
    """Return a table with one thing a row, the rows at fault, and how its totals compare."""
    meaning = {h: meant[h].name if h in meant else None for h in table.columns}
    split, errors, remarks = (table, list[RowError](), list[Remark]())
    if kind == "hazards" or (kind == "rectifications" and "hazard_code" not in meaning.values()):
        split, errors, remarks = split_hazards(table, meaning)
    totals = check_totals(table, meaning, options.stated_totals, len(split.numbers))
    return split, errors, [*remarks, *totals]


def _in_its_unit(heading: str, meant: Field) -> Field:
    """Return the field as a heading in 万元 wants it read."""
    if meant.rule is fields.money and unit_of(heading) == "万元":
        return replace(meant, rule=fields.money_of_10_000)
    return meant


def _name(prepared: Prepared) -> None:
    named = {one.name: prepared.texts[heading] for heading, one in prepared.meant.items()}
    marked = {}
    for heading, one in prepared.meant.items():
        if one.rule is not fields.text:
            named[one.name], marked[heading] = without_blank_marks(named[one.name])
        elif "name" in one.name:
            named[one.name] = trimmed(named[one.name])
    prepared.named = named
    told = ", ".join(f"{n} in {heading}" for heading, n in marked.items() if n)
    if told:
        message = f"cells like '/', '—' and 无 are read as blank: {told}"
        prepared.remarks.append(Remark("blank_marks", message))
