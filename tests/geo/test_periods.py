from datetime import UTC, date, datetime

import pytest

from geo.errors import WrongValueError
from geo.periods import Period

SHANGHAI = "Asia/Shanghai"


def test_a_date_ends_at_midnight_of_the_city():
    period = Period(date(2019, 10, 31), 30, SHANGHAI)
    assert period.end == datetime(2019, 10, 31, 16, tzinfo=UTC)


def test_a_window_of_one_day_is_the_day_itself():
    period = Period(date(2019, 10, 31), 1, SHANGHAI)
    assert period.start == datetime(2019, 10, 30, 16, tzinfo=UTC)


def test_a_window_of_thirty_days_begins_twenty_nine_days_before():
    period = Period(date(2019, 10, 31), 30, SHANGHAI)
    assert period.start.date() == date(2019, 10, 2)


def test_a_moment_means_itself_and_its_local_day():
    moment = datetime(2019, 10, 31, 17, tzinfo=UTC)
    period = Period(moment, 1, SHANGHAI)
    assert (period.day, period.end) == (date(2019, 11, 1), moment)


def test_days_begin_by_the_clock_also_when_it_changes():
    period = Period(date(2014, 3, 9), 1, "America/Chicago")  # 23 hours long
    assert (period.end.astimezone(UTC) - period.start.astimezone(UTC)).seconds == 23 * 3600


@pytest.mark.parametrize(
    ("as_of", "window_days", "timezone", "reason"),
    [
        (date(2019, 1, 1), 0, SHANGHAI, "window: 0 days"),
        (datetime(2019, 1, 1), 1, SHANGHAI, "has no time zone"),  # noqa: DTZ001 - what is refused
        (date(2019, 1, 1), 1, "Zhengzhou", "not an IANA name"),
        (date(2019, 1, 1), 1, "/etc/passwd", "not an IANA name"),
    ],
)
def test_what_is_no_period_is_refused(as_of, window_days, timezone, reason):
    with pytest.raises(WrongValueError, match=reason):
        Period(as_of, window_days, timezone)
