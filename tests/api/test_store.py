import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import Settings
from api.store import make_store, open_store, private_cluster
from data.engine import make_engine, snapshot
from data.errors import NoCityError, StoreError
from data.queries.places import revisions

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A private cluster with the cities a and b, b loaded last; stopped at the end."""
    home = Path(tempfile.mkdtemp(prefix="guatu-store-"))
    home.chmod(0o711)
    for city in ("a", "b"):
        make_store(Settings(home=home), city)
    yield home
    private_cluster(Settings(home=home)).stop()
    shutil.rmtree(home)


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"GUATU_HOME": str(home)})


def test_the_city_loaded_last_is_the_one_opened(home: Path) -> None:
    assert open_store(Settings(home=home)).city == "b"


def test_another_city_is_opened_by_its_name(home: Path) -> None:
    assert open_store(Settings(home=home, city="a")).city == "a"


def test_a_city_that_is_not_there_is_not_made_by_opening_it(home: Path) -> None:
    with pytest.raises(NoCityError, match="'c'"):
        open_store(Settings(home=home, city="c"))
    assert private_cluster(Settings(home=home)).cities() == ["a", "b"]


def test_a_store_is_at_the_newest_schema_when_it_is_opened(home: Path) -> None:
    engine = make_engine(open_store(Settings(home=home)).url)
    with snapshot(engine) as session:
        assert revisions(session, ["grids"]) == {"grids": 0}
    engine.dispose()


def test_a_city_of_the_command_line_wins_over_the_last_one(home: Path) -> None:
    assert "guatu_a" in run(home, "--city", "a", "db", "url").stdout


def test_the_status_says_that_it_runs_and_with_which_cities(home: Path) -> None:
    status = json.loads(run(home, "db", "status", "--json").stdout)
    assert status["running"] is True
    assert status["cities"] == ["a", "b"]
    assert "running" in run(home, "db", "status").stdout


@pytest.mark.parametrize("command", ["start", "upgrade"])
def test_what_is_done_already_may_be_asked_for_again(home: Path, command: str) -> None:
    assert run(home, "db", command).exit_code == 0


def test_an_empty_cluster_says_how_to_start() -> None:
    home = Path(tempfile.mkdtemp(prefix="guatu-empty-"))
    home.chmod(0o711)
    try:
        result = run(home, "coverage", "--grid", "g")
    finally:
        assert run(home, "db", "stop").exit_code == 0
        shutil.rmtree(home)
    assert result.exit_code == 1
    assert "guatu demo" in result.stderr


@pytest.mark.parametrize("url", ["no url at all", "mysql://x/y", "postgresql+psycopg:///x?port=y"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(StoreError):
        open_store(Settings(database_url=url))


def test_only_root_needs_another_user_for_the_cluster(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert private_cluster(Settings(home=tmp_path)).user is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert private_cluster(Settings(home=tmp_path)).user == "postgres"
