import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers.counts import COUNTING_WORDS, Count, exact_count, read_count
from data.importers.numerals import chinese_number


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("12", Count(12)),
        ("12.0", Count(12)),
        ("１２", Count(12)),
        ("1,234", Count(1234)),
        ("1，234", Count(1234)),
        ("1.2万", Count(12_000)),
        ("3千", Count(3_000)),
        ("三十二", Count(32)),
        ("十二处", Count(12, word="处")),
        ("12处", Count(12, word="处")),
        ("12 盏", Count(12, word="盏")),
        ("122302家次", Count(122_302, word="家次")),
        ("280余", Count(281, "at least")),
        ("280余处", Count(281, "at least", "处")),
        ("280多", Count(281, "at least")),
        ("280+", Count(281, "at least")),
        ("超过280", Count(281, "at least")),
        ("280处以上", Count(280, "at least", "处")),
        ("≥280", Count(280, "at least")),
        ("不足300", Count(299, "at most")),
        ("约280", Count(280, "about")),
        ("近5万盏", Count(50_000, "about", "盏")),
        ("5万余盏", Count(50_001, "at least", "盏")),
        ("\u200e12\u200f", Count(12)),
    ],
)
def test_a_number_is_read_as_people_write_it(written: str, count: Count) -> None:
    assert read_count(written) == count


@pytest.mark.parametrize(
    "written", ["", "1.5", "1.23456万", "1,23", "若干", "十十", "12-15", "约280余", "处", "12\0"]
)
def test_what_is_no_whole_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        read_count(written)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("280余", r"is not exact \(≥ 281\)"),
        ("约280", r"is not exact \(about 280\)"),
        ("12盏", "counts 盏, the column counts 处/项"),
    ],
)
def test_a_row_counts_exactly_and_in_its_own_word(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        exact_count(written, ("处", "项"))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("零", 0),
        ("十", 10),
        ("二十", 20),
        ("一百零五", 105),
        ("一百五", 150),
        ("两千零一十九", 2019),
        ("二〇一九", 2019),
        ("一万二", 12_000),
        ("一万零二", 10_002),
        ("二十八万六千", 286_000),
        ("三亿五千万", 350_000_000),
        ("壹拾贰", 12),
    ],
)
def test_a_chinese_numeral_is_read(written: str, number: int) -> None:
    assert chinese_number(written) == number


@pytest.mark.parametrize("written", ["", "百百", "一二十", "万", "万万", "零十", "甲"])
def test_what_is_no_chinese_numeral_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        chinese_number(written)


def in_chinese(number: int) -> str:
    """Write a number the long way: 10203 is 一万零二百零三."""
    for unit, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return in_chinese(high) + word + gap + (in_chinese(low) if low else "")
    return "零一二三四五六七八九"[number]


@given(st.integers(0, 10**12 - 1))
def test_every_number_comes_back_from_its_numeral(number: int) -> None:
    assert chinese_number(in_chinese(number)) == number


@given(st.integers(0, 10**9), st.sampled_from(["", *COUNTING_WORDS]))
def test_every_count_comes_back_with_its_word(number: int, word: str) -> None:
    found = read_count(f"{number:,}{word}")
    assert (found.value, found.word or "") == (number, word)


@given(st.text(alphabet="0123456789０９.,，十百千万亿一二余多约近处盏家次+-\u200f\0 ", max_size=12))
def test_any_text_is_a_count_or_a_wrong_value(text: str) -> None:
    try:
        found = read_count(text)
    except ValueError:
        return
    assert isinstance(found.value, int)
