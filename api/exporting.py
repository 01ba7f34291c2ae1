"""Ledgers as files: read by data, written by data (shapes) or by maps (tables)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from data import exporters
from data.exporters import ExportedLedger, ExportWish, open_ledger
from data.scope import Scope
from maps import sheets, words
from maps.sheets.errors import TableLimitError
from maps.sheets.writing import MAX_ROWS
from maps.words import Language

LedgerKind = Literal[
    "grids",
    "units",
    "inspections",
    "hazards",
    "segments",
    "handovers",
    "lamps",
    "boxes",
    "outages",
    "rectifications",
]
Ending = Literal["xlsx", "csv", "gpkg", "geojson", "parquet", "zip"]


@dataclass(frozen=True)
class FileFormat:
    """How a ledger is written, and what a browser is told about it."""

    media_type: str
    write: Callable[[ExportedLedger, Path, Language], None]
    tabular: bool = False


def export_ledger(session: Session, scope: Scope, wish: ExportWish, path: Path) -> int:
    """Write a ledger in the format that the ending of `path` names; return how many rows it has.

    Raises
    ------
    ExportRefusedError, TableLimitError
        When the format cannot hold the ledger, or the wish is not clear.
    """
    form = FILE_FORMATS[path.suffix.lower()]
    wish = replace(wish, tabular=form.tabular, own_columns=path.suffix.lower() != ".zip")
    ledger = open_ledger(session, scope, wish)
    form.write(ledger, path, wish.language)
    return ledger.n_rows


def _write_xlsx(ledger: ExportedLedger, path: Path, language: Language) -> None:
    if ledger.n_rows >= MAX_ROWS:
        raise TableLimitError(
            f"{ledger.n_rows} rows: a sheet of XLSX holds {MAX_ROWS - 1}; take csv, or one source"
        )
    rows = (row.cells for chunk in ledger.chunks for row in chunk)
    title = words.text(f"kind.{ledger.kind}", language)
    sheets.write_xlsx(path, title, ledger.headings, rows)


def _write_csv(ledger: ExportedLedger, path: Path, _language: Language) -> None:
    rows = (row.cells for chunk in ledger.chunks for row in chunk)
    sheets.write_csv(path, ledger.headings, rows)


def _vector(
    write: Callable[[ExportedLedger, Path], None],
) -> Callable[[ExportedLedger, Path, Language], None]:
    return lambda ledger, path, _language: write(ledger, path)


FILE_FORMATS: Mapping[str, FileFormat] = {
    ".xlsx": FileFormat(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _write_xlsx,
        tabular=True,
    ),
    ".csv": FileFormat("text/csv; charset=utf-8", _write_csv, tabular=True),
    ".gpkg": FileFormat("application/geopackage+sqlite3", _vector(exporters.write_gpkg)),
    ".geojson": FileFormat("application/geo+json", _vector(exporters.write_geojson)),
    ".parquet": FileFormat("application/vnd.apache.parquet", _vector(exporters.write_parquet)),
    ".zip": FileFormat("application/zip", _vector(exporters.write_shapefile)),
}
"""Ending of a file → its format; .zip is a Shapefile."""
