import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, Side

from maps.sheets import FormLayout, fill_form, forms
from maps.sheets.errors import TableLimitError, UnusableFormError

LAYOUT = FormLayout(
    None, heading_row=2, columns=(1, 3, 2), serial=0, total_row=5, summed=frozenset({3})
)
ROWS = [("东风饭店", 2, date(2019, 5, 31)), ("=1+1", 3, None), ("红星", None, None), ("x", 1, None)]


def form():
    """A form with two blank rows, a row of totals, and the place of a signature."""
    book = Workbook()
    sheet = book.active
    sheet.append(["隐患排查汇总表"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "单位名称", "检查日期", "隐患数量", "备注"])
    for column in "ABCDE":
        sheet[f"{column}3"].border = Border(bottom=Side(style="thin"))
    sheet["B3"].font = Font(name="仿宋", size=12)
    sheet.row_dimensions[3].height = 28
    sheet["A5"] = "合计"
    sheet.merge_cells("A5:B5")
    sheet["D5"] = "=SUM(D3:D4)"
    sheet["A6"] = "填表人："
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(rows=ROWS, layout=LAYOUT, book=None):
    done = fill_form(saved(book or form()), layout, rows)
    return load_workbook(io.BytesIO(done)).active


def column(sheet, letter):
    return [cell.value for cell in sheet[letter]]


def test_rows_stand_in_the_forms_own_order_of_columns():
    sheet = filled()
    assert column(sheet, "B")[:6] == [None, "单位名称", "东风饭店", "=1+1", "红星", "x"]
    assert column(sheet, "D")[2:6] == [2, 3, None, 1]
    assert sheet["C3"].value == datetime(2019, 5, 31)  # noqa: DTZ001


def test_a_column_of_numbers_counts_the_rows():
    assert column(filled(), "A")[2:6] == [1, 2, 3, 4]


def test_totals_and_signatures_move_down_and_totals_are_summed():
    sheet = filled()
    assert (sheet["A7"].value, sheet["D7"].value) == ("合计", 6)
    assert sheet["A8"].value == "填表人："
    assert {str(found) for found in sheet.merged_cells.ranges} == {"A1:E1", "A7:B7"}


def test_every_row_has_the_look_of_the_first():
    sheet = filled()
    assert {sheet.row_dimensions[row].height for row in (3, 4, 5, 6)} == {28}
    assert {sheet[f"E{row}"].border.bottom.style for row in (3, 4, 5, 6)} == {"thin"}
    assert sheet["B6"].font.name == "仿宋"


def test_cells_merged_side_by_side_are_merged_in_every_row():
    book = form()
    book.active.merge_cells("D3:E3")
    found = {str(one) for one in filled(book=book).merged_cells.ranges}
    assert {"D3:E3", "D4:E4", "D5:E5", "D6:E6"} <= found


def test_few_rows_leave_the_form_as_it_is():
    sheet = filled(ROWS[:1])
    assert (sheet["B4"].value, sheet["A5"].value, sheet["D5"].value) == (None, "合计", 2)


def test_a_form_without_totals_keeps_its_signature_below_the_rows():
    book = form()
    book.active.delete_rows(5)
    sheet = filled(layout=FormLayout(None, 2, (1, 3, 2)), book=book)
    assert column(sheet, "A")[6] == "填表人："


def test_a_text_like_a_formula_stays_text():
    cell = filled()["B4"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_form_that_cannot_be_opened_is_refused():
    with pytest.raises(UnusableFormError, match="save it as xlsx"):
        fill_form(b"no workbook", LAYOUT, ROWS)


def test_a_form_is_not_filled_with_more_rows_than_it_takes(monkeypatch):
    monkeypatch.setattr(forms, "MAX_FORM_ROWS", 3)
    with pytest.raises(TableLimitError, match="4 rows"):
        fill_form(saved(form()), LAYOUT, ROWS)
