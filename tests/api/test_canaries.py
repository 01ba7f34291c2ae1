"""Ledger text is text: it comes out of every door as it went in, and nothing runs it."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote
from zipfile import ZipFile

import pypdfium2
import pytest
import shapely
from fastapi.testclient import TestClient
from pandas import DataFrame
from sqlalchemy import URL, Engine, Table, Text
from sqlalchemy.orm import Session

from api.app import create_app
from api.settings import Settings
from data.cities import create_city, settle_city, the_city
from data.engine import make_engine, transaction
from data.grids import GridHead, load_grid
from data.loading import MODELS, load
from geo.errors import GuatuError

pytestmark = pytest.mark.db

CANARIES = [
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "<!--<script>",
    "]]><![CDATA[",
    "<b>bold</b> & &amp; &#60;",
    '" onmouseover="window.ran=1',
    "' onmouseover='window.ran=1",
    "javascript:window.ran=1",
    "{{7*7}}",
    "{{ self.__init__.__globals__ }}",
    "{% for x in () %}",
    "{% raise %}",
    "{# comment",
    "#}{{'a'*3}}{#",
    "${7*7}",
    "`${window.ran=1}`",
    "\\x3cimg src=x onerror=window.ran=1\\x3e",
    "\\",
    "\\u003cscript\\u003e",
    "%(name)s %s %d %%",
    "{0} {name} {",
    "'; DROP TABLE unit; --",
    '" OR 1=1 --',
    ":name ::text $1 ?",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    " \t=cmd|' /C calc'!A0",
    "＝1+1",
    "\u202eright to left\u202c",
    "\u200f\u2066isolated\u2069",
    "line\u2028and\u2029paragraph",
    "two\nlines\tand a tab",
    "郑东新区 𠅤 é e\u0301 👩‍🚒",
    "../../etc/passwd",
    "[red]markup[/red] [link=x]",
    "x" * 10_000,
]
CODES = [canary[:200] for canary in CANARIES]
FIXED_WORDS = {
    "source",
    "external_code",
    "ledger_code",
    "datum",
    "level",
    "origin",
    "risk",
    "status",
    "located_by",
    "side",
    "lamp_survey",
    "state",
    "cause",
    "escalation",
}
"""Columns that hold one of a few words, or a code; `outage.cause` alone is free text."""
DAY = datetime(2019, 8, 31, 10, tzinfo=UTC)
SPOTS = [shapely.Point(113.601 + 0.002 * n, 34.701) for n in range(len(CANARIES))]


def text_columns(kind: str) -> list[str]:
    table = MODELS[kind].__table__
    assert isinstance(table, Table)
    free = [column.name for column in table.columns if isinstance(column.type, Text)]
    return [
        name for name in free if name not in FIXED_WORDS or (kind, name) == ("outages", "cause")
    ]


def rows(kind: str, **columns: Any) -> DataFrame:
    texts = dict.fromkeys(text_columns(kind), CANARIES)
    return DataFrame({"external_code": CODES, **texts, **columns})


LEDGERS = {
    "units": rows("units", geom=SPOTS),
    "inspections": rows("inspections", unit_code=CODES, inspected_at=DAY),
    "hazards": rows("hazards", geom=SPOTS, unit_code=CODES, found_at=DAY),
    "segments": rows(
        "segments",
        geom=[shapely.LineString([(p.x, p.y - 0.001), (p.x, p.y + 0.001)]) for p in SPOTS],
    ),
    "handovers": rows("handovers", segment_code=CODES, evidence_sha256="0" * 64),
    "boxes": rows("boxes", geom=SPOTS),
    "lamps": rows("lamps", geom=SPOTS, box_code=CODES),
    "outages": rows("outages", lamp_code=CODES, started_at=DAY),
    "rectifications": rows(
        "rectifications", segment_code=CODES, found_at=DAY, lead_party=CODES, helping_party=CODES
    ),
}


def fill(engine: Engine) -> None:
    cells = DataFrame(
        {
            "external_code": CODES,
            "name": CANARIES,
            "officer": CANARIES,
            "geom": [shapely.box(p.x - 0.001, 34.7, p.x + 0.001, 34.702) for p in SPOTS],
        }
    )
    with transaction(engine) as session:
        create_city(session, "a", name=CANARIES[0], timezone="Asia/Shanghai")
        head = GridHead(CODES[0], CANARIES[0], "management")
        load_grid(session, head, cells, source=CODES[0])
        for kind, ledger in LEDGERS.items():
            load(session, kind, ledger, source=CODES[0])
        settle_city(session)


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


@pytest.mark.parametrize("layer", ["cells", "units", "hazards", "segments", "lamps"])
def test_a_tile_holds_the_texts_as_they_are(caged: TestClient, layer: str) -> None:
    tiles = [asked_tile(caged, layer, x) for x in range(13362, 13368)]
    assert all(code.encode() in b"".join(tiles) for code in CODES)


def asked_tile(client: TestClient, layer: str, x: int) -> bytes:
    query = {"grid": CODES[0], "as_of": "2019-08-31"}
    return client.get(f"/tiles/{layer}/14/{x}/6506.mvt", params=query).content


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
