"""Ledgers without codes that come again with some words corrected."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data.cities import create_city
from data.engine import transaction
from data.importers import ImportOptions, ImportReport, import_file
from data.importers.corrections import likeness

HEADINGS = "单位名称,存在问题,隐患部位,排查时间,整改措施\n"
UNITS = "单位名称,地址\n东风饭店,东风路12号\n好邻居超市,\n"


@pytest.fixture
def bring(clean_engine: Engine, tmp_path: Path) -> Any:
    """Return a function that imports lines of a kind, in a city with two units."""

    def bring(kind: str, *lines: str) -> ImportReport:
        path = tmp_path / f"{kind}.csv"
        path.write_text(HEADINGS + "\n".join(lines) if kind != "units" else "".join(lines))
        return import_file(clean_engine, kind, path, ImportOptions(source="东风路"))

    with transaction(clean_engine) as session:
        create_city(session, "zz", name="郑州市", timezone="Asia/Shanghai")
    bring("units", UNITS)
    return bring


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.new, report.changed, report.same


def descriptions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [*connection.scalars(text("SELECT description FROM hazard ORDER BY description"))]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        *[("灭火器过期", "灭火器已过期", True), ("疏散指示灯不亮", "疏散指示标志灯不亮", True)],
        *[("一层 堵塞", "一层堵塞。", True), ("", "东风路12号", True)],
        *[("1号灭火器过期", "2号灭火器过期", False), ("东侧通道堵塞", "西侧通道堵塞", False)],
        *[("灭火器过期", "燃气管线未装报警器", False), ("三楼无灯", "四楼无灯", False)],
    ],
)
def test_words_are_alike_when_one_may_correct_the_other(one: str, other: str, same: Any) -> None:
    assert (likeness(one, other) >= 0.7) is same


@pytest.mark.db
def test_a_corrected_description_changes_its_hazard(clean_engine: Engine, bring: Any) -> None:
    first = "东风饭店,灭火器过期,后厨,2019-08-19,", "东风饭店,通道堵塞,后厨,2019-08-19,"
    assert counts(bring("hazards", *first)) == (2, 0, 0)
    report = bring("hazards", "东风饭店,灭火器己过期,后厨,2019-08-19,", first[1])
    assert counts(report) == (0, 1, 1)
    assert descriptions(clean_engine) == ["灭火器己过期", "通道堵塞"]
    told = next(one.message for one in report.warnings if one.code == "corrections")
    assert told.endswith(
        "row 2: taken for corrections of what was imported before: 灭火器过期 is now 灭火器己过期"
    )
    assert counts(bring("hazards", "东风饭店,灭火器己过期,后厨,2019-08-19,", first[1])) == (0, 0, 2)


@pytest.mark.db
@pytest.mark.parametrize(
    "line",
    [
        "东风饭店,燃气管线未装报警器,后厨,2019-08-19,",
        "东风饭店,灭火器过期了,后厨,2019-08-20,",
        "东风饭店,灭火器过期了,前厅,2019-08-19,",
        "好邻居超市,灭火器过期了,后厨,2019-08-19,",
        "没有的店,灭火器过期了,后厨,2019-08-19,",
    ],
)
def test_another_hazard_is_new(bring: Any, line: str) -> None:
    bring("hazards", "东风饭店,灭火器过期,后厨,2019-08-19,")
    assert counts(bring("hazards", line)) == (1, 0, 0)


@pytest.mark.db
def test_what_the_file_still_has_is_not_corrected(clean_engine: Engine, bring: Any) -> None:
    line = "东风饭店,灭火器过期,后厨,2019-08-19,"
    bring("hazards", line)
    assert counts(bring("hazards", line, "东风饭店,灭火器也过期,后厨,2019-08-19,")) == (1, 0, 1)
    assert descriptions(clean_engine) == ["灭火器也过期", "灭火器过期"]


@pytest.mark.db
def test_work_stays_with_the_hazard_whose_words_were_corrected(bring: Any) -> None:
    for kind in ("hazards", "rectifications"):
        assert counts(bring(kind, "东风饭店,灭火器过期,后厨,2019-08-19,更换")) == (1, 0, 0)
    corrected = "东风饭店,灭火器已过期,后厨,2019-08-19,立即更换"
    for kind in ("hazards", "rectifications"):
        assert counts(bring(kind, corrected)) == (0, 1, 0)


@pytest.mark.db
def test_a_corrected_address_changes_its_unit(bring: Any) -> None:
    lines = "单位名称,地址\n东风饭店,东风路12号院\n好邻居超市,文化路1号\n"
    assert counts(bring("units", lines)) == (0, 2, 0)
    branch = "单位名称,地址\n东风饭店,花园路8号\n"
    assert counts(bring("units", branch)) == (1, 0, 0)
