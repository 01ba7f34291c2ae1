from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from api.asking import CoverageAsked, OutagesAsked, RowsAsked, read_as_of, read_bbox
from api.item_schemas import Instant


def test_ten_characters_are_a_day() -> None:
    assert CoverageAsked(grid="g", as_of="2019-08-31").as_of == date(2019, 8, 31)  # type: ignore[arg-type]


def test_a_moment_keeps_its_zone() -> None:
    moment = read_as_of("2019-08-31T18:00:00+08:00")
    assert moment == datetime.fromisoformat("2019-08-31T10:00:00Z")


def test_a_moment_of_a_zone_that_no_clock_has_is_one_of_utc() -> None:
    assert read_as_of("2036-03-08T16:08:54+22:58").isoformat() == "2036-03-07T17:10:54+00:00"
    given = TypeAdapter(Instant).validate_python("2036-03-08T16:08:54+22:58")
    assert given.isoformat() == "2036-03-07T17:10:54+00:00"


@pytest.mark.parametrize(
    "text", ["", "today", "2019-13-01", "2019-08-31T18:00:00", "0001-01-01", "9999-12-31"]
)
def test_other_texts_are_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither a day|needs its zone|year"):
        read_as_of(text)


@given(st.text())
def test_no_text_does_worse_to_a_day_than_being_refused(text: str) -> None:
    with suppress(ValueError):
        assert read_as_of(text).year >= 1800


def test_a_bbox_is_west_south_east_north() -> None:
    assert read_bbox("24.9,60.1,25.0,60.2") == (24.9, 60.1, 25.0, 60.2)


@pytest.mark.parametrize("text", ["1,2,3", "nan,0,1,1", "inf,0,1,1", "2,0,1,1", "0,0,181,1", "a"])
def test_a_bbox_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"numbers|degrees"):
        read_bbox(text)


def test_a_misspelt_parameter_is_refused_and_not_dropped() -> None:
    with pytest.raises(ValidationError, match="windwo"):
        CoverageAsked.model_validate({"grid": "g", "windwo": 30})


@pytest.mark.parametrize("wrong", [{"after": -1}, {"cell": "a\0b"}, {"limit": 1001}, {"limit": 0}])
def test_a_page_of_rows_has_bounds(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RowsAsked.model_validate(wrong)


@pytest.mark.parametrize("wrong", [{"max_gap_m": "nan"}, {"dark_threshold": 0}, {"window": 0}])
def test_numbers_outside_their_definition_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OutagesAsked.model_validate(wrong)
