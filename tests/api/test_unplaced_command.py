"""guatu unplaced: rows without a place are listed and placed at the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, make_url
from typer.testing import CliRunner, Result

from api.cli import app
from api.commands import unplaced
from data.cities import create_city
from data.engine import transaction
from data.importers import ImportOptions, import_file

pytestmark = pytest.mark.db

HEADINGS = "code,name,lon,lat\n"
LEDGERS = {
    "one": "u1,东风饭店,113.6123456,34.7\nu2,东风大饭店西侧,,\nu3,无名,,\n",
    "two": "u3,无名,,\n",
}


def run(url: URL, *arguments: object) -> Result:
    environment = {"GUATU_DATABASE_URL": url.render_as_string(hide_password=False)}
    words = ["unplaced", *map(str, arguments)]
    return CliRunner().invoke(app, words, env=environment)


def answer(url: URL, *arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(url, *arguments, "--json").stdout)
    return told


def waiting(url: URL) -> list[str]:
    return [row["code"] for row in answer(url, "list", "units")["items"]]


@pytest.fixture
def url(clean_url: URL, clean_engine: Engine, tmp_path: Path) -> URL:
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    for source, rows in LEDGERS.items():
        file = tmp_path / f"{source}.csv"
        file.write_text(HEADINGS + rows, encoding="utf-8")
        import_file(clean_engine, "units", file, ImportOptions(datum="wgs84", source=source))
    return clean_url


def test_what_waits_is_counted_and_listed_with_its_words(url: URL) -> None:
    assert answer(url, "list")["units"] == 3
    assert waiting(url) == ["u2", "u3", "u3"]
    assert run(url, "list").stdout.split()[:2] == ["units", "3"]
    shown = run(url, "list", "units").stdout
    assert "3 rows wait for a place" in shown
    assert "东风大饭店西侧" in shown


def test_the_rows_of_many_pages_are_listed(url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unplaced, "PAGE", 1)
    assert waiting(url) == ["u2", "u3", "u3"]


def test_offers_are_shown_where_they_lie(url: URL) -> None:
    assert answer(url, "offers", "units", "u2")["items"][0]["code"] == "u1"
    assert "113.612346,34.700000" in run(url, "offers", "units", "u2").stdout


def test_a_row_is_placed_where_an_offer_lies(url: URL) -> None:
    told = answer(url, "place", "units", "u2", "--offer", 1)
    assert (told["x"], told["y"]) == (113.6123456, 34.7)
    assert waiting(url) == ["u3", "u3"]


def test_a_row_of_one_of_two_sources_is_placed_at_a_spot(url: URL) -> None:
    spot = ("--at", "113.62,34.71", "--datum", "gcj02")
    assert "two" in run(url, "place", "units", "u3", *spot).stderr
    done = run(url, "place", "units", "u3", *spot, "--source", "two")
    assert "u3 lies at 113.620000,34.710000 (gcj02)" in done.stderr
    assert waiting(url) == ["u2", "u3"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "either --at or --offer"),
        (("--at", "113,34", "--offer", "1"), "either --at or --offer"),
        (("--at", "113"), "not LON,LAT"),
        (("--at", "113,north"), "not LON,LAT"),
    ],
)
def test_a_place_is_given_in_one_way(words: tuple[str, ...], reason: str) -> None:
    result = run(make_url("postgresql://nowhere"), "place", "units", "u2", *words)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_what_cannot_be_placed_is_refused_with_its_reason(url: URL) -> None:
    refused = {
        ("u2", "--at", "34.7,113.6"): "swapped",
        ("u2", "--offer", "9"): "offer 9: there are",
        ("u1", "--at", "113,34"): "no row u1 of units waits",
        ("u9", "--at", "113,34"): "no row u9 of units waits",
    }
    for words, reason in refused.items():
        result = run(url, "place", "units", *words)
        assert result.exit_code == 1
        assert reason in result.stderr
    assert waiting(url) == ["u2", "u3", "u3"]
