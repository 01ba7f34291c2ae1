"""Documents at both doors: the command line and HTTP give the same bytes."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import docx
import pytest
import shapely
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from pandas import DataFrame, Timestamp
from sqlalchemy import URL
from typer.testing import CliRunner, Result

from api import documents
from api.app import create_app
from api.cli import app
from api.settings import Settings
from data import publishing
from data.cities import create_city
from data.engine import make_engine, transaction
from data.grids import GridHead, load_grid
from data.importers import ImportOptions, import_file
from data.loading import load
from maps.documents import document_policy

pytestmark = pytest.mark.db

HOSTILE = "=1+1<script>{{ 7*7 }}</script>"
FOUND = Timestamp("2019-08-01T09:00+08:00")


def fill(url: URL) -> None:
    line = shapely.LineString([(113.601, 34.705), (113.609, 34.705)])
    cell = DataFrame({"external_code": ["a"], "geom": [shapely.box(113.6, 34.7, 113.61, 34.71)]})
    engine = make_engine(url)
    with transaction(engine, moves=("grids", "streetlights", "rectifications")) as session:
        create_city(session, "test", name="郑州市", timezone="Asia/Shanghai", metric_srid=4547)
        load_grid(session, GridHead("districts", "区县", "administrative"), cell, source="t")
        segments = {"external_code": ["s1"], "name": [HOSTILE], "geom": [line]}
        load(session, "segments", DataFrame(segments), source="t")
        items = {"external_code": ["r1", "r2"], "segment_code": "s1", "found_at": FOUND}
        items |= {"state": ["closed", "handed_over"], "closed_at": [FOUND, None]}
        items |= {"lead_party": HOSTILE, "due_on": date(2019, 8, 5), "person": HOSTILE}
        load(session, "rectifications", DataFrame(items), source="t")
    engine.dispose()


@pytest.fixture(scope="module")
def store(new_database: Callable[[], URL]) -> URL:
    url = new_database()
    fill(url)
    return url


@pytest.fixture(scope="module")
def client(store: URL) -> Iterator[TestClient]:
    settings = Settings(database_url=store.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def run(url: URL, *arguments: object) -> Result:
    environment = {"GUATU_DATABASE_URL": url.render_as_string(hide_password=False)}
    return CliRunner().invoke(app, [str(one) for one in arguments], env=environment)


@pytest.mark.parametrize("name", ["daily.docx", "ranking.xlsx", "weekly.html", "monthly.xlsx"])
def test_both_doors_give_the_same_bulletin(
    store: URL, client: TestClient, tmp_path: Path, name: str
) -> None:
    kind, file = name.split(".")[0], tmp_path / name
    result = run(store, "bulletin", kind, "--as-of", "2019-08-31", "-o", file)
    assert result.exit_code == 0, result.output
    answer = client.get(f"/api/v1/bulletins/{name}", params={"as_of": "2019-08-31"})
    assert answer.content == file.read_bytes()


def test_ledger_text_comes_out_as_text(client: TestClient) -> None:
    address = "/api/v1/bulletins/ranking"
    made = docx.Document(io.BytesIO(client.get(f"{address}.docx?as_of=2019-08-31").content))
    assert made.tables[0].cell(1, 1).text == HOSTILE
    book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx?as_of=2019-08-31").content))
    owner = book.worksheets[1].cell(3, 2)
    assert (owner.value, owner.data_type, owner.quotePrefix) == (HOSTILE, "s", True)
    assert "<script" not in client.get(f"{address}.html?as_of=2019-08-31").text


def test_a_page_is_shown_under_its_own_policy_and_files_are_saved(client: TestClient) -> None:
    page = client.get("/api/v1/bulletins/daily.html")
    assert page.headers["content-security-policy"] == document_policy()
    file = client.get("/api/v1/bulletins/daily.docx")
    assert file.headers["content-disposition"] == 'attachment; filename="daily.docx"'


def test_a_reader_who_has_the_file_is_told_so(client: TestClient) -> None:
    first = client.get("/api/v1/bulletins/daily.docx")
    again = client.get(
        "/api/v1/bulletins/daily.docx", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_office_and_the_language_are_as_asked(client: TestClient) -> None:
    asked = {"office": "安委办", "lang": "en"}
    page = client.get("/api/v1/bulletins/daily.html", params=asked).text
    assert "安委办" in page
    assert "Where we stand" in page


def test_unknown_kinds_endings_and_grids_are_refused(
    store: URL, client: TestClient, tmp_path: Path
) -> None:
    assert client.get("/api/v1/bulletins/yearly.docx").status_code == 422
    assert client.get("/api/v1/bulletins/daily.pdf").status_code == 422
    assert client.get("/api/v1/bulletins/daily.docx?grid=none").status_code == 404
    result = run(store, "bulletin", "daily", "-o", tmp_path / "daily.pdf")
    assert result.exit_code == 1
    assert "the ending is none of .xlsx, .docx, .html" in result.output


@pytest.mark.parametrize("ending", ["xlsx", "docx", "html"])
def test_both_doors_give_the_same_lists(
    store: URL, client: TestClient, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"lists.{ending}"
    result = run(store, "lists", "--as-of", "2019-08-31", "-o", file)
    assert result.exit_code == 0, result.output
    answer = client.get(f"/api/v1/lists.{ending}", params={"as_of": "2019-08-31"})
    assert answer.content == file.read_bytes()


@pytest.mark.parametrize("name", ["风险隐患清单", "交办督办清单", "领导责任清单", "验收销号清单"])
def test_each_list_comes_back_without_a_change(
    store: URL, client: TestClient, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "lists.xlsx"
    file.write_bytes(client.get("/api/v1/lists.xlsx?as_of=2019-08-31").content)
    engine = make_engine(store)
    options = ImportOptions(source="t", sheet=name, dry_run=True)
    report = import_file(engine, "rectifications", file, options)
    engine.dispose()
    assert (report.same, report.changed, report.refused) == (report.rows, 0, 0)
    assert report.rows in (1, 2)


def test_more_items_than_are_printed_need_a_workbook(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MAX_PRINTED", 1)
    assert client.get("/api/v1/lists.xlsx").status_code == 200
    refused = client.get("/api/v1/lists.docx")
    assert (refused.status_code, refused.json()["detail"]) == (
        *(422, "2 items; .docx takes 1: take .xlsx"),
    )


@pytest.fixture
def issuing(clean_url: URL) -> Iterator[TestClient]:
    fill(clean_url)
    settings = Settings(database_url=clean_url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def test_a_ranking_is_issued_over_http_and_read_at_both_doors(
    issuing: TestClient, clean_url: URL, tmp_path: Path
) -> None:
    path = "/api/v1/publications"
    given = {"kind": "ranking", "by": "张三", "as_of": "2019-08-31", "office": "安委办"}
    assert issuing.post(path, json=given).json() == {
        "kind": "ranking",
        "number": 1,
        "state": "drafted",
    }
    assert "送审稿" in issuing.get(f"{path}/ranking/1.html").text
    for step, by in (("check", "李四"), ("sign", "王五"), ("issue", "张三")):
        assert issuing.post(f"{path}/ranking/1/{step}", json={"by": by}).status_code == 200
    page = issuing.get(f"{path}/ranking/1.html")
    assert page.headers["content-security-policy"] == document_policy()
    assert all(said in page.text for said in ("第 1 期", "签发：王五", "安委办"))
    file = tmp_path / "issue.docx"
    assert run(clean_url, "publication", "write", "ranking", 1, "-o", file).exit_code == 0
    assert file.read_bytes() == issuing.get(f"{path}/ranking/1.docx").content
    (row,) = issuing.get(path).json()["publications"]
    assert (row["number"], row["state"], row["signed_by"]) == (1, "issued", "王五")
    again = issuing.post(f"{path}/ranking/1/issue", json={"by": "张三"})
    assert again.status_code == 409


def test_a_ranking_is_issued_from_the_command_line(clean_url: URL) -> None:
    fill(clean_url)

    def publication(*arguments: object) -> Result:
        return run(clean_url, "publication", *arguments)

    drafted = publication("draft", "ranking", "--as-of", "2019-08-31", "--by", "Zhang")
    assert "ranking 1 is drafted" in drafted.output
    assert (
        "somebody else must check it" in publication("check", "ranking", 1, "--by", "zhang").output
    )
    for step, by, state in (("check", "Li", "checked"), ("sign", "Wang", "signed")):
        assert f"ranking 1 is {state}" in publication(step, "ranking", 1, "--by", by).output
    assert "ranking 1 is issued" in publication("issue", "ranking", 1, "--by", "Zhang").output
    assert "the same figures come out" in publication("verify", "ranking", 1).output
    assert "issued" in publication("list").output


def test_figures_that_no_longer_come_out_are_told(
    clean_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(clean_url)
    run(clean_url, "publication", "draft", "ranking", "--as-of", "2019-08-31", "--by", "Zhang")
    monkeypatch.setattr(publishing, "bulletin", lambda *_: {})
    told = run(clean_url, "publication", "verify", "ranking", 1)
    assert (told.exit_code, "other figures come out" in told.output) == (1, True)
