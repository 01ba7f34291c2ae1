"""A statement asked from an event loop answers as it stands then, and comes back after a fall."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from data.errors import StoreError
from data.prepared import Prepared

pytestmark = pytest.mark.db


@pytest.fixture
def clock(engine: Engine) -> Iterator[Prepared]:
    prepared = Prepared(engine, "SELECT pg_backend_pid(), clock_timestamp(), NULL")
    yield prepared
    prepared.close()


def test_each_answer_is_of_its_own_moment_on_one_connection(clock: Prepared) -> None:
    async def twice() -> list[tuple[bytes | None, ...]]:
        return [*await clock.ask(), *await clock.ask()]

    (pid, then, nothing), (same, now, _) = asyncio.run(twice())
    assert nothing is None
    assert pid == same
    assert then is not None
    assert now is not None
    assert now > then


def test_it_may_be_asked_from_another_loop(clock: Prepared) -> None:
    assert [len(asyncio.run(clock.ask())) for _ in range(2)] == [1, 1]


def test_a_connection_that_is_cut_is_told_once_and_made_anew(
    clock: Prepared, owner_engine: Engine
) -> None:
    [(pid, *_)] = asyncio.run(clock.ask())
    with owner_engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": int(pid or 0)})
    with pytest.raises(StoreError):
        asyncio.run(clock.ask())
    [(other, *_)] = asyncio.run(clock.ask())
    assert other != pid


def test_what_nobody_waits_for_any_more_is_no_answer_to_the_next(engine: Engine) -> None:
    slow = Prepared(engine, "SELECT clock_timestamp(), pg_sleep(0.2)")

    async def left() -> list[tuple[bytes | None, ...]]:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow.ask(), 0.05)
        return await slow.ask()

    assert len(asyncio.run(left())) == 1
    slow.close()


@pytest.mark.parametrize("statement", ["SELECT 1 / (random() * 0)::int", "SELECT nothing"])
def test_a_statement_that_fails_says_so(engine: Engine, statement: str) -> None:
    with pytest.raises(StoreError):
        asyncio.run(Prepared(engine, statement).ask())
