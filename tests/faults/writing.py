"""Write the corpus in a process of its own, so that what it takes to make is not measured."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.faults.corpus import corpus
from tests.faults.making import Bad, Lure


def written(folder: Path, lure: Lure, *, whole: bool) -> list[tuple[str, Path, Bad]]:
    """Return what each file is called by, where it was written, and it without its content."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_write, folder, lure, whole).result()


def _write(folder: Path, lure: Lure, whole: bool) -> list[tuple[str, Path, Bad]]:  # noqa: FBT001
    made = []
    for number, (name, file) in enumerate(corpus(lure, whole=whole)):
        path = folder / str(number) / file.name
        path.parent.mkdir()
        path.write_bytes(file.content)
        made.append((name, path, replace(file, content=b"")))
    return made
