import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importers.identifiers import doubtful, is_credit_code

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def checked(body: str) -> str:
    """Return the first 17 characters with their check character, summed by hand."""
    total = sum(LETTERS.index(letter) * 3**place for place, letter in enumerate(body))
    return body + LETTERS[-total % 31]


@pytest.mark.parametrize(
    ("written", "good"),
    [
        ("91350100M000100Y43", True),
        ("９１350100m000100y43", True),
        (" 91350100M000100Y43 ", True),
        ("91350100M000100Y44", False),
        ("91350100I000100Y43", False),
        ("91350100M000100Y4", False),
        ("410105000012345", False),
        ("9.13501E+17", False),
        ("统一社会信用代码统一社会信用代码统一", False),
        ("", False),
    ],
)
def test_a_credit_code_is_known_by_its_check_character(written: str, good: bool) -> None:  # noqa: FBT001
    assert is_credit_code([written]).tolist() == [good]


@given(st.text(alphabet=LETTERS, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_is_always_seen(body: str, place: int, shift: int) -> None:
    code = checked(body)
    other = LETTERS[(LETTERS.index(code[place]) + shift) % 31]
    assert is_credit_code([code, code[:place] + other + code[place + 1 :]]).tolist() == [
        True,
        False,
    ]


def test_doubtful_codes_are_told_with_their_rows() -> None:
    codes = pd.Series(["91350100M000100Y43", None, "91350100M000100Y44"], index=[2, 3, 4])
    (remark,) = doubtful({"credit_code": codes.astype(object)})
    assert remark.message == "1 credit codes are none by their check character: row 4"


def test_numbers_that_a_sheet_rounded_are_told() -> None:
    phones = pd.Series(["1.38E+10", "13800000000"], index=[2, 3], dtype=object, name="电话")
    (remark,) = doubtful({"phone": phones})
    assert remark.message == "a sheet has rounded 1 numbers of 电话, their digits are lost: row 2"
