from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]


def totals(page, day, window=365):
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    answer = page.request.get(
        f"{origin}/api/v1/coverage?grid=squares_100m&as_of={day}&window={window}"
    )
    return answer.json()["totals"]


def visits(page):
    return page.locator(".card-visits strong")


def press(page, *keys):
    page.locator("#day").focus()
    for key in keys:
        page.keyboard.press(key)
    wait_until_drawn(page)


def test_an_arrow_key_shows_the_figures_of_the_day_before(serve, show, watch):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m")
    press(page, "ArrowLeft", "ArrowLeft")
    wanted = totals(page, "2025-12-29")
    expect(visits(page)).to_have_text(f"{wanted['n_visits']:,}")
    expect(page.locator("#period")).to_contain_text("2025-12-29")
    expect(page.locator("#day")).to_have_attribute("aria-valuetext", "2025-12-29")
    assert "as_of=2025-12-29" in page.url
    assert sum("/maps/coverage" in address for address in watch.asked) == 1


def test_the_layers_of_another_day_are_read_and_the_streets_are_not(serve, show, watch):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m#16/60.1733/24.941")
    watch.asked.clear()
    press(page, "Home")
    tiles = [address for address in watch.asked if ".mvt" in address]
    assert {urlsplit(address).path.split("/")[2] for address in tiles} == {"cells", "units"}
    assert all("as_of=2025-01-01" in address for address in tiles)


def test_the_legend_the_ranking_and_the_open_row_follow_the_day(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m")
    before = page.locator("#legend").inner_text()
    page.locator("#ranking li button").first.click()
    code = page.locator("#panel h2").inner_text()
    press(page, "Home")
    expect(page.locator("#panel h2")).to_have_text(code)
    expect(page.locator("#panel .period")).to_have_text("截至 2025-01-01 · 近 365 天")
    assert page.locator("#legend").inner_text() != before


def test_a_longer_window_is_shown_without_a_reload(serve, show, watch):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m&window=7")
    page.locator("[name=window]").select_option("90")
    page.wait_for_url("**window=90**")
    wait_until_drawn(page)
    expect(visits(page)).to_have_text(f"{totals(page, '2025-12-31', 90)['n_visits']:,}")
    assert sum("/maps/coverage" in address for address in watch.asked) == 1


def test_playing_from_the_end_begins_on_the_first_day_and_can_be_paused(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m&window=30")
    page.get_by_role("button", name="播放").click()
    page.wait_for_url("**as_of=2025-01-0**")
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("button", name="播放")).to_be_visible()
    page.wait_for_timeout(600)
    wait_until_drawn(page)
    day = page.evaluate("Guatu.declaration.as_of")
    expect(visits(page)).to_have_text(f"{totals(page, day, 30)['n_visits']:,}")


def test_what_was_open_and_is_no_row_is_closed_on_another_day(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m")
    page.evaluate(
        "Guatu.openPoint({ role: 'units', properties: { code: 'u', name: 'Mill' } }, () => {})"
    )
    press(page, "ArrowLeft")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_date_mistyped_by_decades_does_not_stretch_the_days(serve, show, page):
    days = [
        {"on": "1999-01-01", "n": 1},
        {"on": "2025-01-01", "n": 999},
        {"on": "2025-02-01", "n": 1},
    ]
    timeline = {"subject": "coverage", "days": days, "campaigns": []}
    page.route("**/api/v1/timeline/coverage", lambda route: route.fulfill(json=timeline))
    show(f"{serve('soho1854')}/maps/coverage?as_of=2025-01-15&compare=2025-01-10")
    expect(page.locator("#first-day")).to_have_text("2025-01-01")
    expect(page.locator("#last-day")).to_have_text("2025-02-01")
    # Coverage is unknown on both days: nothing was gained.
    expect(page.locator(".card-never .since b")).to_have_text("")
