from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal_column, select, table, text
from sqlalchemy.orm import Session

from data.copying import ColumnType, copy_frame
from geo.errors import MissingColumnError, WrongValueError

pytestmark = pytest.mark.db

TYPES: dict[str, ColumnType] = {
    "row": "int4",
    "big": "int8",
    "number": "float8",
    "flag": "bool",
    "words": "text",
    "day": "date",
    "moment": "timestamptz",
    "extra": "jsonb",
    "raw": "bytea",
}

NAIVE = datetime.fromisoformat("2020-01-01")
MOMENTS = (datetime.fromisoformat("1700-01-01"), datetime.fromisoformat("2200-01-01"))
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))
ROW = st.fixed_dictionaries(
    {
        "big": st.none() | st.integers(-(2**63), 2**63 - 1),
        "number": st.none() | st.floats(allow_nan=False),
        "flag": st.none() | st.booleans(),
        "words": st.none() | TEXT,
        "day": st.none() | st.dates(date(1700, 1, 1), date(2200, 1, 1)),
        "moment": st.none() | st.datetimes(MOMENTS[0], MOMENTS[1], timezones=st.just(UTC)),
        "extra": st.none() | st.dictionaries(TEXT, TEXT | st.integers(-9, 9) | st.none()),
        "raw": st.none() | st.binary(),
    }
)


def make_table(session: Session, types: dict[str, ColumnType]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    session.execute(text("DROP TABLE IF EXISTS copied"))
    session.execute(text(f"CREATE TEMP TABLE copied ({columns})"))


def read_back(session: Session, column: str) -> list[object]:
    copied = table("copied")
    return list(
        session.scalars(select(literal_column(column)).select_from(copied).order_by(text("row")))
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW))
def test_what_is_copied_reads_back_equal(session: Session, rows: list[dict[str, object]]) -> None:
    make_table(session, TYPES)
    frame = pd.DataFrame(rows, columns=list(TYPES), dtype=object).assign(row=range(len(rows)))
    copy_frame(session, "copied", frame, TYPES)
    back = session.execute(text("SELECT * FROM copied ORDER BY row")).mappings().all()
    assert [dict(row) for row in back] == [{"row": i} | row for i, row in enumerate(rows)]


def test_typed_columns_with_gaps_become_null(session: Session) -> None:
    frame = pd.DataFrame(
        {
            "row": [0, 1],
            "number": [1.5, np.nan],
            "big": pd.array([2**62, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
            "day": pd.to_datetime(["2014-12-30", None]),
            "moment": pd.to_datetime(["2014-12-30T23:30:00-06:00", None], utc=True),
        }
    )
    types: dict[str, ColumnType] = {name: TYPES[name] for name in frame}
    make_table(session, types)
    copy_frame(session, "copied", frame, types)
    rows = session.execute(text("SELECT * FROM copied ORDER BY row")).all()
    moment = datetime(2014, 12, 31, 5, 30, tzinfo=UTC)
    assert rows == [
        (0, 1.5, 2**62, True, date(2014, 12, 30), moment),
        (1, None, None, None, None, None),
    ]


@pytest.mark.parametrize(
    "shape",
    [
        "POINT (1 2)",
        "LINESTRING (0 0, 1 1)",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        "POINT EMPTY",
    ],
)
def test_geometries_read_back_in_degrees(session: Session, shape: str) -> None:
    frame = pd.DataFrame({"row": [0, 1], "geom": [shapely.from_wkt(shape), None]})
    types: dict[str, ColumnType] = {"row": "int4", "geom": "geometry"}
    make_table(session, types)
    copy_frame(session, "copied", frame, types)
    assert read_back(session, "ST_AsText(geom)")[1] is None
    assert shapely.from_wkt(str(read_back(session, "ST_AsText(geom)")[0])).equals_exact(
        shapely.from_wkt(shape), normalize=True
    ) or shape.endswith("EMPTY")
    assert read_back(session, "ST_SRID(geom)")[0] == 4326


def test_heights_are_left_out(session: Session) -> None:
    frame = pd.DataFrame({"row": [0], "geom": [shapely.Point(1, 2, 3)]})
    types: dict[str, ColumnType] = {"row": "int4", "geom": "geometry"}
    make_table(session, types)
    copy_frame(session, "copied", frame, types)
    assert read_back(session, "ST_AsText(geom)") == ["POINT(1 2)"]


def test_more_rows_than_are_encoded_at_once_keep_their_order(session: Session) -> None:
    frame = pd.DataFrame({"row": range(45_000), "words": [str(i) for i in range(45_000)]})
    types: dict[str, ColumnType] = {"row": "int4", "words": "text"}
    make_table(session, types)
    copy_frame(session, "copied", frame, types)
    assert read_back(session, "words") == frame["words"].tolist()


def test_texts_as_pandas_keeps_them_read_back_with_their_gaps(session: Session) -> None:
    words = pd.Series(["路灯", None, "", "a"] * 10_000, dtype="str")
    make_table(session, {"row": "int4", "words": "text"})
    frame = pd.DataFrame({"row": range(len(words)), "words": words})
    copy_frame(session, "copied", frame, {"row": "int4", "words": "text"})
    assert read_back(session, "words") == ["路灯", None, "", "a"] * 10_000


def test_a_nul_in_a_text_as_pandas_keeps_it_is_named(session: Session) -> None:
    make_table(session, {"words": "text"})
    frame = pd.DataFrame({"words": pd.Series(["fine", "a\0b"], dtype="str")})
    with pytest.raises(WrongValueError, match=r"row 1, field words: .*NUL"):
        copy_frame(session, "copied", frame, {"words": "text"})


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("words", "a\0b", "NUL"),
        ("words", "\ud800", "surrogates"),
        ("words", 5, "expected str"),
        ("extra", {"a": "b\0"}, "NUL"),
        ("extra", {"a": float("nan")}, "JSON"),
        ("row", 2**31, "range"),
        ("moment", NAIVE, "time zone"),
        ("flag", "maybe", "bool-like"),
    ],
)
def test_a_value_that_does_not_fit_is_named(
    session: Session, column: str, value: object, reason: str
) -> None:
    frame = pd.DataFrame({column: pd.Series([None, value], index=[7, 8], dtype=object)})
    make_table(session, {column: TYPES[column]})
    with pytest.raises(WrongValueError, match=rf"row 8, field {column}: .*{reason}"):
        copy_frame(session, "copied", frame, {column: TYPES[column]})


def test_a_backslash_before_u0000_is_no_nul(session: Session) -> None:
    make_table(session, {"row": "int4", "extra": "jsonb"})
    frame = pd.DataFrame({"row": [0], "extra": [{"a": "\\u0000"}]})
    copy_frame(session, "copied", frame, {"row": "int4", "extra": "jsonb"})
    assert read_back(session, "extra") == [{"a": "\\u0000"}]


def test_a_missing_column_is_named(session: Session) -> None:
    with pytest.raises(MissingColumnError, match="big"):
        copy_frame(session, "copied", pd.DataFrame({"row": [1]}), {"row": "int4", "big": "int8"})
