"""Many imports at once, and readers meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data.engine import loading, make_engine
from data.importers import ImportOptions, ImportReport, import_file
from data.importers.upload import Upload
from data.importers.uploads import carry_out, order, receive

pytestmark = pytest.mark.db

UNITS = "code,name\n" + "".join(f"u{i},{{0}} {i}\n" for i in range(200))
"""Two hundred units; what they are called is still to be filled in."""


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_the_same_file_ten_times_at_once_is_imported_once(city: Engine, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(UNITS.format("unit"), encoding="utf-8")

    def bring(_: int) -> ImportReport:
        return import_file(city, "units", file)

    with ThreadPoolExecutor(10) as pool:
        reports = list(pool.map(bring, range(10)))
    assert sorted(report.new for report in reports) == [0] * 9 + [200]
    assert len({report.batch for report in reports}) == 1
    assert rows(city, "SELECT count(*), count(DISTINCT name) FROM unit") == [(200, 200)]


def test_the_same_upload_ordered_ten_times_is_imported_once(city: Engine) -> None:
    upload = Upload("units", "units.csv", UNITS.format("unit").encode(), ImportOptions())
    batches = [receive(city, upload)[0] for _ in range(10)]
    for batch in batches:
        order(city, batch, "import")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda batch: carry_out(city, batch), batches))
    told = "SELECT state, count(*), count(DISTINCT duplicate_of) FROM import_batch GROUP BY state"
    assert sorted(rows(city, told)) == [("imported", 1, 0), ("refused", 9, 1)]


def test_of_two_files_at_once_the_last_wins_whole(city: Engine, tmp_path: Path) -> None:
    names = ("one", "two")
    lines = UNITS.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    for name, content in zip(names, (UNITS, turned), strict=True):
        (tmp_path / f"{name}.csv").write_text(content.format(name), encoding="utf-8")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: import_file(city, "units", tmp_path / f"{name}.csv"), names))
    won = rows(city, "SELECT DISTINCT split_part(name, ' ', 1) FROM unit")
    assert won in [[("one",)], [("two",)]]
    assert rows(city, "SELECT count(*) FROM unit") == [(200,)]


def test_reads_are_answered_during_an_import(city: Engine) -> None:
    readers = make_engine(city.url, statement_timeout_s=2)
    with loading(city) as session:
        session.execute(
            text("INSERT INTO unit (source, external_code, name) VALUES ('t', 'u', 'n')")
        )
        assert rows(readers, "SELECT count(*) FROM unit") == [(0,)]
        assert rows(readers, "SELECT count(*) FROM import_batch") == [(0,)]
    assert rows(readers, "SELECT count(*) FROM unit") == [(1,)]
    readers.dispose()
