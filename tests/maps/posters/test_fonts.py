import pytest

from maps import words
from maps.posters.fonts import MM_PER_POINT, face, fitted, legible, width_mm

EVERY_WORD = [
    *words.table("zh").values(),
    *words.table("en").values(),
    *(text for pair in words.POSTERS.values() for text in pair),
    *(text for pair in (words.DECISIONS | words.DEFINITIONS).values() for text in pair),
]


@pytest.mark.parametrize("weight", [400, 700])
def test_the_fonts_have_every_character_of_our_own_words(weight):
    characters = {each for text in EVERY_WORD for each in legible(text).text}
    assert [each for each in characters if ord(each) not in face(weight).advances] == []
    assert [text for text in EVERY_WORD if legible(text).missing] == []


def test_rare_characters_of_place_names_and_pinyin_are_there():
    assert legible("圳堃氹鄠邨镕喆淼犇垚 Zhèngzhōu ≥ ① Ärjä").missing == ()


def test_a_character_without_a_glyph_is_named_and_stands_as_a_geta():
    found = legible("𠅤家沟㙍乡𠅤")
    assert found.text == "〓家沟〓乡〓"
    assert found.missing == ("𠅤", "㙍")


def test_what_only_moves_or_steers_the_pen_is_no_character():
    assert legible("a\tb\nc\u2028d\u202ee\u200bf\x00g\ufe0f").text == "a b c def g"


def test_a_letter_and_its_accent_are_one():
    assert legible("e\u0301").text == "é"


def test_a_han_character_is_as_wide_as_the_text_is_high():
    assert width_mm("安全", 10) == pytest.approx(2 * 10 * MM_PER_POINT)


def test_a_text_is_cut_to_the_room_with_an_ellipsis():
    cut = fitted("安全生产专项行动", 10, 15)
    assert cut == "安全生…"
    assert width_mm(cut, 10) <= 15


def test_a_text_that_fits_stays():
    assert fitted("安全", 10, 15) == "安全"
