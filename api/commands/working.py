"""guatu worker: the work that outlives a request, done here or beside the service."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait
from typing import Annotated

import typer
from sqlalchemy import Engine

from api.commands.options import settings_of
from api.commands.terminal import say
from api.store import connected, open_store
from data.engine import make_engine
from data.importers.batches import sweep
from data.importers.uploads import carry_out
from data.jobs import work

GRACE_S = 10

IdleOption = Annotated[bool, typer.Option("--once", help="End when no work is left.")]


def worker(context: typer.Context, *, once: IdleOption = False) -> None:
    """Check and import what was sent to the service, until interrupted."""
    settings = settings_of(context)
    with connected(open_store(settings)) as engine:
        say("a worker waits for files (Ctrl+C ends it)")
        _work(engine, settings.keep_uploads_days, wait_for_more=not once)


@contextmanager
def worker_beside(engine: Engine, keep_days: float) -> Iterator[None]:
    """Let a worker run in a process of its own, so that importing slows no reader down.

    It ends with this process, however this one ends. What it cannot finish within `GRACE_S` is
    done again by the next one.
    """
    url = engine.url.render_as_string(hide_password=False)
    # A process that was forked would share the open connections.
    child = multiprocessing.get_context("spawn").Process(
        target=_beside, args=(url, keep_days), name="guatu worker"
    )
    child.start()
    try:
        yield
    finally:
        child.terminate()
        child.join(GRACE_S)
        child.kill()
        child.join()


def _beside(url: str, keep_days: float) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    engine = make_engine(url)
    try:
        _work(engine, keep_days)
    finally:
        engine.dispose()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)


def _work(engine: Engine, keep_days: float, *, wait_for_more: bool = True) -> None:
    chores = partial(sweep, engine, keep_days)
    work(engine, partial(carry_out, engine), chores=chores, wait=wait_for_more)
