import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from PIL import Image

from data.errors import ImportRejectedError
from data.importers.files import Table, read_table

HEADINGS = ["单位编号", "单位名称", "经度", "纬度"]


def workbook(*rows: list[Any], merge: tuple[str, ...] = (), name: str = "台账") -> bytes:
    """Return an xlsx workbook of one sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def read(*rows: list[Any], merge: tuple[str, ...] = (), **asked: Any) -> Table:
    return read_table("file.xlsx", workbook(*rows, merge=merge), **asked)


def changed(content: bytes, **parts: bytes) -> bytes:
    """Return an archive with some parts replaced or added; `__` in their names means a slash."""
    made = io.BytesIO()
    new = {name.replace("__", "/"): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as archive:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, part in (kept | new).items():
            archive.writestr(name, part)
    return made.getvalue()


def picture(kind: str) -> io.BytesIO:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, kind)
    content.seek(0)
    return content


def test_headings_are_found_below_merged_titles() -> None:
    title = ["全市单位台账", None, None, None]
    table = read(
        title, ["填表：王伟", None, None, None], HEADINGS, ["u1", "东风饭店", 113.6253, 34]
    )
    assert (table.heading_row, table.title) == (3, ("全市单位台账", "填表：王伟"))
    assert table.numbers == [4]
    assert table.columns == {
        "单位编号": ["u1"],
        "单位名称": ["东风饭店"],
        "经度": ["113.6253"],
        "纬度": ["34"],
    }


def test_headings_that_are_not_known_are_found_by_their_looks() -> None:
    table = read(["甲乙丙", None, None], [1, 2, 3], ["甲", "乙", "丙"], ["a", 2, None])
    assert (table.heading_row, list(table.columns)) == (3, ["甲", "乙", "丙"])


GROUPED = [
    ["序号", "单位名称", "隐患情况", None, "排查时间"],
    [None, None, "存在问题", "隐患等级", None],
]


@pytest.mark.parametrize("merge", [(), ("A2:A3", "B2:B3", "C2:D2", "E2:E3")])
def test_headings_of_groups_are_one_whether_their_cells_are_merged_or_not(
    merge: tuple[str, ...],
) -> None:
    title = ["隐患台账", None, None, None, None]
    table = read(title, *GROUPED, [1, "甲", "堵", "一般", "8.19"], merge=merge)
    assert (table.heading_row, table.title, table.numbers) == (3, ("隐患台账",), [4])
    headings = ["序号", "单位名称", "隐患情况 存在问题", "隐患情况 隐患等级", "排查时间"]
    assert list(table.columns) == headings


def test_a_group_may_be_merged_beyond_the_last_column() -> None:
    table = read(*GROUPED, [1, "甲", "堵", "一般", None], merge=("A1:A2", "B1:B2", "C1:G1"))
    assert list(table.columns)[2:4] == ["隐患情况 存在问题", "隐患情况 隐患等级"]


@pytest.mark.parametrize(
    "below",
    [
        ["甲", "乙", "丙", "丁", None],
        [None, "乙", "丙", "丁", None],
        [None, None, "丙", None, "戊"],
        [None, None, "1", "2", None],
    ],
)
def test_a_row_that_does_not_fit_below_groups_is_data(below: list[Any]) -> None:
    table = read(GROUPED[0], below, ["a", "b", "c", "d", "e"], heading_row=1)
    assert (table.heading_row, table.numbers) == (1, [2, 3])


def test_another_row_of_headings_can_be_asked_for() -> None:
    table = read(HEADINGS, ["A", "B", "C", "D"], ["u1", "x", 1, 2], heading_row=2)
    assert (table.numbers, table.columns["A"]) == ([3], ["u1"])


@pytest.mark.parametrize("row", [0, 9])
def test_a_row_that_has_no_headings_cannot_be_asked_for(row: int) -> None:
    with pytest.raises(ImportRejectedError, match=f"row {row} has nothing"):
        read(HEADINGS, ["u1", "x", 1, 2], heading_row=row)


def test_headings_in_two_rows_are_joined() -> None:
    top = ["单位编号", "单位名称", "坐标", None]
    below = [None, None, "经度", "纬度"]
    table = read(top, below, ["u1", "x", 113, 34], merge=("A1:A2", "B1:B2", "C1:D1"))
    assert (table.heading_row, table.numbers) == (2, [3])
    assert list(table.columns) == ["单位编号", "单位名称", "坐标 经度", "坐标 纬度"]


def test_a_heading_over_two_columns_takes_no_row_of_data() -> None:
    table = read(["编号", "名称", "备注", None], ["u1", "x", "a", "b"], merge=("C1:D1",))
    assert (table.heading_row, table.numbers) == (1, [2])


def test_blank_rows_and_columns_are_passed_over() -> None:
    table = read(["编号", None, "名称"], [None, None, " "], ["u1", None, "x"])
    assert (table.numbers, table.columns) == ([3], {"编号": ["u1"], "名称": ["x"]})
    assert table.places == {"编号": 0, "名称": 2}


def test_a_column_without_a_heading_is_kept_under_its_letters() -> None:
    assert read(["编号", None], ["u1", "x"]).columns["column B"] == ["x"]


def test_an_unknown_heading_that_comes_again_is_numbered() -> None:
    table = read(["编号", "说明", "说明"], ["u1", "a", "b"])
    assert list(table.columns) == ["编号", "说明", "说明 (2)"]


def test_a_known_heading_that_comes_again_is_refused() -> None:
    with pytest.raises(ImportRejectedError, match="several columns have the heading 经度"):
        read(["编号", "经度", "经度"], ["u1", 113, 34])


def test_vertically_merged_cells_are_filled_down() -> None:
    rows = ["u1", "a"], [None, "b"], ["u2", "c"]
    table = read(["单位编号", "位置"], *rows, merge=("A2:A3",))
    assert table.columns["单位编号"] == ["u1", "u1", "u2"]


def test_rows_of_totals_are_set_apart() -> None:
    rows = ["u1", "x", 3], ["合 计", None, 3], [None, "总计：", 6], ["u2", "合计酒店", 3]
    table = read(["单位编号", "单位名称", "数量"], *rows)
    assert table.columns["单位名称"] == ["x", "合计酒店"]
    assert [(total.row, total.texts["数量"]) for total in table.totals] == [(3, "3"), (4, "6")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (38, "38"),
        (38.0, "38"),
        (0.1 + 0.2, "0.3"),
        (113.6253, "113.6253"),
        (113.6255069025739, "113.6255069025739"),
        (1e20, "1e+20"),
        (True, "TRUE"),
        ("91410100MA0000001X", "91410100MA0000001X"),
        ("00123", "00123"),
        ("=1+1", None),
        (date(2019, 5, 31), "2019-05-31"),
        (datetime(2019, 5, 31, 16, 20), "2019-05-31 16:20"),  # noqa: DTZ001 - Excel has no zones
        (datetime(2019, 5, 31, 16, 20, 5), "2019-05-31 16:20:05"),  # noqa: DTZ001
        (time(16, 20), "16:20"),
        (timedelta(hours=30), "30:00"),
    ],
)
def test_cells_are_read_as_the_sheet_shows_them(value: Any, text: str | None) -> None:
    assert read(["编号", "名称"], ["u1", value]).columns["名称"] == [text]


def test_a_formula_comes_as_its_value() -> None:
    content = io.BytesIO()
    made = xlsxwriter.Workbook(content)
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["编号", "数量"])
    sheet.write_row(1, 0, ["u1"])
    sheet.write_formula(1, 1, '=HYPERLINK("http://x")', value=7)
    made.close()
    assert read_table("file.xlsx", content.getvalue()).columns["数量"] == ["7"]


def test_days_counted_from_1904_are_right() -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    sheet = made.active
    assert sheet is not None
    sheet.append(["编号", "登记日期"])
    sheet.append(["u1", date(2019, 5, 31)])
    table = read_table("file.xlsx", saved(made))
    assert (table.columns["登记日期"], table.date_1904) == (["2019-05-31"], True)


def test_the_error_of_a_formula_is_refused_by_its_cell() -> None:
    table = read(["编号", "名称"], ["u1", "#N/A"], ["u2", "x"])
    assert [(e.row, e.field, e.value) for e in table.errors] == [(2, "名称", "#N/A")]
    assert table.columns["名称"] == [None, "x"]


def test_the_sheet_with_the_most_known_headings_is_read() -> None:
    made = openpyxl.load_workbook(io.BytesIO(workbook(["说明"], ["请填写"], name="说明")))
    for name, state in (("台账", "visible"), ("字典", "hidden")):
        sheet = made.create_sheet(name)
        sheet.append(HEADINGS)
        sheet.append(["u1", name, 1, 2])
        sheet.sheet_state = state
    table = read_table("file.xlsx", saved(made))
    assert (table.sheet, table.sheets) == ("台账", ("说明", "台账"))
    assert read_table("file.xlsx", saved(made), sheet="字典").columns["单位名称"] == ["字典"]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ImportRejectedError, match="no sheet 二, but 台账"):
        read(HEADINGS, sheet="二")


def test_a_sheet_that_begins_elsewhere_keeps_its_row_numbers() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row, values in ((5, ("编号", "名称")), (7, ("u1", "x"))):
        for column, value in enumerate(values, start=3):
            sheet.cell(row, column, value)
    table = read_table("file.xlsx", saved(made))
    assert (table.heading_row, table.numbers, table.places["编号"]) == (5, [7], 2)


def test_pictures_are_kept_with_the_row_they_lie_on() -> None:
    content = io.BytesIO()
    made = xlsxwriter.Workbook(content)
    sheet = made.add_worksheet("一")
    sheet.write_row(0, 0, ["编号", "位置"])
    for row, kind in ((1, "png"), (2, "jpeg"), (9, "png")):
        if row < 9:
            sheet.write_row(row, 0, [f"h{row}", "x"])
        sheet.insert_image(row, 2, "../../evil.png", {"image_data": picture(kind)})
    made.close()
    table = read_table("file.xlsx", content.getvalue())
    assert [(photo.row, photo.name) for photo in table.photos] == [
        (2, "row-2-1.png"),
        (3, "row-3-2.jpg"),
    ]
    assert table.photos[0].content == picture("png").getvalue()
    assert [remark.code for remark in table.remarks] == ["pictures_left_out"]


def test_pictures_inside_of_cells_are_kept_as_well() -> None:
    text = '=DISPIMG("ID_A1",1)'
    content = workbook(["编号", "照片"], ["h1", "x"])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    cell = b'<c r="B2" t="inlineStr"><is><t>x</t></is></c>'
    assert cell in sheet
    shown = cell.replace(b">x<", f">{text}<".encode())
    images = b"""<i xmlns:r="urn:r"><p><cNvPr name="ID_A1"/><blip r:embed="rId1"/></p></i>"""
    relations = b"""<Relationships><Relationship Id="rId1" Target="media/a.png"/></Relationships>"""
    parts = {
        "xl__worksheets__sheet1.xml": sheet.replace(cell, shown),
        "xl__cellimages.xml": images,
        "xl___rels__cellimages.xml.rels": relations,
        "xl__media__a.png": picture("png").getvalue(),
    }
    table = read_table("file.xlsx", changed(content, **parts))
    assert [photo.row for photo in table.photos] == [2]
    assert table.columns["照片"] == [None]


CELL = '<c r="{}" t="inlineStr"><is><t>编号</t></is></c>'


def sheet_xml(*cells: str, head: str = "") -> bytes:
    rows = "".join(
        f'<row r="{"".join(filter(str.isdecimal, place))}">{CELL.format(place)}</row>'
        for place in cells
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        (sheet_xml("A1", "XFD1"), "far to the right"),
        (sheet_xml("A1", "B1048576"), "far below the others"),
        (sheet_xml("A1", "A99999999999"), "far below the others"),
        (sheet_xml("A1", head="<!DOCTYPE x [<!ENTITY y 'z'>]>"), "declares a document type"),
        (sheet_xml("A1").decode().encode("utf-16"), "is not UTF-8"),
        (b" " * 210 * 2**20, "inflates to more than 200 MB"),
        (b"<worksheet", "cannot be read"),
    ],
)
def test_a_sheet_that_is_not_to_be_trusted_is_refused(sheet: bytes, reason: str) -> None:
    content = changed(workbook(HEADINGS), **{"xl__worksheets__sheet1.xml": sheet})
    with pytest.raises(ImportRejectedError, match=reason):
        read_table("file.xlsx", content)


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", LOCKED, "protected by a password"),
        ("a.xls", LOCKED, "protected by a password"),
        ("a.xls", b"<html><table>", "is a web page"),
        ("a.xls", b"PK\x03\x04", "is an .xlsx workbook or archive"),
        ("a.xlsx", b"code,name\n", "is no workbook"),
        ("a.csv", b"PK\x03\x04", "is no text"),
        ("a.kml", b"<kml/>", "zipped Shapefile"),
        ("a.shp", b"", "one .zip"),
        ("a.dwg", b"", "a drawing has no rows"),
        ("a.pdf", b"", "save that as .xlsx"),
        ("a.exe", b"", "is none of"),
        ("noending", b"", "is none of"),
    ],
)
def test_what_is_not_read_says_what_to_send_instead(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(ImportRejectedError, match=reason):
        read_table(name, content)


def test_a_macro_workbook_is_read_without_its_macros() -> None:
    content = changed(workbook(HEADINGS, ["u1", "x", 1, 2]), xl__vbaProject_bin=b"evil")
    assert read_table("file.xlsm", content).columns["单位编号"] == ["u1"]
