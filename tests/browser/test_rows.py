import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.db, pytest.mark.browser]


def open_rows(page, card):
    page.locator(f".card-{card} summary").click()
    page.locator(f".card-{card}").get_by_role("button", name="查看这些行").click()
    expect(page.locator("#panel .rows table")).to_be_visible()
    return page.locator("#panel .rows tbody tr")


def test_a_figure_leads_to_rows_that_add_up_to_it(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m&as_of=2025-10-31")
    figure = int(page.locator(".card-overdue strong").inner_text())
    rows = open_rows(page, "overdue")
    expect(page.locator(".card-overdue .formula")).to_contain_text(f"分子：{figure}")
    expect(page.locator("#panel .sum")).to_have_text(f"{figure} 行，合计 {figure}")
    while page.locator("#panel .rows .more").is_visible():
        shown = rows.count()
        page.locator("#panel .rows .more").click()
        expect(rows).to_have_count(min(figure, shown + 50))
    assert rows.count() == figure
    with page.expect_download() as download:
        page.get_by_role("link", name="导出这些行").click()
    assert download.value.suggested_filename == "overdue-2025-10-31.csv"
    page.keyboard.press("Escape")
    expect(page.locator("#ranking")).to_be_visible()


def test_a_figure_of_the_map_itself_leads_to_its_rows(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?as_of=2025-10-31")
    figure = page.locator(".card-out_now strong").inner_text()
    rows = open_rows(page, "out_now")
    adds = [int(n) for n in rows.locator("td:last-child").all_inner_texts()]
    assert sum(adds) == int(figure)
    page.emulate_media(media="print")
    expect(page.locator(".stage")).to_be_hidden()
    expect(page.locator(".card-out_now .formula")).to_be_visible()
    expect(rows.first).to_be_visible()


def test_the_segments_that_are_relit_and_the_longest_walk_lead_to_their_rows(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?as_of=2025-10-31")
    relit = page.locator(".card-segments_relit .base").inner_text().split(" / ")[0]
    assert open_rows(page, "segments_relit").count() == int(relit)
    page.keyboard.press("Escape")
    walk = page.locator(".card-longest_dark_walk strong").inner_text().removesuffix("\xa0m")
    rows = open_rows(page, "longest_dark_walk")
    lengths = [int(n.replace(",", "")) for n in rows.locator("td:last-child").all_inner_texts()]
    assert sum(lengths) == pytest.approx(int(walk.replace(",", "")), abs=len(lengths))


def test_the_lamps_that_are_lit_lead_to_their_rows(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?as_of=2025-10-31")
    lit = page.locator(".card-lamps_lit .base").inner_text().split(" / ")[0]
    open_rows(page, "lamps_lit")
    expect(page.locator("#panel .sum")).to_have_text(f"{lit} 行，合计 {lit}")
