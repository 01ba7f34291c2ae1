"""Ledger text is text: it comes out of every door as it went in, and nothing runs it."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from zipfile import ZipFile

import pypdfium2
import pytest
from fastapi.testclient import TestClient
from pandas import DataFrame
from sqlalchemy import URL
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import Settings
from data.cities import create_city, the_city
from data.engine import make_engine, transaction
from data.loading import load
from geo.errors import GuatuError
from tests.canary_city import CANARIES, CODES, crowd, fill, text_columns

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def url(new_database: Callable[[], URL]) -> URL:
    url = new_database()
    engine = make_engine(url)
    try:
        fill(engine)
    finally:
        engine.dispose()
    return url


@pytest.fixture(scope="module")
def caged(url: URL) -> Iterator[TestClient]:
    settings = Settings(database_url=url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def crowded(new_database: Callable[[], URL]) -> Iterator[TestClient]:
    """The same city with hazards that came back and runs of lamps that are out."""
    url = new_database()
    engine = make_engine(url)
    try:
        fill(engine)
        crowd(engine)
    finally:
        engine.dispose()
    settings = Settings(database_url=url.render_as_string(hide_password=False))
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def asked(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(path, params={"grid": CODES[0], "as_of": "2019-08-31"} | query)
    assert answer.status_code == 200
    return answer


def test_there_are_forty_of_them() -> None:
    assert len(set(CANARIES)) == len(set(CODES)) == 40


@pytest.mark.parametrize("ledger", ["units", "inspections", "hazards", "segments", "lamps"])
def test_every_text_of_a_ledger_comes_out_as_it_went_in(caged: TestClient, ledger: str) -> None:
    found = asked(caged, f"/api/v1/{ledger}").json()["items"]
    shared = set(text_columns(ledger)) & set(found[0])
    assert len(shared) > 0
    for name in shared:
        assert {row["code"]: row[name] for row in found} == dict(zip(CODES, CANARIES, strict=True))


def test_every_text_of_a_work_item_comes_out_as_it_went_in(caged: TestClient) -> None:
    found = asked(caged, "/api/v1/rectifications/items").json()["items"]
    for name in ("person", "handover_batch"):
        assert {row["code"]: row[name] for row in found} == dict(zip(CODES, CANARIES, strict=True))
    record = caged.get(f"/api/v1/rectifications/items/{found[0]['id']}").json()
    assert record["measure"] == found[0]["person"]


def test_the_parties_of_a_ranking_keep_their_names(caged: TestClient) -> None:
    found = asked(caged, "/api/v1/rectifications", by="owner", about="segment").json()["parties"]
    assert {row["name"] for row in found} <= {*CANARIES, *CODES}
    assert len(found) > 0


def test_every_text_of_a_cell_comes_out_as_it_went_in(caged: TestClient) -> None:
    found = caged.get(f"/api/v1/grids/{quote(CODES[0], safe='')}/cells").json()["items"]
    assert sorted(row["name"] for row in found) == sorted(CANARIES)


@pytest.mark.parametrize("question", ["coverage", "hotspots", "outages"])
def test_the_rows_of_an_answer_keep_their_names(caged: TestClient, question: str) -> None:
    body = asked(caged, f"/api/v1/{question}").json()
    found = body.get("cells") or body["segments"]
    assert sorted(row["name"] for row in found) == sorted(CANARIES)
    collection = asked(caged, f"/api/v1/{question}", format="geojson").json()
    assert sorted(f["properties"]["name"] for f in collection["features"]) == sorted(CANARIES)


@pytest.mark.parametrize("question", ["coverage", "hotspots", "outages"])
def test_a_table_keeps_the_names_and_marks_what_looks_like_a_formula(
    caged: TestClient, question: str
) -> None:
    content = asked(caged, f"/api/v1/{question}", format="csv").content.decode("utf-8-sig")
    names = [row["name"] for row in csv.DictReader(io.StringIO(content, newline=""))]
    assert sorted(name.removeprefix("'") for name in names) == sorted(
        canary.removeprefix("'") for canary in CANARIES
    )
    assert not [name for name in names if re.match(r"\s*[=+\-@＝＋－＠]", name)]


@pytest.mark.parametrize("question", ["coverage", "hotspots", "outages"])
def test_a_workbook_holds_text_and_no_formula_and_no_link(caged: TestClient, question: str) -> None:
    book = asked(caged, f"/api/v1/{question}", format="xlsx").content
    with ZipFile(io.BytesIO(book)) as parts:
        sheets = "".join(parts.read(n).decode() for n in parts.namelist() if "worksheets/" in n)
        strings = html.unescape(parts.read("xl/sharedStrings.xml").decode())
    assert "<f>" not in sheets
    assert "<hyperlink" not in sheets
    assert all(canary in strings for canary in CANARIES)


LAYERS = ["cells", "units", "hazards", "segments", "boxes", "lamps"]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_tile_holds_the_texts_as_they_are(caged: TestClient, layer: str) -> None:
    tiles = [asked_tile(caged, layer, x) for x in range(13362, 13368)]
    assert all(code.encode() in b"".join(tiles) for code in CODES)


def test_a_tile_of_outages_holds_the_texts_as_they_are(crowded: TestClient) -> None:
    tiles = [asked_tile(crowded, "outages", x) for x in range(13362, 13368)]
    assert all(code.encode() in b"".join(tiles) for code in CODES)


def test_the_basemap_holds_the_names_as_they_are(caged: TestClient) -> None:
    tiles = [caged.get(f"/tiles/basemap/14/{x}/6506.mvt").content for x in range(13362, 13368)]
    assert [name for name in CANARIES if name.encode() not in b"".join(tiles)] == []


@pytest.mark.parametrize(
    ("layer", "fields", "day"),
    [
        ("dark-runs", ("code", "name"), "2019-08-31"),
        ("repeat-sites", ("code", "name", "category"), "2019-08-31"),
        # On the day before the visits nobody was anywhere.
        ("blind-spots", ("code", "name"), "2019-08-30"),
    ],
)
def test_every_text_of_a_computed_layer_comes_out_as_it_went_in(
    crowded: TestClient, layer: str, fields: tuple[str, ...], day: str
) -> None:
    query = {} if layer == "dark-runs" else {"grid": CODES[0]}
    answer = crowded.get(f"/api/v1/{layer}", params=query | {"as_of": day, "window": 30})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    found = [one["properties"] for one in answer.json()["features"]]
    for field in fields:
        texts = CODES if field == "code" else CANARIES
        assert sorted(one[field] for one in found) == sorted(texts)


def test_an_outline_of_a_cluster_holds_no_text_of_a_hazard(crowded: TestClient) -> None:
    found = asked(crowded, "/api/v1/clusters").json()["features"]
    texts = {
        value for one in found for value in one["properties"].values() if isinstance(value, str)
    }
    assert texts == {"cluster"}


def test_the_officer_of_a_cell_keeps_the_name(caged: TestClient) -> None:
    cells = asked(caged, "/api/v1/coverage").json()["cells"]
    assert {row["code"]: row["officer"] for row in cells} == dict(zip(CODES, CANARIES, strict=True))


def test_a_power_box_behind_an_incident_keeps_its_code(crowded: TestClient) -> None:
    found = asked(crowded, "/api/v1/outages").json()["incidents"]
    assert sorted(one["power_box"] for one in found) == sorted(CODES)


@pytest.mark.parametrize(
    ("subject", "field"), [("hazards", "sector"), ("streetlights", "owner"), ("hazards", "source")]
)
def test_what_may_be_chosen_is_offered_as_it_is(
    caged: TestClient, subject: str, field: str
) -> None:
    offered = caged.get(f"/api/v1/choices/{subject}").json()[field]
    texts = {"sector": CANARIES, "owner": CODES, "source": CODES[:1]}[field]
    assert sorted(offered) == sorted(texts)


CHOICES = [
    *(("streetlights", "outages", "owner", canary) for canary in CANARIES),
    *(("hazards", "hotspots", "sector", canary) for canary in CANARIES[:8]),
]


@pytest.mark.parametrize(("subject", "question", "field", "canary"), CHOICES, ids=range(48))
def test_what_was_chosen_is_a_value_and_is_told_as_it_is(
    caged: TestClient, subject: str, question: str, field: str, canary: str
) -> None:
    chosen = canary[:200]
    told = asked(caged, f"/api/v1/{question}", **{field: chosen}).json()["decisions"]
    assert [one["values"] for one in told if one["code"] == f"only_{field}"] == [{field: chosen}]
    page = asked(caged, f"/maps/{subject}", **{field: chosen}).text
    block = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    assert block is not None
    assert json.loads(block[1])["chosen"] == {field: chosen}
    assert chosen not in page.replace(block[0], "") or canary == "\\"


def asked_tile(client: TestClient, layer: str, x: int) -> bytes:
    query = {"grid": CODES[0], "as_of": "2019-08-31"}
    return client.get(f"/tiles/{layer}/14/{x}/6506.mvt", params=query).content


def test_the_rows_of_a_figure_come_out_as_they_went_in(caged: TestClient) -> None:
    url = "/api/v1/figures/hazards/hazards_found"
    items = asked(caged, url, limit=1000).json()["items"]
    assert sorted(item["code"] for item in items) == sorted(CODES)
    table = asked(caged, url, format="csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == len(CODES)
    assert not [text for row in rows for text in row.values() if re.match(r"\s*[=+@＝＋＠]", text)]


@pytest.mark.parametrize("code", CODES, ids=range(len(CODES)))
def test_what_is_found_by_its_code_keeps_its_name(caged: TestClient, code: str) -> None:
    found = caged.get("/api/v1/find", params={"q": code.strip(), "grid": CODES[0], "limit": 50})
    assert found.status_code == 200
    assert {item["name"] for item in found.json()["items"]} <= {*CANARIES, *CODES}


@pytest.mark.parametrize("subject", ["hazards", "coverage", "streetlights"])
def test_the_changes_between_two_days_keep_the_names(caged: TestClient, subject: str) -> None:
    rows = asked(caged, f"/api/v1/changes/{subject}", before="2019-08-30").json()["rows"]
    assert sorted(row["name"] for row in rows) == sorted(CANARIES)


class Tags(HTMLParser):
    """The tags and attributes that a browser would see, and the text it would show."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: set[str] = set()
        self.shown = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources |= {value or "" for name, value in attrs if name == "src"}

    def handle_data(self, data: str) -> None:
        self.shown += data


DOCUMENTS = ["/api/v1/lists", "/api/v1/bulletins/weekly"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_of_the_web_shows_the_texts_and_has_no_tag_of_theirs(
    caged: TestClient, path: str
) -> None:
    page = Tags(caged.get(f"{path}.html", params={"as_of": "2019-08-31"}).text)
    assert page.tags.isdisjoint({"script", "b", "a"})
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "<script>window.ran=1</script>" in page.shown


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_an_office_document_holds_text_and_no_formula_and_no_link(
    caged: TestClient, path: str, ending: str
) -> None:
    file = caged.get(f"{path}.{ending}", params={"as_of": "2019-08-31"}).content
    with ZipFile(io.BytesIO(file)) as parts:
        whole = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
    assert not re.search(r"<f>|<f |<hyperlink|<w:hyperlink", whole)
    fields = {field.strip() for field in re.findall(r"<w:instrText[^>]*>([^<]*)<", whole)}
    assert fields <= {"PAGE", "NUMPAGES"}
    assert html.escape("<script>window.ran=1</script>", quote=False) in whole


@pytest.mark.parametrize("subject", ["hazards", "coverage", "streetlights"])
def test_a_map_in_one_file_holds_the_texts_as_data(url: URL, tmp_path: Path, subject: str) -> None:
    out = tmp_path / "map.html"
    environment = {"GUATU_DATABASE_URL": url.render_as_string(hide_password=False)}
    asked_for = ["map", subject, "--grid", CODES[0], "--as-of", "2019-08-31", "-o", str(out)]
    done = CliRunner().invoke(app, asked_for, env=environment)
    assert done.exit_code == 0, done.output
    page = out.read_text(encoding="utf-8")
    block = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    assert block is not None
    data = json.loads(block[1])["data"]
    rows = data["answer"].get("cells") or data["answer"]["segments"]
    assert sorted(row["name"] for row in rows) == sorted(CANARIES)
    named = {one["properties"]["name"] for one in data["basemap"]["features"]}
    # Where streets are the rows, the basemap has none.
    assert named >= (set() if subject == "streetlights" else set(CANARIES))
    assert "window.ran" not in page.replace(block[0], "")


@pytest.mark.parametrize("canary", CANARIES, ids=range(len(CANARIES)))
def test_the_name_of_the_city_is_data_on_every_page(
    caged: TestClient, url: URL, canary: str
) -> None:
    rename_city(url, canary)
    for path in ("/", "/maps/hazards", "/maps/coverage", "/maps/streetlights"):
        page = caged.get(path)
        assert page.status_code == 200
        block = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page.text, re.S)
        assert block is not None
        assert json.loads(block[1])["city"] == canary
        assert canary not in page.text.replace(block[0], "") or canary == "\\"


@pytest.mark.parametrize("subject", ["coverage", "streetlights"])
def test_a_poster_shows_the_texts_as_they_are_and_names_what_its_font_lacks(
    caged: TestClient, url: URL, subject: str
) -> None:
    rename_city(url, "郑东新区 𠅤")
    drawn = caged.get(f"/api/v1/posters/{subject}.pdf", params={"grid": CODES[0], "size": "A0"})
    assert drawn.status_code == 200
    text = pypdfium2.PdfDocument(drawn.content)[0].get_textpage().get_text_bounded()
    shown = [canary for canary in CANARIES if canary.isascii() and canary.strip()[:8] in text]
    assert len(shown) > 5
    assert set(unquote(drawn.headers["guatu-missing-characters"])) >= {"𠅤"}


def rename_city(url: URL, name: str) -> None:
    engine = make_engine(url)
    with transaction(engine) as session:
        city = the_city(session)
        city.name, city.attribution = name, name
    engine.dispose()


def test_a_text_with_nul_is_refused_before_it_is_written(session: Session) -> None:
    create_city(session, "a", name="A", timezone="UTC")
    ledger = DataFrame({"external_code": ["a"], "name": ["x\0y"]})
    with pytest.raises(GuatuError, match="name"):
        load(session, "units", ledger, source="ledger")


@pytest.mark.parametrize("canary", CANARIES, ids=range(len(CANARIES)))
def test_a_parameter_is_a_value_and_nothing_else(caged: TestClient, canary: str) -> None:
    for path in ("/api/v1/coverage", "/api/v1/units", "/tiles/cells/14/13362/6506.mvt"):
        answer = caged.get(path, params={"grid": canary})
        assert answer.status_code in {200, 204, 404, 422}
