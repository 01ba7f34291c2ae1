"""The pages in a real Chromium that reaches no other host, on sample cities served on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Request
from sqlalchemy import URL

from api.app import create_app
from api.settings import Settings
from data.machine import find_chromium
from tools.chromium import launched, served, wait_until_drawn

Serve = Callable[..., str]
Open = Callable[[str], Page]

STEP_MS = 20
PATIENCE_STEPS = 500
QUIET_STEPS = 5

COME_TO_REST = """() => {
    window.map_guatu?.stop?.();
    const late = new Promise((done) => setTimeout(done, 5_000));
    return Promise.race([late, window.Guatu?.settled?.()]);
}"""


@pytest.fixture(scope="session")
def serve(sample_url: Callable[..., URL]) -> Iterator[Serve]:
    """Return a function from a sample's name and folder to the address it is served at."""
    addresses: dict[str, str] = {}
    with ExitStack() as stack:

        def address(sample: str, folder: Path | None = None) -> str:
            if sample not in addresses:
                url = sample_url(sample, folder).render_as_string(hide_password=False)
                app = create_app(Settings(database_url=url))
                addresses[sample] = stack.enter_context(served(app))
            return addresses[sample]

        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("there is no Chromium on this machine")
    with launched() as browser:
        yield browser


@dataclass
class Watch:
    """What goes wrong in a page, and every address it asks for."""

    problems: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    pending: set[Request] = field(default_factory=set)

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", self._ask)
        page.on("requestfinished", lambda request: self.pending.discard(request))
        page.on("requestfailed", self._fail)
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        page.on("console", self._heed)

    def settle(self, page: Page) -> None:
        """Wait for what was asked: a request cut off by the end of a test would look failed.

        A map that flies is stopped first. An answer may lead to the next request, so nothing must
        have been asked for a while.
        """
        with suppress(Error):
            page.evaluate(COME_TO_REST)
        quiet = 0
        for _ in range(PATIENCE_STEPS):
            quiet = 0 if self.pending else quiet + 1
            if quiet > QUIET_STEPS:
                return
            page.wait_for_timeout(STEP_MS)

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)
        self.pending.add(request)

    def _fail(self, request: Request) -> None:
        self.pending.discard(request)
        self.problems.append(f"failed: {request.url}: {request.failure}")

    def _heed(self, message: Any) -> None:
        # The drivers of a software renderer complain of its own speed.
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            self.problems.append(f"{message.type}: {message.text}")


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """Offer a page of the size of a laptop's screen; nothing may go wrong in it."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    watch.follow(page)
    yield page
    watch.settle(page)
    context.close()
    assert watch.problems == []


@pytest.fixture
def show(page: Page, watch: Watch) -> Open:
    """Return a function that opens an address and waits until all of it is drawn."""

    def show(address: str) -> Page:
        watch.settle(page)
        page.goto(address)
        wait_until_drawn(page)
        return page

    return show
