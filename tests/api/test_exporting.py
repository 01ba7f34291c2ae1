"""Ledgers that leave the store and come back."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import geopandas
import pandas as pd
import pyogrio
import pytest
import shapely
from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import URL, Engine, select
from sqlalchemy.orm import Session

from api import exporting
from api.app import create_app
from api.blanks import fill, template_of
from api.exporting import FILE_FORMATS, export_ledger
from api.settings import Settings
from data.cities import create_city
from data.engine import make_engine, snapshot, transaction
from data.errors import ExportRefusedError
from data.exporters import ExportWish
from data.importers import ImportOptions, ImportReport, import_file
from data.importers.files.endings import FAMILIES
from data.loading import load
from data.models import Rectification
from data.scope import WHOLE_CITY
from data.workflow import Brought, Seen, Shown, act
from maps.sheets.errors import TableLimitError, UnusableFormError

pytestmark = pytest.mark.db

KINDS = (
    "grids",
    "units",
    "inspections",
    "hazards",
    "segments",
    "handovers",
    "boxes",
    "lamps",
    "outages",
    "rectifications",
)
READ = [ending for ending in FILE_FORMATS if ending in FAMILIES]
ODD = (
    "=1+1",
    "  =2",
    "'=3",
    "+86 138",
    "-5",
    "@x",
    "＝4",
    '引"号",逗号',
    "一行\n两行",
    "𠮷野家𠀀",
    "🚒",
    "مرحبا\u200f",
    "<r><t>x</t></r>",
    "_x0041_",
    "{{7*7}}",
    "0012",
    "12E3",
    "TRUE",
    "2019-05-31",
)


def ledgers() -> dict[str, list[dict[str, Any]]]:
    """Every kind of ledger, with odd texts in the columns that hold texts."""
    units = [
        {
            "code": f"00{number}",
            "name": f"u{odd}",
            "address": odd,
            "credit_code": f"91410100000000{number:04}",
            "legal_person": "张三丰",
            "phone": "13812345678",
            "risk": ("红", "橙色", "一般风险", "低", "")[number % 5],
            "status": ("在营", "closed")[number % 2],
            "registered_on": "2019-01-02" if number % 3 else "1899-12-31",
            "lon": 113.6 + number / 997 if number % 4 else "",
            "lat": 34.7 + number / 991 if number % 4 else "",
            "备注": odd,
            "=公式列": "x" if number % 2 else "",
        }
        for number, odd in enumerate(ODD)
    ]
    hazards = [
        {
            "code": f"h{number}",
            "unit_code": f"00{number}" if number % 3 else "",
            "level": ("重大隐患", "一般", "")[number % 3],
            "found_at": ("2019-05-31", "2019-05-31 16:20", "2019-05-31 00:00:01")[number % 3],
            "closed_at": ("2019-06-01", "", "2019-05-31 16:20:30")[number % 3],
            "description": odd,
            "count": number + 1,
            "lon": 113.61 if number % 2 else "",
            "lat": 34.71 if number % 2 else "",
        }
        for number, odd in enumerate(ODD)
    ]
    return {
        "grids": [
            {"code": "01", "name": "一号", "officer": "李", "geometry": _square(113.5)},
            {"code": "=02", "name": "二号", "officer": "", "geometry": _square(113.6)},
        ],
        "units": units,
        "inspections": [
            {
                "code": f"i{number}",
                "unit_code": f"00{number}",
                "inspected_at": ("2019-05-31", "2019-05-31 00:00")[number % 2],
                "team": odd,
                "team_size": 2,
                "origin": "专家检查",
                "countersigned": ("是", "否", "")[number % 3],
            }
            for number, odd in enumerate(ODD)
        ],
        "hazards": hazards,
        "segments": [
            {"code": "s1", "name": "文化路", "geometry": "LINESTRING (113.6 34.7, 113.61 34.7)"},
            {
                "code": "s2",
                "name": "花园路",
                "geometry": "MULTILINESTRING ((113.6 34.71, 113.61 34.71),"
                " (113.7 34.7, 113.71 34.70000000000001), (113.5 34.7, 113.51 34.7))",
            },
        ],
        "handovers": [
            {"code": "m1", "segment_code": "s1", "built_on": "2015-01-02"}
            | {"handed_over_on": "2015-03-04", "accepted_on": "2015-05-06", "handed_by": "=1+1"}
            | {"evidence_file": "", "evidence_sha256": "", "evidence_note": ""},
            {"code": "m2", "segment_code": "s2", "built_on": "", "handed_over_on": ""}
            | {"accepted_on": "", "handed_by": "", "evidence_file": "@函.pdf"}
            | {"evidence_sha256": "0123456789abcdef" * 4, "evidence_note": "一行\n两行"},
        ],
        "boxes": [{"code": "b1", "name": "箱变", "lon": 113.6, "lat": 34.7}],
        "lamps": [
            {"code": "l1", "road_name": "文化路", "box_code": "b1", "circuit": "007"}
            | {"lon": 113.605, "lat": 34.7, "handed_over_on": "2018-10-01", "status": "在用"},
            {"code": "l2", "road_name": "", "box_code": "", "circuit": ""}
            | {"lon": "", "lat": "", "handed_over_on": "", "status": "未移交"},
        ],
        "outages": [
            {"code": "o1", "lamp_code": "l1", "started_at": "2019-05-31 21:00", "ended_at": ""}
            | {"lon": "", "lat": "", "place": "=路口"},
            {"code": "o2", "lamp_code": "", "started_at": "2019-05-30", "ended_at": "2019-05-30"}
            | {"lon": 113.601, "lat": 34.7, "place": ""},
        ],
        "rectifications": [
            {"code": "r1", "hazard_code": "h1", "segment_code": "", "state": "整改中"}
            | {"found_at": "2019-05-31", "money_yuan": "1234567.50", "lead_party": "金水区"},
            {"code": "r2", "hazard_code": "", "segment_code": "s2", "state": "found"}
            | {"found_at": "2019-05-31", "money_yuan": "", "lead_party": ""},
        ],
    }


def _square(west: float) -> str:
    east = west + 0.1
    corners = f"{west} 34.7, {east} 34.7, {east} 34.8, {west} 34.8, {west} 34.7"
    return f"POLYGON (({corners}))"


def bring(engine: Engine, kind: str, path: Path, **options: Any) -> ImportReport:
    named = {"grid": "g"} if kind == "grids" else {}
    return import_file(engine, kind, path, ImportOptions(**named, **options))


def close_work(session: Session) -> None:
    """Close the work on the hazard of the first item, at this very moment."""
    number = session.scalars(select(Rectification.id).order_by(Rectification.id)).first()
    assert number is not None
    shown = (Shown("a.jpg", "ab" * 32, "new wires"),)
    act(session, number, "report_fixed", Seen("fixing"), Brought(by="李", evidence=shown), "test")
    act(session, number, "recheck", Seen("reported_fixed"), Brought(by="王"), "test")
    act(session, number, "close", Seen("rechecked"), Brought(), "test")


@pytest.fixture(scope="module")
def city_url(new_database: Any) -> URL:
    url: URL = new_database()
    return url


@pytest.fixture(scope="module")
def service(city: Engine, city_url: URL) -> Iterator[TestClient]:
    settings = Settings(database_url=city_url.render_as_string(hide_password=False))
    assert city.url.database == city_url.database
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture(scope="module")
def city(city_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(city_url)
    with transaction(engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    folder = tmp_path_factory.mktemp("ledgers")
    for kind, rows in ledgers().items():
        path = folder / f"{kind}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        bring(engine, kind, path)
    with transaction(engine) as session:
        close_work(session)
    yield engine
    engine.dispose()


def leave(engine: Engine, path: Path, kind: str, **wish: Any) -> int:
    with snapshot(engine) as session:
        return export_ledger(session, WHOLE_CITY, ExportWish(kind, **wish), path)


@pytest.mark.parametrize(
    ("ending", "language"), [*((ending, "zh") for ending in READ), (".csv", "en")]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_that_left_comes_back_the_same(
    city: Engine, tmp_path: Path, kind: str, ending: str, language: str
) -> None:
    path = tmp_path / f"ledger{ending}"
    n_rows = leave(city, path, kind, language=language, personal=True)
    report = bring(city, kind, path, dry_run=True)
    told = (report.rows, report.same, report.new, report.changed, report.refused)
    changed = n_trimmed(kind, ending)
    assert told == (n_rows, n_rows - changed, 0, changed, 0)


def n_trimmed(kind: str, ending: str) -> int:
    """Return how many rows lose the blanks around a text: a Shapefile keeps none."""
    held = sum(odd != odd.strip(" ") for odd in ODD)
    return held if ending == ".zip" and kind in {"units", "inspections", "hazards"} else 0


def cells(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a CSV file, in the order of `ODD`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return sorted(rows, key=lambda row: int(row.get("编号", "0").strip("uih=") or 0))


def test_phones_and_legal_persons_are_masked_unless_asked_for(city: Engine, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    leave(city, path, "units")
    row = cells(path)[0]
    assert row["电话（已脱敏）"] == "138****5678"
    assert row["法定代表人（已脱敏）"] == "张**"
    assert "13812345678" not in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("ending", READ)
def test_masked_values_change_nothing_when_they_come_back(
    city: Engine, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"units{ending}"
    leave(city, path, "units")
    same = len(ODD) - n_trimmed("units", ending)
    assert bring(city, "units", path, dry_run=True).same == same


@pytest.mark.parametrize(
    ("kind", "day", "n_rows"),
    [("units", "2018-12-31", 4), ("hazards", "2019-05-30", 0), ("outages", "2019-05-30", 1)],
)
def test_only_what_was_true_on_a_day_leaves(
    city: Engine, tmp_path: Path, kind: str, day: str, n_rows: int
) -> None:
    as_of = date.fromisoformat(day)
    assert leave(city, tmp_path / "x.csv", kind, as_of=as_of) == n_rows


def test_a_text_that_could_be_computed_leaves_with_a_quote(city: Engine, tmp_path: Path) -> None:
    leave(city, tmp_path / "units.csv", "units")
    addresses = [row["地址"] for row in cells(tmp_path / "units.csv")]
    assert addresses[:4] == ["'=1+1", "'  =2", "'=3", "'+86 138"]


def test_a_workbook_has_dates_and_texts(city: Engine, tmp_path: Path) -> None:
    leave(city, tmp_path / "hazards.xlsx", "hazards")
    sheet = load_workbook(tmp_path / "hazards.xlsx").active
    found = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, found["发现时间"]).is_date
    assert {sheet.cell(row, found["隐患描述"]).data_type for row in range(2, 21)} <= {
        "s",
        "inlineStr",
    }


def test_a_shapefile_says_that_it_is_in_gb18030(city: Engine, tmp_path: Path) -> None:
    leave(city, tmp_path / "units.zip", "units")
    with zipfile.ZipFile(tmp_path / "units.zip") as archive:
        assert archive.read("units.cpg") == b"GB18030"
        names = {Path(name).suffix for name in archive.namelist()}
    assert {".shp", ".shx", ".dbf", ".prj", ".cpg"} <= names
    frame = pyogrio.read_dataframe(tmp_path / "units.zip", encoding="GB18030")
    assert {"𠮷野家𠀀", "🚒", '引"号",逗号'} <= set(frame["地址"])


def test_a_text_too_long_for_a_shapefile_is_refused(session: Session, tmp_path: Path) -> None:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    rows = pd.DataFrame({"external_code": ["u1"], "name": ["长" * 128]})
    load(session, "units", rows, source="ledger")
    with pytest.raises(ExportRefusedError, match="take gpkg"):
        export_ledger(session, WHOLE_CITY, ExportWish("units"), tmp_path / "units.zip")


@pytest.mark.parametrize("ending", [".gpkg", ".parquet", ".geojson"])
def test_other_programs_read_the_shapes(city: Engine, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"segments{ending}"
    leave(city, path, "segments")
    frame = geopandas.read_parquet(path) if ending == ".parquet" else geopandas.read_file(path)
    assert frame["编号"].tolist() == ["s1", "s2"]
    assert [113.71, 34.70000000000001] in shapely.get_coordinates(frame.geometry[1]).tolist()
    assert frame.crs.to_epsg() in (4326, None) or frame.crs.name == "WGS 84 (CRS84)"


def test_a_visit_leaves_with_the_place_of_its_unit(city: Engine, tmp_path: Path) -> None:
    leave(city, tmp_path / "i.geojson", "inspections")
    features = json.loads((tmp_path / "i.geojson").read_text(encoding="utf-8"))["features"]
    assert features[0]["geometry"] is None
    assert features[1]["geometry"]["type"] == "Point"


def test_things_of_several_sources_name_them(session: Session, tmp_path: Path) -> None:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    rows = pd.DataFrame({"external_code": ["u1"], "name": ["Mill"]})
    for source in ("fire", "ledger"):
        load(session, "units", rows, source=source)
    wish = ExportWish("units", language="en")
    export_ledger(session, WHOLE_CITY, wish, tmp_path / "both.csv")
    assert [row["source"] for row in cells(tmp_path / "both.csv")] == ["fire", "ledger"]
    export_ledger(session, WHOLE_CITY, replace(wish, source="fire"), tmp_path / "one.csv")
    assert "source" not in cells(tmp_path / "one.csv")[0]


def test_the_grid_is_named_where_there_are_several(session: Session, tmp_path: Path) -> None:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    with pytest.raises(ExportRefusedError, match="none yet"):
        export_ledger(session, WHOLE_CITY, ExportWish("grids"), tmp_path / "grids.csv")


def test_more_rows_than_a_sheet_holds_are_refused_before_they_are_written(
    city: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MAX_ROWS", 5)
    with pytest.raises(TableLimitError, match=r"19 rows.*take csv"):
        leave(city, tmp_path / "units.xlsx", "units")
    assert not (tmp_path / "units.xlsx").exists()


def test_things_kept_that_are_no_text_share_a_column(session: Session, tmp_path: Path) -> None:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    kept = [{"n": 1, "名称": "另名", "备注": "x"}]
    rows = pd.DataFrame({"external_code": ["u1"], "name": ["Mill"], "properties": kept})
    load(session, "units", rows, source="ledger")
    export_ledger(session, WHOLE_CITY, ExportWish("units"), tmp_path / "units.csv")
    row = cells(tmp_path / "units.csv")[0]
    assert (row["名称"], row["备注"]) == ("Mill", "x")
    assert json.loads(row["其他信息"]) == {"n": 1, "名称": "另名"}


def test_a_moved_shape_is_a_change_and_a_place_of_a_unit_none(city: Engine, tmp_path: Path) -> None:
    path = tmp_path / "units.geojson"
    leave(city, path, "units", personal=True)
    features = json.loads(path.read_text(encoding="utf-8"))
    features["features"][1]["geometry"]["coordinates"][0] += 0.001
    path.write_text(json.dumps(features), encoding="utf-8")
    assert bring(city, "units", path, dry_run=True).changed == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_unfilled_template_has_no_rows(city: Engine, tmp_path: Path, kind: str) -> None:
    for language in ("zh", "en"):
        path = tmp_path / f"{language}.xlsx"
        path.write_bytes(template_of(kind, language))
        report = bring(city, kind, path, dry_run=True)
        assert (report.rows, [one.code for one in report.warnings][:1]) == (0, ["no_rows"])


def form() -> bytes:
    book = Workbook()
    for row in (
        ["安全隐患汇总表"],
        ["序号", "隐患编号", "隐患等级", "发现时间", "隐患数量", "包保领导"],
        [],
        ["合计"],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:F1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_form_is_filled_by_its_headings(city: Engine) -> None:
    with snapshot(city) as session:
        filled = fill(session, WHOLE_CITY, ExportWish("hazards"), "表.xlsx", form())
    sheet = load_workbook(io.BytesIO(filled.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[2][:3] == (1, "h0", "重大")
    assert (rows[21][0], rows[21][4]) == ("合计", sum(range(1, 20)))
    assert (filled.n_rows, filled.blank) == (19, ("包保领导",))


@pytest.mark.parametrize(("name", "content"), [("a.xls", b""), ("a.csv", b"code,level\n")])
def test_a_form_must_be_a_workbook_of_today(city: Engine, name: str, content: bytes) -> None:
    with snapshot(city) as session, pytest.raises(UnusableFormError, match="xlsx"):
        fill(session, WHOLE_CITY, ExportWish("hazards"), name, content)


@pytest.mark.parametrize("ending", FILE_FORMATS)
def test_the_service_sends_a_ledger_as_a_file(service: TestClient, ending: str) -> None:
    answer = service.get(f"/api/v1/exports/units{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FILE_FORMATS[ending].media_type
    assert f'filename="units{ending}"' in answer.headers["content-disposition"]
    assert len(answer.content) > 1000


def test_the_service_says_why_a_ledger_cannot_leave(service: TestClient) -> None:
    answer = service.get("/api/v1/exports/grids.csv", params={"grid": "nowhere"})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:guatu:problem:not-found")


def test_the_service_sends_templates(service: TestClient) -> None:
    answer = service.get("/api/v1/templates/units.xlsx", params={"lang": "en"})
    assert load_workbook(io.BytesIO(answer.content)).sheetnames == ["Units", "How to fill it in"]


def test_the_service_fills_a_form(service: TestClient) -> None:
    sent = {"file": ("表.xlsx", form())}
    answer = service.post("/api/v1/forms", files=sent, data={"kind": "hazards"})
    assert unquote(answer.headers["guatu-blank-headings"]) == "包保领导"
    assert load_workbook(io.BytesIO(answer.content)).active["A1"].value == "安全隐患汇总表"


def test_a_page_of_another_host_has_no_form_filled(service: TestClient) -> None:
    sent = {"file": ("表.xlsx", form())}
    headers = {"Origin": "http://evil.example"}
    answer = service.post("/api/v1/forms", files=sent, data={"kind": "hazards"}, headers=headers)
    assert answer.status_code == 403
