from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

QUERY = "grid=squares_100m&window=90"


def read(page, path):
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    return page.request.get(f"{origin}/api/v1/{path}").json()


def numbers(page, selector):
    return [int(n.replace(",", "")) for n in page.locator(selector).all_inner_texts()]


def test_each_figure_stands_beside_that_of_the_earlier_day(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?{QUERY}&compare=2025-06-30")
    was, is_ = (
        read(page, f"coverage?{QUERY}&as_of={day}")["totals"]["n_visits"]
        for day in ("2025-06-30", "2025-12-31")
    )
    change = f"{'+' if is_ > was else '−'}{abs(is_ - was)}"
    expect(page.locator(".card-visits .since")).to_contain_text(f"2025-06-30：{was}")
    expect(page.locator(".card-visits .since b")).to_have_text(change)
    expect(page.locator(".card-coverage .since b")).to_contain_text("个百分点")
    changes = read(page, f"changes/coverage?{QUERY}&before=2025-06-30&as_of=2025-12-31&by=gap")
    counts = changes["counts"]
    assert numbers(page, "#changes .n") == [
        counts[name] for name in ("new", "worse", "still", "fixed")
    ]
    assert sum(numbers(page, "#legend li:not(.days) .before")) == len(changes["rows"])


def test_the_earlier_day_is_drawn_on_the_left_up_to_the_divider(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?{QUERY}&compare=2025-06-30")
    assert page.evaluate("Guatu.earlierDrawing().countDrawn('cells')") > 0
    middle = "map_guatu.containerPointToLatLng([map_guatu.getSize().x / 2 - 9, 9])"
    assert page.evaluate(f"Guatu.isEarlier({middle})")
    page.locator("#swipe").focus()
    page.keyboard.press("Home")
    assert not page.evaluate(f"Guatu.isEarlier({middle})")
    page.locator("#toggles input[name=units]").uncheck()
    wait_until_drawn(page)
    assert page.evaluate("Guatu.earlierDrawing().countDrawn('units')") == 0
    assert page.evaluate("Guatu.earlierDrawing().urls.units").count("as_of=2025-06-30") == 1


def test_the_map_of_changes_ranks_what_has_grown(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?{QUERY}&as_of=2025-10-31")
    page.get_by_role("button", name="对比", exact=True).click()
    page.wait_for_url("**compare=2025-10-01**")
    wait_until_drawn(page)
    page.get_by_role("button", name="变化").click()
    found = read(page, f"changes/streetlights?{QUERY}&before=2025-10-01&as_of=2025-10-31&by=dark_m")
    worst = max(found["rows"], key=lambda row: row["increase"] or 0)
    first = page.locator("#ranking li button").first
    expect(first.locator(".n")).to_have_text(f"{worst['increase']:.0f}\xa0m")
    assert sum(numbers(page, "#legend .n")) == len(found["rows"])
    first.click()
    expect(page.locator("#panel")).to_contain_text("与 2025-10-01 对比")
    expect(page.locator("#panel dl")).to_contain_text(f"→ {worst['after']:.0f}\xa0m")
    page.get_by_role("button", name="退出对比").click()
    expect(page.get_by_role("button", name="变化")).to_have_count(0)
    assert "compare=" not in page.url


def test_the_earlier_day_is_moved_by_keys_and_never_passes_the_later(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?{QUERY}&as_of=2025-01-09&compare=2025-01-05")
    page.locator("#earlier").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**compare=2025-01-04**")
    page.locator("#day").focus()
    page.keyboard.press("Home")
    wait_until_drawn(page)
    expect(page.locator("#earlier-shown")).to_have_text("2025-01-01")
    assert page.evaluate("Guatu.comparedDay()") == "2025-01-01"
    page.evaluate("Guatu.hideEarlier()")
    assert page.evaluate("Guatu.earlierDrawing()") is None


def test_a_street_that_is_dark_no_more_opens_with_its_earlier_figures(serve, show):
    asked = f"{QUERY}&as_of=2025-10-31&status=dark"
    page = show(f"{serve('helsinki')}/maps/streetlights?{asked}&compare=2025-10-01")
    listed = set(read(page, f"outages?{asked}&format=columns")["segments"]["code"])
    earlier = read(page, f"outages?{asked.replace('10-31', '10-01')}")["segments"]
    names = [row["name"] for row in earlier]
    gone = next(
        row for row in earlier if row["code"] not in listed and names.count(row["name"]) == 1
    )
    page.get_by_role("button", name="变化").click()
    page.locator("#ranking .more").click()
    page.locator("#ranking button", has_text=gone["name"]).first.click()
    expect(page.locator("#panel .period")).to_contain_text("2025-10-01")
    expect(page.locator("#panel dl")).to_contain_text(f"{gone['dark_m']:.0f}\xa0m")
    expect(page.locator("#panel .chip")).to_have_text("消除")
    assert page.evaluate("map_guatu.getZoom()") > 14


def test_a_cell_is_told_with_its_class_on_the_day_that_lies_there(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?{QUERY}&compare=2025-06-30")
    was, is_ = (
        {row["code"]: row["coverage"] for row in read(page, f"coverage?{asked}")["cells"]}
        for asked in (f"{QUERY}&as_of=2025-06-30", f"{QUERY}&as_of=2025-12-31")
    )
    code = next(code for code, share in is_.items() if was[code] == 0 and 0 < (share or 0) < 0.6)
    page.evaluate("(code) => Guatu.openCode(code)", code)
    wait_until_drawn(page)
    page.keyboard.press("Escape")
    map_ = page.locator("#map_guatu").bounding_box()
    x, y = map_["x"] + map_["width"] / 2, map_["y"] + map_["height"] / 2
    for divider, label in {"End": "0 空白", "Home": "(0, 60%)"}.items():
        page.locator("#swipe").press(divider)
        page.mouse.move(x - 2, y)
        page.mouse.move(x, y)
        expect(page.locator("#hover")).to_have_text(f"{code} · {label}")
