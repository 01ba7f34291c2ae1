"""guatu serve: the maps and the API on this machine's loopback."""

import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.commands.options import settings_of
from api.commands.terminal import say
from api.commands.working import worker_beside
from api.errors import OpenHostError, PortTakenError

HOST = "127.0.0.1"
PORT = 8000

HostOption = Annotated[str, typer.Option(help="A loopback address.")]
PortOption = Annotated[int, typer.Option(min=1, max=65_535, help="TCP port.")]


def serve(context: typer.Context, host: HostOption = HOST, port: PortOption = PORT) -> None:
    """Serve the maps and the API until interrupted."""
    with listen(host, port) as listener:
        run(create_app(settings_of(context)), listener)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to a loopback address, before anything slow is done.

    Raises
    ------
    OpenHostError
        When others could reach the service: there are no accounts yet.
    PortTakenError
        When the port is not to be had.
    """
    address = ip_address("127.0.0.1" if host == "localhost" else _address(host))
    if not address.is_loopback:
        raise OpenHostError(f"{host} can be reached from outside; accounts do not exist yet")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET  # IPv6
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((str(address), port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortTakenError(f"port {port} is not free: {error.strerror}; try --port") from error
    return listener


def run(app: FastAPI, listener: socket.socket) -> None:
    """Serve `app` on `listener` until interrupted, with a worker beside it."""
    host, port = listener.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    say(f"Guatu hangs at http://{name}:{port}/ (Ctrl+C ends it)")
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, timeout_keep_alive=5, limit_concurrency=200
    )
    # Being interrupted is how it is meant to end.
    with worker_beside(app.state.engine, app.state.keep_uploads_days), suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _address(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError as error:
        raise OpenHostError(f"{host!r} is not a loopback address") from error
