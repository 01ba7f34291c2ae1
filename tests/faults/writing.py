"""Write the corpus in a process of its own, so that what it takes to make is not measured."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tests.faults import bad_archives
from tests.faults.corpus import BadFile, Lure, corpus

__all__ = ["bad_archives", "written"]


def written(folder: Path, lure: Lure, step: int) -> list[tuple[Path, BadFile]]:
    """Return where one of `step` files was written, and what it is, without its content."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_write, folder, lure, step).result()


def _write(folder: Path, lure: Lure, step: int) -> list[tuple[Path, BadFile]]:
    made = []
    for number, file in enumerate(islice(corpus(lure), 0, None, step)):
        path = folder / str(number) / file.name
        path.parent.mkdir()
        path.write_bytes(file.content)
        made.append((path, replace(file, content=b"")))
    return made
