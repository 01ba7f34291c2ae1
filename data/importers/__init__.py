"""Ledgers from files: what may be imported, how it is asked for and what is told afterwards."""

from data.importers.importing import KINDS, import_file
from data.importers.report import ImportOptions, ImportReport, Remark, RowError

__all__ = ["KINDS", "ImportOptions", "ImportReport", "Remark", "RowError", "import_file"]
