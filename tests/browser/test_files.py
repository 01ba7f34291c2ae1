import pytest
from playwright.sync_api import expect

from maps.kept_days import pack_days
from maps.page import PageDeclaration
from maps.standalone import KeptDays, render_standalone
from tools.chromium import wait_until_drawn

pytestmark = pytest.mark.browser

CANARIES = [
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "{{7*7}}{% raise %}{# x",
    "${window.ran = 1}`\\x3cimg src=x onerror=window.ran=1>",
    "<!--<script>\u2028\u2029",
    "\u202eright to left\u202c",
    "javascript:window.ran=1",
    "郑东新区 𠅤 & 'quoted' \"twice\"",
    "__proto__",
    "constructor",
]


def square(number):
    west, south = 113.4 + 0.01 * number, 34.6
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def cell(code, number):
    return {
        "code": code,
        "name": code,
        "n_units": 10,
        "n_inspected": number,
        "n_visits": number,
        "n_never": 10 - number,
        "n_overdue": 0,
        "coverage": number / 10,
        "gap": 20.0 - number,
    }


ANSWER = {
    "as_of": "2019-08-31",
    "window_days": 365,
    "revision": 1,
    "definition": CANARIES[0],
    "decisions": [{"code": "x", "text": text} for text in CANARIES],
    "totals": {"n_units": 100, "n_inspected": 45},
    "outside": {"outside": 0, "without_position": 0},
    "data_until": "2019-08-31",
    "cells": [cell(code, number) for number, code in enumerate(CANARIES)],
}

CELLS = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "geometry": square(number), "properties": {"code": code, "name": code}}
        for number, code in enumerate(CANARIES)
    ],
}

DECLARATION = PageDeclaration(
    subject="coverage",
    language="zh",
    city=CANARIES[1],
    grids=((CANARIES[0], CANARIES[0]),),
    grid=CANARIES[0],
    as_of="2019-08-31",
    window_days=365,
    simulated=True,
    attribution=CANARIES[2],
    bounds=(113.4, 34.6, 113.5, 34.61),
    revision=1,
    answer_url="",
    tile_urls={},
)


@pytest.fixture
def shown(show, tmp_path):
    file = tmp_path / "map.html"
    file.write_text(render_standalone(DECLARATION, {"answer": ANSWER, "cells": CELLS}))
    return show(file.as_uri())


def test_a_file_draws_its_map_without_a_server(shown, watch):
    assert shown.evaluate("Guatu.countDrawn('cells')") >= len(CANARIES)
    assert [url for url in watch.asked if not url.startswith(("file:", "blob:"))] == []


def test_ledger_text_is_shown_letter_by_letter(shown):
    labels = shown.locator("#ranking .label").all_text_contents()
    assert sorted(labels) == sorted(CANARIES)
    assert shown.locator("#city").text_content() == CANARIES[1]
    assert shown.locator("#attribution").text_content() == CANARIES[2]
    assert shown.locator("#method li").all_text_contents() == CANARIES


def test_a_name_of_a_cell_is_never_run(shown):
    for number, canary in enumerate(CANARIES):
        shown.locator("#ranking button").nth(number).click()
        assert shown.locator("#panel h2").text_content() == canary
        shown.locator("#panel .close").click()
    assert shown.evaluate("window.ran") is None


def test_a_file_has_no_controls_that_need_a_server(shown):
    expect(shown.locator("#controls")).to_have_count(0)
    expect(shown.locator("nav")).to_have_count(0)


def test_without_webgl_the_figures_can_still_be_read(page, watch, tmp_path):
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    file = tmp_path / "map.html"
    file.write_text(render_standalone(DECLARATION, {"answer": ANSWER, "cells": CELLS}))
    page.goto(file.as_uri())
    expect(page.locator("#message")).to_contain_text("WebGL")
    assert page.locator(".card-coverage strong").inner_text() == "45.0%"
    watch.problems.clear()


def answer_on(day, n_inspected):
    cells = [{**one, "n_inspected": n_inspected // 10} for one in ANSWER["cells"]]
    totals = {"n_units": 100, "n_inspected": n_inspected}
    return {**ANSWER, "as_of": day, "totals": totals, "cells": cells}


@pytest.fixture
def played(show, tmp_path):
    days = [answer_on("2019-08-29", 10), answer_on("2019-08-30", 30), ANSWER]
    events = [{"on": "2019-08-29", "n": 10}, {"on": "2019-08-31", "n": 15}]
    campaign = {"code": "", "name": "", "started_on": "2019-08-29", "ended_on": "2019-08-31"}
    kept = KeptDays({"days": events, "campaigns": [campaign]}, pack_days(days, "cells"))
    file = tmp_path / "map.html"
    file.write_text(render_standalone(DECLARATION, {"answer": ANSWER, "cells": CELLS}, kept))
    return show(file.as_uri())


def test_a_file_shows_any_day_it_carries_without_a_server(played, watch):
    played.locator("#day").focus()
    played.keyboard.press("ArrowLeft")
    wait_until_drawn(played)
    assert played.locator("#day-shown").inner_text() == "2019-08-30"
    assert played.locator(".card-coverage strong").inner_text() == "30.0%"
    assert "2019-08-30" in played.locator("#period").inner_text()
    assert [url for url in watch.asked if not url.startswith(("file:", "blob:"))] == []


def test_a_file_plays_its_days_to_the_last(played):
    played.evaluate(
        """() => {
            const day = document.getElementById("day-shown");
            window.seen = [];
            const note = () => seen.at(-1) !== day.textContent && seen.push(day.textContent);
            new MutationObserver(note).observe(day, { childList: true, characterData: true });
        }"""
    )
    played.locator("#play").click()
    expect(played.locator("#play")).to_have_attribute("aria-pressed", "false", timeout=20_000)
    assert played.evaluate("seen") == ["2019-08-29", "2019-08-30", "2019-08-31"]
    assert played.locator(".card-coverage strong").inner_text() == "45.0%"


def test_a_file_that_plays_still_says_that_its_data_are_simulated(played):
    expect(played.locator(".simulated")).to_be_visible()
    expect(played.locator("#compare")).to_have_count(0)
