"""A city full of markup behind the pages, and a page in which nothing of it may become more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import URL

from api.app import create_app
from api.settings import Settings
from data.cities import the_city
from data.engine import make_engine, transaction
from data.workflow.rules import Rule, Ruled, set_rule
from tests.browser.conftest import Watch
from tests.canary_city import CANARIES, crowd, fill
from tools.chromium import served

TELL_WHAT_RAN = """
Object.defineProperty(window, "ran", { set: () => caught("something ran") });
"""

# What a text of the city would have made, had it been taken for markup; the policy of the pages
# stops a script that was injected, not the element.
TELL_WHAT_WAS_INJECTED = """
const OFFSPRING = "img[src='x'], svg[onload], [onerror], [onmouseover], a[href^='javascript:']";
const isOffspring = (one) =>
    one.matches(OFFSPRING) ||
    (one.localName === "b" && one.textContent === "bold") ||
    (one.localName === "script" && !one.type && one.textContent.includes("window.ran=1"));
const look = (one) => {
    if (!(one instanceof Element)) return;
    for (const part of [one, ...one.querySelectorAll("*")])
        if (isOffspring(part)) caught(part.outerHTML.slice(0, 80));
};
new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) [target, ...addedNodes].forEach(look);
}).observe(document, { childList: true, subtree: true, attributes: true });
"""


def fill_whole(url: URL) -> None:
    engine = make_engine(url)
    fill(engine)
    crowd(engine)
    with transaction(engine) as session:
        the_city(session).attribution = CANARIES[2]
        set_rule(session, Rule(Ruled("segment"), 10, CANARIES[2]), CANARIES[2])
    engine.dispose()


def serve_city(url: URL, anchors: Path) -> Iterator[str]:
    stored = url.render_as_string(hide_password=False)
    with served(create_app(Settings(database_url=stored, anchors=anchors))) as address:
        yield address


@pytest.fixture(scope="session")
def city_url(clone_of) -> Iterator[URL]:
    """The store of the city, to be read only."""
    with clone_of("canaries", fill_whole) as url:
        yield url


@pytest.fixture(scope="session")
def city(city_url, tmp_path_factory) -> Iterator[str]:
    """Where the city is served, to be read only."""
    yield from serve_city(city_url, tmp_path_factory.mktemp("anchors"))


@pytest.fixture
def changing_city(clone_of, tmp_path) -> Iterator[str]:
    """Where a city of its own is served to a test that acts."""
    with clone_of("canaries", fill_whole) as url:
        yield from serve_city(url, tmp_path)


@pytest.fixture(autouse=True)
def cage(page: Page, watch: Watch) -> Iterator[None]:
    """Whatever a test opens: no text runs, makes an element, or asks for another host."""
    caught: list[str] = []
    page.expose_function("caught", lambda what: caught.append(what))
    page.add_init_script(TELL_WHAT_RAN)
    page.add_init_script(TELL_WHAT_WAS_INJECTED)
    yield
    watch.settle(page)
    page.evaluate("null")  # what was told before this has come
    assert caught == []
    ours = ("http://127.0.0.1:", "file:", "blob:", "data:")
    assert [url for url in watch.asked if not url.startswith(ours)] == []
