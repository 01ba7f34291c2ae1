"""The first start of the private cluster, many at once and killed half-way."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from data.cluster import Cluster

ROUNDS = int(os.environ.get("GUATU_FAULT_ROUNDS", "12"))

STARTER = """
import sys
from pathlib import Path
from data.cluster import Cluster

cluster = Cluster(Path(sys.argv[1]), user=sys.argv[2] or None)
print("ready", flush=True)
cluster.start()
cluster.create_city("soho")
print(cluster.server.pid, flush=True)
"""

pytestmark = pytest.mark.db


def begin(cluster: Cluster) -> "subprocess.Popen[str]":
    """Begin a start in a process group of its own; return when it has imported everything."""
    starter = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", STARTER, str(cluster.home), cluster.user or ""],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == "ready\n"
    return starter


def test_eight_first_starts_at_once_give_one_server(new_cluster):
    starters = [begin(new_cluster) for _ in range(8)]
    ends = [starter.communicate() for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 8, ends
    assert {pid for pid, _ in ends} == {f"{new_cluster.status().pid}\n"}


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_a_first_start_killed_at_any_point_can_be_run_again(new_cluster, round_number):
    after_s = random.Random(round_number).uniform(0, 1.2)
    starter = begin(new_cluster)
    time.sleep(after_s)
    if round_number % 2:
        os.killpg(starter.pid, signal.SIGKILL)
    else:
        starter.kill()
    starter.communicate()

    new_cluster.start()
    new_cluster.create_city("soho")
    assert new_cluster.cities() == ["soho"]
    assert not list(new_cluster.home.glob(".init-*"))
