"""What is drawn on the map of the city: pointed at, clicked, switched on."""

import json

import pytest
from playwright.sync_api import expect

from tests.canary_city import CANARIES, CODES, SPOTS
from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

QUERY = "as_of=2019-08-31&window=30"
AT = 2
"""The place whose texts make an element wherever they are taken for markup."""

POINTS = [
    ("hazards", "hazards", 0, {CODES[AT], CANARIES[AT]}),
    ("hazards", "repeat_sites", 0, {CODES[AT], CANARIES[AT]}),
    ("coverage", "units", 0, {CODES[AT], CANARIES[AT]}),
    ("streetlights", "boxes", 0, {CODES[AT]}),
    ("streetlights", "lamps", 0, {CODES[AT], CANARIES[AT]}),
    ("streetlights", "outages", 0.0005, {CODES[AT], CANARIES[AT]}),
]
COMPUTED = [
    ("hazards", "clusters", "2019-08-31"),
    ("hazards", "repeat_sites", "2019-08-31"),
    # On the day before the visits nobody was anywhere.
    ("coverage", "blind_spots", "2019-08-30"),
    ("streetlights", "dark_runs", "2019-08-31"),
]


def address_of(city, subject, north=0.0, query=QUERY):
    return f"{city}/maps/{subject}?{query}#19/{SPOTS[AT].y + north:.5f}/{SPOTS[AT].x:.5f}"


def place_of(page, north=0.0):
    """Where the place lies on the screen."""
    lat_lon = [SPOTS[AT].y + north, SPOTS[AT].x]
    at = page.evaluate("(at) => map_guatu.latLngToContainerPoint(at)", lat_lon)
    stage = page.locator("#map_guatu").bounding_box()
    return stage["x"] + at["x"], stage["y"] + at["y"]


def show_only(page, role):
    for box in page.locator("#toggles input").all():
        box.set_checked(box.get_attribute("name") == role)
    if role in {computed for _, computed, _ in COMPUTED}:
        expect(page.locator(f"#toggles div:has([name={role}]) .note")).not_to_be_empty()
    wait_until_drawn(page)
    assert page.evaluate(f"Guatu.countDrawn({json.dumps(role)})") > 0


def names_on_the_map(page, layer):
    found = page.evaluate(
        f"""maplibre_guatu.getMaplibreMap().queryRenderedFeatures({{ layers: ["{layer}"] }})
            .map(({{ properties }}) => properties.name)"""
    )
    return set(found)


@pytest.mark.parametrize(("subject", "role", "north", "texts"), POINTS)
def test_a_point_that_is_clicked_tells_its_texts(city, show, subject, role, north, texts):
    page = show(address_of(city, subject, north))
    show_only(page, role)
    page.mouse.click(*place_of(page, north))
    expect(page.locator("#panel")).to_be_visible()
    told = page.locator("#panel h2, #panel dd").all_text_contents()
    assert texts <= set(told)


@pytest.mark.parametrize(
    ("subject", "role"),
    [("hazards", "cells"), ("coverage", "cells"), ("streetlights", "segments")],
)
def test_a_row_that_is_pointed_at_and_clicked_tells_its_name(city, show, subject, role):
    page = show(address_of(city, subject, north=-0.0004))
    show_only(page, role)
    x, y = place_of(page, -0.0004)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    expect(page.locator("#hover")).to_contain_text(CANARIES[AT])
    page.mouse.click(x, y)
    expect(page.locator("#panel h2")).to_have_text(CANARIES[AT])


def test_the_officer_of_a_cell_is_told_letter_by_letter(city, show):
    page = show(f"{city}/maps/coverage?{QUERY}")
    page.evaluate("(code) => Guatu.openCode(code)", CODES[AT])
    expect(page.locator("#panel dd", has_text=CANARIES[AT])).to_be_visible()


def test_names_of_streets_are_drawn_letter_by_letter(city, show):
    page = show(address_of(city, "streetlights"))
    assert CANARIES[AT] in names_on_the_map(page, "segments-name")
    page = show(address_of(city, "coverage"))
    assert CANARIES[AT] in names_on_the_map(page, "basemap-name")


@pytest.mark.parametrize(("subject", "role", "day"), COMPUTED)
def test_a_computed_layer_is_switched_on_and_clicked(city, show, subject, role, day):
    page = show(address_of(city, subject, query=f"as_of={day}&window=30"))
    show_only(page, role)
    page.mouse.move(*place_of(page))
    page.mouse.click(*place_of(page))
    opened = page.locator("#hover, #panel, #toggles")
    assert opened.locator("img, svg, script, b:text-is('bold')").count() == 0


def test_who_owns_the_basemap_stands_below_the_map(city, show):
    page = show(f"{city}/maps/hazards?{QUERY}")
    expect(page.locator("#attribution")).to_have_text(CANARIES[AT])
    expect(page.locator("#city")).to_have_text(CANARIES[0])
    assert CANARIES[0] in page.locator("[name=grid] option").all_text_contents()
    page.goto(f"{city}/?{QUERY}")
    page.evaluate("Guatu.ready")
    expect(page.locator("#attribution")).to_have_text(CANARIES[AT])
    expect(page.locator("#city")).to_have_text(CANARIES[0])
