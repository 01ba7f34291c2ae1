"""What leaves the service: the map in one file, the lists and bulletins, the pages to be read."""

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from api.cli import app
from tests.canary_city import CANARIES, CODES, SPOTS
from tools.chromium import wait_until_drawn

pytestmark = [pytest.mark.db, pytest.mark.browser]

MARKUP = CANARIES[2]
ROLES = {"hazards": "cells", "coverage": "cells", "streetlights": "segments"}


@pytest.fixture
def opened(city_url, apart, show, tmp_path):
    """Return what writes the map of a subject and opens it from the disk."""

    def opened(subject):
        out = tmp_path / f"{subject}.html"
        stored = {"GUATU_DATABASE_URL": city_url.render_as_string(hide_password=False)}
        asked = ["map", subject, "--grid", CODES[0], "--as-of", "2019-08-31", "-o", str(out)]
        done = apart(lambda: CliRunner().invoke(app, asked, env=stored))
        assert done.exit_code == 0, done.output
        return show(out.as_uri())

    return opened


def place_of(page):
    lat_lon = [SPOTS[2].y - 0.0004, SPOTS[2].x]
    page.evaluate("(at) => map_guatu.setView(at, 18, { animate: false })", lat_lon)
    wait_until_drawn(page)
    at = page.evaluate("(at) => map_guatu.latLngToContainerPoint(at)", lat_lon)
    stage = page.locator("#map_guatu").bounding_box()
    return stage["x"] + at["x"], stage["y"] + at["y"]


@pytest.mark.parametrize("subject", ROLES)
def test_a_map_in_a_file_is_pointed_at_and_clicked(opened, subject):
    page = opened(subject)
    x, y = place_of(page)
    assert page.evaluate(f"Guatu.countDrawn('{ROLES[subject]}')") > 0
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    expect(page.locator("#hover")).to_contain_text(MARKUP)
    page.mouse.click(x, y)
    expect(page.locator("#panel h2")).to_have_text(MARKUP)
    for card in page.locator("#cards summary").all():
        card.click()
    page.locator(".method summary").click()
    expect(page.locator("#attribution")).to_have_text(MARKUP)


@pytest.mark.parametrize("path", ["lists", "bulletins/weekly"])
def test_a_document_of_the_web_is_read_letter_by_letter(city, page, path):
    page.goto(f"{city}/api/v1/{path}.html?as_of=2019-08-31")
    assert CANARIES[0] in page.locator("body").inner_text()


def test_what_does_not_fit_together_is_told_letter_by_letter(city, page):
    page.goto(f"{city}/checks?as_of=2019-08-31")
    expect(page.locator("td", has_text=MARKUP).first).to_be_attached()
