import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import ImportRejectedError
from data.importers.headings import FIELDS, contested, decided, folded, guess, understood, unit_of


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        ("grids", ["adcode", "name"]),
        ("units", ["单位编号", "单位名称"]),
        ("inspections", ["检查编号", "单位编号", "检查日期"]),
        ("hazards", ["隐患编号", "检查编号", "发现日期"]),
        ("lamps", ["灯杆编号", "箱变编号"]),
        ("outages", ["报修编号", "灯杆编号", "灭灯时间"]),
        ("rectifications", ["整改编号", "隐患编号", "发现日期"]),
    ],
)
def test_the_code_of_a_row_goes_by_its_kinds_own_heading(kind: str, headings: list[str]) -> None:
    assert understood(kind, headings, {})[headings[0]].name == "code"


@pytest.mark.parametrize("kind", FIELDS)
def test_no_heading_of_a_kind_means_two_fields(kind: str) -> None:
    names = [folded(one, bare=False) for f in FIELDS[kind] for one in (f.name, *f.aliases)]
    assert sorted({one for one in names if names.count(one) > 1}) == []


@pytest.mark.parametrize(
    ("kind", "heading", "field"),
    [
        ("units", "*单位名称（必填）", "name"),
        ("units", "单位 名称", "name"),
        ("units", "统一社会\n信用代码", "credit_code"),
        ("units", "ＲＩＳＫ　Level", "risk"),
        ("units", "联系电话：", "phone"),
        ("units", "\u200b法定代表人\ufeff", "legal_person"),
        ("hazards", "存在的主要问题", "description"),
        ("hazards", "存在问题及隐患", "description"),
        ("hazards", "企业（单位）名称", "unit_name"),
        ("hazards", "隐患数量（处）", "count"),
        ("rectifications", "整改时限", "due_on"),
        ("rectifications", "整改资金（万元）", "money_yuan"),
        ("lamps", "灯杆号", "number"),
        ("lamps", "所属箱变", "box_code"),
        ("segments", "路段起止", "from_to"),
        ("inspections", "被检查单位", "unit_name"),
        ("units", "法定代表人 姓名", "legal_person"),
        ("units", "坐标 X", "lon"),
        ("hazards", "隐患情况 存在问题", "description"),
        ("hazards", "隐患 基本情况 隐患等级", "level"),
        ("hazards", "检查对象 名称", "unit_name"),
        ("grids", "网格范围（WKT）", "geometry"),
        ("units", "安全员 姓名", None),
        ("units", "home phone", None),
        ("units", "序号", None),
        ("units", "行业主管部门", None),
        ("units", "备注", None),
    ],
)
def test_a_heading_of_a_real_ledger_is_known(kind: str, heading: str, field: str | None) -> None:
    assert guess(kind, [heading]) == {heading: field}


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("整改资金（万元）", "万元"), ("数量(处)", "处"), ("资金/元", "元"), ("数量", None)],
)
def test_a_heading_may_state_a_unit(heading: str, unit: str | None) -> None:
    assert unit_of(heading) == unit


def test_the_earlier_alias_has_the_field_and_the_other_is_told() -> None:
    headings = ["检查时间", "发现时间", "问题描述"]
    assert guess("hazards", headings) == {
        "检查时间": None,
        "发现时间": "found_at",
        "问题描述": "description",
    }
    (remark,) = contested("hazards", headings, {})
    assert remark.message.startswith("found_at is read from 发现时间; 检查时间")


def test_of_two_groups_the_one_that_means_a_field_has_what_both_name() -> None:
    headings = ["安全员 电话", "主要负责人 电话", "主要负责人 姓名"]
    assert list(guess("units", headings).values()) == [None, "phone", "legal_person"]
    assert guess("units", ["安全员 电话", "会计 电话"]) == dict.fromkeys(
        ["安全员 电话", "会计 电话"]
    )


def test_a_heading_of_its_own_comes_before_one_in_a_group() -> None:
    headings = ["复查情况 检查时间", "检查时间"]
    assert list(guess("hazards", headings).values()) == [None, "found_at"]


def test_of_two_equal_headings_none_is_taken() -> None:
    headings = ["电话(法人)", "电话(安全员)"]
    assert guess("units", headings) == dict.fromkeys(headings)
    assert "with equal right" in contested("units", headings, {})[0].message


def test_a_heading_without_a_note_comes_before_one_with_a_note() -> None:
    assert guess("units", ["电话(值班)", "电话"]) == {"电话(值班)": None, "电话": "phone"}


def test_a_saved_choice_comes_before_the_aliases_and_after_the_mapping() -> None:
    headings, saved = ["名称", "店招"], {"店 招": "name"}
    assert guess("units", headings, saved) == {"名称": None, "店招": "name"}
    assert guess("units", headings, saved, {"name": "名称"}) == {"名称": "name", "店招": None}


def test_what_a_mapping_takes_from_a_heading_is_decided_too() -> None:
    headings = ["名称", "风险", "店招"]
    assert decided("units", headings, {"name": "店招"}) == {"店招": "name"}
    assert decided("units", headings, {"name": "店招", "risk": None}) == {
        "店招": "name",
        "风险": None,
    }
    assert decided("units", headings, {"risk": "风险"}, {"风险": None}) == {"风险": "risk"}


def test_a_heading_may_be_chosen_to_mean_nothing() -> None:
    assert guess("units", ["风险"], {"风险": None}) == {"风险": None}
    assert guess("units", ["风险"], {}, {"risk": None}) == {"风险": None}


def test_a_mapping_to_two_fields_is_refused() -> None:
    with pytest.raises(ImportRejectedError, match="No: mapped to several fields"):
        understood("units", ["No", "名称"], {"code": "No", "name": "No"})


def test_a_ledger_that_says_enough_needs_no_codes() -> None:
    assert "code" not in [one.name for one in understood("units", ["单位名称"], {}).values()]


def test_a_ledger_that_says_too_little_needs_codes() -> None:
    needed = r"needs description \+ found_at \+ unit_code or"
    with pytest.raises(ImportRejectedError, match=needed):
        understood("hazards", ["发现时间", "位置"], {})


WORDS = st.text(alphabet="单位名称编号(（）)*\0\n\u200f\u3000 ＮｏA必填/元", max_size=12)


@given(st.lists(WORDS), st.dictionaries(WORDS, st.none() | WORDS), st.sampled_from([*FIELDS, "x"]))
def test_guessing_never_fails(headings: list[str], saved: dict[str, str | None], kind: str) -> None:
    assert list(guess(kind, headings, saved, saved)) == list(dict.fromkeys(headings))
