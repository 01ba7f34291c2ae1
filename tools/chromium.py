"""A Chromium that reaches no other host and a service on loopback: for tests and pictures."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from data.machine import find_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Without a GPU both draw even plain pages through SwiftShader; only WebGL needs it.
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]

# The start page has no map that would have to settle.
DRAWN = """async () => {
    const late = new Promise((_, refuse) =>
        setTimeout(() => refuse(new Error("the map is never done")), 60_000));
    const drawn = Guatu.ready.then(() => Guatu.settled && Guatu.settled());
    await Promise.race([drawn, late]);
}"""


@contextmanager
def launched() -> Iterator[Browser]:
    """Give this machine's Chromium, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free port of the loopback and give its address."""
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2)
    service = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=service.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            service.should_exit = True
            thread.join()


def wait_until_drawn(page: Page) -> None:
    """Wait until the page has its figures and all that is in view is drawn."""
    page.evaluate(DRAWN)
