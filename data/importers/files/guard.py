"""Every file that was sent is read in a process of its own, which may break without harm."""

import logging
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

import data
from data.errors import ImportRejectedError
from data.importers.files.trust import BROKEN, decoded
from data.importers.formats import drivers
from data.importers.formats.limits import Limits
from data.importers.formats.question import Question
from data.importers.formats.table import Table

AT_ONCE = 2
"""So many files are read at once; others wait, so that they do not share one memory too small."""

_slots = threading.BoundedSemaphore(AT_ONCE)
_log = logging.getLogger(__name__)

_ENVIRONMENT = {
    # The package as this process has it, and nothing of this process's own environment: that holds
    # the password of the database.
    "PYTHONPATH": str(Path(data.__path__[0]).parent),
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    **drivers.ENVIRONMENT,
}
_PROGRAM = "data.importers.formats.child"
_TIME_IS_UP = {-signal.SIGXCPU, -signal.SIGKILL}
_MOST_LOGGED = 2_000


def read_guarded(question: Question, content: bytes) -> Table:
    """Return what the child reads of a file.

    Raises
    ------
    ImportRejectedError
        When the child refuses the file, breaks on it or reaches a limit.
    """
    limits = Limits.of(question.n_bytes)
    # Files, since pipes would have to be fed and emptied at the same time.
    with (
        _slots,
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as said,
    ):
        asked.write(question.as_line())
        asked.write(content)
        asked.seek(0)
        status = _run(limits, asked, answer, said)
        if status:
            _log_last_words(status, said)
            raise ImportRejectedError(_why_ended(status, limits))
        if not os.fstat(answer.fileno()).st_size:
            raise ImportRejectedError(BROKEN)
        # Not closed here: it lives as long as the columns that lie in it.
        mapped = mmap.mmap(answer.fileno(), 0, access=mmap.ACCESS_READ)
        return decoded(memoryview(mapped))


def _run(limits: Limits, asked: IO[bytes], answer: IO[bytes], said: IO[bytes]) -> int:
    """Run the child to its end and return its status."""
    child = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", "-s", "-m", _PROGRAM],
        stdin=asked,
        stdout=answer,
        stderr=said,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    # Popen.wait looks for the end only every now and then when it is given a limit.
    clock = threading.Timer(limits.wall_s, child.kill)
    clock.start()
    try:
        return child.wait()
    finally:
        clock.cancel()
        child.kill()
        child.wait()


def _why_ended(status: int, limits: Limits) -> str:
    if status in _TIME_IS_UP:
        return f"the file takes longer than {limits.cpu_s} s to read: send it in parts"
    if status == -signal.SIGXFSZ:
        return "the file holds more than can be taken at once: send it in parts"
    if status == -signal.SIGABRT:
        return "the file needs too much memory to be read: send it in parts"
    return BROKEN


def _log_last_words(status: int, said: IO[bytes]) -> None:
    said.seek(max(0, os.fstat(said.fileno()).st_size - _MOST_LOGGED))
    _log.warning(
        "the reader of a file ended with %d: %s", status, said.read().decode(errors="replace")
    )
