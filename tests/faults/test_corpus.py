"""A thousand bad files: each is refused with its reason, nothing breaks, and nothing is stored."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data.cities import create_city
from data.engine import transaction
from data.importers.files.trust import BROKEN
from tests.faults.corpus import FAMILIES, corpus
from tests.faults.making import Lure
from tests.faults.trying import Outcome, tried
from tests.faults.writing import written

WHOLE = "GUATU_FAULT_ROUNDS" in os.environ
"""Whether all files are tried, or only the first one of each maker."""

LONGEST_S = 10
MOST_MB = 600
"""What a service may take that is sent all of them."""
CANARY = "the-secret-of-the-canary"
LEDGERS = ("unit", "hazard", "inspection", "segment", "lamp", "cell")

pytestmark = pytest.mark.db


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """Return an address that nobody should call, and the list of those who did."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, caller = server.accept()
                except OSError:
                    return
                calls.append(caller)
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/a", calls
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def city(clean_engine: Engine) -> Engine:
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    return clean_engine


def test_the_corpus_is_as_large_as_it_says_and_always_the_same() -> None:
    assert sum(family.count for family in FAMILIES) == 1_010
    lure = Lure("http://127.0.0.1:1", "/nowhere")
    some = list(islice(corpus(lure), 60))
    assert list(islice(corpus(lure), 60)) == some
    assert next(corpus(lure, seed=2020)) != some[0]


def test_every_bad_file_is_refused_and_harms_nothing(city: Engine, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(f"code,name\nu1,{CANARY}\n")
    with listening() as (url, calls):
        files = written(tmp_path, Lure(url, str(secret)), whole=WHOLE)
        outcomes, peak = tried(city.url, files)
    report(outcomes, peak)
    assert [each.name for each in outcomes if not each.reason] == []
    assert [each.name for each in outcomes if each.has_rows and not each.rows] == []
    assert [each.name for each in outcomes if CANARY in each.told] == []
    assert [each.name for each in outcomes if each.seconds > LONGEST_S] == []
    assert calls == []
    assert peak < MOST_MB
    with city.connect() as connection:
        stored = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in LEDGERS]
    assert stored == [0] * len(LEDGERS)


def report(outcomes: list[Outcome], peak: float) -> None:
    """Print the figures, for whoever runs it with -s."""
    slowest = max(outcomes, key=lambda each: each.seconds)
    broken = sum(BROKEN in each.told for each in outcomes)
    print(
        f"\n{broken} broke their reader: ", sorted({e.name for e in outcomes if BROKEN in e.told})
    )
    print(f"{len(outcomes)} files, slowest {slowest.name} {slowest.seconds:.1f} s, {peak:.0f} MB")
    for name, group in groupby(outcomes, key=lambda each: each.family):
        found = list(group)
        seconds = [each.seconds for each in found]
        rows = sum(bool(each.rows) for each in found)
        print(f"{name}: {len(found)} files, {rows} with rows, {max(seconds):.1f} s at most")
