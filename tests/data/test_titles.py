import pytest

from data.importers.columns import FIELDS
from data.importers.headings import guess
from data.importers.titles import (
    WORDS,
    masked,
    masked_short,
    short_names,
    short_titles,
    titles,
    words_of,
)

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FIELDS)
def test_every_heading_that_leaves_comes_back_as_its_field(kind, language):
    for named in (titles(kind, language), short_titles(kind, language)):
        assert guess(kind, list(named.values())) == {h: name for name, h in named.items()}


@pytest.mark.parametrize(("kind", "name"), WORDS)
def test_every_word_that_leaves_comes_back_as_itself(kind, name):
    rule = next(field.rule for field in FIELDS[kind] if field.name == name)
    for language in LANGUAGES:
        for word, shown in words_of(kind, name, language).items():
            assert rule(shown, None) == word


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_name_of_a_shapefile_has_ten_bytes_at_most(kind, language):
    names = short_titles(kind, language).values()
    assert max(len(name.encode("gb18030")) for name in names) <= 10
    assert len({name.casefold() for name in names}) == len(names)


def test_names_are_cut_on_whole_characters_and_made_unique():
    assert short_names(["统一社会信用代码", "统一社会信用编号", "ab", "AB", "𠮷" * 3]) == {
        "统一社会信用代码": "统一社会信",
        "统一社会信用编号": "统一社会1",
        "ab": "ab",
        "AB": "AB1",
        "𠮷𠮷𠮷": "𠮷𠮷",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_masked_columns_and_reasons_are_no_data(language):
    heading = titles("units", language)["phone"]
    notes = [masked(heading, language), masked_short(heading, language), "错误说明", "Reason"]
    assert set(guess("units", notes).values()) == {None}
