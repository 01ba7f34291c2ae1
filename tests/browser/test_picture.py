import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.db, pytest.mark.browser]


def width_of(picture):
    return picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")


def test_without_webgl_the_service_draws_what_is_in_view(serve, page, watch):
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{serve('helsinki')}/maps/coverage?grid=squares_100m")
    page.evaluate("Guatu.ready")
    expect(page.locator("#message")).to_contain_text("图由服务器绘制")
    pictures = page.locator("img.leaflet-image-layer")
    assert width_of(pictures.last) == page.evaluate("map_guatu.getSize().x")
    page.get_by_role("button", name="缺口").click()
    page.evaluate("map_guatu.setZoom(16, { animate: false })")
    width_of(pictures.last)
    expect(pictures).to_have_count(1)
    assert "view=gap" in pictures.get_attribute("src")
    page.locator("#ranking li button").first.click()
    expect(page.locator("#panel")).to_be_visible()
    # Only WebGL itself may be missing.
    assert [one for one in watch.problems if "WebGL" not in one] == []
    watch.problems.clear()


BROKEN = """
class Broken { constructor() { throw new Error("no such layer"); } }
let guatu;
Object.defineProperty(window, "Guatu", {
    get: () => guatu,
    set: (given) => {
        guatu = given;
        Object.defineProperty(guatu, "Drawing", { get: () => Broken, set: () => {} });
    },
});
"""


def test_a_drawing_that_breaks_says_why_and_the_service_draws(serve, page, watch):
    page.add_init_script(BROKEN)
    page.goto(f"{serve('helsinki')}/maps/coverage?grid=squares_100m&lang=en")
    page.evaluate("Guatu.ready")
    expect(page.locator("#message")).to_have_text(
        "The map could not be drawn: no such layer. The figures can be read."
    )
    assert width_of(page.locator("img.leaflet-image-layer")) > 0
    assert [one for one in watch.problems if "no such layer" not in one] == []
    watch.problems.clear()
