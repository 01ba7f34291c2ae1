"""Rows without coordinates, placed by hand: the queue on the page for imports and its map."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from data.cities import create_city
from data.engine import make_engine, transaction
from data.importers import ImportOptions, import_file
from tools.chromium import served

pytestmark = [pytest.mark.db, pytest.mark.browser]

CANARY = "<img src=x onerror=window.ran=1>"
LEDGERS = {
    "segments": (
        "code,name,geometry\n"
        f's1,{CANARY},"LINESTRING (113.60 34.74, 113.63 34.74)"\n'
        's2,嵩山路,"LINESTRING (113.615 34.73, 113.615 34.76)"\n'
    ),
    "units": "code,name,lon,lat\nu1,郑州市第一面粉厂,113.61,34.745\nu2,碧沙岗商场,113.625,34.75\n",
    "hazards": (
        "code,place,found_at,level\n"
        "h1,第一面粉厂大门口,2019-05-08,general\n"
        "h2,嵩山路西侧,2019-05-08,general\n"
        f"h3,{CANARY},2019-05-08,general\n"
    ),
}


@pytest.fixture
def engine(clean_url, tmp_path):
    engine = make_engine(clean_url)
    with transaction(engine) as session:
        create_city(session, "test", name="郑州市", timezone="Asia/Shanghai")
    for kind, content in LEDGERS.items():
        (tmp_path / f"{kind}.csv").write_text(content, encoding="utf-8")
        import_file(engine, kind, tmp_path / f"{kind}.csv", ImportOptions(datum="wgs84"))
    yield engine
    engine.dispose()


@pytest.fixture
def queue(engine, page, watch):
    settings = Settings(database_url=engine.url.render_as_string(hide_password=False))
    with served(create_app(settings)) as address:
        page.goto(f"{address}/imports?lang=zh")
        page.evaluate("Guatu.ready")
        yield page
        watch.settle(page)


def codes(page):
    return page.locator("#unplaced-rows tbody td:first-child").all_inner_texts()


def lies(engine, code):
    statement = text(
        "SELECT round(ST_X(geom)::numeric, 3)::text, located_by FROM hazard"
        " WHERE external_code = :code"
    )
    with engine.connect() as connection:
        return tuple(connection.execute(statement, {"code": code}).one())


def open_row(page, code):
    page.get_by_role("button", name=f"定位 {code}", exact=True).click()
    expect(page.locator("#placing-offers")).not_to_be_empty()
    page.evaluate("Guatu.settled()")


def test_an_offer_is_taken(queue, engine):
    assert codes(queue) == ["h1", "h2", "h3"]
    expect(queue.locator("#unplaced-kind")).to_contain_text("（3 行）")
    open_row(queue, "h1")
    first = queue.locator("#placing-offers button").first
    expect(first).to_contain_text("郑州市第一面粉厂")
    expect(first).to_contain_text("单位，相似")
    first.click()
    queue.get_by_text("放在这里").click()
    expect(queue.locator("#unplaced-rows tbody tr")).to_have_count(2)
    assert codes(queue) == ["h2", "h3"]
    assert lies(engine, "h1") == ("113.610", "person")


def test_a_click_on_the_map_gives_the_place(queue, engine):
    open_row(queue, "h2")
    queue.locator("#placing-offers button").first.click()
    queue.locator("#placing-map").click(position={"x": 120, "y": 120})
    lon = float(queue.locator("#place [name=lon]").input_value())
    assert 113.60 < lon < 113.615
    queue.get_by_text("放在这里").click()
    expect(queue.locator("#placing")).to_be_hidden()
    assert lies(engine, "h2") == (f"{lon:.3f}", "person")


def test_the_map_to_place_on_lies_on_the_basemap(queue, watch):
    open_row(queue, "h1")
    expect(queue.locator("#placing-map canvas")).to_be_visible()
    assert any("/tiles/basemap/" in address for address in watch.asked)


def test_coordinates_that_are_swapped_are_refused_in_the_reader_s_language(queue, watch):
    open_row(queue, "h1")
    queue.locator("#place [name=lon]").fill("34.745")
    queue.locator("#place [name=lat]").fill("113.61")
    queue.get_by_text("放在这里").click()
    expect(queue.locator("#placing-alert")).to_contain_text("34.745，113.61：不在地球上")
    expect(queue.locator("#placing")).to_be_visible()
    assert ["422" in problem for problem in watch.problems] == [True]
    watch.problems.clear()


def test_text_of_the_ledger_stays_text(queue, watch):
    open_row(queue, "h3")
    expect(queue.locator("#placing-what")).to_contain_text(CANARY)
    queue.locator("#placing-offers button").first.click()
    watch.settle(queue)
    queue.locator("#placing-map").hover()
    assert queue.evaluate("window.ran") is None
    assert queue.locator("#placing img").count() == 0


def test_the_queue_is_gone_when_everything_has_a_place(queue, engine):
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM hazard"))
    queue.reload()
    queue.evaluate("Guatu.ready")
    expect(queue.locator("#unplaced")).to_be_hidden()
