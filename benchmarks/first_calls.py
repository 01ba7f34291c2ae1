"""The first call ever in a new interpreter, imports and the loading of compiled code included.

Compiled code is on disk. What peers need for their first call is in the column "cold" of the other
subjects.
"""

import subprocess
import sys
from statistics import median

from benchmarks.measuring import ROUNDS, Row, say

NEIGHBORS = """
import time
import numpy as np
from scipy.sparse import csr_array, diags_array, kron
values = np.random.default_rng(1).poisson(3, 10_000).astype(float)
near = diags_array(np.ones((3, 1)), offsets=[-1, 0, 1], shape=(100, 100), dtype=float)
queen = kron(near, near).tolil()
queen.setdiag(0)
queen = queen.tocsr()
"""
CALLS = {
    "Gi*": ("geo.hotspots", "from geo.hotspots import gi_star; gi_star(values, queen)"),
    "local Moran's I": (
        "geo.moran",
        "from geo.moran import local_moran; local_moran(values, queen)",
    ),
}
# getrusage would tell the memory of this process too, which the other one began with.
REPORT = r"""
import re
from pathlib import Path
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(*seconds, int(peak[1]) / 1024)
"""


def first_and_second(call: str) -> tuple[float, float, float]:
    """Return seconds of the first and the second call, and megabytes of their interpreter."""
    timed = f"begin = time.perf_counter(); {call}; seconds.append(time.perf_counter() - begin)"
    program = f"{NEIGHBORS}\nseconds = []\n{timed}\n{timed}\n{REPORT}"
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    cold_s, warm_s, megabytes = map(float, ended.stdout.split())
    return cold_s, warm_s, megabytes


def run() -> list[Row]:
    rows = []
    for what, (name, call) in CALLS.items():
        work = f"first call of {what} in a process, 10,000 cells"
        say(work)
        first_and_second(call)  # compiles what is not yet
        each = zip(*(first_and_second(call) for _ in range(ROUNDS)), strict=True)
        rows.append(Row(work, name, *map(median, each)))
    return rows
