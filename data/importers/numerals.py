"""Numbers in Chinese numerals, and text without what cannot be seen."""

import re

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Marks of direction and of no width, as a class of a regular expression."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_DIGITS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

NUMERALS = "".join([*_DIGITS, *_SMALL, *_LARGE])


def visible(text: str) -> str:
    """Return text without marks of direction and of no width."""
    return _INVISIBLE.sub("", text)


def chinese_number(text: str) -> int:
    """Return the number that 三十二, 一万二千 or 二〇一九 is.

    Raises
    ------
    ValueError
        When it is none.
    """
    if not text or any(one not in NUMERALS for one in text):
        raise ValueError("is not a number")
    if not any(one in _SMALL or one in _LARGE for one in text):
        return int("".join(str(_DIGITS[one]) for one in text))
    return _whole(text, "亿")


def _whole(text: str, unit: str) -> int:
    """Return a number as what stands before its largest unit and what stands after it."""
    before, found, after = text.rpartition(unit)
    below = {"亿": "万", "万": ""}[unit]
    value_after = _whole(after, below) if below else _thousands(after)
    if not found:
        return value_after
    high = _whole(before, below) if below else _thousands(before)
    if high == 0 or value_after >= _LARGE[unit]:
        raise ValueError("is not a number")
    # 一万二 is 12,000: a digit alone after a unit counts the next smaller one.
    if len(after) == 1 and after in _DIGITS and _DIGITS[after]:
        value_after *= _LARGE[unit] // 10
    return high * _LARGE[unit] + value_after


def _thousands(text: str) -> int:
    """Return a number below ten thousand."""
    total, digit, last = 0, None, 10_000
    for one in text:
        if one in _DIGITS:
            if digit:
                raise ValueError("is not a number")
            digit = _DIGITS[one]
            continue
        unit = _SMALL.get(one, last)
        if unit >= last or digit == 0:
            raise ValueError("is not a number")
        total, digit, last = total + (digit or 1) * unit, None, unit
    shortened = digit and last in (100, 1000) and text[-2] in _SMALL
    return total + (digit or 0) * (last // 10 if shortened else 1)
