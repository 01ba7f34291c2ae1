from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.importers import fields, vocabulary
from data.importers.fields import Rule
from data.importers.vocabulary import LEVELS, RISKS
from data.models import LEVELS as STORED_LEVELS
from data.models import RISKS as STORED_RISKS
from data.models.rectifications import CAUSES, STATES

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (fields.text, " kept ", " kept "),
        (fields.code, " u1\t", "u1"),
        (fields.number(), " -1.5e2 ", -150.0),
        (fields.whole(1), "3.0", 3),
        (fields.whole(1), "１,２34", 1234),
        (fields.money, "12.5", "12.5"),
        (fields.money, "￥3,000元", "3000"),
        (fields.money, "386.49万元", "3864900"),
        (fields.money_of_10_000, "1.2", "12000"),
        (fields.money_of_10_000, "500元", "500"),
        (fields.day, "2019-05-31", date(2019, 5, 31)),
        (fields.moment, "2019-05-31", datetime(2019, 5, 30, 16, tzinfo=UTC)),
        (
            fields.moment,
            "2019-05-31T16:20:30.5+0800",
            datetime(2019, 5, 31, 8, 20, 30, 500000, UTC),
        ),
        (fields.flag, "是", True),
        (fields.flag, "No", False),
        (fields.word(LEVELS), "重大 隐患".replace(" ", ""), "major"),
        (fields.word(RISKS), "MAJOR", "major"),
    ],
)
def test_a_cell_is_read(rule: Rule, value: str, expected: Any) -> None:
    assert rule(value, ZONE) == expected


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        (fields.number(), "1,234", "not a number"),
        (fields.number(), "inf", "not a number"),
        (fields.number(0, 1), "2", "not between 0 and 1"),
        (fields.whole(0), "1.5", "not a whole number"),
        (fields.whole(0), str(2**31), "not between"),
        (fields.money, "-5", "amount in yuan"),
        (fields.money, "1.234", "amount in yuan"),
        (fields.money, "1,23", "amount in yuan"),
        (fields.money, "1" + ",000" * 20, "amount in yuan"),
        (fields.whole(1), "9" * 10**6, "not a whole number"),
        (fields.money, "9" * 12 + "万", "amount in yuan"),
        (fields.day, "2019-13-01", "has a month 13"),
        (fields.day, "0999-01-01", "not between 1800 and 2200"),
        (fields.moment, "yesterday", "not a date"),
        (fields.moment, "2019-05-31 25:00", "has a time 25:00:00"),
        (fields.flag, "maybe", "neither yes nor no"),
        (fields.word(LEVELS), "severe", "none of general, larger, major"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(rule: Rule, value: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        rule(value, ZONE)


def test_a_moment_keeps_the_offset_it_names() -> None:
    assert fields.moment("2019-05-31 16:20 Z", ZONE).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        (vocabulary.LEVELS, STORED_LEVELS),
        (vocabulary.RISKS, STORED_RISKS),
        (vocabulary.STATES, STATES),
        (vocabulary.CAUSES, CAUSES),
    ],
)
def test_every_word_of_the_store_can_be_imported(
    words: dict[str, tuple[str, ...]], stored: tuple[str, ...]
) -> None:
    assert tuple(words) == stored
