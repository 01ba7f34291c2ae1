from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers import dates, fields
from data.importers.date_columns import DistinctDates, Setting, Years, read_dates

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023-05-08", "2023-05-08"),
        ("2023年5月8日", "2023-05-08"),
        ("2023年05月08号", "2023-05-08"),
        ("2023 年 5 月 8 日", "2023-05-08"),
        ("2023/5/8", "2023-05-08"),
        ("2023.5.8", "2023-05-08"),
        ("2023．５．８", "2023-05-08"),
        ("20230508", "2023-05-08"),
        ("２０２３年５月８日", "2023-05-08"),
        ("二〇二三年五月二十八日", "2023-05-28"),
        ("2023年5月8日（星期一）", "2023-05-08"),
        ("\u200f2023-05-08\u200e", "2023-05-08"),
        ("43586", "2019-05-01"),
        ("43586.75", "2019-05-01T18:00:00"),
        ("2023-05-08 16:20", "2023-05-08T16:20:00"),
        ("2023-5-8T6:20:30", "2023-05-08T06:20:30"),
        ("2023年5月8日16时20分", "2023-05-08T16:20:00"),
        ("2023年5月8日 16时", "2023-05-08T16:00:00"),
        ("2023.5.8 下午4点半", "2023-05-08T16:30:00"),
        ("2023.5.8 下午4：20", "2023-05-08T16:20:00"),
        ("2023/5/8 上午 9:05", "2023-05-08T09:05:00"),
        ("2023/5/8 下午12:30", "2023-05-08T12:30:00"),
        ("2023/5/8 中午12点", "2023-05-08T12:00:00"),
        ("2023/5/8 凌晨12:30", "2023-05-08T00:30:00"),
        ("2023/5/8 晚上8点", "2023-05-08T20:00:00"),
        ("2023/5/8 4:20 PM", "2023-05-08T16:20:00"),
        ("2023/5/8 12:20 AM", "2023-05-08T00:20:00"),
        ("202305081620", "2023-05-08T16:20:00"),
        ("2020-02-29", "2020-02-29"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, read: str) -> None:
    assert dates.iso(written) == read


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2023年2月30日", "has a day 30, where 2023-02 has 28 days"),
        ("2019-02-29", "has a day 29"),
        ("2023-13-01", "has a month 13"),
        ("20231301", "has a month 13"),
        ("2023-05-08 25:00", "which no clock shows"),
        ("2023-05-08 24:00", "which no clock shows"),
        ("23年5月8日", "a year of two digits"),
        ("23.5.8", "a year of two digits"),
        ("5/8/2023", "has the year last"),
        ("2023年5月", "has no day"),
        ("2023.5", "has no day"),
        ("202305", "has no day"),
        ("2023年", "has a year only"),
        ("2023", "has a year only"),
        ("8日", "only part of a date"),
        ("5月", "only part of a date"),
        ("5月8日", "has no year"),
        ("0999-01-01", "not between 1800 and 2200"),
        ("2023-05-08 上午12:30", "is not clear"),
        ("2023.5.8-5.10", "is not a date"),
        ("2023年5月8日、9日", "is not a date"),
        ("整改中", "is not a date"),
        ("", "is not a date"),
        ("1234567", "is not a date"),
        ("20195", "is not a date"),
    ],
)
def test_what_is_no_clear_date_says_why(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        dates.iso(written)


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2019年5月31日前", date(2019, 5, 31)),
        ("2019年2月底前", date(2019, 2, 28)),
        ("2019.6.1之前", date(2019, 6, 1)),
        ("2019-06-01", date(2019, 6, 1)),
    ],
)
def test_a_deadline_may_say_before(written: str, last: date) -> None:
    assert fields.deadline(written, ZONE) == last


SHAPES = ["{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}{m:02}{d:02}"]
WIDTHS = [{}, str.maketrans("0123456789", "０１２３４５６７８９")]
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@given(DAYS, st.sampled_from(SHAPES), st.sampled_from(WIDTHS))
def test_every_day_comes_back_from_every_shape(
    day: date, shape: str, width: dict[int, int]
) -> None:
    written = shape.format(y=day.year, m=day.month, d=day.day).translate(width)
    assert dates.iso(f"\u200e {written}\u3000") == str(day)


@given(st.integers(25_569, 73_050), st.integers(0, 1439))
def test_every_serial_number_is_its_day_and_minute(days: int, minute: int) -> None:
    found = dates.iso(f"{days + minute / 1440:.10f}")
    expected = datetime(1899, 12, 30) + timedelta(days=days, minutes=minute)  # noqa: DTZ001
    assert datetime.fromisoformat(found) == expected


NOISE = st.text(
    alphabet="0123456789０９年月日号时分点上下午:：-/.、 \u200f\0\u3000T底前Zx", max_size=20
)


@given(NOISE, st.none() | st.integers(1990, 2030))
def test_any_text_is_a_date_or_a_wrong_value(text: str, year: int | None) -> None:
    try:
        found = dates.iso(dates.with_year(text, year))
    except ValueError:
        return
    assert datetime.fromisoformat(found).year in dates.YEARS


def read(*texts: str, years: Years | None = None, rule: fields.Rule = fields.day) -> DistinctDates:
    distinct = np.array(texts, dtype=object)
    return read_dates(distinct, rule, Setting(ZONE, years or Years()))


def test_the_year_asked_for_comes_first() -> None:
    found = read("5月8日", "2018-01-01", years=Years(2019, ("2020年台账",)))
    assert found.values[0] == pd.Timestamp("2019-05-08")
    assert found.remarks[0].message == "1 different dates without a year are of 2019, as asked"


@pytest.mark.parametrize("stated", ["郑州市２０１９年隐患台账", "台账20190531.xlsx", "2019.csv"])
def test_the_year_may_stand_in_the_title_or_the_name(stated: str) -> None:
    found = read("5.18", years=Years(None, (stated,)))
    assert found.values[0] == pd.Timestamp("2019-05-18")
    assert "the year in" in found.remarks[0].message


def test_the_other_dates_of_the_column_may_tell_the_year() -> None:
    found = read("5月8日", "2019-05-09", "2019年6月1日")
    assert found.values[0] == pd.Timestamp("2019-05-08")
    assert "its other dates" in found.remarks[0].message


def test_dates_of_two_years_tell_none() -> None:
    found = read("5月8日", "2018-12-30", "2019-01-02", years=Years(None, ("2018-2019年度",)))
    assert "name the year" in found.reasons[0]


def test_a_number_that_may_have_lost_a_zero_is_refused() -> None:
    found = read("5.1", "5.4", "2.3", years=Years(2019))
    assert found.reasons == {0: "may be 5月1日 or 5月10日: a number drops its last zero"}
    assert found.values[1:].tolist() == [pd.Timestamp("2019-05-04"), pd.Timestamp("2019-02-03")]


def test_a_column_that_keeps_its_zeros_is_text() -> None:
    found = read("5.1", "5.10", years=Years(2019))
    assert found.values.tolist() == [pd.Timestamp("2019-05-01"), pd.Timestamp("2019-05-10")]


def test_numbers_read_as_dates_are_told() -> None:
    assert read("43586").remarks[0].message.endswith("43586 is 2019-05-01")


def test_a_workbook_of_an_old_mac_counts_from_1904() -> None:
    distinct = np.array(["42124"], dtype=object)
    found = read_dates(distinct, fields.day, Setting(ZONE, since_1904=True))
    assert found.values[0] == pd.Timestamp("2019-05-01")


def test_a_time_in_words_is_a_time_of_day() -> None:
    found = read("2019年5月8日晚上8点", "2019年5月8日", "2019-05-08 20:00", rule=fields.moment)
    assert found.has_time.tolist() == [True, False, True]
    assert found.values[0] == found.values[2] == pd.Timestamp("2019-05-08 20:00", tz=ZONE)


def test_days_exported_with_midnights_are_days() -> None:
    found = read("2019-05-08 00:00:00", "2019-05-09 00:00:00", rule=fields.moment)
    assert found.has_time.tolist() == [False, False]
    assert [remark.code for remark in found.remarks] == ["midnights"]


def test_an_hour_that_the_clock_repeats_is_the_first() -> None:
    found = read("1991-09-15 00:30", rule=fields.moment)
    assert found.values[0] == pd.Timestamp(datetime(1991, 9, 15, 0, 30, tzinfo=ZONE))


@given(st.lists(NOISE | st.dates().map(str), min_size=1, unique=True))
def test_each_text_of_a_column_is_a_date_or_refused(texts: list[str]) -> None:
    found = read(*texts, rule=fields.moment, years=Years(2019))
    assert set(np.flatnonzero(found.values.isna())) == set(found.reasons)
