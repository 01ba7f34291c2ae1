"""Tables as they are printed: only what is told, as broad as it needs."""

from datetime import date

from maps.documents.document import Column, Table
from maps.documents.fitting import PADDING, ROOM, fitted, without_blank_columns

COLUMNS = (Column("编号"), Column("期限", kind="day"), Column("措施"), Column("备注"))
LONG = "先亮灯后移交，修复线缆并接通电源" * 4
ROWS = (("RL0001", date(2019, 8, 31), LONG, None), ("RL0002", None, "换灯", ""))
TABLE = Table("list", COLUMNS, ROWS, missing="")


def test_a_column_that_says_nothing_is_left_out_and_named() -> None:
    told, blank = without_blank_columns(TABLE)
    assert [one.heading for one in told.columns] == ["编号", "期限", "措施"]
    assert (blank, told.rows[1]) == (("备注",), ("RL0002", None, "换灯"))


def test_a_zero_is_no_blank() -> None:
    _, blank = without_blank_columns(Table("list", (Column("次数"),), ((0,),)))
    assert blank == ()


def test_a_list_without_rows_keeps_its_headings() -> None:
    table = Table("list", COLUMNS, ())
    assert without_blank_columns(table) == (table, ())
    assert fitted(table).columns[0].width > 0


def test_codes_and_days_stay_whole_beside_a_long_text() -> None:
    many = (*COLUMNS[:3], *(Column(f"责任{n}") for n in range(4)))
    rows = (("RL0001", date(2019, 8, 31), LONG, *(["市城市照明灯饰管理处"] * 4)),)
    code, day, measure, *_ = fitted(Table("list", many, rows)).columns
    assert code.width >= 2 * 1.6 + 4 * 1.3 + PADDING
    assert day.width >= 10 * 1.3 + PADDING
    assert measure.width > day.width


def test_what_fits_is_not_stretched_and_what_does_not_shares_the_line() -> None:
    short = fitted(Table("list", (Column("甲"), Column("乙")), (("一", "二"),)))
    assert [one.width for one in short.columns] == [4 + PADDING, 4 + PADDING]
    broad = fitted(Table("list", (Column("甲"),) * 12, ((LONG,) * 12,)))
    assert round(sum(one.width for one in broad.columns)) == ROOM
