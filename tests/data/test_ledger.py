"""What the texts of a table become, without a store."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.importers import ImportOptions
from data.importers.files import Table
from data.importers.ledger import Ledger, read_ledger

ZONE = ZoneInfo("Asia/Shanghai")


def table(*lines: str) -> Table:
    """Return the table of lines with cells separated by '|'; row 1 is the heading."""
    headings, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    columns = {heading: [row[at] or None for row in rows] for at, heading in enumerate(headings)}
    return Table(numbers=list(range(2, len(rows) + 2)), columns=columns)


def ledger(kind: str, *lines: str, **options: Any) -> Ledger:
    return read_ledger(kind, table(*lines), ImportOptions(**options), ZONE)


def errors(found: Ledger) -> list[tuple[int, str | None, str]]:
    return [(error.row, error.field, error.reason) for error in found.errors]


def remarks(found: Ledger) -> dict[str, str]:
    return {remark.code: remark.message for remark in found.remarks}


@pytest.mark.parametrize(
    ("written", "risk"),
    [
        *[("红", "major"), ("红色", "major"), ("重大风险（红色）", "major"), ("Ⅰ级", "major")],
        *[("较大", "larger"), ("橙色", "larger"), ("橙/较大", "larger"), ("二级风险", "larger")],
        *[("一般", "general"), ("黄 色", "general"), ("低", "low"), ("蓝", "low"), ("Blue", "low")],
    ],
)
def test_a_unit_has_a_risk_in_words_or_colors(written: str, risk: str) -> None:
    found = ledger("units", "编号|名称|风险等级", f"u1|甲|{written}")
    assert found.rows[["risk", "native_risk"]].iloc[0].tolist() == [risk, written]


@pytest.mark.parametrize("written", ["红", "橙色", "低", "重大风险", "一级", "red"])
def test_a_risk_is_no_level_of_a_hazard(written: str) -> None:
    found = ledger("hazards", "编号|隐患等级|发现日期", f"h1|{written}|2019-05-03")
    ((row, field, reason),) = errors(found)
    assert (row, field) == (2, "level")
    assert "risk" in reason
    assert "not the level of a hazard" in reason


@pytest.mark.parametrize("written", ["重大隐患", "一般事故隐患"])
def test_a_level_of_a_hazard_is_no_risk(written: str) -> None:
    found = ledger("units", "编号|名称|风险等级", f"u1|甲|{written}")
    assert "not the risk of a unit" in errors(found)[0][2]


def test_units_without_codes_go_by_credit_code_or_name_and_address() -> None:
    lines = ("序号|单位名称|地址|信用代码", "1|甲|一路|91410100MA3X4LXXXX", "2|乙|二路|", "3|丙||")
    codes = ledger("units", *lines).rows["external_code"].tolist()
    assert codes[0] == "91410100MA3X4LXXXX"
    assert len({*codes}) == 3


def test_a_code_that_follows_from_the_row_knows_no_order_and_no_blanks() -> None:
    first = ledger("units", "序号|单位名称|地址", "1|东风饭店|一路1号", "2|乙|二路").rows
    again = ledger("units", "序号|单位名称|地址", "1|乙|二路", "2|东风 饭店|一路１号").rows
    assert first["external_code"].tolist() == again["external_code"].tolist()[::-1]


def test_the_number_of_a_row_is_no_code_and_is_not_kept() -> None:
    found = ledger("units", "序号|单位名称", "1|甲")
    assert "properties" not in found.rows
    assert {"serial_numbers", "codes_derived"} <= set(remarks(found))


def test_a_row_that_says_too_little_is_refused() -> None:
    found = ledger("hazards", "单位名称|发现日期|存在问题", "甲|2019-05-03|", "甲|2019-05-03|堵")
    assert [(row, field) for row, field, _ in errors(found)] == [(2, "code")]


@pytest.mark.parametrize("number", ["12", "１２", "12#", "12号", "12号灯杆"])
def test_a_lamp_may_go_by_its_road_and_number(number: str) -> None:
    lamps = ledger("lamps", "道路名称|灯杆号", f"人民路|{number}").rows
    outages = ledger("outages", "路名|灯杆号|灭灯时间", "人民 路|12|2019-05-03").rows
    assert lamps["external_code"].tolist() == outages["lamp_code"].tolist() == ["人民路 12"]


@pytest.mark.parametrize(
    ("closed", "fixed", "known"),
    [
        *[("8.24", "是", True), ("", "否", True), ("", "整改中", True), ("", "", True)],
        *[("", "是", False), ("", "√", False), ("", "已整改", False), ("8.24", "否", True)],
    ],
)
def test_a_hazard_said_to_be_fixed_without_a_date_is_neither_open_nor_closed(
    closed: str, fixed: str, known: Any
) -> None:
    heading = "编号|存在问题|发现时间|完成时间|是否完成整改"
    found = ledger("hazards", heading, f"h1|堵|8.19|{closed}|{fixed}", year=2019)
    assert found.rows["closing_known"].tolist() == [known]
    assert ("fixed_undated" in remarks(found)) == (not known)
    assert found.rows["properties"].tolist() == [{"是否完成整改": fixed} if fixed else {}]


def test_a_ledger_that_only_says_whether_knows_what_is_open() -> None:
    lines = ("编号|发现时间|是否整改", "h1|8.19|是", "h2|8.19|否", "h3|8.19|另议")
    found = ledger("hazards", *lines, year=2019)
    assert found.rows["closing_known"].tolist() == [False, True, False]


def test_work_on_hazards_without_codes_names_them_as_their_own_ledger_does() -> None:
    lines = (
        "单位名称|存在问题|隐患部位|数量（处）|发现时间|整改措施|整改时限",
        "甲|①灯坏；②通道堵塞|二层|２|2019.8.19|更换|2019-08-30",
        "乙 店|没有报警器||1|8月19日|加装|2019-09-15",
    )
    hazards = ledger("hazards", *lines, year=2019)
    work = ledger("rectifications", *lines, year=2019)
    assert errors(work) == []
    assert work.rows["hazard_code"].tolist() == hazards.rows["external_code"].tolist()
    assert len({*work.rows["external_code"]}) == 3
    assert "hazards_derived" in remarks(work)


def test_work_that_does_not_say_on_what_is_refused() -> None:
    found = ledger("rectifications", "编号|发现时间|整改措施", "r1|2019-05-03|更换")
    assert errors(found)[0][1] == "hazard_code, segment_code"


def test_rows_that_come_again_are_told_with_the_row_that_they_repeat() -> None:
    heading = "序号|单位名称|存在问题|隐患等级|排查时间"
    lines = ("1|甲|堵|一般|2019-05-03", "2|甲|暗|一般|2019-05-03", "3|甲|堵 |一般|2019.5.3")
    again = "4|甲|堵|重大|2019-05-03"
    assert remarks(ledger("hazards", heading, *lines, again))["duplicate_codes"] == (
        "left out, an earlier row has the code: rows 4 (as row 2), 5 (as row 2, but it differs)"
    )


def test_both_ends_of_a_segment_may_share_a_cell() -> None:
    found = ledger(
        "segments", "编号|路名|起止点|wkt", "s1|京广路|中原路—航海路|LINESTRING (1 1, 2 2)"
    )
    assert found.rows[["from_name", "to_name"]].iloc[0].tolist() == ["中原路", "航海路"]


def test_marks_of_blank_cells_are_blank_and_told() -> None:
    found = ledger("units", "编号|名称|风险等级|注销日期", "u1|甲|/|无", "u2|乙|红|——")
    assert found.errors == []
    assert remarks(found)["blank_marks"].endswith("1 in 风险等级, 2 in 注销日期")


def test_a_name_loses_blanks_of_any_width_around_it() -> None:
    found = ledger("units", "编号|名称", "u1|\u3000\u200b东风 饭店\ufeff")
    assert found.rows["name"].tolist() == ["东风 饭店"]


def test_a_visit_needs_a_unit() -> None:
    found = ledger("inspections", "编号|被检查单位|检查日期", "i1||2019-05-03", "i2|甲|2019-05-03")
    assert errors(found) == [(2, "unit_code", "is missing")]


def test_an_exported_ledger_says_what_would_otherwise_be_derived() -> None:
    found = ledger(
        "hazards",
        "code|found_at|level|native_level|closed_at|closing_known|properties|备注",
        'h1|2019-05-31|major|特别重大||否|{"a": 1}|x',
    )
    row = found.rows.iloc[0]
    assert (row["native_level"], row["closing_known"]) == ("特别重大", False)
    assert row["properties"] == {"a": 1, "备注": "x"}


def test_notes_of_ours_are_left_out() -> None:
    found = ledger("units", "code|name|错误说明|电话（已脱敏）", "u1|Mill|x|138****1")
    assert set(found.rows) == {"external_code", "name"}
    assert list(remarks(found)) == ["notes_left_out"]


def test_rows_of_another_source_are_refused() -> None:
    found = ledger("units", "code|name|source", "u1|Mill|fire", "u2|Inn|ledger")
    assert [error[:2] for error in errors(found)] == [(2, "source")]
    assert "source" not in found.rows


@pytest.mark.parametrize("text", ["[1]", "{", "1", r'{"a": "\u0000"}'])
def test_other_things_than_a_sound_object_are_no_properties(text: str) -> None:
    found = ledger("units", "code|name|properties", f"u1|Mill|{text}")
    assert [error[:2] for error in errors(found)] == [(2, "properties")]


def test_a_count_keeps_the_word_of_its_cell_or_heading() -> None:
    found = ledger(
        "hazards", "编号|发现日期|隐患数量（处）", "h1|2019-05-03|12", "h2|2019-05-03|3处"
    )
    assert found.rows[["count", "counting_word"]].to_numpy().tolist() == [[12, "处"], [3, "处"]]


def test_a_word_that_contradicts_its_column_is_refused() -> None:
    found = ledger("hazards", "编号|发现日期|数量(处)", "h1|2019-05-03|12项", "h2|2019-05-03|9盏")
    assert [reason for _, _, reason in errors(found)] == [
        "counts 盏, the column counts 处/项/个/条/起/件/点",
        "counts 项, the column 处",
    ]


def test_money_under_a_heading_of_ten_thousands_is_in_yuan() -> None:
    lines = ("编号|隐患编号|发现日期|整改资金（万元）", "r1|h1|2019-05-03|1.5")
    assert ledger("rectifications", *lines).rows["money_yuan"].tolist() == ["15000"]


def test_several_hazards_of_a_cell_are_rows_with_its_number() -> None:
    lines = ("编号|发现日期|存在问题|数量", "h1|2019-05-03|①堵②暗|2处", "h2|2019-02-30|1.裂；2.漏|")
    found = ledger("hazards", *lines, stated_totals=("4",))
    assert found.rows["external_code"].tolist() == ["h1-1", "h1-2", "h2-1", "h2-2"]
    assert found.rows["count"].tolist() == [1, 1, None, None]
    assert [error.row for error in found.errors] == [3]
    assert remarks(found)["stated_total_agrees"] == "4: stated 4, rows with lists split 4"


def test_a_doubtful_credit_code_refuses_nothing() -> None:
    found = ledger("units", "编号|名称|信用代码|备注", "u1|甲|91350100M000100Y44|已注销")
    assert found.errors == []
    assert remarks(found)["credit_codes_doubtful"].endswith("row 2")
    assert found.rows["properties"].tolist() == [{"备注": "已注销"}]


def test_hazards_of_a_cell_keep_their_place_and_tell_themselves_apart() -> None:
    found = ledger(
        "hazards", "单位名称|发现日期|存在问题|经度|纬度", "甲|2019-05-03|①堵②暗|113.6|34.7"
    )
    assert found.rows["external_code"].nunique() == 2
    assert found.rows["original_x"].tolist() == [113.6, 113.6]


def test_work_with_a_day_of_closing_and_no_state_of_its_own_is_closed():
    lines = [
        "编号|路段编号|发现时间|销号时间|状态",
        "1|s|2019-05-03|2019-05-04|",
        "2|s|2019-05-03||",
    ]
    lines.append("3|s|2019-05-03|2019-05-04|重新打开")
    states = ledger("rectifications", *lines).rows["state"]
    assert states.where(states.notna(), None).tolist() == ["closed", None, "reopened"]
    unsaid = [line.rsplit("|", 1)[0] for line in lines[:3]]
    states = ledger("rectifications", *unsaid).rows["state"]
    assert states.where(states.notna(), None).tolist() == ["closed", None]
