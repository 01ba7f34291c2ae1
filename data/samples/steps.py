"""How long each step of a long piece of work took, and how much memory it needed."""

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

Progress = Callable[[str], None]
"""Told the name of each step when it begins."""

_UNITS_PER_MB = 1024**2 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Step:
    """What one step took; `peak_mb` is the most memory the process has held so far."""

    name: str
    seconds: float
    peak_mb: float


class Steps:
    """The steps done so far, each announced to `progress` when it begins."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.done: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure the block; one that fails is not among the steps done."""
        self._progress(name)
        start = perf_counter()
        yield
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _UNITS_PER_MB
        self.done.append(Step(name, round(perf_counter() - start, 3), round(peak, 1)))
