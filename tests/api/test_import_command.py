"""guatu import beyond the plain case: undo, dry runs, good rows, marked workbooks, workers."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import URL, Engine, text
from typer.testing import CliRunner, Result

from api.cli import app
from api.commands.working import worker_beside
from data.cities import create_city
from data.engine import transaction
from data.importers import ImportOptions
from data.importers.upload import Upload
from data.importers.uploads import order, receive

pytestmark = pytest.mark.db

UNITS = "code,name,risk\nu1,First,low\nu2,Second,low\n"
BAD = UNITS + "u3,Third,seven\n"


def run(url: URL, *arguments: object) -> Result:
    environment = {"GUATU_DATABASE_URL": url.render_as_string(hide_password=False)}
    return CliRunner().invoke(app, [str(one) for one in arguments], env=environment)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "units.csv"
    file.write_text(UNITS, encoding="utf-8")
    return file


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_a_batch_is_undone_by_its_number(clean_url: URL, ledger: Path) -> None:
    batch = json.loads(run(clean_url, "import", "units", ledger, "--json").stdout)["batch"]
    undone = run(clean_url, "import", "undo", batch, "--json")
    assert json.loads(undone.stdout) == {
        "batch": batch,
        "removed": 2,
        "restored": 0,
        "brought_back": 0,
    }
    assert run(clean_url, "import", "undo", batch).exit_code == 1


def test_what_is_no_number_of_a_batch_is_not_undone(clean_url: URL) -> None:
    assert run(clean_url, "import", "undo", "units.csv").exit_code == 2


def test_a_dry_run_leaves_an_empty_store_empty(
    clean_url: URL, clean_engine: Engine, ledger: Path
) -> None:
    assert run(clean_url, "import", "units", ledger, "--dry-run").exit_code == 0
    assert rows(clean_engine, "SELECT 1 FROM city UNION ALL SELECT 1 FROM import_batch") == []


def test_a_refused_file_makes_no_city(clean_url: URL, clean_engine: Engine, ledger: Path) -> None:
    ledger.write_text(BAD, encoding="utf-8")
    assert run(clean_url, "import", "units", ledger).exit_code == 1
    assert rows(clean_engine, "SELECT 1 FROM city") == []
    assert rows(clean_engine, "SELECT state FROM import_batch") == [("refused",)]


def test_a_dry_run_tells_what_good_rows_would_do(clean_url: URL, ledger: Path) -> None:
    ledger.write_text(BAD, encoding="utf-8")
    result = run(clean_url, "import", "units", ledger, "--dry-run", "--json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["new"], report["refused"], report["rows"]) == (1, 2, 1, 3)


def test_good_rows_are_taken_when_asked(clean_url: URL, ledger: Path) -> None:
    ledger.write_text(BAD, encoding="utf-8")
    result = run(clean_url, "import", "units", ledger, "--accept-good", "--json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["new"], report["refused"]) == (0, 2, 1)


def test_the_workbook_comes_back_marked(clean_url: URL, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("code", "name", "risk"), ("u1", "First", "low"), ("u2", "Second", "seven")):
        book.active.append(row)
    book.save(tmp_path / "units.xlsx")
    out = tmp_path / "marked.xlsx"
    assert (
        run(clean_url, "import", "units", tmp_path / "units.xlsx", "--report", out).exit_code == 1
    )
    marked = openpyxl.load_workbook(out).active
    assert marked["C3"].fill.fgColor.rgb == "FFFF9C9C"
    assert marked["C2"].fill.fgColor.rgb != "FFFF9C9C"


@pytest.fixture
def ordered(clean_engine: Engine) -> int:
    """A batch that waits for a worker."""
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    upload = Upload("units", "units.csv", UNITS.encode(), ImportOptions())
    batch, _ = receive(clean_engine, upload)
    order(clean_engine, batch, "import")
    return batch


def wait_until_imported(engine: Engine, batch: int) -> None:
    for _ in range(600):
        if (batch, "imported") in rows(engine, "SELECT id, state FROM import_batch"):
            return
        time.sleep(0.1)
    raise TimeoutError(batch)


def test_a_worker_does_what_waits_and_ends(
    clean_url: URL, clean_engine: Engine, ordered: int
) -> None:
    guatu = Path(sys.executable).with_name("guatu")
    environment = {"GUATU_DATABASE_URL": clean_url.render_as_string(hide_password=False)}
    worker = subprocess.Popen([guatu, "worker"], env=environment)  # noqa: S603 - our own command
    try:
        wait_until_imported(clean_engine, ordered)
    finally:
        worker.send_signal(signal.SIGINT)
        assert worker.wait(timeout=60) == 0


def test_a_worker_beside_the_service_ends_with_it(clean_engine: Engine, ordered: int) -> None:
    with worker_beside(clean_engine, 30):
        wait_until_imported(clean_engine, ordered)
    assert rows(clean_engine, "SELECT 1 FROM procrastinate.procrastinate_workers") == []
