"""How the text of one cell is read; what cannot be read says why, with `ValueError`."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

Rule = Callable[[str, ZoneInfo], Any]
"""Text that is not blank, and the city's time zone, to a value."""

LONGEST_CODE = 200
"""What every index can hold, in any script."""

DAMAGED = re.compile(r"[\0\ud800-\udfff]")
"""NUL and halves of surrogate pairs: no store keeps them, and no one wrote them."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|[+-]\d{2}:?\d{2})?"
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_WHOLE = re.compile(r"[+-]?\d{1,18}(\.0+)?")
_MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?")
_YEARS = range(1800, 2201)
_FLAGS = {"true": True, "yes": True, "1": True, "是": True, "有": True} | {
    "false": False,
    "no": False,
    "0": False,
    "否": False,
    "无": False,
}


def unfit(value: str) -> str | None:
    """Return why the store cannot keep `value` as text, if it cannot."""
    if not DAMAGED.search(value):
        return None
    return "holds a NUL character" if "\0" in value else "holds half a character"


def plain(word: str) -> str:
    """Return a heading or a word without the differences that mean nothing."""
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())


def text(value: str, _zone: ZoneInfo) -> str:
    """Keep text as it stands."""
    return value


def code(value: str, _zone: ZoneInfo) -> str:
    """Take off the blanks around a code and nothing else."""
    stripped = value.strip()
    if len(stripped) > LONGEST_CODE:
        raise ValueError(f"is longer than {LONGEST_CODE} characters")
    return stripped


def number(lowest: float = -math.inf, highest: float = math.inf) -> Rule:
    """Return the rule of a finite decimal number in a range."""

    def read(value: str, _zone: ZoneInfo) -> float:
        if not _NUMBER.fullmatch(value.strip()):
            raise ValueError("is not a number")
        found = float(value)
        if not math.isfinite(found):
            raise ValueError("is too large")
        if not lowest <= found <= highest:
            raise ValueError(f"is not between {lowest} and {highest}")
        return found

    return read


def whole(lowest: int) -> Rule:
    """Return the rule of a whole number from `lowest` to what four bytes hold."""

    def read(value: str, _zone: ZoneInfo) -> int:
        if not _WHOLE.fullmatch(value.strip()):
            raise ValueError("is not a whole number")
        found = int(value.split(".")[0])
        if not lowest <= found < 2**31:
            raise ValueError(f"is not between {lowest} and {2**31 - 1}")
        return found

    return read


def money(value: str, _zone: ZoneInfo) -> str:
    """Read yuan and fen, kept as decimal digits because a float would round them."""
    if not _MONEY.fullmatch(value.strip()):
        raise ValueError("is not an amount in yuan with at most two decimals")
    return str(Decimal(value.strip()))


def day(value: str, _zone: ZoneInfo) -> date:
    """Read a date written 2019-05-31."""
    if not _DAY.fullmatch(value.strip()):
        raise ValueError("is not a date like 2019-05-31")
    return _in_range(date.fromisoformat(value.strip()))


def moment(value: str, zone: ZoneInfo) -> datetime:
    """Read a date or a moment, by the city's clock unless it names its own offset."""
    stripped = value.strip()
    if _DAY.fullmatch(stripped):
        found = datetime.fromisoformat(f"{stripped}T00:00")
    elif parts := _MOMENT.fullmatch(stripped):
        found = datetime.fromisoformat(f"{parts[1]}T{parts[2]}{parts[3] or ''}")
    else:
        raise ValueError("is not a date or time like 2019-05-31 or 2019-05-31 16:20")
    _in_range(found.date())
    return found if found.tzinfo else found.replace(tzinfo=zone)


def has_time(value: str) -> bool:
    """Tell whether the text of a moment names a time of day."""
    return ":" in value


def flag(value: str, _zone: ZoneInfo) -> bool:
    """Read yes or no."""
    try:
        return _FLAGS[plain(value)]
    except KeyError:
        raise ValueError("is neither yes nor no") from None


def word(words: Mapping[str, tuple[str, ...]]) -> Rule:
    """Return the rule of a word from a fixed list or one of its other names."""
    known = {plain(alias): name for name, aliases in words.items() for alias in (name, *aliases)}

    def read(value: str, _zone: ZoneInfo) -> str:
        try:
            return known[plain(value)]
        except KeyError:
            raise ValueError(f"is none of {', '.join(words)}") from None

    return read


def _in_range(found: date) -> date:
    if found.year not in _YEARS:
        raise ValueError(f"is not between {_YEARS.start} and {_YEARS.stop - 1}")
    return found
