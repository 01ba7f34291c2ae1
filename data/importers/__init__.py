"""Ledgers from files: what may be imported, how it is asked for and what is told afterwards."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.importers.importing import import_file
    from data.importers.report import ImportOptions, ImportReport, Remark, RowError
    from data.importers.upload import KINDS

__all__ = ["KINDS", "ImportOptions", "ImportReport", "Remark", "RowError", "import_file"]

_STORING = {"KINDS": "upload", "import_file": "importing"}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: the process that reads files needs no database."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_STORING.get(name, 'report')}"), name)
