"""Ledgers from files: what may be imported, how it is asked for and what is told afterwards."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.importers.importing import KINDS, import_file
    from data.importers.report import ImportOptions, ImportReport, Remark, RowError

__all__ = ["KINDS", "ImportOptions", "ImportReport", "Remark", "RowError", "import_file"]

_STORING = {"KINDS", "import_file"}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: the process that reads files needs no database."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "importing" if name in _STORING else "report"
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)
