"""What readers need who see colors otherwise, use a keyboard, or hear the page read out."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.db, pytest.mark.browser]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FAULTS = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html)}`);
}"""
FRAME = "getComputedStyle(document.activeElement).outlineStyle"


def faults(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(FAULTS)


def test_axe_finds_no_fault_on_a_map_with_two_days_and_an_open_row(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?compare=2025-06-30&as_of=2025-10-31")
    assert faults(page) == []
    page.locator("#ranking li button").first.click()
    expect(page.locator("#panel")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("path", ["/", "/maps/hazards?lang=en", "/imports"])
def test_axe_finds_no_fault_on_a_phone(serve, page, path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(serve("soho1854") + path)
    page.evaluate("Guatu.ready")
    assert faults(page) == []


def test_the_keyboard_walks_through_the_whole_page_and_out_of_it(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    passed = []
    for _ in range(80):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement.id || document.activeElement.className")
        passed.append(at or page.evaluate("document.activeElement.name || ''"))
        # The browser frames the button inside a field of dates by itself.
        assert page.evaluate(FRAME) == "solid" or passed[-1] == "as_of"
        if passed[-1] == "wall":
            break
    assert {"grid", "as_of", "window", "q", "play", "day", "compare", "wall"} <= set(passed)
    assert any("leaflet-container" in one or one == "map_guatu" for one in passed)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")
