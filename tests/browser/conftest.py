"""The pages in a real Chromium that reaches no other host, on sample cities served on loopback."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import URL

from api.app import create_app
from api.settings import Settings

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
PATIENCE_S = 60

Serve = Callable[..., str]
Open = Callable[[str], Page]


@pytest.fixture(scope="session")
def serve(sample_url: Callable[..., URL]) -> Iterator[Serve]:
    """Return a function from a sample's name and folder to the address it is served at."""
    addresses: dict[str, str] = {}
    with ExitStack() as stack:

        def address(sample: str, folder: Path | None = None) -> str:
            if sample not in addresses:
                url = sample_url(sample, folder)
                addresses[sample] = stack.enter_context(_served(url))
            return addresses[sample]

        yield address


@contextmanager
def _served(url: URL) -> Iterator[str]:
    settings = Settings(database_url=url.render_as_string(hide_password=False))
    config = uvicorn.Config(create_app(settings), log_level="error", timeout_graceful_shutdown=2)
    service = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=service.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        service.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What goes wrong in a page, and every address it asks for."""

    problems: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        page.on("console", self._heed)

    def _heed(self, message: Any) -> None:
        # The drivers of a software renderer complain of its own speed.
        if message.type in ("error", "warning") and "GPU stall" not in message.text:
            self.problems.append(f"{message.type}: {message.text}")


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """Offer a page of the size of an office screen; nothing may go wrong in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    watch.follow(page)
    yield page
    context.close()
    assert watch.problems == []


@pytest.fixture
def settle(page: Page) -> Callable[[], None]:
    """Return a function that waits until all of the map is drawn.

    It asks from here: the page's own rules let nobody poll inside it by a string.
    """

    def settle() -> None:
        until = time.monotonic() + PATIENCE_S
        while not page.evaluate("!Guatu.isIdle || Guatu.isIdle()"):
            assert time.monotonic() < until, "the map is never done"
            page.wait_for_timeout(50)

    return settle


@pytest.fixture
def show(page: Page, settle: Callable[[], None]) -> Open:
    """Return a function that opens an address and waits until all of it is drawn."""

    def show(address: str) -> Page:
        page.goto(address)
        page.evaluate("Guatu.ready")
        settle()
        return page

    return show
