"""Time and memory of contenders that give the same answer."""

import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

ROUNDS = 5


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
    """What one contender needed: first time ever with all it prepares, and each time after that."""

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
    first_times = [_in_a_fresh_process(contender) for contender in contenders]
    prepared = [contender.prepare() for contender in contenders]
    results = [c.use(state) for c, state in zip(contenders, prepared, strict=True)]
    _require_same(work, contenders, results, tolerance)
    seconds: list[list[float]] = [[] for _ in contenders]
    for _ in range(rounds):
        for taken, contender, state in zip(seconds, contenders, prepared, strict=True):
            begin = time.perf_counter()
            contender.use(state)
            taken.append(time.perf_counter() - begin)
    return [
        Row(work, contender.name, cold_s, median(taken), peak_mb)
        for contender, (cold_s, peak_mb), taken in zip(
            contenders, first_times, seconds, strict=True
        )
    ]


def _require_same(
    work: str, contenders: Sequence[Contender], results: Sequence[Any], tolerance: float
) -> None:
    answers = [c.answer(result) for c, result in zip(contenders, results, strict=True)]
    for contender, answer in zip(contenders[1:], answers[1:], strict=True):
        if not np.allclose(answers[0], answer, rtol=0, atol=tolerance, equal_nan=True):
            raise DifferentAnswersError(f"{work}: {contenders[0].name} and {contender.name}")


def _in_a_fresh_process(contender: Contender) -> tuple[float, float]:
    """Return seconds and megabytes of the first use ever, in a process forked for it."""
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)

    def child() -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.perf_counter()
        contender.use(contender.prepare())
        seconds = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sender.send((seconds, (after - before) / 1024))

    process = fork.Process(target=child)
    process.start()
    sender.close()
    measured: tuple[float, float] = receiver.recv()
    process.join()
    return measured
