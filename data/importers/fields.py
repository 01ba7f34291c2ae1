"""How the text of one cell is read; what cannot be read says why, with `ValueError`."""

import math
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from data.importers import dates
from data.importers.counts import exact_count
from data.importers.numerals import visible

Rule = Callable[[str, ZoneInfo], Any]
"""Text that is not blank, and the city's time zone, to a value."""

LONGEST_CODE = 200
"""What every index can hold, in any script."""

DAMAGED = re.compile(r"[\0\ud800-\udfff]")
"""NUL and halves of surrogate pairs: no store keeps them, and no one wrote them."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_LONGEST_AMOUNT = 24
_MONEY = re.compile(r"((?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d+)?)(元|万元?)?")
_BEFORE = re.compile(r"(?:之前|以前|前)$")
_END_OF_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?底")
_BESIDE_CHINESE = re.compile(r"(?<=[^\0-\x7f])_|_(?=[^\0-\x7f])")
_YES = ("true", "yes", "y", "1", "是", "有", "√", "✓", "✔", "已签", "已签字")
_NO = ("false", "no", "n", "0", "否", "无", "×", "x", "未签", "未签字")


def unfit(value: str) -> str | None:
    """Return why the store cannot keep `value` as text, if it cannot."""
    if not DAMAGED.search(value):
        return None
    return "holds a NUL character" if "\0" in value else "holds half a character"


def plain(word: str) -> str:
    """Return a word without the differences that mean nothing."""
    shown = visible(unicodedata.normalize("NFKC", word)).strip().casefold()
    return _BESIDE_CHINESE.sub("", re.sub(r"[\s_-]+", "_", shown))


def text(value: str, _zone: ZoneInfo) -> str:
    """Keep text as it stands."""
    return value


def code(value: str, _zone: ZoneInfo) -> str:
    """Take off the blanks around a code and nothing else."""
    stripped = value.strip()
    if len(stripped) > LONGEST_CODE:
        raise ValueError(f"is longer than {LONGEST_CODE} characters")
    return stripped


def sha256(value: str, _zone: ZoneInfo) -> str:
    """Read the SHA-256 of a file."""
    digits = value.strip().lower()
    if not _SHA256.fullmatch(digits):
        raise ValueError("is not a SHA-256 of 64 hexadecimal digits")
    return digits


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


def whole(lowest: int, words: tuple[str, ...] = ()) -> Rule:
    """Return the rule of a whole number from `lowest` to what four bytes hold.

    `words` may follow it: those that count what the column counts.
    """

    def read(value: str, _zone: ZoneInfo) -> int:
        found = exact_count(value, words)
        if not lowest <= found < 2**31:
            raise ValueError(f"is not between {lowest} and {2**31 - 1}")
        return found

    return read


def money(value: str, _zone: ZoneInfo) -> str:
    """Read yuan and fen, kept as decimal digits because a float would round them."""
    return _yuan(value, 1)


def money_of_10_000(value: str, _zone: ZoneInfo) -> str:
    """Read an amount under a heading that says 万元; a cell may name its own unit."""
    return _yuan(value, 10_000)


def _yuan(value: str, usual: int) -> str:
    plain_value = re.sub(r"[\s¥￥]", "", visible(unicodedata.normalize("NFKC", value)))
    found = _MONEY.fullmatch(plain_value) if len(plain_value) <= _LONGEST_AMOUNT else None
    if found is None:
        raise ValueError("is not an amount in yuan with at most two decimals")
    times = {"": usual, "元": 1, "万": 10_000, "万元": 10_000}[found[2] or ""]
    amount = Decimal(found[1].replace(",", "")) * times
    if amount != round(amount, 2) or amount >= 10**12:
        raise ValueError("is not an amount in yuan with at most two decimals")
    written = amount.normalize() if amount == amount.to_integral() else amount
    return f"{written:f}"


def day(value: str, _zone: ZoneInfo) -> date:
    """Read a date, and of a moment its date."""
    return date.fromisoformat(dates.iso(value)[:10])


def deadline(value: str, zone: ZoneInfo) -> date:
    """Read the last day that is left: 2019-05-31, 2019年5月31日前, 2019年5月底前."""
    bare = _BEFORE.sub("", dates.simplified(value))
    if month := _END_OF_MONTH.fullmatch(bare):
        year, number = int(month[1]), int(month[2])
        last = monthrange(year, number)[1] if 1 <= number <= 12 else 31
        bare = f"{year}-{number}-{last}"
    return day(bare, zone)


def moment(value: str, zone: ZoneInfo) -> datetime:
    """Read a date or a moment, by the city's clock unless it names its own offset."""
    found = datetime.fromisoformat(dates.iso(value))
    return found if found.tzinfo else found.replace(tzinfo=zone)


def flag(value: str, _zone: ZoneInfo) -> bool:
    """Read yes or no."""
    said = plain(value)
    if said not in (*_YES, *_NO):
        raise ValueError("is neither yes nor no")
    return said in _YES


def word(words: Mapping[str, tuple[str, ...]], strangers: Mapping[str, str] | None = None) -> Rule:
    """Return the rule of a word from a fixed list or one of its other names.

    `strangers` are words of other columns, and why they are none of this one.
    """
    known = {plain(alias): name for name, aliases in words.items() for alias in (name, *aliases)}
    foreign = {plain(alias): reason for alias, reason in (strangers or {}).items()}

    def read(value: str, _zone: ZoneInfo) -> str:
        said = plain(value)
        if said in known:
            return known[said]
        raise ValueError(foreign.get(said, f"is none of {', '.join(words)}"))

    return read
