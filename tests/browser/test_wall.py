"""The page on the wall: without controls, and following what is written."""

import pytest
from playwright.sync_api import expect

from api.app import create_app
from api.settings import Settings
from data.cities import create_city
from data.engine import make_engine, transaction
from data.importers import ImportOptions, import_file
from tools.chromium import served, wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

CELLS = (
    "code,name,wkt\n"
    'a,West,"POLYGON ((113.5 34.7, 113.6 34.7, 113.6 34.8, 113.5 34.8, 113.5 34.7))"\n'
)


def hazards(*days):
    rows = (f"h{n},{day},113.55,34.75\n" for n, day in enumerate(days))
    return f"code,found_at,lon,lat\n{''.join(rows)}"


@pytest.fixture
def engine(clean_url, tmp_path):
    """A city of one cell with one hazard."""
    engine = make_engine(clean_url)
    with transaction(engine) as session:
        create_city(session, "test", name="郑州市", timezone="Asia/Shanghai")
    bring(engine, tmp_path, "grids", CELLS)
    bring(engine, tmp_path, "hazards", hazards("2019-08-01"))
    yield engine
    engine.dispose()


def bring(engine, folder, kind, content):
    (folder / "file.csv").write_text(content, encoding="utf-8")
    options = ImportOptions(datum="wgs84", grid="g" if kind == "grids" else None)
    import_file(engine, kind, folder / "file.csv", options)


@pytest.fixture
def address(engine):
    settings = Settings(database_url=engine.url.render_as_string(hide_password=False))
    with served(create_app(settings)) as address:
        yield address


def test_what_is_written_is_on_the_wall_without_a_touch(address, engine, tmp_path, show, watch):
    page = show(f"{address}/maps/hazards?as_of=2019-08-31&wall=1")
    found = page.locator(".card-hazards_found strong")
    expect(found).to_have_text("1")
    expect(page.locator("#controls")).to_be_hidden()
    before = page.evaluate("Guatu.declaration.tile_urls.hazards")
    bring(engine, tmp_path, "hazards", hazards("2019-08-01", "2019-08-02", "2019-08-03"))
    page.evaluate("Guatu.catchUp()")
    expect(found).to_have_text("3")
    expect(page.locator("#bars-note")).to_contain_text("共 3 处")
    assert page.evaluate("Guatu.declaration.tile_urls.hazards") != before
    assert "as_of=2019-08-31" in page.url
    watch.asked.clear()
    page.evaluate("Guatu.catchUp()")
    assert [url.split("/")[-1] for url in watch.asked] == ["state"]


def test_a_wall_on_no_day_of_its_own_moves_with_the_city(address, show, page):
    show(f"{address}/maps/hazards?wall=1")
    page.route(
        "**/api/v1/state",
        lambda route: route.fulfill(json={"revision": 1, "rev": "x", "as_of": "2019-08-05"}),
    )
    page.evaluate("Guatu.catchUp()")
    wait_until_drawn(page)
    expect(page.locator("#day-shown")).to_have_text("2019-08-05")
    assert "as_of" not in page.url


def test_a_service_out_of_reach_is_said_and_forgotten_when_it_is_back(address, show, page, watch):
    show(f"{address}/maps/hazards?as_of=2019-08-31&wall=1")
    page.route("**/api/v1/state", lambda route: route.abort())
    page.evaluate("Guatu.catchUp()")
    expect(page.locator("#message")).to_have_text("与服务器失联，图上为 2019-08-31 的数据")
    watch.problems.clear()
    page.unroute("**/api/v1/state")
    page.evaluate("Guatu.catchUp()")
    expect(page.locator("#message")).to_be_hidden()


def test_a_button_hangs_the_page_and_escape_takes_it_down(serve, show):
    page = show(f"{serve('soho1854')}/maps/hazards")
    page.get_by_role("button", name="挂墙").click()
    expect(page.locator("#controls")).to_be_hidden()
    expect(page.locator(".toggles label").first).to_be_hidden()
    assert "wall=1" in page.url
    page.evaluate("document.fullscreenElement && document.exitFullscreen()")
    page.keyboard.press("Escape")
    expect(page.locator("#controls")).to_be_visible()
    assert "wall=1" not in page.url


def test_what_a_ledger_says_is_never_run_in_rows_and_in_what_is_found(
    address, engine, tmp_path, show
):
    canary = "<img src=x onerror=window.ran=1>"
    units = f"code,name,sector,lon,lat\nu1,{canary},{{{{7*7}}}},113.55,34.75\n"
    bring(engine, tmp_path, "units", units)
    bring(engine, tmp_path, "inspections", "code,unit_code,inspected_at\nv1,u1,2019-08-02\n")
    page = show(f"{address}/maps/coverage?as_of=2019-08-31")
    page.locator(".card-visits summary").click()
    page.locator(".card-visits").get_by_role("button", name="查看这些行").click()
    expect(page.locator("#panel .rows td")).to_have_text(
        ["u1", canary, "{{7*7}}", "", "2019-08-02", "1"]
    )
    page.get_by_role("searchbox").fill("<img")
    page.locator("#found").get_by_role("button").click()
    expect(page.locator("#panel h2")).to_have_text(canary)
    assert page.evaluate("window.ran") is None
