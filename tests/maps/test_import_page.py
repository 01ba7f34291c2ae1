import re
from pathlib import Path

import pytest

import maps
from data.importers.importing import STEPS
from data.models.records import BATCH_STATES
from maps import words
from maps.assets import BUNDLES, bundle_text
from maps.page import ImportDeclaration, render_imports
from maps.words.imports import IMPORTS
from maps.words.messages import MESSAGES
from maps.words.sheets import SHEETS

CANARY = "</script><img src=x onerror=alert(1)>{{7*7}}{% x %}{# ${1} `\\x3c \u2028 <!--"
KINDS = tuple(key.removeprefix("kind.") for key in SHEETS if key.startswith("kind."))
DECLARATION = ImportDeclaration("zh", CANARY, "Asia/Shanghai", KINDS, (".xlsx", ".csv"))


def page(language="zh"):
    return render_imports(ImportDeclaration(language, CANARY, "UTC", KINDS, (".xlsx", ".csv")))


def test_the_name_of_the_city_is_data_on_the_page_for_imports():
    html = render_imports(DECLARATION)
    assert "<img" not in html
    assert "7*7" in html
    assert html.count("<script") == html.count("</script>") == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_for_imports_runs_no_script_of_its_own(language):
    html = page(language)
    own = r"src=\"/static/(?:scripts/imports\.\w+|vendor/leaflet)\.js\"></"
    assert re.findall(rf"<script(?! {own}| type=\"application/json\")", html) == []
    assert (
        re.findall(r"\son\w+=|\sstyle=", html.split("<!-- data", 1)[0].split("<script", 1)[0]) == []
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_ledger_can_be_chosen(kind):
    assert f'<option value="{kind}"' in page()


def test_every_word_that_the_script_asks_for_is_there():
    asked = set(re.findall(r'word\("([\w.]+)"', bundle_text("imports")))
    assert asked
    assert asked - set(words.import_table("zh")) == set()


def test_no_word_of_the_page_for_imports_is_left_over():
    folder = Path(maps.__file__).parent
    sources = [folder / "static" / name for name in BUNDLES["imports"]]
    sources += folder.glob("templates/*.html")
    written = "".join(source.read_text() for source in sources)
    left = [key for key in IMPORTS if key.rpartition(".")[2] not in written]
    dynamic = [f"import.state.{state}" for state in BATCH_STATES]
    dynamic += [f"import.step.{step}" for step in STEPS]
    dynamic += [key for key in IMPORTS if key.startswith(("import.datum.", "import.thing."))]
    assert set(left) - set(dynamic) == set()


@pytest.mark.parametrize("state", BATCH_STATES)
def test_every_state_of_an_import_has_a_word(state):
    assert f"import.state.{state}" in IMPORTS


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_an_import_has_a_word(step):
    assert f"import.step.{step}" in IMPORTS


def test_a_message_in_chinese_names_only_what_its_sentence_has():
    for sentence, chinese in MESSAGES.items():
        named = set(re.findall(r"\{(\w+)\}", sentence))
        assert set(re.findall(r"\{(\w+)\}", chinese)) <= named


def test_a_reader_of_english_gets_the_sentences_as_they_are():
    assert words.sentences("en") == []
    assert words.lists("en") == {}
