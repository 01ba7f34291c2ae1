import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from PIL import Image as Picture

from maps.sheets import mark_workbook, marked, opening

HEADINGS = ("编号", "单位名称", "风险等级", "登记日期")
PLACES = {heading: column for column, heading in enumerate(HEADINGS)}
BAD_RISK = {"row": 4, "field": "risk", "heading": "风险等级", "value": "高"} | {
    "reason": "is none of low, general, larger, major"
}


def ledger():
    """A ledger with a merged title, headings in row 2 and three rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.append(["某街道生产经营单位台账"])
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(size=16, bold=True)
    sheet.append(list(HEADINGS))
    sheet.append(["u1", "东风饭店", "重大", date(2019, 5, 31)])
    sheet.append(["u2", "红星超市", "高", date(2019, 6, 1)])
    sheet.append(["u3", "=HYPERLINK(A1)", "低", "昨天"])
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = "A2:D5"
    book.create_sheet("说明")["A1"] = "勿动"
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mark(book, *errors, **options):
    asked = {"sheet": "台账", "heading_row": 2, "places": PLACES, "language": "zh"} | options
    return load_workbook(io.BytesIO(mark_workbook(saved(book), "台账.xlsx", errors, **asked)))


def test_a_refused_cell_is_red_and_says_why():
    sheet = mark(ledger(), BAD_RISK)["台账"]
    assert sheet["C4"].fill.fgColor.rgb == "FFFF9C9C"
    assert sheet["C4"].comment.text == "不在可选值之内：低、一般、较大、重大"
    assert sheet["C3"].comment is None
    assert sheet["C3"].fill.fill_type is None


def test_a_last_column_says_what_is_wrong_with_the_row():
    sheet = mark(ledger(), BAD_RISK)["台账"]
    told = [sheet.cell(row, 5).value for row in range(2, 6)]
    assert told == [
        "错误说明",
        None,
        "风险等级：不在可选值之内：低、一般、较大、重大",
        None,
    ]


def test_an_english_reader_gets_english_words():
    sheet = mark(ledger(), BAD_RISK, language="en")["台账"]
    assert sheet["E2"].value == "Reason"
    assert sheet["E4"].value == "风险等级: is none of low, general, larger, major"


def test_titles_filters_panes_formulas_and_other_sheets_stay():
    book = mark(ledger(), BAD_RISK)
    sheet = book["台账"]
    assert [str(found) for found in sheet.merged_cells.ranges] == ["A1:D1"]
    assert (sheet["A1"].font.size, sheet.freeze_panes) == (16, "A3")
    assert sheet.auto_filter.ref == "A2:D5"
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=HYPERLINK(A1)", "f")
    assert [row[0].value for row in book["说明"].rows] == ["勿动"]


def test_several_errors_of_a_row_are_all_told():
    missing = {"row": 4, "field": "name", "heading": "单位名称", "reason": "is missing"}
    sheet = mark(ledger(), BAD_RISK, missing)["台账"]
    assert sheet["E4"].value.endswith("；单位名称：不能为空")
    assert sheet["B4"].fill.fgColor.rgb == "FFFF9C9C"


def test_an_error_of_the_whole_row_marks_its_first_cell():
    error = {"row": 5, "field": None, "value": None, "reason": "has 9 cells under 4 headings"}
    sheet = mark(ledger(), error)["台账"]
    assert sheet["A5"].comment.text == "有 9 个单元格，而表头只有 4 列"
    assert sheet["E5"].value == "有 9 个单元格，而表头只有 4 列"


def test_an_error_of_two_headings_marks_both_cells():
    error = {"row": 3, "field": "lon, lat", "heading": "编号, 单位名称", "reason": "is missing"}
    sheet = mark(ledger(), error)["台账"]
    assert [sheet.cell(3, column).comment is not None for column in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


def test_a_cell_under_a_merged_one_marks_what_is_seen():
    book = ledger()
    book["台账"].merge_cells("C3:C5")
    assert mark(book, BAD_RISK)["台账"]["C3"].comment is not None


def test_a_comment_that_was_there_is_kept():
    book = ledger()
    book["台账"]["C4"].comment = Comment("请核实", "老王")
    assert mark(book, BAD_RISK)["台账"]["C4"].comment.text.splitlines()[0] == "请核实"


def test_pictures_stay():
    book = ledger()
    picture = io.BytesIO()
    Picture.new("RGB", (4, 4), "red").save(picture, "PNG")
    book["台账"].add_image(Image(picture), "F3")
    assert len(mark(book, BAD_RISK)["台账"]._images) == 1


@pytest.mark.parametrize("start", ["=1+1", "+86", "-5", "@SUM(A1)", " =1", "＝1"])
def test_what_we_write_is_never_a_formula(start):
    error = {"row": 4, "field": None, "heading": None, "reason": start}
    cell = mark(ledger(), error)["台账"]["E4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (start, "s", True)


def test_control_characters_and_half_characters_do_not_harm():
    error = BAD_RISK | {"reason": "is \x00\x07\ud800 bad"}
    assert mark(ledger(), error)["台账"]["E4"].value == "风险等级：is  bad"


def test_a_corrected_workbook_is_marked_afresh():
    first = mark(ledger(), BAD_RISK)
    first["台账"]["C4"] = "低"
    again = {"row": 5, "field": "registered_on", "heading": "登记日期", "reason": "is missing"}
    sheet = mark(first, again)["台账"]
    assert [sheet.cell(row, 5).value for row in (2, 4, 5)] == [
        "错误说明",
        None,
        "登记日期：不能为空",
    ]
    assert (sheet["C4"].comment, sheet["C4"].fill.fill_type) == (None, None)
    assert sheet["F2"].value is None


def test_macros_are_dropped():
    plain = saved(ledger())
    out = io.BytesIO(plain)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    done = mark_workbook(out.getvalue(), "台账.xlsm", [BAD_RISK], sheet="台账", places=PLACES)
    assert "xl/vbaProject.bin" not in zipfile.ZipFile(io.BytesIO(done)).namelist()


def test_a_csv_gives_a_new_workbook_of_its_refused_rows():
    rows = {4: {"编号": "u2", "单位名称": "=cmd|' /C calc'!A0", "风险等级": "高"}}
    done = mark_workbook(b"", "a.csv", [BAD_RISK], places=PLACES, rows=rows, language="zh")
    sheet = load_workbook(io.BytesIO(done)).active
    assert [cell.value for cell in sheet[1]] == ["行号", *HEADINGS, "错误说明"]
    assert [cell.value for cell in sheet[2]][:4] == [4, "u2", "=cmd|' /C calc'!A0", "高"]
    assert {cell.data_type for cell in sheet[2]} <= {"n", "s", "inlineStr"}
    assert sheet["D2"].fill.fgColor.rgb == "FFFF9C9C"


def test_without_their_texts_refused_rows_are_told_error_by_error():
    sheet = load_workbook(io.BytesIO(mark_workbook(b"", "a.geojson", [BAD_RISK]))).active
    assert [cell.value for cell in sheet[2]] == [
        4,
        "风险等级",
        "高",
        "不在可选值之内：低、一般、较大、重大",
    ]


def test_many_refused_rows_give_a_new_workbook(monkeypatch):
    monkeypatch.setattr(marked, "MAX_MARKED_ROWS", 1)
    book = mark(ledger(), BAD_RISK, BAD_RISK | {"row": 5})
    assert book.sheetnames == ["未通过的行"]
    assert [row[0].value for row in book.active.rows] == ["行号", 4, 5]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>"])
def test_what_cannot_be_opened_gives_a_new_workbook(content):
    done = mark_workbook(content, "a.xlsx", [BAD_RISK])
    assert load_workbook(io.BytesIO(done)).sheetnames == ["未通过的行"]


def test_a_workbook_that_unpacks_too_large_is_not_opened(monkeypatch):
    monkeypatch.setattr(opening, "MAX_UNZIPPED", 100)
    assert mark(ledger(), BAD_RISK).sheetnames == ["未通过的行"]


def test_a_text_in_markup_stays_text():
    rows = {4: {"编号": "<r><t>x</t></r>", "单位名称": "a\r\nb _x0041_"}}
    done = mark_workbook(b"", "a.csv", [BAD_RISK], places=PLACES, rows=rows)
    sheet = load_workbook(io.BytesIO(done)).active
    assert sheet["B2"].value == "<r><t>x</t></r>"
