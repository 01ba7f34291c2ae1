from collections.abc import Callable
from contextlib import suppress
from time import sleep

import pytest
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from data.cities import create_city, the_city
from data.engine import (
    APP_ROLE,
    PREPARED,
    glance,
    make_engine,
    make_glance_engine,
    snapshot,
    transaction,
)

pytestmark = pytest.mark.db

ADD = text("INSERT INTO party (code, name) VALUES ('p', 'Party')")
COUNT = text("SELECT count(*) FROM party")
LEDGERS = text("SELECT value FROM revision WHERE subject = 'ledgers'")


def test_a_transaction_writes_all_and_moves_its_subjects(clean_engine: Engine) -> None:
    with transaction(clean_engine, moves=("ledgers",)) as session:
        session.execute(ADD)
    with snapshot(clean_engine) as session:
        moved = session.execute(text("SELECT subject, value FROM revision ORDER BY 1")).all()
        assert session.scalar(COUNT) == 1
    assert [tuple(row) for row in moved if row.value] == [("ledgers", 1)]


def test_a_transaction_that_fails_writes_and_moves_nothing(clean_engine: Engine) -> None:
    with suppress(DBAPIError), transaction(clean_engine, moves=("ledgers",)) as session:
        session.execute(ADD)
        session.execute(ADD)
    with snapshot(clean_engine) as session:
        assert (session.scalar(COUNT), session.scalar(LEDGERS)) == (0, 0)


def test_what_moved_is_announced(clean_engine: Engine) -> None:
    with clean_engine.connect() as connection:
        listener = connection.execution_options(isolation_level="AUTOCOMMIT")
        listener.execute(text("LISTEN guatu_revision"))
        with transaction(clean_engine, moves=("grids",)):
            pass
        driver = listener.connection.driver_connection
        assert driver is not None
        assert [note.payload for note in driver.notifies(timeout=5, stop_after=1)] == ["grids"]


def test_a_snapshot_does_not_see_later_writes(clean_engine: Engine) -> None:
    with snapshot(clean_engine) as session:
        before = session.scalar(COUNT)
        with transaction(clean_engine) as writer:
            writer.execute(ADD)
        assert session.scalar(COUNT) == before


def test_a_snapshot_cannot_write(clean_engine: Engine) -> None:
    with snapshot(clean_engine) as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(ADD)


def test_who_reads_may_compute_for_a_while_in_between(clean_url: URL, clean_engine: Engine) -> None:
    soon = f"ALTER DATABASE {clean_url.database} SET idle_in_transaction_session_timeout = '100ms'"
    owner = make_engine(clean_url, role=None)
    with owner.begin() as connection:
        connection.execute(text(soon))
    owner.dispose()
    with snapshot(clean_engine) as session:
        session.execute(text("SELECT 1"))
        sleep(0.5)
        assert session.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("make", [make_engine, make_glance_engine])
def test_days_are_written_as_tiles_tell_them_whatever_the_database_prefers(
    clean_url: URL, make: Callable[[URL], Engine]
) -> None:
    owner = make_engine(clean_url, role=None)
    with owner.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {clean_url.database} SET datestyle = 'German'"))
    owner.dispose()
    engine = make(clean_url)
    with engine.connect() as connection:
        written = connection.scalar(text("SELECT CAST(date '2019-08-01' AS text)"))
    engine.dispose()
    assert written == "2019-08-01"


def test_what_is_to_be_planned_once_stays_planned_from_snapshot_to_snapshot(
    clean_engine: Engine,
) -> None:
    planned = text("SELECT statement FROM pg_prepared_statements")
    for statement in (COUNT.execution_options(**PREPARED), COUNT, text("SELECT 1")):
        for _ in range(10):
            with snapshot(clean_engine) as session:
                session.execute(statement)
    with snapshot(clean_engine) as session:
        assert session.scalars(planned).all() == [str(COUNT)]


def test_what_a_snapshot_read_may_be_looked_at_after_it(clean_engine: Engine) -> None:
    with transaction(clean_engine) as session:
        create_city(session, "t", name="t", timezone="Asia/Shanghai", metric_srid=4547)
    with snapshot(clean_engine) as session:
        city = the_city(session)
    assert city.name == "t"


def test_every_connection_acts_as_the_service(clean_engine: Engine) -> None:
    with clean_engine.connect() as connection:
        connection.execute(text("RESET ROLE"))
        connection.commit()
    with clean_engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == APP_ROLE


def test_a_statement_that_takes_too_long_is_ended(clean_url: URL) -> None:
    engine = make_engine(clean_url, statement_timeout_s=0.05)
    with engine.connect() as connection, pytest.raises(OperationalError, match="statement timeout"):
        connection.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()


def test_a_glance_outlives_a_connection_that_was_cut(
    database_url: URL, owner_engine: Engine
) -> None:
    def pid(session: Session) -> int:
        return session.execute(text("SELECT pg_backend_pid()")).scalar_one()

    glances = make_glance_engine(database_url)
    before = glance(glances, pid)
    with owner_engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
    assert glance(glances, pid) != before
    glances.dispose()


def test_a_glance_that_fails_is_not_taken_again(database_url: URL) -> None:
    glances, taken = make_glance_engine(database_url), []

    def read(session: Session) -> None:
        taken.append("once")
        session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError):
        glance(glances, read)
    assert taken == ["once"]
    glances.dispose()
