"""The pages to be read: what fits together, and what was published beside the rows."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults

pytestmark = [pytest.mark.db, pytest.mark.browser]

PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 90_000
"""Every published figure is counted anew, of all rows of a city."""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("path", ["/checks", "/checks?lang=en", "/published?lang=en"])
def test_axe_finds_no_fault_on_a_phone(serve, page, path):
    page.set_viewport_size(PHONE)
    page.goto(serve("zhengzhou") + path, timeout=PATIENCE_MS)
    assert faults(page) == []
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("start", ["/", "/maps/hazards", "/maps/coverage", "/maps/streetlights"])
def test_every_page_leads_to_both(serve, page, start):
    page.goto(serve("zhengzhou") + start)
    for address in ("/checks", "/published"):
        expect(page.locator(f'a[href*="{address}"]')).to_have_count(1)


def test_a_city_of_which_nothing_was_published_has_no_such_page(serve, page):
    page.goto(serve("soho1854") + "/checks")
    expect(page.locator('a[href*="/published"]')).to_have_count(0)


def test_every_published_figure_stands_beside_the_rows(serve, page):
    page.goto(serve("zhengzhou") + "/published", timeout=PATIENCE_MS)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(42)
    expect(page.locator(".simulated")).to_be_visible()
    differences = [row.split("\t")[4] for row in rows.all_inner_texts()]
    assert sorted(set(differences)) == ["0", "—"]
    expect(page.locator(".summary")).to_contain_text("公布数 39 个，与台账相符 39 个")


def test_the_day_of_the_checks_is_chosen_and_kept(serve, page):
    page.goto(serve("zhengzhou") + "/checks")
    page.locator("input[name=as_of]").fill("2019-08-20")
    page.locator(".controls button").click()
    expect(page.locator(".summary")).to_contain_text("2019-08-20")
    page.locator("a.language").click()
    expect(page.locator(".summary")).to_contain_text("As of 2019-08-20")


def test_a_check_that_differs_shows_its_rows_and_gives_them_away(serve, page):
    page.goto(serve("zhengzhou") + "/checks")
    check = page.locator("#lamps_are_surveyed")
    expect(check.locator("tbody tr").first).to_be_visible()
    with page.expect_download() as taken:
        check.locator("a[download]").click()
    assert taken.value.suggested_filename == "lamps_are_surveyed.csv"
