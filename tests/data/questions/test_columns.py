from datetime import date
from typing import Any

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Integer,
    SmallInteger,
    String,
    cast,
    column,
    literal,
    select,
    text,
    values,
)

from data.errors import StoreError
from data.queries.reading import read_columns, read_rows

pytestmark = pytest.mark.db

COLUMNS: list[Column[Any]] = [
    column("small", SmallInteger),
    column("whole", Integer),
    column("big", BigInteger),
    column("real", Double),
    column("day", Date),
    column("yes", Boolean),
]
ROWS = st.tuples(
    st.integers(-(2**15), 2**15 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.dates(),
    st.booleans(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(rows=st.lists(ROWS, min_size=1, max_size=5))
def test_what_is_read_is_what_the_database_has(session, rows):
    table = values(*COLUMNS, name="t").data(rows)
    read = read_columns(session, select(*(cast(c, c.type).label(c.key) for c in table.c)))
    expected = pd.DataFrame(rows, columns=[c.key for c in COLUMNS])
    assert [str(kind) for kind in read.dtypes] == [
        "int16",
        "int32",
        "int64",
        "float64",
        "datetime64[s]",
        "bool",
    ]
    days = read.pop("day").dt.date
    assert list(days) == list(expected.pop("day"))
    assert read.astype(object).equals(expected.astype(object))


def test_no_rows_are_an_empty_frame_of_the_same_columns(session):
    nothing = select(literal(1).label("a"), cast("2019-01-01", Date).label("b")).where(
        text("false")
    )
    read = read_columns(session, nothing)
    assert (list(read.columns), len(read)) == (["a", "b"], 0)


def test_a_day_before_all_days_is_no_day(session):
    read = read_columns(session, select(cast("-infinity", Date).label("day")))
    assert read["day"].isna().all()


@pytest.mark.parametrize("nulls", [1, 2])
def test_null_in_a_column_of_fixed_width_is_refused(session, nulls):
    statement = select(cast(None, Integer).label("a"), literal(nulls).label("b"))
    with pytest.raises(StoreError, match="column a"):
        read_columns(session, statement)


def test_text_has_no_fixed_width(session):
    with pytest.raises(StoreError, match="column name"):
        read_columns(session, select(cast("x", String).label("name")))


def test_rows_keep_texts_and_null(session):
    statement = select(literal("a").label("name"), cast(None, Date).label("day"), literal(date.min))
    assert read_rows(session, statement).iloc[0, :2].tolist() == ["a", None]
