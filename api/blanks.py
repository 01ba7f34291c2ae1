"""Blank ledgers to be filled in by people, and blank forms filled in from the store."""

from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePath

from sqlalchemy.orm import Session

from data.exporters import ExportWish, open_ledger
from data.importers.files import Table, read_table
from data.importers.headings import guess, is_serial
from data.importers.titles import NUMBERS, blanks
from data.scope import Scope
from maps.sheets import FormLayout, TemplateColumn, fill_form, make_template
from maps.sheets.errors import UnusableFormError
from maps.words import Language

FORM_ENDINGS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class FilledForm:
    """A form with its rows, and the headings whose columns stayed blank."""

    content: bytes
    n_rows: int
    blank: tuple[str, ...]


def template_of(kind: str, language: Language) -> bytes:
    """Return a blank ledger of `kind` as a workbook."""
    columns = [
        TemplateColumn(one.name, one.heading, one.required, one.content, one.choices)
        for one in blanks(kind, language)
    ]
    return make_template(kind, columns, language)


def fill(session: Session, scope: Scope, wish: ExportWish, name: str, form: bytes) -> FilledForm:
    """Return the blank `form`, a file called `name`, filled with the ledger that `wish` names.

    Raises
    ------
    UnusableFormError
        When the form is no workbook of today's format, or none of its headings is understood.
    TableLimitError
        When there are more rows than a form takes.
    """
    if PurePath(name).suffix.lower() not in FORM_ENDINGS:
        raise UnusableFormError("a form must be an .xlsx workbook: save it as one")
    table = read_table(name, form)
    meant = guess(wish.kind, list(table.columns))
    asked = {field: heading for heading, field in meant.items() if field is not None}
    ledger = open_ledger(session, scope, replace(wish, fields=tuple(asked)))
    filled = [asked[column.name] for column in ledger.columns]
    if not filled:
        raise UnusableFormError(f"none of its headings is understood: {', '.join(table.columns)}")
    rows = [row.cells for row in chain.from_iterable(ledger.chunks)]
    serial = next((heading for heading in table.columns if is_serial(heading)), None)
    layout = _layout(table, filled, {asked.get(name) for name in NUMBERS - {"lon", "lat"}}, serial)
    blank = tuple(one for one in table.columns if one not in filled and one != serial)
    return FilledForm(fill_form(form, layout, rows), len(rows), blank)


def _layout(
    table: Table, filled: list[str], summed: set[str | None], serial: str | None
) -> FormLayout:
    return FormLayout(
        sheet=table.sheet,
        heading_row=table.heading_row,
        columns=tuple(table.places[heading] for heading in filled),
        serial=None if serial is None else table.places[serial],
        total_row=table.totals[0].row if table.totals else None,
        summed=frozenset(table.places[heading] for heading in filled if heading in summed),
    )
