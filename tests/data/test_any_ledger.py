"""Whatever stands in the cells: each row is data, a total or refused, and nothing breaks."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.errors import ImportRejectedError
from data.importers import ImportOptions
from data.importers.columns import FIELDS
from data.importers.files import Table, TotalRow
from data.importers.ledger import read_ledger

ZONE = ZoneInfo("Asia/Shanghai")
TELLING = (
    *("2019-05-03", "5月8日", "5.1", "43586", "2月30日", "2019-05-03 16:20", "二〇一九年五月三日"),
    *("12处", "280余", "近5万盏", "1,234", "三十二", "-1", "1e400", "nan", "3万元"),
    *("红", "重大", "重大隐患", "销号", "无", "/", "是", "合计", "立行立改"),
    *("①堵②暗", "1.甲\n2.乙", "1.5米", "113.6", "34.7", "N34°45′", "POINT (1 1)", "LINESTRING (0"),
    *("91350100M000100Y43", "u1", "\u3000", "\u202e甲", "a\0b", "\ud800", "甲\x07乙", '{"a": 1}'),
)
CELLS = st.none() | st.sampled_from(TELLING) | st.text(max_size=6)


@st.composite
def tables(draw: st.DrawFn, kind: str) -> Table:
    """Return a table under any of the headings of a kind, some of them its own names."""
    known = [one for field in FIELDS[kind] for one in (field.name, *field.aliases)]
    chosen = draw(st.lists(st.sampled_from(known) | st.text(max_size=4), max_size=9, unique=True))
    needed = [field.name for field in FIELDS[kind] if field.required and field.name != "code"]
    headings = [*dict.fromkeys([*needed, "code", *chosen])]
    n_rows = draw(st.integers(0, 4))
    column = st.lists(CELLS, min_size=n_rows, max_size=n_rows)
    columns = {heading: draw(column) for heading in headings}
    total = dict.fromkeys(headings[:1], "合计") | {headings[-1]: "3"}
    return Table(list(range(2, n_rows + 2)), columns, totals=[TotalRow(n_rows + 2, total)])


def read(kind, table, **options):
    try:
        return read_ledger(kind, table, ImportOptions(**options), ZONE, file_name="2019.csv")
    except ImportRejectedError:
        return None


@pytest.mark.parametrize("kind", FIELDS)
@settings(max_examples=25)
@given(data=st.data())
def test_each_row_of_any_ledger_is_data_or_refused(kind, data):
    table = data.draw(tables(kind))
    found = read(kind, table, stated_totals=("3=1+2",))
    assume(found is not None)
    assert [*dict.fromkeys(found.rows.index)] == table.numbers
    assert {error.row for error in found.errors} <= {*table.numbers}


@pytest.mark.parametrize("kind", FIELDS)
@settings(max_examples=10)
@given(data=st.data())
def test_a_ledger_read_twice_is_the_same(kind, data):
    table = data.draw(tables(kind))
    first, again = read(kind, table), read(kind, table)
    assume(first is not None)
    assert first.rows["external_code"].tolist() == again.rows["external_code"].tolist()
    assert first.errors == again.errors
