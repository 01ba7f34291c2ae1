"""A statement asked from an event loop answers as it stands then, and comes back after a fall."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, text

from data.errors import StoreError
from data.repeated_statement import RepeatedStatement

T = TypeVar("T")

pytestmark = pytest.mark.db

CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE query = 'SELECT pg_sleep(60)' AND state = 'active' AND datname = current_database()
"""


def in_a_loop(asking: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in another thread, for a browser's event loop may be in ours."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asking).result()


@pytest.fixture
def clock(engine: Engine) -> Iterator[RepeatedStatement]:
    prepared = RepeatedStatement(engine, "SELECT pg_backend_pid(), clock_timestamp(), NULL")
    yield prepared
    prepared.close()


def test_each_answer_is_of_its_own_moment_on_one_connection(clock: RepeatedStatement) -> None:
    async def twice() -> list[tuple[bytes | None, ...]]:
        return [*await clock.ask(), *await clock.ask()]

    (pid, then, nothing), (same, now, _) = in_a_loop(twice())
    assert nothing is None
    assert pid == same
    assert then is not None
    assert now is not None
    assert now > then


def test_it_may_be_asked_from_another_loop(clock: RepeatedStatement) -> None:
    assert [len(in_a_loop(clock.ask())) for _ in range(2)] == [1, 1]


def test_a_connection_that_is_cut_is_told_at_most_once_and_made_anew(
    clock: RepeatedStatement, owner_engine: Engine
) -> None:
    def cut(pid: bytes | None) -> None:
        with owner_engine.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": int(pid or 0)}
            )

    async def before_and_after() -> tuple[bytes | None, bytes | None]:
        [(before, *_)] = await clock.ask()
        cut(before)
        with suppress(StoreError):
            await clock.ask()
        [(after, *_)] = await clock.ask()
        return before, after

    before, after = in_a_loop(before_and_after())
    assert before != after


def test_a_connection_that_is_cut_while_it_is_asked_is_told_to_all_who_wait(
    engine: Engine, owner_engine: Engine
) -> None:
    slow = RepeatedStatement(engine, "SELECT pg_sleep(60)")

    async def cut() -> None:
        n_cut = 0
        while not n_cut:
            await asyncio.sleep(0.01)
            with owner_engine.connect() as connection:  # each time another view of who is active
                n_cut = connection.scalar(text(CUT)) or 0

    async def all_of_them() -> list[object]:
        asking = [slow.ask() for _ in range(3)]
        return await asyncio.gather(*asking, cut(), return_exceptions=True)

    *told, _ = in_a_loop(all_of_them())
    assert [type(error) for error in told] == [StoreError] * 3


def test_who_asks_while_one_is_answered_waits_for_the_next_with_all_who_do(engine: Engine) -> None:
    counter = RepeatedStatement(engine, "SELECT clock_timestamp(), pg_sleep(0.05)")

    async def at_once() -> list[list[tuple[bytes | None, ...]]]:
        first = asyncio.create_task(counter.ask())
        await asyncio.sleep(0.02)
        return [*await asyncio.gather(first, *(counter.ask() for _ in range(5)))]

    first, *others = in_a_loop(at_once())
    assert first not in others
    assert len({str(rows) for rows in others}) == 1
    counter.close()


def test_who_goes_away_leaves_no_answer_to_the_next(engine: Engine) -> None:
    slow = RepeatedStatement(engine, "SELECT clock_timestamp(), now(), pg_sleep(0.1)")

    async def left() -> list[tuple[bytes | None, ...]]:
        await slow.ask()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow.ask(), 0.05)
        return await slow.ask()

    [(_, began, _)] = in_a_loop(left())
    assert began
    slow.close()


@pytest.mark.parametrize("statement", ["SELECT 1 / (random() * 0)::int", "SELECT nothing"])
def test_a_statement_that_fails_says_so(engine: Engine, statement: str) -> None:
    with pytest.raises(StoreError):
        in_a_loop(RepeatedStatement(engine, statement).ask())
