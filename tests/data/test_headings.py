import pytest

from data.importers.headings import FIELDS, understood


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
    names = [alias for field in FIELDS[kind] for alias in (field.name, *field.aliases)]
    assert len(names) == len(set(names))
