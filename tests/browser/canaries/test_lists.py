"""What a page lists of the city: what may be chosen, what was found, what has changed, the rows."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.canary_city import CANARIES, CODES
from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

QUERY = "as_of=2019-08-31&window=30"
MARKUP = CANARIES[2]
CHOICES = [
    ("hazards", "source", CODES[:1]),
    ("hazards", "sector", CANARIES),
    ("streetlights", "owner", CODES),
]
SHOWN = [("hazards", "hazards_found"), ("coverage", "visits"), ("streetlights", "out_now")]


def words_of(locator):
    return {text.strip() for text in locator.all_text_contents()}


@pytest.mark.parametrize(("subject", "field", "texts"), CHOICES)
def test_what_may_be_chosen_is_offered_and_told_letter_by_letter(city, show, subject, field, texts):
    page = show(f"{city}/maps/{subject}?{QUERY}")
    page.locator("#filters summary").click()
    offered = page.locator(f"#filters [name={field}] option")
    expect(offered.nth(1)).to_be_attached()
    assert {*texts} <= set(offered.all_text_contents())
    chosen = texts[min(2, len(texts) - 1)]
    page.locator(f"#filters [name={field}]").select_option(chosen)
    page.wait_for_url(f"**{field}=**")
    wait_until_drawn(page)
    expect(page.locator(".filtered")).to_contain_text(chosen)
    page.locator(".method summary").click()
    expect(page.locator("#method")).to_contain_text(chosen)


@pytest.mark.parametrize(("subject", "card"), SHOWN)
def test_how_a_figure_is_made_leads_to_its_texts(city, show, subject, card):
    page = show(f"{city}/maps/{subject}?{QUERY}")
    page.locator(f".card-{card} summary").click()
    page.locator(f".card-{card} button").click()
    cells = page.locator("#panel .rows td")
    expect(cells.first).to_be_visible()
    assert {CODES[2]} <= words_of(cells)


@pytest.mark.parametrize("subject", ["hazards", "coverage", "streetlights"])
def test_what_has_changed_is_ranked_letter_by_letter(city, show, subject):
    page = show(f"{city}/maps/{subject}?{QUERY}&compare=2019-08-29")
    page.get_by_role("button", name="变化", exact=True).click()
    show_every_row(page)
    assert {*CANARIES} <= set(page.locator("#ranking .label").all_text_contents())
    page.locator("#ranking button", has_text=MARKUP).click()
    expect(page.locator("#panel h2")).to_have_text(MARKUP)
    expect(page.locator("#panel")).to_contain_text("与 2019-08-29 对比")


def show_every_row(page):
    more = page.locator("#ranking .more")
    if more.is_visible():
        more.click()


def test_another_day_is_shown_letter_by_letter(city, show):
    page = show(f"{city}/maps/hazards?{QUERY}")
    page.locator("#day").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**as_of=2019-08-30**")
    wait_until_drawn(page)
    show_every_row(page)
    assert MARKUP in page.locator("#ranking .label").all_text_contents()


def test_what_is_found_keeps_its_name_on_the_map(city, show):
    page = show(f"{city}/maps/coverage?{QUERY}")
    page.locator("[name=q]").fill(MARKUP)
    units = page.locator("#found button", has_text="单位")
    expect(units.locator(".label", has_text=MARKUP).first).to_be_visible()
    units.filter(has_text=MARKUP).first.click()
    expect(page.locator("#panel h2")).to_have_text(MARKUP)
    assert CODES[2] in page.locator("#panel dd").all_text_contents()


def test_a_grid_that_is_not_there_is_named_letter_by_letter(city, page, watch):
    page.goto(f"{city}/maps/hazards?{QUERY}&grid={quote(MARKUP)}")
    expect(page.locator("#message")).to_contain_text(MARKUP)
    watch.settle(page)
    watch.problems.clear()  # the browser calls an answer of 404 an error
