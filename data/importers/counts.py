"""How many, as people write it: 12, 1,234, 三十二, 1.2万, 12处, 280余."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from data.importers.numerals import NUMERALS, chinese_number, visible

Bound = Literal["exact", "at least", "at most", "about"]

LONGEST = 40
"""Characters of the longest number that anyone means."""

COUNTING_WORDS = (
    *("家次", "户次", "人次", "班次", "处", "项", "个", "条", "起", "件", "点", "类", "家", "户"),
    *("盏", "根", "基", "段", "座", "台", "人", "名", "组", "次", "支"),
)
"""Words that count things; longer ones first."""

HAZARD_WORDS = ("处", "项", "个", "条", "起", "件", "点")
PERSON_WORDS = ("人", "名", "个")

_COUNT = re.compile(
    r"(?P<before>大约|约|将近|接近|近|超过|超|逾|多于|至少|不少于|不低于|不足|不到|至多|不超过|[≥>≤<])?"
    rf"(?:(?P<digits>[+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?P<unit>[千万亿])?|"
    rf"(?P<numeral>[{NUMERALS}]+))"
    r"(?P<after>余|多|来|以上|以下|左右|上下|\+)?"
    rf"(?P<word>{'|'.join(COUNTING_WORDS)})?"
    r"(?P<last>以上|以下|左右|上下)?"
)
_UNITS = {"千": 1_000, "万": 10_000, "亿": 100_000_000}
_MARKS: dict[str, tuple[Bound, int]] = {
    **dict.fromkeys(("余", "多", "+", "超过", "超", "逾", "多于", ">"), ("at least", 1)),
    **dict.fromkeys(("以上", "至少", "不少于", "不低于", "≥"), ("at least", 0)),
    **dict.fromkeys(("不足", "不到", "<"), ("at most", -1)),
    **dict.fromkeys(("以下", "至多", "不超过", "≤"), ("at most", 0)),
    **dict.fromkeys(("大约", "约", "将近", "接近", "近", "来", "左右", "上下"), ("about", 0)),
}


@dataclass(frozen=True)
class Count:
    """A number of things.

    Attributes
    ----------
    value
        The number, or its bound: of 280余 it is 281, because 余 means more.
    bound
        What the number is; of 近5万 it is 'about'.
    word
        The word that counts: 处 of 12处.
    """

    value: int
    bound: Bound = "exact"
    word: str | None = None

    def __str__(self) -> str:
        """Write a bound as one: ≥ 281."""
        marks = {"exact": "", "at least": "≥ ", "at most": "≤ ", "about": "about "}
        return f"{marks[self.bound]}{self.value}"


def read_count(text: str) -> Count:
    """Read how many there are.

    Raises
    ------
    ValueError
        When it is not a whole number, or marked in two ways.
    """
    plain = re.sub(r"\s+", "", visible(unicodedata.normalize("NFKC", text)))
    found = _COUNT.fullmatch(plain) if len(plain) <= LONGEST else None
    if found is None:
        raise ValueError("is not a whole number")
    if found["numeral"]:
        value = chinese_number(found["numeral"])
    else:
        exact = Decimal(found["digits"].replace(",", "")) * _UNITS.get(found["unit"] or "", 1)
        if exact != int(exact):
            raise ValueError("is not a whole number")
        value = int(exact)
    marks = {_MARKS[one] for one in (found["before"], found["after"], found["last"]) if one}
    if len(marks) > 1:
        raise ValueError("is not a clear number")
    bound, more = marks.pop() if marks else ("exact", 0)
    return Count(value + more, bound, found["word"])


def exact_count(text: str, words: tuple[str, ...]) -> int:
    """Read the number of one row, which is no bound and counts what the column counts.

    Raises
    ------
    ValueError
        Saying what else it is.
    """
    count = read_count(text)
    if count.bound != "exact":
        raise ValueError(f"is not exact ({count}): a row counts one by one")
    if count.word and count.word not in words:
        raise ValueError(f"counts {count.word}, the column counts {'/'.join(words) or 'nothing'}")
    return count.value


def counting_word(text: str) -> str | None:
    """Return the word that counts in `text`, if it has one."""
    try:
        return read_count(text).word
    except ValueError:
        return None
