"""Time and memory of contenders that give the same answer.

Every measure runs in processes forked for it, so that the threads one library has started disturb
no other. Compiled code is on disk before the first time is taken: "cold" is a process that has
never done the work, on a machine that has.
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median
from typing import Any, TypeVar

import numba
import numpy as np

numba.njit(lambda: None)()
"""numba imports most of itself at its first call: as every library's, these imports are not timed
here; `benchmarks.first_calls` times them."""

ROUNDS = 5
SLOW_S = 8.0
"""What takes longer is timed once, after preparing, and not in rounds."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Contender:
    """A way to do the work: what it prepares once, and what it does with that each time.

    `answer` turns its result into the array that must be the same for all.
    """

    name: str
    prepare: Callable[[], Any]
    use: Callable[[Any], Any]
    answer: Callable[[Any], np.ndarray] = np.asarray


@dataclass(frozen=True)
class Row:
    """What one contender needed: first time ever with all it prepares, and each time after that.

    `peak_mb` is what the first time added to the memory of its process; what a database server
    needs is not in it.
    """

    work: str
    contender: str
    cold_s: float
    warm_s: float
    peak_mb: float


class DifferentAnswersError(Exception):
    """Two contenders do not agree; their times would mean nothing."""


def measure(
    work: str, contenders: Sequence[Contender], *, tolerance: float = 0.0, rounds: int = ROUNDS
) -> list[Row]:
    """Return a row for each contender, ours first; times are medians of `rounds` taken in turn.

    Raises
    ------
    DifferentAnswersError
        When an answer differs from the first one by more than `tolerance`.
    """
    say(work)
    forked(lambda: contenders[0].use(contenders[0].prepare()) is None)  # compiles what is not yet
    first_times = [forked(lambda c=contender: _first_time(c)) for contender in contenders]
    warm = forked(lambda: _warm_times(work, contenders, tolerance, rounds))
    return [
        Row(work, contender.name, cold_s, warm_s, peak_mb)
        for contender, (cold_s, peak_mb), warm_s in zip(contenders, first_times, warm, strict=True)
    ]


def say(what: str) -> None:
    """Report progress."""
    print(time.strftime("%H:%M:%S"), what, file=sys.stderr, flush=True)


def forked(do: Callable[[], Result]) -> Result:
    """Return what `do` returns in a process of its own."""
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    process = fork.Process(target=_send_result, args=(do, sender))
    process.start()
    sender.close()
    try:
        done, result = receiver.recv()
    except EOFError:
        raise RuntimeError("a measuring process ended without a result") from None
    finally:
        process.join()
    if not done:
        raise result
    answer: Result = result
    return answer


def _send_result(do: Callable[[], Any], sender: Connection) -> None:
    try:
        sender.send((True, do()))
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent raises it
        sender.send((False, error))


def _first_time(contender: Contender) -> tuple[float, float]:
    """Return seconds and megabytes of preparing and using once."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, seconds = timed(lambda: contender.use(contender.prepare()))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds, (after - before) / 1024


def _warm_times(
    work: str, contenders: Sequence[Contender], tolerance: float, rounds: int
) -> list[float]:
    prepared = [contender.prepare() for contender in contenders]
    uses = [lambda c=c, p=p: c.use(p) for c, p in zip(contenders, prepared, strict=True)]
    results, firsts = zip(*(timed(use) for use in uses), strict=True)
    _require_same(work, contenders, results, tolerance)
    del results
    seconds = [[first] if first > SLOW_S else [] for first in firsts]
    for _ in range(rounds):
        for taken, first, use in zip(seconds, firsts, uses, strict=True):
            if first <= SLOW_S:
                taken.append(timed(use)[1])
    return [median(taken) for taken in seconds]


def timed(do: Callable[[], Result]) -> tuple[Result, float]:
    """Return what `do` returns, and the seconds it took."""
    begin = time.perf_counter()
    result = do()
    return result, time.perf_counter() - begin


def _require_same(
    work: str, contenders: Sequence[Contender], results: Sequence[Any], tolerance: float
) -> None:
    answers = [c.answer(result) for c, result in zip(contenders, results, strict=True)]
    for contender, answer in zip(contenders[1:], answers[1:], strict=True):
        if answers[0].shape != answer.shape or not np.allclose(
            answers[0], answer, rtol=0, atol=tolerance, equal_nan=True
        ):
            raise DifferentAnswersError(f"{work}: {contenders[0].name} and {contender.name}")
