"""What visits refer to is there, and stays while they are written: looked at once a statement."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.engine import make_engine

pytestmark = pytest.mark.db

UNIT = "INSERT INTO unit (id, source, external_code, name) VALUES (1, 't', 'u1', 'u')"
BATCH = """
    INSERT INTO import_batch (id, kind, source, file_name, file_sha256)
    VALUES (1, 'inspections', 't', 'f.csv', '')
"""
VISITS = """
    INSERT INTO inspection (source, external_code, unit_id, import_batch_id, inspected_at)
    SELECT 't', 'v' || n, {unit}, {batch}, now() FROM generate_series(1, 3) AS n
"""
WITHDRAWN = "DELETE FROM unit"
N_VISITS = text("SELECT count(*) FROM inspection")
N_WAITING = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
""")
SWITCHED_OFF = text("""
    SELECT count(*) FROM pg_trigger
    WHERE tgrelid = 'inspection'::regclass AND tgenabled = 'D'
        AND tgfoid = '"RI_FKey_check_ins"()'::regprocedure
""")


def visits(unit: str = "1", batch: str = "NULL") -> str:
    return VISITS.format(unit=unit, batch=batch)


@pytest.fixture
def one_unit(clean_url: URL) -> Iterator[Engine]:
    """Make a store with one unit, seen by its owner, who sees as well who waits."""
    engine = make_engine(clean_url, role=None)
    with engine.begin() as connection:
        connection.execute(text(UNIT))
    yield engine
    engine.dispose()


def done(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))
    connection.commit()


def once_it_waits(engine: Engine, future: Future[None]) -> None:
    with engine.connect() as connection:
        while not future.done() and not connection.scalar(N_WAITING):
            connection.rollback()
            time.sleep(0.01)
    assert not future.done()


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        (visits(unit="n"), "fk_inspection_unit_id"),
        (visits(batch="n + 6"), "fk_inspection_import_batch_id"),
    ],
)
def test_a_visit_that_refers_to_nothing_is_refused(
    session: Session, statement: str, key: str
) -> None:
    session.execute(text(UNIT))
    with pytest.raises(IntegrityError, match="names no") as refused:
        session.execute(text(statement))
    assert refused.value.orig.diag.constraint_name == key


def test_visits_of_a_unit_and_a_batch_are_taken(session: Session) -> None:
    for statement in (UNIT, BATCH, visits(batch="1")):
        session.execute(text(statement))
    assert session.scalar(N_VISITS) == 3


def test_visits_go_with_their_unit_and_stay_without_their_batch(session: Session) -> None:
    for statement in (UNIT, BATCH, visits(batch="1"), "DELETE FROM import_batch"):
        session.execute(text(statement))
    batches = session.scalars(text("SELECT DISTINCT import_batch_id FROM inspection"))
    assert batches.all() == [None]
    session.execute(text(WITHDRAWN))
    assert session.scalar(N_VISITS) == 0


def test_visits_of_a_unit_that_is_about_to_go_wait_and_are_refused(one_unit: Engine) -> None:
    with one_unit.connect() as one, one_unit.connect() as other, ThreadPoolExecutor(1) as pool:
        one.execute(text(WITHDRAWN))
        added = pool.submit(done, other, visits())
        once_it_waits(one_unit, added)
        one.commit()
        with pytest.raises(IntegrityError, match="names no unit"):
            added.result()


def test_a_unit_waits_for_visits_that_are_written_and_takes_them_along(one_unit: Engine) -> None:
    with one_unit.connect() as one, one_unit.connect() as other, ThreadPoolExecutor(1) as pool:
        one.execute(text(visits()))
        gone = pool.submit(done, other, WITHDRAWN)
        once_it_waits(one_unit, gone)
        one.commit()
        gone.result()
        assert one.scalar(N_VISITS) == 0


def test_a_superuser_spares_the_check_of_every_row(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        is_super = connection.scalar(text("SELECT current_setting('is_superuser')::bool"))
        assert connection.scalar(SWITCHED_OFF) == (2 if is_super else 0)
