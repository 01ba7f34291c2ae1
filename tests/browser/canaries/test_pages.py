"""A page over ledgers full of markup, script and formulas: all of it is read, none of it runs."""

import pytest
from playwright.sync_api import expect

from tests.canary_city import CANARIES, CODES
from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

QUERY = "as_of=2019-08-31&window=30"


def names(page):
    return page.locator("#ranking .label").all_inner_texts()


def test_no_text_of_a_ledger_runs_on_any_page_or_panel(city, page, show):
    for subject in ("hazards", "coverage", "streetlights"):
        show(f"{city}/maps/{subject}?{QUERY}&compare=2019-08-01")
        page.locator("#ranking .more").evaluate("button => button.hidden || button.click()")
        assert CANARIES[0] in names(page)
        for entry in page.locator("#ranking ol button").all()[:1]:
            entry.evaluate("button => button.click()")
            expect(page.locator("#panel h2")).to_be_visible()
            wait_until_drawn(page)  # what is cut off by the next step would look failed
        page.locator("[name=q]").fill(CODES[0])
        expect(page.locator("#found .label").first).to_contain_text("<script>")
        page.keyboard.press("Enter")
        for figure in page.locator("#cards summary").all():
            figure.evaluate("summary => summary.click()")
        wait_until_drawn(page)
