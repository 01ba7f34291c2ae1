"""The ledgers of an office, as they are kept, come in with the rows they have and no others."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data.cities import create_city
from data.engine import transaction
from data.importers import ImportOptions, ImportReport, import_file
from data.importers.files import read_table
from data.importers.headings import guess
from maps.words import sentences
from tests.data.bureau_ledgers import FORMS, workbook

OPTIONS: dict[str, dict[str, Any]] = {
    "grids": {"grid": "dfl", "grid_name": "东风路街道网格"},
    "units": {"datum": "gcj02"},
}
NEEDED = {
    "inspections": ["units"],
    "hazards": ["units"],
    "rectifications": ["units", "hazards"],
    "lamps": ["boxes"],
    "outages": ["boxes", "lamps"],
}
"""The ledgers that others name things of."""

Office = Callable[[str], ImportReport]


@pytest.fixture
def city(clean_engine: Engine) -> Engine:
    with transaction(clean_engine) as session:
        create_city(session, "zz", name="郑州市", timezone="Asia/Shanghai")
    return clean_engine


@pytest.fixture
def bring(city: Engine, tmp_path: Path) -> Office:
    """Return a function that imports the ledger of a kind, after those it needs."""

    def bring(kind: str) -> ImportReport:
        for needed in NEEDED.get(kind, []):
            imported(needed)
        return imported(kind)

    def imported(kind: str) -> ImportReport:
        path = tmp_path / f"{FORMS[kind].title}.xlsx"
        path.write_bytes(workbook(FORMS[kind]))
        return import_file(
            city, kind, path, ImportOptions(source="东风路", **OPTIONS.get(kind, {}))
        )

    return bring


def rows(engine: Engine, statement: str) -> set[tuple[Any, ...]]:
    with engine.connect() as connection:
        connection.execute(text("SET TIME ZONE 'Asia/Shanghai'"))
        return {tuple(row) for row in connection.execute(text(statement))}


def told(report: ImportReport) -> dict[str, str]:
    return {remark.code: remark.message for remark in report.warnings}


@pytest.mark.parametrize("kind", FORMS)
def test_every_heading_that_means_a_field_is_understood(kind: str) -> None:
    form = FORMS[kind]
    found = guess(kind, list(read_table("a.xlsx", workbook(form)).columns))
    assert [name or "-" for name in found.values()] == form.meant.split()


@pytest.mark.db
@pytest.mark.parametrize("kind", FORMS)
def test_totals_and_notes_are_told_and_no_rows(bring: Office, kind: str) -> None:
    report = bring(kind)
    split = kind == "hazards"
    assert report.rows == report.new == len(FORMS[kind].rows) + split
    assert "填表人：张" in told(report)["notes_below"]
    assert "stated_total_differs" not in told(report)
    assert ("stated_total_agrees" in told(report)) == (kind != "boxes")
    saved_again = bring(kind)
    assert (saved_again.same, saved_again.rows) == (report.rows, report.rows)


def has_chinese(message: str) -> bool:
    """Tell whether the page for imports has a Chinese sentence for a remark."""
    patterns = (
        "(.+)".join(map(re.escape, re.split(r"\{\w+\}", sentence)))
        for sentence, _ in sentences("zh")
    )
    return any(re.fullmatch(pattern, message, re.DOTALL) for pattern in patterns)


@pytest.mark.db
@pytest.mark.parametrize("kind", FORMS)
def test_what_is_remarked_has_chinese_words(bring: Office, kind: str) -> None:
    remarks = told(bring(kind)).values()
    assert remarks
    assert [message for message in remarks if not has_chinese(message)] == []


@pytest.mark.db
def test_the_cells_of_a_grid_have_their_officers(city: Engine, bring: Office) -> None:
    bring("grids")
    assert rows(city, "SELECT code, officer, valid_from::text FROM cell") == {
        ("DFL-01", "李　强", "2019-03-01"),
        ("DFL-02", "王　芳", "2019-03-01"),
    }


@pytest.mark.db
def test_units_have_risks_by_color_and_persons_by_group(city: Engine, bring: Office) -> None:
    report = bring("units")
    found = rows(city, "SELECT name, legal_person, risk, status, registered_on::text FROM unit")
    assert found == {
        ("东风饭店", "赵　刚", "major", "active", "2011-05-08"),
        ("好邻居超市", "钱　丽", "larger", "active", "2015-10-12"),
        ("金水机械加工部", "孙　伟", "general", "suspended", "2016-03-01"),
        ("便民五金店", "李　娜", "low", "suspended", "2017-01-01"),
    }
    assert rows(city, "SELECT DISTINCT phone FROM unit WHERE risk IN ('major', 'general')") == {
        ("13900000001",),
        ("13900000003/65500003",),
    }
    assert told(report)["credit_codes_doubtful"].endswith("row 6")


@pytest.mark.db
def test_places_from_amap_are_moved_and_missing_ones_told(city: Engine, bring: Office) -> None:
    report = bring("units")
    found = rows(city, "SELECT datum, original_x, round(ST_X(geom)::numeric, 3)::float FROM unit")
    assert found == {
        ("gcj02", 113.6651, 113.659),
        ("gcj02", 113.6662, 113.66),
        ("gcj02", 113.6723, 113.666),
        ("gcj02", None, None),
    }
    assert report.without_position == 1


@pytest.mark.db
def test_a_visit_is_to_the_unit_of_the_merged_cell(city: Engine, bring: Office) -> None:
    report = bring("inspections")
    statement = """
        SELECT unit.name, inspected_at::text, has_time, team_size, origin, countersigned
        FROM inspection JOIN unit ON unit.id = unit_id
    """
    assert rows(city, statement) == {
        ("东风饭店", "2019-08-19 00:00:00+08", False, 2, "government", True),
        ("好邻居超市", "2019-08-21 00:00:00+08", False, 3, "government", True),
        ("金水机械加工部", "2019-08-22 00:00:00+08", False, 5, "expert", False),
        ("东风饭店", "2019-08-26 09:30:00+08", True, 2, "government", True),
    }
    assert told(report)["year_rule"].endswith("of 2019, the year in '填报时间：2019年8月31日'")


@pytest.mark.db
def test_hazards_listed_in_a_cell_are_rows_of_their_unit(city: Engine, bring: Office) -> None:
    report = bring("hazards")
    statement = """
        SELECT unit.name, description, level, count || counting_word, closed_at::date::text
        FROM hazard LEFT JOIN unit ON unit.id = unit_id
    """
    assert rows(city, statement) == {
        ("东风饭店", "灭火器过期", "general", "1处", "2019-08-24"),
        ("东风饭店", "安全出口堵塞", "general", "1处", "2019-08-24"),
        ("东风饭店", "燃气管线未装报警器", "major", "1处", None),
        ("好邻居超市", "疏散指示灯不亮", "general", "1处", None),
        ("金水机械加工部", "设备未接地", "general", "135处", None),
        (None, "私拉乱接电线", "larger", "143处", None),
    }
    assert told(report)["rows_split"].endswith("they are 2 rows now")
    assert told(report)["unknown_units"].startswith("row 9: the unit that is named is not")


@pytest.mark.db
def test_a_hazard_called_fixed_without_a_date_is_told(city: Engine, bring: Office) -> None:
    report = bring("hazards")
    found = rows(city, "SELECT description FROM hazard WHERE NOT closing_known")
    assert found == {("疏散指示灯不亮",)}
    assert told(report)["fixed_undated"].startswith("row 7:")


@pytest.mark.db
def test_what_the_store_has_no_field_for_stays_with_its_row(city: Engine, bring: Office) -> None:
    bring("hazards")
    found = rows(city, "SELECT properties::text FROM hazard WHERE level = 'major'")
    assert json.loads(found.pop()[0]) == {
        "单位名称": "东风饭店",
        "整改情况 整改措施": "停用、加装",
        "整改情况 整改责任人": "赵　刚",
        "整改情况 整改时限": "9.15",
        "整改情况 是否完成整改": "否",
        "排查人员": "李强、王芳",
        "备注": "挂牌督办",
    }


@pytest.mark.db
def test_work_is_on_the_hazard_that_its_row_tells(city: Engine, bring: Office) -> None:
    bring("rectifications")
    statement = """
        SELECT description, state, money_yuan::text, due_on::text, work.closed_at::date::text
        FROM rectification AS work JOIN hazard ON hazard.id = hazard_id
    """
    assert rows(city, statement) == {
        ("灭火器过期", "closed", "500.00", "2019-08-25", "2019-08-24"),
        ("燃气管线未装报警器", "fixing", "12000.00", "2019-09-30", None),
        ("疏散指示灯不亮", "fixed_on_site", "300.00", "2019-08-21", "2019-08-21"),
    }


@pytest.mark.db
def test_segments_have_their_ends_by_group(city: Engine, bring: Office) -> None:
    bring("segments")
    columns = "SELECT name, from_name, to_name, lamp_survey, declared_lit FROM segment"
    assert rows(city, columns) == {
        ("东风路", "文化路", "花园路", "surveyed", "部分不亮"),
        ("纬五路", "文化路", "经三路", "surveyed", "否"),
        ("岗东路", "岗杜街", "南阳路", "no_lamp", "/"),
    }


@pytest.mark.db
def test_outages_are_of_the_lamps_by_road_and_number(city: Engine, bring: Office) -> None:
    bring("outages")
    statement = """
        SELECT lamp.external_code, power_box.external_code, started_at::text, ended_at::text
        FROM outage JOIN lamp ON lamp.id = lamp_id JOIN power_box ON power_box.id = power_box_id
    """
    assert rows(city, statement) == {
        ("东风路 1", "XB-01", "2019-08-19 20:00:00+08", "2019-08-30 22:00:00+08"),
        ("东风路 2", "XB-01", "2019-08-19 20:00:00+08", None),
        ("纬五路 1", "XB-02", "2019-08-20 00:00:00+08", None),
    }
