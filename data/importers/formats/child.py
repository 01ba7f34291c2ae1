"""The process that reads one file, behind fences, and answers with a table; see `guard`."""

import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from importlib.abc import MetaPathFinder
from typing import Any

from data.errors import ImportRejectedError
from data.importers.formats.answers import encoded, refusal
from data.importers.formats.fences import fence
from data.importers.formats.limits import Limits
from data.importers.formats.question import Question
from data.importers.formats.table import Asked, Table

Reader = Callable[[bytes, str, Asked], Table]

READERS = {
    "delimited": ("data.importers.formats.delimited", "read_delimited"),
    "geojson": ("data.importers.formats.geojson", "read_geojson"),
    "geopackage": ("data.importers.formats.geopackage", "read_geopackage"),
    "geoparquet": ("data.importers.formats.geoparquet", "read_geoparquet"),
    "shapefile": ("data.importers.formats.shapefile", "read_shapefile"),
    "workbook": ("data.importers.formats.workbooks", "read_workbook"),
}
"""Family of formats → module and function; only the one that is needed is imported."""


class _WithoutPandas(MetaPathFinder):
    """Hide pandas from libraries that look for it: importing it takes longer than a ledger."""

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> None:
        """Refuse pandas and leave all others to the usual finders."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def answer(question: Question, content: bytes) -> Iterator[Any]:
    """Return the answer in pieces: the table, or why there is none."""
    module, name = READERS[question.family]
    try:
        read: Reader = getattr(importlib.import_module(module), name)
        yield from encoded(read(content, question.ending, question.asked))
    except ImportRejectedError as error:
        yield from refusal(str(error))
    except MemoryError:
        yield from refusal("the file needs too much memory to be read: send it in parts")


def main() -> None:
    """Answer the question in standard input."""
    # Nothing lives long enough here for a search for garbage to pay.
    gc.disable()
    sys.meta_path.insert(0, _WithoutPandas())
    question = Question.of_line(sys.stdin.buffer.readline())
    fence(Limits.of(question.n_bytes))
    for part in answer(question, sys.stdin.buffer.read()):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    # Millions of texts need not be given back one by one.
    os._exit(0)


if __name__ == "__main__":
    main()
