"""What is wrong with rows beside what is stored, and which rows are good."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy.orm import Session

from data.errors import ImportRejectedError
from data.importers.acted_upon import moved_states
from data.importers.corrections import recognize
from data.importers.known_places import lie_at_known
from data.importers.ledger import Ledger
from data.importers.parents import check_parents
from data.importers.report import ImportReport, RowError
from data.importers.shifts import check_shift
from data.importers.surroundings import check_surroundings
from data.importers.topology import check_cells
from data.importers.unit_names import name_units
from data.importers.upload import Upload
from data.references import REFERENCES, resolve


@dataclass(frozen=True)
class Checked:
    """Which rows of a file are good, and what is wrong with the others."""

    good: pd.DataFrame
    errors: tuple[RowError, ...]

    @property
    def bad(self) -> frozenset[int]:
        """The numbers of the rows that are refused."""
        return frozenset(error.row for error in self.errors)


def check(session: Session, upload: Upload, ledger: Ledger, headings: Mapping[str, str]) -> Checked:
    """Find what only shows beside what is stored, besides what the rows themselves show.

    `headings` says what the file calls each field, so that errors can be found in it.
    """
    ledger.errors += name_units(session, upload.kind, ledger, upload.options.source)
    recognize(session, upload.kind, ledger, upload.options.source)
    ledger.errors += _unknown_references(session, upload, ledger.rows)
    if upload.kind == "rectifications":
        ledger.errors += moved_states(session, ledger.rows, upload.options.source)
    check_surroundings(session, ledger)
    if not ledger.errors:
        check_shift(session, upload.kind, upload.options.source, ledger)
    lie_at_known(session, upload.kind, ledger, upload.options.source)
    if upload.kind == "grids" and not ledger.errors:
        check_cells(session, ledger, upload.options.precedence)
        check_parents(session, ledger, str(upload.options.grid))
    bad = {error.row for error in ledger.errors}
    good = ledger.rows[~ledger.rows.index.isin(bad)] if bad else ledger.rows
    errors = sorted(ledger.errors, key=lambda error: error.row)
    return Checked(good, tuple(_located(error, headings) for error in errors))


def _located(error: RowError, headings: Mapping[str, str]) -> RowError:
    if error.heading is not None or error.field is None:
        return error
    named = [headings[name] for name in error.field.split(", ") if name in headings]
    return replace(error, heading=", ".join(named)) if named else error


def refusal(upload: Upload, ledger: Ledger, checked: Checked) -> ImportRejectedError:
    """Return the error that refuses the whole file for its bad rows."""
    first = checked.errors[0]
    refused = len(checked.bad)
    headline = "" if ledger.refusal is None else f"{ledger.refusal}. "
    return ImportRejectedError(
        f"{headline}{refused} of {ledger.n_rows} rows are refused, nothing is imported; the first:"
        f" row {first.row}, {first.field or 'the row'} {first.reason}",
        ImportReport(
            upload.kind,
            rows=ledger.n_rows,
            refused=refused,
            errors=checked.errors,
            warnings=tuple(ledger.remarks),
        ),
    )


def _unknown_references(session: Session, upload: Upload, rows: pd.DataFrame) -> list[RowError]:
    errors = []
    for column, (_, model) in REFERENCES.get(upload.kind, {}).items():
        if column not in rows:
            continue
        ids = resolve(session, model, rows[column], upload.options.source)
        thing = model.__tablename__.replace("_", " ")
        errors += [
            RowError(
                int(str(row)), column, str(code), f"names no {thing}, or several sources have it"
            )
            for row, code in rows.loc[rows[column].notna() & ids.isna(), column].items()
        ]
    return errors
