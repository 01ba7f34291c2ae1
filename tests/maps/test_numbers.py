import pytest

from maps.numbers import named, shown


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (126113, "count", "126,113"),
        (0.8561, "share", "85.6%"),
        (268.6, "metres", "269\u00a0m"),
        (12_340, "metres", "12.3\u00a0km"),
        (10_000, "metres", "10\u00a0km"),
        (97.25, "tenths", "97.2"),
        (1.5, "hundredths", "1.50"),
        (1234.5, "decimal", "1,234.5"),
        (186.0, "decimal", "186"),
        (0.0004, "p", "< 0.001"),
        (0.0123, "p", "0.012"),
        (True, "yes_no", "是"),
        (False, "yes_no", "否"),
        ("2019-08-31", "text", "2019-08-31"),
        (3, "countdown", "还有 3 天"),
        (-2, "countdown", "逾期 2 天"),
    ],
)
def test_a_figure_is_written_as_people_read_it(value, form, text):
    assert shown(value, form, "zh") == text


@pytest.mark.parametrize("form", ["count", "share", "word", "yes_no"])
def test_unknown_is_a_word_and_never_0(form):
    assert shown(None, form, "zh", "cause") == "未知"
    assert shown(None, form, "en", "cause") == "unknown"


def test_a_word_of_a_list_is_translated_and_any_other_stays():
    assert shown("no_power", "word", "zh", "cause") == "无电源"
    assert named("cause", "{7*7}", "en") == "{7*7}"
