import pytest
from playwright.sync_api import expect

from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

DAY = "as_of=2025-10-31"


def drawn_codes(page, layer):
    return set(
        page.evaluate(
            """(layer) => maplibre_guatu.getMaplibreMap()
                .queryRenderedFeatures({ layers: [layer] })
                .map(({ properties }) => properties.segment ?? properties.code)""",
            layer,
        )
    )


def test_streets_are_chosen_by_status_and_one_click_shows_all(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?{DAY}")
    every = page.locator(".card-dark_segments strong").inner_text()
    page.locator("#filters summary").click()
    page.locator("#filters [name=status]").select_option(label="零星灭灯")
    page.wait_for_url("**status=scattered**")
    wait_until_drawn(page)
    expect(page.locator(".filtered")).to_contain_text("只计：零星灭灯")
    expect(page.locator(".card-dark_segments strong")).to_have_text("0")
    listed = page.locator("#legend li:not(.empty) .label").all_inner_texts()
    assert listed == ["零星灭灯"]
    page.get_by_role("link", name="不筛选").click()
    page.wait_for_url(lambda url: "status=" not in url)
    wait_until_drawn(page)
    expect(page.locator(".card-dark_segments strong")).to_have_text(every)


def test_only_chosen_streets_and_their_lamps_are_on_the_map(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?{DAY}&status=scattered#16/60.1733/24.941")
    codes = set(
        page.evaluate(
            "Guatu.readAnswer(Guatu.declaration.answer_url).then(({ segments }) => segments.code)"
        )
    )
    assert drawn_codes(page, "segments-scattered") <= codes
    assert drawn_codes(page, "segments-scattered")
    assert drawn_codes(page, "lamps-point") <= codes


def test_only_boxes_that_feed_chosen_streets_are_on_the_map(serve, show):
    address = f"{serve('helsinki')}/maps/streetlights?{DAY}"
    every = drawn_codes(show(f"{address}#15/60.1733/24.941"), "boxes-point")
    page = show(f"{address}&status=dark#15/60.1733/24.941")
    feeding = set(
        page.evaluate("Guatu.readAnswer(Guatu.declaration.answer_url).then(({ boxes }) => boxes)")
    )
    assert drawn_codes(page, "boxes-point") == every & feeding
    assert every & feeding
    assert every - feeding


def test_the_rows_of_a_figure_of_an_owner_are_as_many_as_it_says(serve, show):
    page = show(f"{serve('zhengzhou')}/maps/streetlights")
    page.locator("#filters summary").click()
    owner = page.locator("#filters [name=owner] option").nth(1).get_attribute("value")
    page.locator("#filters [name=owner]").select_option(owner)
    page.wait_for_url("**owner=**")
    wait_until_drawn(page)
    lit = page.locator(".card-lamps_lit .base").inner_text().split(" / ")[0]
    page.locator(".card-lamps_lit summary").click()
    page.locator(".card-lamps_lit").get_by_role("button", name="查看这些行").click()
    expect(page.locator("#panel .sum")).to_have_text(f"{lit} 行，合计 {lit}")
    assert (
        page.evaluate(
            "Object.entries(Guatu.declaration.tile_urls)"
            ".filter(([layer, url]) => url.startsWith('/tiles') && url.includes('owner')).length"
        )
        == 0
    )
