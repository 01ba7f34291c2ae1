"""Jobs of workers that died are done again, and given up in the end."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Engine, text

from data.cities import create_city
from data.engine import transaction
from data.importers import ImportOptions
from data.importers.upload import Upload
from data.importers.uploads import carry_out, order, receive
from data.jobs import TRIES, sweep, work

pytestmark = pytest.mark.db

Apart = Callable[[Callable[[], object]], object]

DIED = text("""
    WITH dead AS (
        INSERT INTO procrastinate.procrastinate_workers (last_heartbeat)
        VALUES (now() - interval '5 minutes') RETURNING id
    )
    UPDATE procrastinate.procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead
""")


@pytest.fixture
def batch(clean_engine: Engine) -> int:
    """An import that was ordered."""
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    upload = Upload("units", "units.csv", b"code,name\nu1,First\n", ImportOptions())
    number, _ = receive(clean_engine, upload)
    order(clean_engine, number, "import")
    return number


def die(engine: Engine) -> None:
    """Leave the job as a worker leaves it that was killed."""
    with transaction(engine) as session:
        session.execute(text("SET LOCAL search_path TO procrastinate, public"))
        session.execute(DIED)


def state(engine: Engine, batch: int) -> str:
    with engine.connect() as connection:
        found = text("SELECT state FROM import_batch WHERE id = :id")
        return str(connection.execute(found, {"id": batch}).scalar_one())


def test_the_job_of_a_dead_worker_is_done_again(
    clean_engine: Engine, batch: int, apart: Apart
) -> None:
    die(clean_engine)
    apart(lambda: asyncio.run(sweep(clean_engine)))
    apart(lambda: work(clean_engine, partial(carry_out, clean_engine), wait=False))
    assert state(clean_engine, batch) == "imported"


def test_a_job_that_ends_every_worker_is_given_up(
    clean_engine: Engine, batch: int, apart: Apart
) -> None:
    for _ in range(TRIES):
        die(clean_engine)
        apart(lambda: asyncio.run(sweep(clean_engine)))
    assert state(clean_engine, batch) == "failed"


def test_a_job_is_part_of_the_transaction_that_asks_for_it(
    clean_engine: Engine, batch: int
) -> None:
    with clean_engine.connect() as connection:
        jobs = text("SELECT id FROM procrastinate.procrastinate_jobs")
        asked = text("SELECT job FROM import_batch WHERE id = :id")
        assert connection.scalars(jobs).all() == [connection.scalar(asked, {"id": batch})]
