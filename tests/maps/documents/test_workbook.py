import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from maps.documents import workbook
from maps.documents.document import Paragraph
from maps.documents.workbook import sheet_name, write_xlsx
from maps.sheets.errors import TableLimitError

HOSTILE = "=1+1 <b>{{ 7*7 }}</b>"


@pytest.fixture(scope="module")
def book(document):
    return load_workbook(io.BytesIO(write_xlsx(document)))


def test_the_text_is_one_sheet_and_each_table_another(book):
    assert book.sheetnames == ["三日排名通报", "排名"]


def test_the_text_has_head_paragraphs_definitions_and_last_lines(book):
    said = [row[0] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]]
    assert said[:5] == [
        "整治工作通报",
        "第 3 期",
        "安委会办公室　　　　2019年8月31日",
        "三日排名通报",
        "截至8月31日24时",
    ]
    assert said[6] == f"　　{HOSTILE}"
    assert said[-3:] == [
        "注：完成率＝已销号÷应整改。",
        "拟稿：　　签发：",
        "安委会办公室　　2019年8月31日印发",
    ]


def test_figures_stay_numbers_and_days_stay_days(book):
    first, second = book["排名"].iter_rows(min_row=4, max_row=5, values_only=True)
    assert (*first[:3], first[3].date(), first[4]) == (1, HOSTILE, 1, date(2019, 8, 31), 1.5)
    assert second == (2, "金水区", 0.9999, "—", "—")


def test_no_text_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    hostile = [cell for cell in cells if HOSTILE in str(cell.value)]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell.quotePrefix for cell in hostile] == [True, True]


def test_a_share_next_to_100_percent_shows_that_it_is_less(book):
    assert [book["排名"].cell(row, 3).number_format for row in (4, 5)] == ["0.0%", "0.000%"]


def test_the_map_is_in_and_its_legend_has_its_colors(book):
    sheet = book.worksheets[0]
    legend = [cell for row in sheet for cell in row if cell.value in ("100%", "无数据")]
    assert len(sheet._images) == 1
    assert [cell.fill.fill_type for cell in legend] == ["solid", "lightUp"]


def test_it_prints_on_a4_with_its_mark_and_its_headings(book):
    text, table = book.worksheets
    assert (text.page_setup.paperSize, text.page_setup.orientation) == (9, "portrait")
    assert (text.oddHeader.right.text, table.print_title_rows) == ("模拟数据　内部使用", "$1:$3")


def test_tables_alone_are_a_workbook_of_tables(broad):
    assert load_workbook(io.BytesIO(write_xlsx(broad))).sheetnames == ["排名"]


def test_a_broad_table_lies_on_its_side(broad):
    table = broad.tables[0]
    columns = tuple(replace(column, width=30) for column in table.columns)
    wide = replace(broad, blocks=(replace(table, columns=columns, remark=""),))
    sheet = load_workbook(io.BytesIO(write_xlsx(wide))).worksheets[0]
    assert sheet.page_setup.orientation == "landscape"


def test_more_rows_than_a_sheet_holds_are_refused(broad, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 4)
    with pytest.raises(TableLimitError, match="a sheet of XLSX holds 1 rows"):
        write_xlsx(broad)


@pytest.mark.parametrize(
    ("text", "name"), [("a/b: [c]", "a b   c"), ("'市'", "市"), ("长" * 40, "长" * 31)]
)
def test_a_sheet_has_a_name_that_sheets_may_have(text, name):
    assert sheet_name(text) == name


def test_a_text_needs_no_head(broad):
    book = load_workbook(io.BytesIO(write_xlsx(replace(broad, blocks=(Paragraph("无"),)))))
    said = [row[0] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert said[:2] == ["三日排名通报", "　　无"]
