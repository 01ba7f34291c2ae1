import csv
import io
import json
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from pandas import DataFrame
from sqlalchemy.orm import Session

from api.presenting import (
    FORMATS,
    Presented,
    dump_json,
    present,
    to_columns,
    to_csv,
    to_json,
    to_xlsx,
)
from data.answers import Answer
from data.answers.decisions import Decision
from data.scope import WHOLE_CITY

ROW: dict[str, Any] = {"code": "a", "name": "Broad Street", "coverage": 0.5, "gap": None}


def presented(**row: Any) -> Presented:
    answer = Answer(
        subject="coverage",
        grid="squares",
        as_of=date(2019, 8, 31),
        window_days=365,
        revisions={"grids": 1, "ledgers": 4},
        parameters={"weights": {"major": 8}},
        decisions=(Decision("units_without_risk", {"n": 3}),),
        totals={"n_units": 2, "coverage": None},
        outside={"outside": 0, "without_position": 1},
        data_until=None,
        simulated=False,
        rows=DataFrame([ROW | row]),
    )
    return present(Session(), WHOLE_CITY, answer, "en")


def cells_of_csv(text: bytes) -> dict[str, str]:
    return next(iter(csv.DictReader(io.StringIO(text.decode("utf-8-sig")))))


def sheet(book: bytes, part: str) -> str:
    with ZipFile(io.BytesIO(book)) as parts:
        return parts.read(part).decode()


def test_an_answer_says_in_words_what_its_figures_are() -> None:
    body = presented().body
    assert "registered" in body["definition"]
    assert body["decisions"][0]["code"] == "units_without_risk"
    assert "3" in body["decisions"][0]["text"]


def test_unknown_is_null_in_json() -> None:
    body = json.loads(to_json(presented()))
    assert body["cells"][0]["gap"] is None
    assert body["totals"]["coverage"] is None


def test_columns_are_the_rows_the_other_way_round() -> None:
    shown = presented(gap=1.23456789)
    body = json.loads(to_columns(shown))
    assert body.pop("cells") == {
        "code": ["a"],
        "name": ["Broad Street"],
        "coverage": [0.5],
        "gap": [1.234568],
    }
    assert body == {key: value for key, value in shown.body.items() if key != "cells"}


def test_a_number_that_json_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        dump_json({"coverage": float("nan")})


def test_unknown_is_an_empty_cell_in_csv() -> None:
    assert cells_of_csv(to_csv(presented()))["gap"] == ""


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", " \t=1", "＝1+1"])
def test_a_formula_is_inert_text_in_csv(formula: str) -> None:
    assert cells_of_csv(to_csv(presented(name=formula)))["name"] == f"'{formula}"


def test_a_negative_number_stays_a_number_in_csv() -> None:
    assert cells_of_csv(to_csv(presented(gap=-1.5)))["gap"] == "-1.5"


@pytest.mark.parametrize("text", ["=1+1", "http://a.example/", "{=1}", "0123"])
def test_text_of_a_ledger_stays_text_in_a_workbook(text: str) -> None:
    book = to_xlsx(presented(name=text))
    assert "<f>" not in sheet(book, "xl/worksheets/sheet1.xml")
    assert f"<t>{text}</t>" in sheet(book, "xl/sharedStrings.xml")


def test_a_workbook_says_what_its_rows_mean() -> None:
    strings = sheet(to_xlsx(presented()), "xl/sharedStrings.xml")
    assert "definition" in strings
    assert "2019-08-31" in strings


def test_every_format_has_a_media_type() -> None:
    assert set(FORMATS) == {"json", "columns", "geojson", "csv", "xlsx"}
    assert FORMATS["geojson"].media_type == "application/geo+json"
