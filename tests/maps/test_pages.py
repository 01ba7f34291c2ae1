import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import folium
import pytest
from branca.element import JavascriptLink

from maps.assets import VENDOR, MissingAssetError, asset_text, vendor_url
from maps.frame import Frame, embed_json, insert_data
from maps.layers import SUBJECTS
from maps.page import (
    PageDeclaration,
    StartDeclaration,
    TileMap,
    render_page,
    render_start,
)
from maps.standalone import render_standalone

CANARY = "</script><img src=x onerror=alert(1)>{{7*7}}{% x %}{# ${1} `\\x3c \u2028 <!--"

DECLARATION = PageDeclaration(
    subject="coverage",
    language="zh",
    city=CANARY,
    grids=((CANARY, CANARY),),
    grid=CANARY,
    as_of="2019-08-31",
    window_days=365,
    simulated=True,
    attribution=CANARY,
    bounds=(113.4, 34.6, 113.9, 34.9),
    revision=7,
    answer_url="/api/v1/coverage?grid=g",
    tile_urls={"cells": "/tiles/cells/{z}/{x}/{y}.mvt?grid=g"},
)

START = StartDeclaration(
    language="en",
    city=CANARY,
    as_of="2019-08-31",
    simulated=False,
    attribution=CANARY,
    answer_urls={"coverage": "/api/v1/coverage?grid=g"},
)


class Elements(HTMLParser):
    """Every start tag with its attributes, and the JSON block."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.json = ""
        self._in_json = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in_json = dict(attrs).get("type") == "application/json"

    def handle_data(self, data):
        if self._in_json:
            self.json += data

    def handle_endtag(self, _tag):
        self._in_json = False

    def addresses(self):
        found = [attrs.get("src") or attrs.get("href") for _, attrs in self.tags]
        return [address for address in found if address]


def declared(html):
    return json.loads(Elements(html).json)


@pytest.mark.parametrize("zoom", [11, 8])
def test_cells_are_drawn_from_the_zoom_where_those_of_the_page_are_apart(zoom):
    html = render_page(replace(DECLARATION, subject="streetlights", cells_from=zoom))
    layers = {layer["layer"]: layer["min_zoom"] for layer in declared(html)["declared"]["layers"]}
    assert layers["cells"] == zoom
    assert layers["segments"] == 0


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_names_no_other_host(subject, language):
    html = render_page(replace(DECLARATION, subject=subject, language=language), nonce="n")
    assert [a for a in Elements(html).addresses() if not a.startswith(("/static/", "/maps/"))] == [
        "/",
        "/imports",
        "/checks",
    ]


@pytest.mark.parametrize(
    "address",
    [a for a in Elements(render_page(DECLARATION)).addresses() if a.startswith("/static/")],
)
def test_every_asset_of_a_page_is_there(address):
    assert asset_text(address)


def test_the_city_reaches_the_browser_letter_by_letter():
    page = declared(render_page(DECLARATION))
    assert (page["city"], page["grids"], page["attribution"]) == (
        CANARY,
        [[CANARY, CANARY]],
        CANARY,
    )


@pytest.mark.parametrize("html", [render_page(DECLARATION), render_start(START)])
def test_ledger_text_stands_in_the_json_block_only(html):
    assert html.count("onerror=alert(1)") == html.count("onerror=alert(1)\\u003e")
    assert "49" not in declared(html)["city"]
    assert all(tag != "img" for tag, _ in Elements(html).tags)


def test_inline_scripts_and_styles_carry_the_nonce():
    tags = Elements(render_page(DECLARATION, nonce="a-nonce")).tags
    inline = [
        attrs
        for tag, attrs in tags
        if tag in ("script", "style") and "src" not in attrs and "type" not in attrs
    ]
    assert inline
    assert {attrs.get("nonce") for attrs in inline} == {"a-nonce"}


def test_equal_declarations_make_equal_pages():
    assert render_page(DECLARATION, nonce="n") == render_page(DECLARATION, nonce="n")


def test_a_city_without_bounds_opens_on_the_whole_country():
    page = declared(render_page(replace(DECLARATION, bounds=None)))
    assert page["bounds"] == [73.5, 18.0, 135.0, 53.6]


def test_folium_takes_latitude_first():
    assert "center: [34.75, 113.65]" in render_page(DECLARATION)


@pytest.mark.parametrize(("simulated", "times"), [(True, 1), (False, 0)])
def test_simulated_data_is_said_to_be(simulated, times):
    html = render_page(replace(DECLARATION, simulated=simulated))
    assert html.count('class="simulated"') == times


def test_the_start_page_links_the_three_maps():
    assert [a for a in Elements(render_start(START)).addresses() if a.startswith("/maps/")] == [
        f"/maps/{subject}" for subject in SUBJECTS
    ]


def test_a_link_of_folium_without_a_vendored_file_is_refused():
    frame = Frame("page.html", None, {})
    frame.add_child(folium.Map(tiles=None))
    frame.header.add_child(JavascriptLink("https://elsewhere.example/x.js"), name="surprise")
    with pytest.raises(MissingAssetError, match=r"elsewhere\.example"):
        frame.render()


def test_a_file_outside_the_manifest_has_no_address():
    with pytest.raises(MissingAssetError, match="jquery"):
        vendor_url("jquery.js")


@pytest.mark.parametrize("url", ["/static/vendor/../page.py", "/etc/passwd", "/static/guatu/no.js"])
def test_only_our_own_assets_are_read(url):
    with pytest.raises(MissingAssetError, match="make setup"):
        asset_text(url)


@pytest.mark.parametrize("value", [CANARY, {"a": [None, True, 1.5, "中文"]}])
def test_embedded_json_reads_back(value):
    embedded = embed_json(value)
    assert json.loads(embedded) == value
    assert not re.search("[<>&\u2028\u2029]", embedded)


def test_a_number_that_json_cannot_say_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        embed_json({"coverage": float("nan")})


def test_data_is_put_in_place_once():
    html = insert_data("<p><!-- data --></p>", {"a": "<!-- data -->"})
    assert (
        html == '<p><script type="application/json" id="a">"\\u003c!-- data --\\u003e"</script></p>'
    )


@pytest.mark.parametrize(("datum", "loaded"), [("wgs84", False), ("gcj02", True), ("bd09", True)])
def test_only_a_page_on_a_shifted_map_loads_what_knows_the_shift(datum, loaded):
    behind = TileMap("https://tiles.example/{z}/{x}/{y}.png", datum)
    html = render_page(replace(DECLARATION, behind=behind), nonce="n")
    assert ("/static/vendor/gcoord.js" in html) is loaded


def standalone(**data):
    return render_standalone(DECLARATION, {"answer": {"cells": []}, **data})


def test_a_stand_alone_page_links_to_nothing():
    assert Elements(standalone()).addresses() == []


def test_a_stand_alone_page_holds_its_data():
    cells = {"type": "FeatureCollection", "features": [square(code=CANARY, name=CANARY)]}
    page = declared(standalone(cells=cells))
    assert page["data"] == {"answer": {"cells": []}, "cells": cells}
    assert (page["answer_url"], page["tile_urls"]) == ("", {})


def test_the_shapes_of_a_stand_alone_page_carry_no_figures_twice():
    cells = {"type": "FeatureCollection", "features": [square(code="1", name=None, n_units=3)]}
    [drawn] = declared(standalone(cells=cells))["data"]["cells"]["features"]
    assert drawn["properties"] == {"code": "1", "name": None}


def square(**properties):
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def test_a_stand_alone_page_holds_every_script_of_the_manifest():
    html = standalone()
    for_maps_of_others = {"gcoord.js"}
    for name in VENDOR:
        if name.endswith(".js") and name not in for_maps_of_others:
            assert asset_text(vendor_url(name))[:200] in html


def test_a_stand_alone_page_may_fetch_nothing():
    policy = next(
        attrs["content"]
        for tag, attrs in Elements(standalone()).tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src blob: data:" in policy


def test_readers_may_zoom_in_on_a_page():
    viewports = [tag for tag in Elements(render_page(DECLARATION)).tags if "viewport" in str(tag)]
    assert len(viewports) == 1
    assert "user-scalable" not in str(viewports)


def test_the_basemap_of_a_stand_alone_page_keeps_what_its_features_are():
    road = {"type": "Feature", "geometry": None, "properties": {"kind": "road", "rank": 2}}
    basemap = {"type": "FeatureCollection", "features": [road]}
    assert declared(standalone(basemap=basemap))["data"]["basemap"] == basemap


def test_a_stand_alone_page_lies_on_no_map_of_another_service():
    behind = TileMap("https://tiles.example/{z}/{x}/{y}.png", "wgs84")
    html = render_standalone(replace(DECLARATION, behind=behind), {"answer": {"cells": []}})
    assert "tiles.example" not in html


def test_a_page_asks_for_its_figures_before_its_libraries_are_read():
    html = render_page(DECLARATION, nonce="n")
    declared = html.index('id="declaration"')
    sources = re.findall(r'<script src="([^"]+)"', html)
    assert sources[0] == "/static/guatu/early.js"
    assert declared < html.index(sources[0]) < html.index("<link")
