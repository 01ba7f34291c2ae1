import string
from pathlib import Path

import pytest

import maps
from data.answers import DECISIONS, HOTSPOT_VALUES
from data.answers.chosen_streets import STATUSES
from data.answers.street_works import STAGES
from data.models import LEVELS
from data.models.base import RISKS
from data.models.rectifications import CAUSES
from data.models.streetlights import LAMP_SURVEYS, STANDINGS
from maps import words
from maps.layers import DECLARED, NOTICES
from maps.words.analyses import ANALYSES
from maps.words.method import DECISIONS as WORDED
from maps.words.method import FORMULAS
from maps.words.pages import WORDS


def placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_decision_has_words_and_no_words_are_left_over():
    assert set(WORDED) == set(DECISIONS)


@pytest.mark.parametrize("code", DECISIONS)
def test_the_words_of_a_decision_use_only_its_values(code):
    for sentence in WORDED[code]:
        assert placeholders(sentence) <= set(DECISIONS[code])


def test_both_languages_of_a_word_take_the_same_values():
    unequal = [
        key for key, (zh, en) in (WORDS | ANALYSES).items() if placeholders(zh) != placeholders(en)
    ]
    assert unequal == []


def test_a_value_with_braces_is_shown_as_it_is():
    assert words.decision("only_source", {"source": "{n}{{7*7}}"}, "en") == (
        "Source only: {n}{{7*7}}"
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("level", LEVELS),
        ("risk", RISKS),
        ("cause", CAUSES),
        ("lamp_survey", LAMP_SURVEYS),
        ("status", STATUSES),
        ("work", STAGES),
        ("handover", STANDINGS),
    ],
)
def test_every_value_of_a_fixed_list_is_worded(field, values):
    assert [value for value in values if f"{field}.{value}" not in WORDS] == []


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_in_a_decision_is_worded(level):
    assert level not in words.decision("only_level", {"level": level}, "zh")


def test_each_hotspot_value_has_its_own_definition():
    defined = {words.definition("hotspots", "en", {"value": value}) for value in HOTSPOT_VALUES}
    assert len(defined) == len(HOTSPOT_VALUES)


def test_no_word_of_the_pages_is_left_over():
    folder = Path(maps.__file__).parent
    sources = [*folder.glob("static/*.js"), *folder.glob("templates/*.html")]
    written = "".join(source.read_text() for source in sources)
    assert [key for key in WORDS if key.startswith("ui.") and key not in written] == []


def test_every_notice_is_a_decision():
    assert set(NOTICES) <= set(DECISIONS)


def test_an_unknown_word_is_refused_by_name():
    with pytest.raises(words.UnknownWordError, match="no wording"):
        words.text("no.such", "zh")


def test_an_unknown_decision_is_refused_by_name():
    with pytest.raises(words.UnknownWordError, match="surprise"):
        words.decision("surprise", {}, "zh")


def test_an_unknown_definition_is_refused_by_name():
    with pytest.raises(words.UnknownWordError, match="weather"):
        words.definition("weather", "zh", {})


@pytest.mark.parametrize("declared", DECLARED.values(), ids=list(DECLARED))
def test_all_that_a_page_declares_is_worded(declared):
    keys = [f"card.{card.key}" for card in declared.cards]
    keys += [f"unit.{card.key}" for card in declared.cards]
    keys += [f"beside.{card.key}" for card in declared.cards if card.beside]
    keys += [f"field.{figure.field}" for figure in declared.figures]
    keys += [f"layer.{layer.role}" for layer in declared.layers]
    keys += [mark.word for layer in declared.layers for mark in layer.marks]
    for view in declared.views:
        keys += [f"view.{view.key}", f"legend.{view.key}", f"rank.{view.rank_by}"]
        keys += [f"class.{one.key}" for one in view.classes if not one.key.startswith("step")]
    assert [key for key in keys if key not in WORDS | ANALYSES] == []
    assert [card.key for card in declared.cards if card.key not in FORMULAS] == []
