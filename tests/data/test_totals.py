import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers.files import Table, TotalRow
from data.importers.totals import Amount, check_totals

ROADS = Table(
    numbers=[3, 4, 6, 7],
    columns={
        "序号": ["1", "2", "3", "4"],
        "道路名称": ["一路", "二路", "三路", "四路"],
        "灭灯数量": ["10", "1,20０", "30盏", None],
        "资金": ["1.5", None, "2万元", "3"],
    },
)


def told(*totals: TotalRow, stated: tuple[str, ...] = (), n_split: int = 4) -> list[str]:
    table = Table(ROADS.numbers, ROADS.columns, totals=list(totals))
    meaning = dict.fromkeys(ROADS.columns) | {"道路名称": "name"}
    found = check_totals(table, meaning, stated, n_split)
    return [f"{one.code.removeprefix('stated_total_')} {one.message}" for one in found]


def test_a_row_of_totals_is_compared_with_the_sum_of_its_column() -> None:
    assert told(TotalRow(8, {"道路名称": "合计", "灭灯数量": "1240盏", "资金": "20005"})) == [
        "agrees row 8, 灭灯数量: stated 1240, sum of 灭灯数量 1240",
        "differs row 8, 资金: stated 20005, sum of 资金 20004.5, difference 0.5",
    ]


def test_a_total_under_names_or_numbers_counts_the_rows() -> None:
    assert told(TotalRow(8, {"序号": "5", "道路名称": "4"})) == [
        "differs row 8, 序号: stated 5, filled cells of 序号 4, difference 1",
        "agrees row 8, 道路名称: stated 4, filled cells of 道路名称 4",
    ]


def test_a_total_under_ten_thousands_of_yuan_is_one_of_them() -> None:
    table = Table([2, 3], {"资金（万元）": ["0.05", "300元"]})
    table.totals = [TotalRow(4, {"资金（万元）": "0.08"})]
    (remark,) = check_totals(table, {"资金（万元）": "money_yuan"}, (), 2)
    assert remark.message.startswith("row 4, 资金（万元）: stated 800.00, sum of")


@pytest.mark.parametrize("label", ["小计", "金水区合计", "Subtotal"])
def test_a_total_of_a_part_adds_up_the_rows_since_the_one_before(label: str) -> None:
    found = told(
        TotalRow(5, {"序号": label, "灭灯数量": "1210"}),
        TotalRow(8, {"序号": label, "灭灯数量": "30"}),
        TotalRow(9, {"序号": "全市合计", "灭灯数量": "1240"}),
    )
    assert [line.split()[0] for line in found] == ["agrees"] * 3


def test_parts_that_add_up_and_the_number_of_rows_are_told_apart() -> None:
    assert told(stated=("396=57+339",)) == [
        "agrees 396=57+339, parts: stated 396, sum of the parts 396",
        "differs 396=57+339: stated 396, rows 4, difference 392",
    ]


def test_a_lower_bound_agrees_with_what_is_above_it() -> None:
    found = told(stated=("396=280余+100余", "390=280余+120余"))
    assert found[0] == "agrees 396=280余+100余, parts: stated 396, sum of the parts ≥ 382"
    assert found[2].startswith("differs 390=280余+120余, parts: stated 390, sum of the parts ≥ 402")


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        ("4", "agrees 4: stated 4, rows 4"),
        ("合计：4", "agrees 合计：4: stated 4, rows 4"),
        ("rows=5", "differs rows=5: stated 5, rows 4, difference 1"),
        ("灭灯数量=1,240", "agrees 灭灯数量=1,240: stated 1240, sum of 灭灯数量 1240"),
        ("灭灯 数量=1200余", "agrees 灭灯 数量=1200余: stated ≥ 1201, sum of 灭灯数量 1240"),
        ("name=4", "agrees name=4: stated 4, filled cells of 道路名称 4"),
        ("颜色=4", "unclear 颜色=4: names no column"),
        ("合计=若干", "unclear 合计=若干: is not a total like 396=57+339 or 合计:396"),
        ("", "unclear : is not a total like 396=57+339 or 合计:396"),
    ],
)
def test_a_stated_total_is_compared(stated: str, line: str) -> None:
    assert told(stated=(stated,)) == [line]


def test_hazards_listed_in_cells_are_counted_too() -> None:
    assert told(stated=("7",), n_split=7) == ["agrees 7: stated 7, rows with lists split 7"]


@given(st.text(alphabet="123+=:合计余约近,.万①数量name\0 ", max_size=14))
def test_any_stated_total_gets_an_answer(stated: str) -> None:
    assert told(stated=(stated,))


@given(st.lists(st.integers(0, 10**6)), st.integers(-5, 5))
def test_a_sum_agrees_with_itself_only(numbers: list[int], more: int) -> None:
    total = Amount.sum(Amount.of(str(number)) for number in numbers)
    assert Amount.of(str(sum(numbers) + more)).agrees_with(total) == (more == 0)
