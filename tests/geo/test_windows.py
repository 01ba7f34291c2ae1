from datetime import date, time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import WrongValueError
from geo.windows import night_of, on_holidays

HOLIDAYS = {
    "Mid-Autumn": (date(2019, 9, 13), date(2019, 9, 15)),
    "National Day": (date(2019, 10, 1), date(2019, 10, 7)),
}


def night(moment, *, has_time=True, **hours):
    """The day on which the night of a moment began, or None by day."""
    found = night_of(pd.Series([pd.Timestamp(moment)]), pd.Series([has_time]), **hours)[0]
    return None if pd.isna(found) else str(found.date())


def test_an_evening_and_the_morning_after_it_are_one_night():
    assert night("2019-09-04 23:00") == night("2019-09-05 02:00") == "2019-09-04"


@pytest.mark.parametrize(
    ("clock", "began"),
    [("21:59:59", None), ("22:00", "2019-09-04"), ("05:59:59", "2019-09-03"), ("06:00", None)],
)
def test_a_night_holds_its_beginning_and_not_its_end(clock, began):
    assert night(f"2019-09-04 {clock}") == began


def test_a_day_without_a_time_is_never_night():
    assert night("2019-09-04 00:00", has_time=False) is None
    assert night("2019-09-04 23:00", has_time=False) is None
    assert night(pd.NaT) is None


def test_a_night_may_lie_within_one_day():
    hours = {"begins": time(0), "ends": time(4, 30)}
    assert night("2019-09-04 04:29", **hours) == "2019-09-04"
    assert night("2019-09-04 04:30", **hours) is None
    assert night("2019-09-04 23:00", **hours) is None


@given(st.datetimes(pd.Timestamp("2000-01-01"), pd.Timestamp("2030-01-01")), st.times(), st.times())
def test_a_moment_is_either_in_a_night_or_in_the_day_between(moment, begins, ends):
    begins, ends = begins.replace(microsecond=0), ends.replace(microsecond=0)
    if begins != ends:
        is_night = night(moment, begins=begins, ends=ends) is not None
        assert is_night != (night(moment, begins=ends, ends=begins) is not None)


def test_rows_that_share_an_index_are_told_apart_by_night():
    moments = pd.to_datetime(pd.Series(["2019-09-04 23:00", "2019-09-04 12:00"], index=[0, 0]))
    found = night_of(moments, pd.Series([True, True], index=[0, 0]))
    assert found.notna().tolist() == [True, False]


def test_a_holiday_holds_its_first_and_its_last_day():
    days = pd.to_datetime(pd.Series(["2019-09-12", "2019-09-13", "2019-09-15", "2019-09-16"]))
    assert on_holidays(days, HOLIDAYS)["Mid-Autumn"].tolist() == [False, True, True, False]


def test_a_day_may_lie_in_two_holidays():
    both = {**HOLIDAYS, "Week": (date(2019, 9, 30), date(2019, 10, 6))}
    found = on_holidays(pd.Series([pd.Timestamp("2019-10-01 09:00")], index=["visit"]), both)
    assert found.loc["visit"].to_dict() == {"Mid-Autumn": False, "National Day": True, "Week": True}


def test_an_unknown_day_lies_in_no_holiday():
    assert not on_holidays(pd.Series([pd.NaT], dtype="datetime64[s]"), HOLIDAYS).any(axis=None)


def test_without_holidays_there_are_no_columns():
    days = pd.Series([pd.Timestamp("2019-10-01")], index=["visit"])
    assert on_holidays(days, {}).shape == (1, 0)


def test_a_holiday_that_ends_before_it_begins_is_refused():
    with pytest.raises(WrongValueError, match="'Week': from 2019-10-07 to 2019-10-01"):
        on_holidays(pd.Series([pd.NaT]), {"Week": (date(2019, 10, 7), date(2019, 10, 1))})


def test_moments_with_a_time_zone_have_no_night():
    moments = pd.Series([pd.Timestamp("2019-10-01", tz="UTC")], name="visited_at")
    with pytest.raises(WrongValueError, match="visited_at: give local days"):
        night_of(moments, pd.Series([True]))
