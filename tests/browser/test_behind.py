"""A map of another service beneath the page's own, drawn in the datum of Chinese maps."""

import math

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from data.cities import create_city
from data.engine import make_engine, transaction
from data.importers import ImportOptions, import_file
from geo.datum import from_wgs84
from tools.chromium import served, wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

PLACE = (113.62, 34.745)
STREET = 'code,name,geometry\ns1,嵩山路,"LINESTRING (113.60 34.74, 113.64 34.75)"\n'
GREY = b"<svg xmlns='http://www.w3.org/2000/svg' width='256' height='256'><rect/></svg>"

SEEN_AT = """([z, x, y]) => {
    const image = document.querySelector(`.leaflet-behind-pane img[src$="/${z}/${x}/${y}.png"]`);
    const { left, top, width } = image.getBoundingClientRect();
    const stage = map_guatu.getContainer().getBoundingClientRect();
    return { left: left - stage.left, top: top - stage.top, width };
}"""


@pytest.fixture
def address(clean_url, tmp_path):
    engine = make_engine(clean_url)
    with transaction(engine) as session:
        create_city(session, "test", name="郑州市", timezone="Asia/Shanghai")
    (tmp_path / "s.csv").write_text(STREET, encoding="utf-8")
    import_file(engine, "segments", tmp_path / "s.csv", ImportOptions(datum="wgs84"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM segment")) == 1
    engine.dispose()
    settings = Settings(
        database_url=clean_url.render_as_string(hide_password=False),
        tile_url="https://tiles.example/{z}/{x}/{y}.png",
        tile_datum="gcj02",
        tile_attribution="© 某图商",
    )
    with served(create_app(settings)) as address:
        yield address


def on_tile(lon, lat, z):
    """Return the x and y of a place in tiles of a zoom, with the share of the tile before it."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return x, y


def test_a_place_lies_where_the_map_behind_says_that_it_does(address, page, watch):
    page.route(
        "https://tiles.example/**",
        lambda route: route.fulfill(body=GREY, content_type="image/svg+xml"),
    )
    page.goto(f"{address}/maps/streetlights#16/{PLACE[1]}/{PLACE[0]}")
    wait_until_drawn(page)
    watch.settle(page)
    told = page.evaluate("([lng, lat]) => Guatu.toldBehind({ lng, lat })", PLACE)
    lon, lat = (float(one) for one in from_wgs84(*PLACE, "gcj02"))
    assert (told["lng"], told["lat"]) == pytest.approx((lon, lat), abs=1e-7)

    x, y = on_tile(lon, lat, 16)
    tile = page.evaluate(SEEN_AT, [16, int(x), int(y)])
    seen = tile["left"] + x % 1 * tile["width"], tile["top"] + y % 1 * tile["width"]
    meant = page.evaluate("([lng, lat]) => map_guatu.latLngToContainerPoint([lat, lng])", PLACE)
    assert seen == pytest.approx((meant["x"], meant["y"]), abs=2)


def test_the_map_behind_is_named_and_can_be_switched_off(address, page, watch):
    page.route("https://tiles.example/**", lambda route: route.fulfill(status=204))
    page.goto(f"{address}/maps/streetlights")
    wait_until_drawn(page)
    expect(page.locator("#attribution")).to_contain_text("© 某图商")
    assert page.locator("#toggles [name=ground]").is_checked() is False
    page.locator("#toggles [name=behind]").uncheck()
    expect(page.locator(".leaflet-behind-pane")).to_be_hidden()
    watch.settle(page)
