import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import URL, CheckConstraint, Connection, Engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from data.cities import create_city
from data.engine import MIGRATIONS, make_engine, transaction, upgrade
from data.errors import SchemaRevisionError
from data.models import SUBJECTS, Base, Event, Supervision
from data.workflow import Brought
from data.workflow.table import transition
from tests.data.workflow.scenes import NOW, ready, stage, take

pytestmark = pytest.mark.db


def differences(connection: Connection) -> list[object]:
    options = {"include_object": alembic_helpers.include_object, "compare_type": True}
    return list(
        compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    )


def checks(connection: Connection) -> set[str]:
    return set(
        connection.scalars(text("SELECT conname FROM pg_constraint WHERE conname LIKE 'ck\\_%'"))
    )


def test_the_migrations_make_the_tables_of_the_models(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        assert differences(connection) == []


def test_the_migrations_make_the_checks_of_the_models(owner_engine: Engine) -> None:
    declared = {
        constraint.name
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    with owner_engine.connect() as connection:
        assert checks(connection) == declared


def test_every_migration_can_be_taken_back_and_done_again(clean_url: URL) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = make_engine(clean_url, role=None)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert checks(connection) == set()
        command.upgrade(config, "head")
        assert differences(connection) == []
    engine.dispose()


def test_a_store_is_upgraded_one_version_at_a_time(clean_url: URL) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = make_engine(clean_url, role=None)
    for version in ("0022", "head"):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0022")
            command.upgrade(config, version)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_records_of_before_are_dated_by_the_events_that_tell_of_them(clean_url: URL) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = make_engine(clean_url, role=None)
    with transaction(engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        listing = transition("list", "fixing", "ordinary")
        item = stage(session, ready(listing, "fixing", "ordinary"))
        take(session, item, "list", Brought(at=NOW, more={"leader": "Sun"}))
        take(session, item, "unlist", Brought(at=NOW, reason="done"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0030")
        command.upgrade(config, "head")
        told = connection.execute(select(Event.happened_at).order_by(Event.id)).scalars().all()
        columns = (Supervision.recorded_at, Supervision.removal_recorded_at)
        assert list(connection.execute(select(*columns)).one()) == told
    engine.dispose()


def test_upgrading_twice_changes_nothing(clean_url: URL) -> None:
    engine = make_engine(clean_url, role=None)
    with engine.connect() as connection:
        before = checks(connection)
    upgrade(clean_url)
    with engine.connect() as connection:
        assert checks(connection) == before
    engine.dispose()


def test_a_database_of_an_unknown_revision_is_left_alone(clean_url: URL) -> None:
    engine = make_engine(clean_url, role=None)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaRevisionError, match="9999"):
        upgrade(clean_url)
    engine.dispose()


def test_every_subject_has_its_counter(session: Session) -> None:
    rows = session.execute(text("SELECT subject, value FROM revision")).all()
    assert {(subject, 0) for subject in SUBJECTS} == {(subject, value) for subject, value in rows}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "ALTER TABLE unit ADD COLUMN mine int",
        "DROP TABLE unit",
        "UPDATE event SET actor = 'nobody'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE row_history SET data = '{}'",
        "DELETE FROM row_history",
        "UPDATE evidence SET note = ''",
        "DELETE FROM evidence",
        "UPDATE deadline_rule SET days = 99",
        "DELETE FROM deadline_rule",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_service_may_not(session: Session, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        session.execute(text(statement))


def test_the_service_may_write_rows_of_every_other_table(session: Session) -> None:
    tables = set(Base.metadata.tables) - {"deadline_rule", "event", "evidence", "row_history"}
    allowed = text(
        "SELECT bool_and(has_table_privilege(:t, right_)) FROM"
        " unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS right_"
    )
    assert {table for table in tables if session.scalar(allowed, {"t": table})} == tables
