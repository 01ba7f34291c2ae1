"""Dates and times of day as people write them, as ISO text; what is no date says why."""

import calendar
import re
import unicodedata
from datetime import date, datetime, timedelta

from data.importers.numerals import chinese_number, visible

YEARS = range(1800, 2201)

_SERIAL = re.compile(r"([1-9]\d{4})(?:\.(\d+))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?: ?(\d{2}):?(\d{2})(?::?(\d{2}))?)?")
# Of all that repeats so much and no more, for a cell may hold a million of it.
_WEEKDAY = re.compile(r"[( ]{0,9}(?:星期|周|礼拜)[一二三四五六日天][) ]{0,9}")
_NUMERAL = re.compile(r"[〇○零一二三四五六七八九十]{1,9}(?=[年月日号时点分])")
_DAY = re.compile(
    r"(?:(?P<year>\d{4}) ?[-/.年] ?)?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2}) ?[日号]?"
)
_TIME = re.compile(
    r"(?P<part>上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|晚|夜间|am|pm)? ?(?P<hour>\d{1,2})"
    r"(?:(?:[:时点](?P<minute>\d{1,2})|[时点](?P<half>半)?)"
    r"(?:分|[:分](?P<second>\d{1,2})(?P<fraction>\.\d{1,6})?秒?)?)"
    r" ?(?P<after>am|pm)? ?(?P<offset>z|[+-]\d{2}:?\d{2})?"
)
_MONTH_END = re.compile(r"\d{1,2}月底")
_DROPPED_ZERO = re.compile(r"(\d{1,2})\.([123])")
_TEXT_DAY = re.compile(r"\d{1,2}\.(?:\d0|0\d)")
_WRONG_SHAPES = (
    (r"\d{4}[年-]?", "has a year only"),
    (r"\d{4} ?[-/.年] ?\d{1,2} ?月?(?:份|初|中旬|底)?|\d{6}", "has no day"),
    (r"\d{2} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}日?", "has a year of two digits"),
    (r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", "has the year last: write 2019-05-31"),
    (r"\d{1,2}(?:月份?|日|号)", "is only part of a date"),
)
_MORNING = {"上午", "早上", "早晨", "清晨", "凌晨", "am"}
_NOON = {"中午", "pm"}
_SERIALS = range(25_569, 73_051)
"""From 1970 to 2099: 20195 is a month written short, and no day of 1955."""

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # the clock of a sheet has no zone


def iso(text: str) -> str:
    """Return 2019-05-31, or 2019-05-31T16:20:00 (with the offset it names) for a moment.

    Raises
    ------
    ValueError
        Saying why it is no date, or not a clear one.
    """
    plain = simplified(text)
    if serial := _SERIAL.fullmatch(plain):
        return _of_serial(serial[1], serial[2])
    if compact := _COMPACT.fullmatch(plain):
        found, clock = compact.groups()[:3], compact.groups()[3:]
        return _day(*map(int, found)) + (
            _clock(*(int(one or 0) for one in clock)) if clock[0] else ""
        )
    found_day = _DAY.match(plain)
    if found_day is None:
        raise ValueError(_why(plain))
    rest = plain[found_day.end() :].lstrip(" t,").strip()
    clock_text = _time(rest, plain) if rest else ""
    return _dated(found_day) + clock_text


def simplified(text: str) -> str:
    """Return a date in half-width digits, without weekday and what cannot be seen."""
    plain = visible(unicodedata.normalize("NFKC", text)).strip().casefold()
    plain = _NUMERAL.sub(lambda found: str(_in_digits(found[0])), _WEEKDAY.sub(" ", plain))
    return re.sub(r"\s+", " ", plain).strip(" .。")


def lacks_year(text: str) -> bool:
    """Tell whether `text` is a day without a year."""
    plain = simplified(text)
    found = _DAY.match(plain)
    if found is None:
        return _MONTH_END.match(plain) is not None
    return found["year"] is None and not _COMPACT.match(plain) and _starts_a_date(plain)


def with_year(text: str, year: int | None) -> str:
    """Return a date that has no year with `year`, any other as it is."""
    return f"{year}-{simplified(text)}" if year is not None and lacks_year(text) else text


def refuse_dropped_zero(text: str) -> None:
    """Refuse 5.1, which a sheet also makes of 5.10."""
    found = _DROPPED_ZERO.fullmatch(simplified(text))
    if found and found[0] != "2.3":
        month, day = found.groups()
        raise ValueError(
            f"may be {month}月{day}日 or {month}月{day}0日: a number drops its last zero"
        )


def is_serial(text: str) -> bool:
    """Tell whether `text` is a date as a sheet keeps it, the number of days since 1900."""
    found = _SERIAL.fullmatch(simplified(text))
    return found is not None and int(found[1]) in _SERIALS


def from_1904(text: str) -> str:
    """Return the number of days since 1904 as that since 1900."""
    days, dot, fraction = simplified(text).partition(".")
    return f"{int(days) + 1462}{dot}{fraction}"


def keeps_zeros(text: str) -> bool:
    """Tell whether `text` is 5.10 or 5.01, which no number cell shows."""
    return _TEXT_DAY.fullmatch(simplified(text)) is not None


def year_of(text: str) -> int | None:
    """Return the year of a date that has one."""
    try:
        return int(iso(text)[:4])
    except ValueError:
        return None


def _in_digits(numeral: str) -> int | str:
    """Return 二〇二三 as 2023 and 二十八 as 28."""
    if "十" in numeral:
        return chinese_number(numeral)
    return "".join(str("〇一二三四五六七八九".index(one)) for one in re.sub("[○零]", "〇", numeral))


def _starts_a_date(plain: str) -> bool:
    return not any(re.fullmatch(shape, plain) for shape, _ in _WRONG_SHAPES)


def _why(plain: str) -> str:
    for shape, reason in _WRONG_SHAPES:
        if re.fullmatch(shape, plain):
            return reason
    return "is not a date like 2019-05-31 or 2019-05-31 16:20"


def _dated(found: re.Match[str]) -> str:
    if found["year"] is None and not _starts_a_date(found.string):
        raise ValueError(_why(found.string))
    if found["year"] is None:
        raise ValueError("has no year, and nothing in the file says which: name the year")
    return _day(int(found["year"]), int(found["month"]), int(found["day"]))


def _day(year: int, month: int, day: int) -> str:
    if year not in YEARS:
        raise ValueError(f"is not between {YEARS.start} and {YEARS.stop - 1}")
    if not 1 <= month <= 12:
        raise ValueError(f"has a month {month}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"has a day {day}, where {year}-{month:02} has {last} days")
    return date(year, month, day).isoformat()


def _time(rest: str, whole: str) -> str:
    found = _TIME.fullmatch(rest)
    if found is None:
        raise ValueError(_why(whole))
    minute = 30 if found["half"] else int(found["minute"] or 0)
    hour = _hour(int(found["hour"]), (found["part"] or found["after"] or "").strip())
    offset = (found["offset"] or "").upper()
    return _clock(hour, minute, int(found["second"] or 0)) + (found["fraction"] or "") + offset


def _hour(hour: int, part: str) -> int:
    """Return the hour of the day that is called `hour` in a part of it."""
    if not part:
        return hour
    if hour == 12 and part in {"上午", "早上", "早晨", "晚上", "晚", "夜间", "傍晚"}:
        raise ValueError(f"is not clear: {part}12")
    if part in _MORNING:
        return 0 if hour == 12 else hour
    if part in _NOON and hour in (11, 12):
        return hour if part == "中午" else hour % 12 + 12
    return hour + 12 if 1 <= hour < 12 else hour


def _clock(hour: int, minute: int, second: int) -> str:
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"has a time {hour:02}:{minute:02}:{second:02}, which no clock shows")
    return f"T{hour:02}:{minute:02}:{second:02}"


def _of_serial(days: str, fraction: str | None) -> str:
    """Return the date that a sheet keeps as the number of days since 1900."""
    if int(days) not in _SERIALS:
        raise ValueError(_why(days))
    seconds = round(float(f"0.{fraction}") * 86_400) if fraction else 0
    found = _EPOCH + timedelta(days=int(days), seconds=seconds)
    return found.isoformat() if seconds else found.date().isoformat()
