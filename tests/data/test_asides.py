"""What stands below a table is told, and is no row of it."""

import pytest

from data.importers.files import Table, read_table
from data.importers.files.asides import without_asides

HEADINGS = ("序号", "单位名称", "地址", "备注")


def below(*rows: tuple[str | None, ...]) -> Table:
    """Return a table of one row of data and some rows below it, without asides."""
    filled = [("1", "东风饭店", "一路", None), *((*row, *[None] * (4 - len(row))) for row in rows)]
    columns = {heading: [row[at] for row in filled] for at, heading in enumerate(HEADINGS)}
    return without_asides(Table(list(range(2, len(filled) + 2)), columns))


def told(table: Table) -> dict[str, str]:
    return {remark.code: remark.message for remark in table.remarks}


@pytest.mark.parametrize(
    "note",
    [
        *("填表人：张敏 审核人：刘建国", "填 表 人:张敏", "制表人张敏", "审核（签字）："),
        *("单位负责人（签字）：", "分管领导：王伟", "联系电话：0371-65500000", "填报日期：8月31日"),
        *("注：1.每周五报送", "注1：重大隐患另附", "备注:以上", "填表说明：", "合计：280余处"),
        *("Note: as of Friday", "Prepared by: Zhang", "第1页 共3页"),
    ],
)
def test_a_note_below_a_table_is_no_row(note: str) -> None:
    found = below((note,))
    assert found.numbers == [2]
    assert told(found)["notes_below"] == f"row 3: notes below the table, no data: {note}"


@pytest.mark.parametrize(
    "row",
    [
        *[("2", "说明书印刷厂", "二路"), ("负责人民路灯具厂",), ("注册会计师事务所",)],
        *[("2", "丙", None, "联系电话：1"), ("电话超市",), ("2", None, "备注：有")],
    ],
)
def test_a_row_of_data_is_no_note(row: tuple[str | None, ...]) -> None:
    assert below(row).numbers == [2, 3]


def test_rows_of_one_text_go_on_with_the_note_above_them() -> None:
    found = below(
        ("说明：1.按月报送",), ("2.随表附照片",), ("填表人：", "张敏", "审核人：", "王伟")
    )
    assert found.numbers == [2]
    assert told(found)["notes_below"].startswith("rows 3, 4, 5: notes below")


def test_what_has_data_below_it_is_kept_as_a_row() -> None:
    assert below(("备注：以下为新增",), ("2", "乙", "二路")).numbers == [2, 3, 4]


def test_numbers_with_nothing_beside_them_are_no_rows() -> None:
    found = below(("2",), ("3", "乙"), ("4",), ("填表人：张敏",))
    assert found.numbers == [2, 4]
    assert told(found)["numbered_blank_rows"] == "rows 3, 5: a number and nothing else, left out"


@pytest.mark.parametrize("name", ["一、餐饮行业", "（二）商超", "十二.学校", "第三部分 工贸"])
def test_the_name_of_a_section_is_no_row(name: str) -> None:
    found = below((name,), ("2", "乙"))
    assert found.numbers == [2, 4]
    assert told(found)["sections"] == f"row 3: names of sections, no data: {name}"


def test_headings_that_come_again_on_every_page_are_no_rows() -> None:
    found = below(("2", "乙"), ("序号", "单位名称", "地址", None), ("3", "单位名称", None))
    assert found.numbers == [2, 3, 5]
    assert "headings_repeated" in told(found)


def test_a_table_of_two_columns_keeps_every_row() -> None:
    table = Table([2], {"编号": ["备注："], "名称": [None]})
    assert without_asides(table) is table


def test_the_notes_of_a_file_of_text_are_told_too() -> None:
    lines = "全市台账,,\n编号,名称,地址\nu1,甲,一路\n合计,1家,\n填表人：张敏,,\n"
    table = read_table("a.csv", lines.encode("gb18030"))
    assert table.numbers == [3]
    assert told(table) == {"notes_below": "row 5: notes below the table, no data: 填表人：张敏"}
