import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from maps.sheets import TemplateColumn, make_template, tables, write_csv, write_xlsx, writing
from maps.sheets.errors import TableLimitError
from maps.sheets.tables import guarded


def sheet_of(tmp_path, *rows, headings=("a", "b")):
    path = tmp_path / "table.xlsx"
    write_xlsx(path, "台账", headings, rows)
    return load_workbook(path).active


def test_a_sheet_keeps_texts_numbers_and_dates(tmp_path):
    moment = datetime(2019, 5, 31, 16, 20)  # noqa: DTZ001
    sheet = sheet_of(tmp_path, ["0012", 3], [date(2019, 5, 31), moment])
    assert [cell.value for cell in sheet[2]] == ["0012", 3]
    assert [cell.value for cell in sheet[3]] == [datetime(2019, 5, 31), moment]  # noqa: DTZ001
    assert [cell.number_format for cell in sheet[3]] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ["=1+1", "+86", "@x", " =1", "<r><t>x</t></r>", "http://x.cn"])
def test_a_text_of_a_sheet_is_never_more_than_text(tmp_path, text):
    cell = sheet_of(tmp_path, [text])["A2"]
    assert (cell.value, cell.hyperlink) == (text, None)
    assert cell.data_type in ("s", "inlineStr")


@pytest.mark.parametrize(
    "value",
    [
        datetime(2019, 5, 31),  # noqa: DTZ001
        datetime(2019, 5, 31, 1, 2, 3),  # noqa: DTZ001
        date(1854, 9, 1),
        0.1 + 0.2,
    ],
)
def test_what_a_sheet_would_round_is_written_as_text(tmp_path, value):
    assert isinstance(sheet_of(tmp_path, [value])["A2"].value, str)


def test_money_is_a_number(tmp_path):
    assert sheet_of(tmp_path, [Decimal("12.50")])["A2"].value == 12.5


def test_a_text_longer_than_a_cell_is_refused_by_its_row(tmp_path):
    with pytest.raises(TableLimitError, match="row 3: a text of 40000"):
        sheet_of(tmp_path, ["x"], ["x" * 40_000])


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    with pytest.raises(TableLimitError, match="take csv"):
        sheet_of(tmp_path, ["x"], ["y"])
    assert writing.MAX_ROWS == 1_048_576


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@1", " \t=1", "　＝1", "＋1", "－1", "＠1", "'=1", "\n=1"]
)
def test_a_text_that_could_be_computed_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "'", "'tis", "a=1", "1-2", "（+86）", "0371-6"])
def test_other_texts_are_not_guarded(text):
    assert guarded(text) == text


def test_a_csv_has_the_mark_of_utf8_and_numbers_without_guards(tmp_path):
    path = tmp_path / "table.csv"
    write_csv(path, ["=a", "b"], [[-0.5, '多\n"行"'], [date(2019, 5, 31), None]])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["'=a", "b"], ["-0.5", '多\n"行"'], ["2019-05-31", ""]]


COLUMNS = (
    TemplateColumn("code", "编号", required=True),
    TemplateColumn("risk", "风险等级", required=False, choices=("重大", "较大", "一般", "低")),
    TemplateColumn("registered_on", "登记日期", required=False, content="day"),
)


def test_a_template_has_headings_and_words_to_choose_from():
    book = load_workbook(io.BytesIO(make_template("units", COLUMNS, "zh")))
    sheet, _ = book.worksheets
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["*编号", "风险等级", "登记日期"]
    ]
    listed = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert [(str(one.sqref), one.formula1) for one in listed] == [
        ("B2:B5001", '"重大,较大,一般,低"')
    ]
    assert sheet.column_dimensions["C"].number_format == "yyyy-mm-dd"


def test_a_template_explains_every_column():
    book = load_workbook(io.BytesIO(make_template("units", COLUMNS, "zh")))
    rows = [[cell.value for cell in row] for row in book["填写说明"].iter_rows(min_row=3)]
    assert rows[0] == ["列名", "必填", "含义", "示例", "可选值"]
    assert [row[:2] for row in rows[1:]] == [["编号", "是"], ["风险等级", "否"], ["登记日期", "否"]]
    assert rows[2][4] == "重大、较大、一般、低"
