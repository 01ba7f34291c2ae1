import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

pytestmark = pytest.mark.db


@pytest.fixture
def address(helsinki_url: URL) -> Iterator[str]:
    """The service as a process of its own, until it is interrupted."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    guatu = Path(sys.executable).with_name("guatu")
    service = subprocess.Popen(  # noqa: S603  # our own command
        [guatu, "serve", "--port", str(port)],
        env={"GUATU_DATABASE_URL": helsinki_url.render_as_string(hide_password=False)},
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        service.send_signal(signal.SIGINT)
        assert service.wait(timeout=60) == 0


def read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  # our own service
        content: bytes = answer.read()
    return content


def wait_for(url: str) -> bytes:
    for _ in range(300):
        try:
            return read(url)
        except urllib.error.URLError:
            time.sleep(0.2)
    raise TimeoutError(url)


def test_the_service_hangs_the_maps_until_it_is_interrupted(address: str) -> None:
    assert b"<!DOCTYPE html>" in wait_for(f"{address}/")[:100]
    assert b"squares_100m" in read(f"{address}/api/v1/grids")
    assert b"maplibre" in read(f"{address}/maps/streetlights")
