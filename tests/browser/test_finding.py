import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.db, pytest.mark.browser]


def look_for(page, letters):
    page.get_by_role("searchbox").fill(letters)
    expect(page.locator("#found")).to_be_visible()
    return page.locator("#found")


def test_a_road_that_is_found_opens_with_its_figures_and_a_unit_with_its_name(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?grid=squares_100m")
    look_for(page, "kaivoka").get_by_role("button", name="Kaivokatu").first.click()
    expect(page.locator("#panel h2")).to_have_text("Kaivokatu")
    expect(page.locator("#panel dl")).to_contain_text("路段长度")
    expect(page.locator("#found")).to_be_hidden()
    look_for(page, "r00005c00001")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("r00005c00001")
    assert page.evaluate("map_guatu.getZoom()") == 17
    assert page.locator("#map_guatu path").count() == 1


def test_what_is_called_by_no_name_is_said_and_escape_closes_the_list(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    expect(look_for(page, "<b>zzz")).to_have_text("没有找到")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    look_for(page, "zzz")
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#found")).to_be_hidden()
    look_for(page, "zzz")
    page.locator("#play").focus()
    expect(page.locator("#found")).to_be_hidden()
