from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers import fields
from data.importers.cells import read_column
from data.importers.cleaning import without_blank_marks
from data.importers.date_columns import Setting
from data.importers.field import Field

SETTING = Setting(ZoneInfo("Asia/Shanghai"))
CELLS = st.lists(st.none() | st.text(alphabet="12u \u3000/是否0３\0", max_size=4))


def column(*cells: str | None) -> pd.Series:
    return pd.Series(cells, index=range(2, len(cells) + 2), dtype=object, name="heading")


def test_equal_texts_are_read_once() -> None:
    asked: list[str] = []

    def rule(value: str, _zone: ZoneInfo) -> int:
        asked.append(value)
        return int(value)

    found = read_column(column("1", "2", None, "1"), Field("n", rule), SETTING)
    assert found.values.tolist() == [1, 2, None, 1]
    assert asked == ["1", "2"]


def test_a_code_too_long_is_refused_and_the_others_are_read() -> None:
    found = read_column(column(" u1 ", "u" * 201, None), Field("code", fields.code), SETTING)
    assert found.values.tolist() == ["u1", None, None]
    assert [(error.row, error.reason) for error in found.errors] == [
        (3, "is longer than 200 characters")
    ]


@pytest.mark.parametrize("rule", [fields.code, fields.flag, fields.whole(0), fields.moment])
@given(cells=CELLS)
def test_each_cell_is_blank_read_or_refused(rule: fields.Rule, cells: list[str | None]) -> None:
    found = read_column(column(*cells), Field("one", rule), SETTING)
    refused = {error.row for error in found.errors}
    unread = set(found.values.index[found.values.isna()])
    assert unread == refused | {row for row, cell in enumerate(cells, start=2) if cell is None}


@given(CELLS)
def test_marks_of_blank_cells_are_counted(cells: list[str | None]) -> None:
    kept, n_marks = without_blank_marks(column(*cells))
    assert kept.isna().sum() == column(*cells).isna().sum() + n_marks
