import json
import re
from urllib.parse import urlsplit

import pytest
import shapely
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from tools.chromium import DRAWN, wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

SUBJECTS = ["hazards", "coverage", "streetlights"]
ANSWERS = {"hazards": "hotspots", "coverage": "coverage", "streetlights": "outages"}


def read(page, path):
    answer = page.request.get(path)
    assert answer.ok, answer.text()
    return answer.json()


def answer_of(page):
    """The answer that the page itself shows."""
    address = page.evaluate("Guatu.declaration.answer_url")
    return read(page, f"{origin(page)}{address}")


def origin(page):
    return "{0.scheme}://{0.netloc}".format(urlsplit(page.url))


def shown_figures(page):
    labels = page.locator("#panel dt").all_inner_texts()
    return dict(zip(labels, page.locator("#panel dd").all_inner_texts(), strict=True))


def drawn(page, role):
    return page.evaluate(f"Guatu.countDrawn({json.dumps(role)})")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_layer_of_helsinki_is_drawn(serve, show, subject):
    page = show(f"{serve('helsinki')}/maps/{subject}#16/60.1733/24.941")
    roles = page.evaluate(
        "Guatu.declaration.declared.layers.filter(({ shown }) => shown).map(({ role }) => role)"
    )
    # Streets of the map lie on those of the ground, and every simulated outage names its lamp.
    undrawn = ["ground", "outages"] if subject == "streetlights" else []
    assert [role for role in roles if not drawn(page, role)] == undrawn


IN_LAYERS = """(start) => {
    const gl = maplibre_guatu.getMaplibreMap();
    const layers = gl.getLayersOrder().filter((id) => id.startsWith(start));
    const found = gl.queryRenderedFeatures({ layers });
    return found.map(({ layer, properties }) => [properties.code, layer.id]);
}"""
GI_BINS = {3: "hot99", 2: "hot95", 1: "hot90", 0: "not_significant"}


def test_every_cell_is_drawn_in_the_color_of_its_class(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    bins = {cell["code"]: GI_BINS[cell["gi_bin"]] for cell in answer_of(page)["cells"]}
    seen = dict(page.evaluate(IN_LAYERS, "cells-"))
    assert len(set(seen.values())) > 1
    assert seen == {code: f"cells-{bins[code]}" for code in seen}


def test_the_worst_streets_lie_over_the_others(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?as_of=2025-10-31")
    order = page.evaluate("maplibre_guatu.getMaplibreMap().getLayersOrder()")
    assert order.index("segments-lit") < order.index("segments-scattered")
    assert order.index("segments-scattered") < order.index("segments-dark")
    assert "segments-line" not in order


def test_what_is_asked_for_early_is_asked_for_once(serve, show, watch):
    page = show(f"{serve('helsinki')}/maps/streetlights?as_of=2025-10-31")
    paths = [urlsplit(address).path for address in watch.asked]
    asked = [path for path in paths if path.startswith("/api/v1/")]
    wanted = ["/api/v1/dark-runs", "/api/v1/outages", "/api/v1/timeline/streetlights"]
    assert sorted(asked) == wanted
    page.evaluate("Guatu.reload()")
    again = [urlsplit(address).path for address in watch.asked]
    assert again.count("/api/v1/outages") == 2


SEGMENTS_SHOWN = """async () => {
    for (let step = 0; step < 600 && !(Guatu.isDrawn() && Guatu.countDrawn("segments")); step++)
        await new Promise((resolve) => setTimeout(resolve, 50));
}"""


def test_streets_are_shown_before_anybody_knows_whether_they_are_dark(serve, page):
    late = []
    page.route("**/api/v1/outages?*", lambda route: late.append(route))
    page.goto(f"{serve('helsinki')}/maps/streetlights")
    page.evaluate(SEGMENTS_SHOWN)
    assert {layer for _, layer in page.evaluate(IN_LAYERS, "segments-")} == {"segments-line"}
    for route in late:
        route.continue_()
    wait_until_drawn(page)
    assert "segments-line" not in dict(page.evaluate(IN_LAYERS, "segments-")).values()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_request_leaves_the_machine(serve, show, watch, subject):
    page = show(f"{serve('soho1854')}/maps/{subject}")
    strangers = [url for url in watch.asked if not url.startswith((origin(page), "blob:"))]
    assert strangers == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_legend_counts_every_row_once(serve, show, subject):
    page = show(f"{serve('helsinki')}/maps/{subject}")
    answer = answer_of(page)
    counted = page.locator("#legend .n").all_inner_texts()
    rows = answer.get("cells") or answer["segments"]
    assert sum(int(n.replace(",", "")) for n in counted) == len(rows)


def test_the_hottest_cell_of_soho_is_first_in_the_ranking(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    hottest = max(answer_of(page)["cells"], key=lambda cell: cell["gi_z"])
    first = page.locator("#ranking li").first
    assert first.locator(".label").inner_text() == (hottest["name"] or hottest["code"])
    assert first.locator(".n").inner_text() == f"{hottest['gi_z']:.2f}"


def test_a_click_on_a_cell_shows_its_figures(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage")
    page.locator("#toggles input[name=units]").uncheck()
    wait_until_drawn(page)
    cell = max(answer_of(page)["cells"], key=lambda cell: cell["n_units"])
    page.mouse.click(*place_of(page, cell["code"]))
    expect(page.locator("#panel h2")).to_have_text(cell["name"] or cell["code"])
    expect(page.locator("#panel .period")).to_have_text("截至 2025-12-31 · 近 365 天")
    figures = shown_figures(page)
    assert figures["覆盖率"] == f"{cell['coverage']:.1%} {cell['n_inspected']} / {cell['n_units']}"
    assert figures["从未检查（家）"] == f"{cell['n_never']} / {cell['n_units']}"


def place_of(page, code):
    """Where on the screen a cell lies, by the API's polygon of it."""
    grid = page.evaluate("Guatu.declaration.grid")
    cells = read(page, f"{origin(page)}/api/v1/grids/{grid}/cells?format=geojson&limit=1000")
    found = next(one for one in cells["features"] if one["properties"]["code"] == code)
    inside = shapely.point_on_surface(shapely.geometry.shape(found["geometry"]))
    at = page.evaluate(f"map_guatu.latLngToContainerPoint([{inside.y}, {inside.x}])")
    stage = page.locator("#map_guatu").bounding_box()
    return stage["x"] + at["x"], stage["y"] + at["y"]


def test_a_click_on_a_ranked_segment_shows_its_figures(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights")
    darkest = max(answer_of(page)["segments"], key=lambda segment: segment["dark_m"] or 0)
    page.locator("#ranking button").first.click()
    figures = shown_figures(page)
    assert figures["编号"] == darkest["code"]
    assert figures["灭灯长度"] == f"{darkest['dark_m']:.0f}\xa0m"


def test_going_back_from_a_row_shows_the_ranking_again(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage")
    page.locator("#ranking button").first.click()
    expect(page.locator("#ranking")).to_be_hidden()
    page.locator("#panel .close").click()
    expect(page.locator("#ranking")).to_be_visible()


def test_the_keyboard_opens_a_row_and_comes_back_to_it(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage")
    page.locator("#ranking li button").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel .close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#ranking li button").nth(1)).to_be_focused()


def test_every_row_can_be_reached_without_the_map(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage")
    page.get_by_role("button", name="显示全部").click()
    expect(page.locator("#ranking li")).to_have_count(len(answer_of(page)["cells"]))


def test_a_row_out_of_sight_is_flown_to(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage#18/60.1755/24.9370")
    code = page.locator("#ranking .label").first.inner_text()
    page.locator("#ranking button").first.click()
    page.wait_for_url(re.compile(r"#1[67]\.\d\d/"))
    stage = page.locator("#map_guatu").bounding_box()
    x, y = place_of(page, code)
    assert 0 < x - stage["x"] < stage["width"]
    assert 0 < y - stage["y"] < stage["height"]


def test_on_streets_a_cell_without_figures_opens_nothing(serve, show):
    page = show(f"{serve('soho1854')}/maps/streetlights")
    stage = page.locator("#map_guatu").bounding_box()
    page.mouse.click(stage["x"] + 20, stage["y"] + 20)
    expect(page.locator("#panel")).to_be_hidden()


def test_a_day_after_the_ledger_leads_back_to_its_last_day(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?as_of=2028-03-01&lang=en")
    assert page.locator(".card-coverage strong").inner_text() == "unknown"
    page.get_by_role("link", name="Show 2025-12-31").click()
    page.wait_for_url("**as_of=2025-12-31**")
    wait_until_drawn(page)
    assert "lang=en" in page.url
    assert page.locator(".notice").count() == 0


def test_the_rows_can_be_taken_away_as_a_table(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "hazards-1854-09-08.csv"
    assert "gi_z" in download.value.path().read_text(encoding="utf-8-sig").splitlines()[0]


def test_what_the_page_shows_can_be_taken_away_as_a_poster(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards?lang=en")
    with page.expect_download() as download:
        page.get_by_role("link", name="Poster PDF").click()
    assert download.value.suggested_filename == "hazards-1854-09-08.pdf"
    text = PdfDocument(download.value.path())[0].get_textpage().get_text_bounded()
    assert page.locator("#legend .n").first.inner_text() in text.split()
    assert page.locator(".card strong").first.inner_text() in text.split()


def test_a_layer_too_far_to_be_drawn_says_so(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights#13/60.17/24.94")
    assert page.get_by_text("放大后显示").locator("visible=true").count() == 3
    page.evaluate("map_guatu.setZoom(17, { animate: false })")
    expect(page.get_by_text("放大后显示").locator("visible=true")).to_have_count(0)


def test_coverage_without_an_inspection_ledger_is_unknown(serve, show):
    page = show(f"{serve('soho1854')}/maps/coverage")
    assert page.locator(".card-coverage strong").inner_text() == "未知"
    assert "没有检查台账" in page.locator("#method").text_content()


def test_a_card_states_its_base_and_its_formula(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage")
    totals = answer_of(page)["totals"]
    card = page.locator(".card-coverage")
    assert card.locator(".base").inner_text() == (
        f"{totals['n_inspected']:,} / {totals['n_units']:,} 家"
    )
    card.locator("summary").click()
    expect(card.locator(".formula")).to_contain_text("在册单位")


def test_another_way_to_color_changes_the_legend(serve, show):
    page = show(f"{serve('helsinki')}/maps/hazards")
    page.get_by_role("button", name="数量").click()
    expect(page.locator("#legend")).to_contain_text("1–4")
    expect(page.get_by_role("button", name="数量")).to_have_attribute("aria-pressed", "true")
    page.locator("#toggles input[name=cells]").uncheck()
    expect(page.locator("#legend")).to_be_hidden()


def test_streets_are_colored_by_how_far_the_work_on_them_is(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights?as_of=2025-10-31")
    page.get_by_role("button", name="整改").click()
    segments = answer_of(page)["segments"]
    late = [segment for segment in segments if segment["work"] == "overdue"]
    expect(page.locator("#legend li").first).to_have_text(f"逾期未完成{len(late)}")
    page.locator("#ranking button").first.click()
    longest = max(segment["days_overdue"] for segment in late)
    assert shown_figures(page)["倒计时"] == f"逾期 {longest} 天"


def test_another_day_is_part_of_the_address_and_keeps_the_view(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage#16/60.17/24.94")
    page.locator("[name=as_of]").fill("2025-06-30")
    page.wait_for_url("**as_of=2025-06-30**")
    page.evaluate("Guatu.ready")
    assert page.evaluate("map_guatu.getZoom()") == 16
    expect(page.locator("#period")).to_contain_text("2025-06-30")


def test_the_language_changes_and_the_grid_stays(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?grid=squares_100m")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**lang=en**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspection coverage and gaps")
    assert "grid=squares_100m" in page.url


def test_the_other_maps_are_opened_with_the_same_question(serve, show):
    page = show(f"{serve('helsinki')}/maps/coverage?as_of=2025-06-30&window=90")
    page.get_by_role("link", name="隐患热点").click()
    page.wait_for_url("**/maps/hazards?**")
    page.evaluate("Guatu.ready")
    assert "as_of=2025-06-30&window=90" in page.url


@pytest.mark.parametrize("path", ["/", *(f"/maps/{subject}" for subject in SUBJECTS)])
def test_a_simulated_city_says_so_on_every_page(serve, show, path):
    page = show(serve("helsinki") + path)
    assert page.get_by_text("模拟数据", exact=True).count() == 1


def test_a_real_city_is_not_called_simulated(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    assert page.get_by_text("模拟数据").count() == 0


def test_the_source_of_the_data_is_named(serve, show):
    page = show(f"{serve('helsinki')}/maps/streetlights")
    expect(page.locator("#attribution")).to_have_text("© OpenStreetMap contributors, ODbL 1.0")


def test_the_start_page_has_the_figures_of_the_maps(serve, show):
    page = show(serve("helsinki"))
    totals = read(
        page, f"{serve('helsinki')}{page.evaluate('Guatu.declaration.answer_urls.hazards')}"
    )
    found = page.locator(".card-hazards_found strong").inner_text()
    assert found == f"{totals['totals']['n_hazards']:,}"


def test_an_answer_that_fails_is_said_in_words(serve, page, watch):
    page.route("**/api/v1/coverage*", lambda route: route.fulfill(status=500, json={"title": "x9"}))
    page.goto(f"{serve('helsinki')}/maps/coverage")
    expect(page.locator("#message")).to_have_text("取数失败：x9")
    watch.problems.clear()


@pytest.mark.parametrize("path", ["/", "/maps/coverage"])
def test_a_phone_needs_no_scrolling_sideways(serve, show, page, path):
    page.set_viewport_size({"width": 390, "height": 844})
    show(serve("helsinki") + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.real_data
@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_maps_of_chicago_are_drawn(serve, show, real_data, subject):
    # The streetlight ledger of Chicago ends in July 2013, the others at the end of 2014.
    page = show(f"{serve('chicago', real_data / 'chicago')}/maps/{subject}?as_of=2013-06-30")
    roles = ["cells", "segments" if subject == "streetlights" else "ground"]
    assert [role for role in roles if not drawn(page, role)] == []
    page.locator("#ranking button").first.click()
    assert len(shown_figures(page)) > 5


@pytest.mark.real_data
def test_without_an_inventory_outages_are_counted_in_places(serve, show, real_data):
    page = show(
        f"{serve('chicago', real_data / 'chicago')}/maps/streetlights?as_of=2013-06-30&lang=en"
    )
    assert page.locator(".card-out_now .base").text_content() == "places"


def test_streets_and_names_of_places_lie_over_the_cells(serve, show):
    page = show(f"{serve('zhengzhou')}/maps/coverage#12/34.76/113.67")
    kinds = page.evaluate(
        """() => window.maplibre_guatu.getMaplibreMap().queryRenderedFeatures()
            .filter(({ source }) => source === "basemap")
            .map(({ properties }) => properties.kind)"""
    )
    assert set(kinds) == {"road", "boundary", "place"}
    page.locator("#toggles [name=ground]").uncheck()
    page.evaluate("Guatu.settled()")
    assert drawn(page, "ground") == 0


def test_the_basemap_draws_only_streets_that_no_street_of_the_map_covers(serve, show):
    address = f"{serve('helsinki')}/maps/streetlights?as_of=2025-10-31"
    page = show(address)

    def is_drawn():
        return page.evaluate(
            """maplibre_guatu.getMaplibreMap()
                .getLayoutProperty("basemap-road", "visibility") !== "none" """
        )

    assert not is_drawn()
    page.locator("#toggles [name=segments]").uncheck()
    assert is_drawn()
    page.locator("#toggles [name=ground]").uncheck()
    assert not is_drawn()
    show(f"{address}&status=scattered")
    assert is_drawn()


def test_boundaries_of_small_cells_come_nearer_on_the_map_of_streets(serve, show):
    query = "as_of=2025-10-31&grid=squares_100m"
    page = show(f"{serve('helsinki')}/maps/streetlights?{query}#12/60.1733/24.941")
    hint = page.locator("#toggles div", has=page.locator("[name=cells]")).locator("small")
    expect(hint).to_be_visible()
    assert drawn(page, "cells") == 0
    page.evaluate("map_guatu.setZoom(16, { animate: false })")
    page.evaluate("Guatu.settled()")
    expect(hint).to_be_hidden()
    assert drawn(page, "cells") > 0


def test_dark_runs_lie_on_the_streets_with_their_number_in_the_legend(serve, show):
    address = serve("helsinki")
    page = show(f"{address}/maps/streetlights?as_of=2025-10-31")
    counts = page.request.get(f"{address}/api/v1/dark-runs?as_of=2025-10-31").json()["counts"]
    told = page.locator("#toggles div", has=page.locator("[name=dark_runs]")).locator(".mark b")
    assert told.all_inner_texts() == [f"{counts['walk']:,}", f"{counts['run']:,}"]
    assert drawn(page, "dark_runs") > 0
    page.evaluate("Guatu.changePeriod({ as_of: '2025-06-01' })")
    page.evaluate(DRAWN)
    earlier = page.request.get(f"{address}/api/v1/dark-runs?as_of=2025-06-01").json()["counts"]
    assert told.all_inner_texts() == [f"{earlier['walk']:,}", f"{earlier['run']:,}"]


@pytest.mark.parametrize(
    ("subject", "role"),
    [("hazards", "clusters"), ("hazards", "repeat_sites"), ("coverage", "blind_spots")],
)
def test_what_is_computed_comes_when_it_is_asked_for(serve, show, watch, subject, role):
    days = 1 if role == "blind_spots" else 365
    page = show(f"{serve('helsinki')}/maps/{subject}?as_of=2025-10-31&window={days}")
    path = f"/api/v1/{role.replace('_', '-')}?"
    assert not any(path in address for address in watch.asked)
    page.locator(f"#toggles [name={role}]").check()
    switch = page.locator("#toggles div", has=page.locator(f"[name={role}]"))
    expect(switch.locator(".note")).not_to_be_empty()
    page.evaluate("Guatu.settled()")
    assert drawn(page, role) > 0
    assert sum(path in address for address in watch.asked) == 1


def test_the_day_is_written_in_the_language_of_the_page(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    expect(page.locator("#day-words")).to_have_text("1854年9月8日")
    page.goto(f"{page.url.split('#')[0]}?lang=en")
    expect(page.locator("#day-words")).to_have_text("8 September 1854")
