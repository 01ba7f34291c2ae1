import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers.files import Table
from data.importers.report import Remark, RowError
from data.importers.splits import split_hazards, split_text

MEANING = {"编号": "code", "存在问题": "description", "数量": "count", "措施": None}


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("1.灭火器过期\n2.通道堵塞", ["灭火器过期", "通道堵塞"]),
        ("1、灭火器过期；2、通道堵塞；", ["灭火器过期", "通道堵塞"]),
        ("1.灭火器过期。 2.通道堵塞。", ["灭火器过期。", "通道堵塞。"]),
        ("①灭火器过期②通道堵塞③无标识", ["灭火器过期", "通道堵塞", "无标识"]),
        ("（1）灭火器过期（2）通道堵塞", ["灭火器过期", "通道堵塞"]),
        ("(1)灭火器过期;(2)通道堵塞", ["灭火器过期", "通道堵塞"]),
        ("一、灭火器过期\r\n二、通道堵塞", ["灭火器过期", "通道堵塞"]),
        ("（一）灭火器过期（二）通道堵塞", ["灭火器过期", "通道堵塞"]),
        ("1)灭火器过期 2)通道堵塞", ["灭火器过期", "通道堵塞"]),
        ("1．灭火器过期　2．通道堵塞", ["灭火器过期", "通道堵塞"]),
        ("1.灭火器距地1.5米；2.宽2.5米", ["灭火器距地1.5米", "宽2.5米"]),
        ("1、5号楼堵塞\n2、6号楼堵塞", ["5号楼堵塞", "6号楼堵塞"]),
        ("1.甲（1）子（2）丑\n2.乙", ["甲（1）子（2）丑", "乙"]),
        ("1.甲\n2.乙\n4.丙", ["甲", "乙\n4.丙"]),
    ],
)
def test_a_numbered_list_is_split(cell: str, parts: list[str]) -> None:
    assert split_text(cell) == parts


@pytest.mark.parametrize(
    "cell",
    [
        "灭火器过期；通道堵塞",
        "1.5米宽的通道堵塞，2.5米处有杂物",
        "1.灭火器过期",
        "1、2、3层通道堵塞",
        "存在问题：1.甲 2.乙",
        "2.乙 3.丙",
        "1. 2. 3.",
        "①①②①",
        "2019.1.1检查，2.1复查",
        "",
    ],
)
def test_what_is_no_list_from_one_on_is_left(cell: str) -> None:
    assert split_text(cell) == [cell]


MARKS = ["{}.", "{}、", "({})", "（{}）", "{})"]
WORDS = st.text(alphabet="灭火器通道堵塞abc1.5米，。()（）", min_size=1, max_size=8)


@given(st.lists(WORDS, min_size=1, max_size=12), st.sampled_from(MARKS), st.sampled_from("\n；;"))
def test_splitting_never_loses_text(words: list[str], mark: str, between: str) -> None:
    numbered = [f"{mark.format(at)} {word}" for at, word in enumerate(words, start=1)]
    cell = between.join(numbered)
    kept = "".join(split_text(cell))
    left = re.sub(r"[\s;；]", "", cell)
    for letter in re.sub(r"[\s;；]", "", kept):
        assert letter in left
        left = left.replace(letter, "", 1)
    assert not re.search(r"[^\d.、()（）]", left)


@given(st.text(alphabet="12.、①②（）()一二\n；; 米\0", max_size=16))
def test_any_text_is_split_into_parts_with_words(text: str) -> None:
    parts = split_text(text)
    assert parts == [text] or all("米" in part or "一" in part or "二" in part for part in parts)


def split(**columns: list[str | None]) -> tuple[Table, list[RowError], list[Remark]]:
    given_table = Table(list(range(2, 2 + len(columns["存在问题"]))), dict(columns))
    return split_hazards(given_table, {heading: MEANING[heading] for heading in columns})


def test_the_rows_of_a_cell_share_its_number_and_the_other_cells() -> None:
    cells = ["1.甲\n2.乙", "丙"]
    found, errors, remarks = split(编号=["h1", "h2"], 存在问题=cells, 措施=["停用", None])
    assert found.numbers == [2, 2, 3]
    assert found.columns == {
        "编号": ["h1-1", "h1-2", "h2"],
        "存在问题": ["甲", "乙", "丙"],
        "措施": ["停用", "停用", None],
    }
    assert errors == []
    assert remarks[0].message == "1 cells of 存在问题 list several hazards: they are 2 rows now"


def test_a_list_as_long_beside_it_is_split_too() -> None:
    found, _, _ = split(存在问题=["1.甲\n2.乙"], 措施=["①停②拆"])
    assert found.columns["措施"] == ["停", "拆"]


def test_each_hazard_of_a_list_counts_once() -> None:
    found, _, _ = split(存在问题=["1.甲\n2.乙"], 数量=["2处"])
    assert found.columns["数量"] == ["1处", "1处"]


def test_a_list_that_contradicts_its_count_is_not_split() -> None:
    found, _, remarks = split(存在问题=["1.甲\n2.乙"], 数量=["5"])
    assert found.columns["存在问题"] == ["1.甲\n2.乙"]
    assert [remark.code for remark in remarks] == ["rows_not_split"]


def test_a_code_that_another_row_has_is_not_given_again() -> None:
    _, errors, _ = split(编号=["h1", "h1-2"], 存在问题=["1.甲\n2.乙", "丙"])
    assert [(error.row, error.value) for error in errors] == [(2, "h1-2")]
