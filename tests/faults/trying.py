"""Send the corpus to a service in a process of its own, whose memory nobody else has used."""

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine

from data.engine import make_engine
from data.errors import ImportRejectedError
from data.importers import ImportOptions, import_file
from tests.faults.making import Bad

File = tuple[str, Path, Bad]


@dataclass(frozen=True)
class Outcome:
    """What became of a file."""

    name: str
    has_rows: bool
    reason: str | None
    rows: list[int]
    told: str
    seconds: float

    @property
    def family(self) -> str:
        return self.name.partition("/")[0]


def tried(url: URL, files: Sequence[File]) -> tuple[list[Outcome], float]:
    """Return what became of each file, and the most memory in MB that the process had."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_try_all, url, files).result()


def _try_all(url: URL, files: Sequence[File]) -> tuple[list[Outcome], float]:
    engine = make_engine(url)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda file: _try(engine, *file), files))
    engine.dispose()
    status = Path("/proc/self/status").read_text()
    return outcomes, int(status.split("VmHWM:")[1].split()[0]) / 1024


def _try(engine: Engine, name: str, path: Path, file: Bad) -> Outcome:
    """Import a file as a user would and note what is said."""
    begun = time.monotonic()
    reason, rows, told = None, [], ""
    try:
        told = str(import_file(engine, file.kind, path, ImportOptions(grid="g")).as_dict())
    except ImportRejectedError as error:
        reason = str(error)
        errors = error.report.errors if error.report else ()
        rows = [one.row for one in errors if one.reason]
        told = reason + str(errors)
    return Outcome(name, file.has_rows, reason, rows, told, time.monotonic() - begun)
