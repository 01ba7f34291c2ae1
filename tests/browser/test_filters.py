import pytest
from playwright.sync_api import expect

from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]


def test_chosen_hazards_are_said_above_the_figures_and_one_click_shows_all(serve, show):
    page = show(f"{serve('helsinki')}/maps/hazards?as_of=2025-10-31")
    every = page.locator(".card-hazards_found strong").inner_text()
    page.locator("#filters summary").click()
    page.locator("#filters [name=state]").select_option(label="未销号")
    page.wait_for_url("**state=open**")
    wait_until_drawn(page)
    expect(page.locator(".filtered")).to_contain_text("只计：未销号")
    chosen = page.locator(".card-hazards_found strong").inner_text()
    assert int(chosen.replace(",", "")) < int(every.replace(",", ""))
    assert "state=open" in page.evaluate("Guatu.declaration.tile_urls.hazards")
    page.locator(".card-hazards_found summary").click()
    page.locator(".card-hazards_found").get_by_role("button", name="查看这些行").click()
    expect(page.locator("#panel .sum")).to_contain_text(f"合计 {chosen}")
    page.get_by_role("link", name="不筛选").click()
    page.wait_for_url(lambda url: "state=" not in url)
    wait_until_drawn(page)
    expect(page.locator(".card-hazards_found strong")).to_have_text(every)
