"""An import killed at any point: the ledger is the old or the new one, and can be made new."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, text

from data.cities import Founding
from data.importers import ImportOptions, import_file

pytestmark = pytest.mark.db

OLD = "code,name,lon,lat\n" + "".join(
    f"u{i:04d},old {i},{113.6 + i % 50 / 1000:.3f},34.7\n" for i in range(1000)
)
NEW = OLD.replace("old 1", "new 1").replace("113.601", "113.639") + "x1,added,113.62,34.7\n"
CELLS = "code,wkt\n" + "".join(
    f'c{i},"POLYGON(({w} 34, {w + 0.03} 34, {w + 0.03} 35, {w} 35, {w} 34))"\n'
    for i, w in enumerate((113.59, 113.62, 113.65))
)

POINTS = (
    ("data.importers.upload:Upload.table", "before"),
    ("data.importers.upload:Upload.table", "after"),
    ("data.importers.upload:read_ledger", "before"),
    ("data.importers.upload:read_ledger", "after"),
    ("data.engine:wait_for_loads", "after"),
    ("data.importers.importing:check", "before"),
    ("data.importers.importing:check", "after"),
    ("data.importers.importing:add_batch", "after"),
    ("data.upserts:copy_frame", "before"),
    ("data.copying:_rows", "after"),
    ("data.upserts:copy_frame", "after"),
    ("data.upserts:keep", "before"),
    ("data.upserts:keep", "after"),
    ("data.upserts:_insert", "after"),
    ("data.loading:place", "before"),
    ("data.placing:copy_frame", "after"),
    ("data.loading:place", "after"),
    ("data.importers.importing:settle_city", "before"),
    ("data.importers.importing:settle_city", "after"),
    ("data.importers.importing:finish_batch", "before"),
    ("data.importers.importing:finish_batch", "after"),
    ("data.engine:Session.close", "after"),
    ("api.commands.importing:_tell", "before"),
)
"""Where the process is killed: reading, checking, staging, merging, placing, recording, after."""

ROUNDS = int(os.environ.get("GUATU_FAULT_ROUNDS", "12"))
CHOSEN = POINTS if len(POINTS) <= ROUNDS else POINTS[1::4]

KILLED = """
import importlib, os, signal, sys
from functools import reduce
from api.cli import app

place, when, *arguments = sys.argv[1:]
module, path = place.split(":")
*owners, name = path.split(".")
owner = reduce(getattr, owners, importlib.import_module(module))
original = getattr(owner, name)

def end(*args, **kwargs):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, end)
app(arguments)
"""

LEDGER = """
    SELECT md5(string_agg(concat_ws('|', u.external_code, u.name, u.geom::text, c.code), ','
        ORDER BY u.external_code COLLATE "C"))
    FROM unit AS u LEFT JOIN placement AS p ON p.unit_id = u.id LEFT JOIN cell AS c
        ON c.id = p.cell_id
"""
BOOKS = """
    SELECT (SELECT count(*) FROM import_batch WHERE state = 'imported'),
        (SELECT count(*) FROM event WHERE action = 'import'),
        (SELECT sum(value) FROM revision), (SELECT count(*) FROM row_history WHERE
            table_name = 'unit'), (SELECT count(*) FROM import_batch WHERE state <> 'imported')
"""


@pytest.fixture
def files(clean_engine: Engine, tmp_path: Path) -> Path:
    """A store with cells and the old ledger, and the files that made it and will change it."""
    for name, content in (("cells", CELLS), ("old", OLD), ("new", NEW)):
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    founding = Founding("test", "Asia/Shanghai")
    import_file(clean_engine, "units", tmp_path / "old.csv", founding=founding)
    import_file(clean_engine, "grids", tmp_path / "cells.csv", ImportOptions(grid="g"))
    return tmp_path


def kept(engine: Engine) -> tuple[Any, ...]:
    """What the store holds, and what its books say of it."""
    with engine.connect() as connection:
        ledger = connection.scalar(text(LEDGER))
        return (ledger, *connection.execute(text(BOOKS)).one())


@pytest.fixture(scope="session")
def outcomes() -> set[tuple[Any, ...]]:
    """What the stores of all points hold after the import was run again."""
    return set()


@pytest.mark.parametrize(("place", "when"), CHOSEN)
def test_a_killed_import_leaves_the_old_ledger_or_the_new_one(
    clean_url: URL,
    clean_engine: Engine,
    files: Path,
    outcomes: set[tuple[Any, ...]],
    place: str,
    when: str,
) -> None:
    old = kept(clean_engine)
    url = clean_url.render_as_string(hide_password=False)
    child = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", KILLED, place, when, "import", "units", files / "new.csv"],
        env={**os.environ, "GUATU_DATABASE_URL": url},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    left = kept(clean_engine)
    import_file(clean_engine, "units", files / "new.csv")
    new = kept(clean_engine)
    assert left in {old, new}
    assert old != new
    outcomes.add(new)
    assert len(outcomes) == 1
