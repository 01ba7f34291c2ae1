"""How much time and memory the reading of a file may take."""

from dataclasses import dataclass

_MB = 2**20
_GB = 2**30


@dataclass(frozen=True)
class Limits:
    """What the process that reads a file may use.

    Attributes
    ----------
    cpu_s, wall_s
        Seconds of computing, and seconds by the clock.
    memory_bytes
        Address space, libraries included.
    answer_bytes
        What it may write, which is its answer.
    """

    cpu_s: int
    wall_s: int
    memory_bytes: int
    answer_bytes: int

    @classmethod
    def of(cls, n_bytes: int) -> "Limits":
        """Return the limits for a file of so many bytes: ample for an honest one."""
        size_mb = n_bytes / _MB
        cpu_s = 7 + round(0.5 * size_mb)
        memory_bytes = min(_GB + 40 * n_bytes, 4 * _GB)
        return cls(cpu_s, 2 * cpu_s, memory_bytes, min(256 * _MB + 8 * n_bytes, 2 * _GB))
