"""Connections, transactions and migrations."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.errors import SchemaRevisionError

Read = TypeVar("Read")

APP_ROLE = "guatu_app"
"""What the service may do: read and write rows, never the schema, never a past event."""

MIGRATIONS = Path(__file__).parent / "migrations"


def make_engine(
    url: str | URL, *, role: str | None = APP_ROLE, statement_timeout_s: float = 0
) -> Engine:
    """Return a pool of connections that act as `role` (``None``: as the URL's own user).

    The role and the timeout are start-up options of the connection, so nothing a request does can
    leave another one behind.
    """
    engine = create_engine(
        _with_driver(url),
        # Nothing is prepared for being asked often: see `PREPARED`.
        connect_args={**_connect_args(role, statement_timeout_s), "prepare_threshold": sys.maxsize},
        pool_pre_ping=True,
        pool_timeout=5,
    )
    event.listen(engine, "do_execute", _prepare_if_asked)
    return engine


PREPARED: Mapping[str, Any] = MappingProxyType({"guatu_prepared": True})
"""Execution options of a statement to plan once a connection, for any parameters; others are
planned for theirs each time."""


def _prepare_if_asked(
    cursor: Any, statement: str, parameters: Any, context: ExecutionContext
) -> bool:
    """Execute a statement with the options `PREPARED`, or return False."""
    is_asked = PREPARED.items() <= context.execution_options.items()
    if is_asked:
        cursor.execute(statement, parameters, prepare=True)
    return is_asked


def make_glance_engine(url: str | URL, *, statement_timeout_s: float = 0) -> Engine:
    """Return a pool for `glance`: no transactions, and nothing is asked of a connection before."""
    return create_engine(
        _with_driver(url),
        connect_args=_connect_args(APP_ROLE, statement_timeout_s),
        isolation_level="AUTOCOMMIT",
        pool_timeout=5,
    )


def _with_driver(url: str | URL) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


def _connect_args(role: str | None, statement_timeout_s: float) -> dict[str, str]:
    options = [
        f"-c statement_timeout={round(statement_timeout_s * 1000)}",
        # Ledgers are staged in temporary tables; taken only by who has any.
        "-c temp_buffers=64MB",
        # Days in tiles are written as the server writes them, half as costly as `to_char`.
        "-c datestyle=ISO",
    ]
    if role is not None:
        options.append(f"-c role={role}")
    return {"options": " ".join(options), "application_name": "guatu"}


@contextmanager
def transaction(engine: Engine, *, moves: Iterable[str] = ()) -> Iterator[Session]:
    """Commit everything the block did, or nothing; move the revisions of `moves` last.

    So are those that what the block called has named by `must_move`.
    """
    with Session(engine) as session, session.begin():
        yield session
        session.flush()
        for subject in sorted({*moves, *session.info.get(_MOVED, ())}):
            session.execute(_MOVE, {"subject": subject})


_MOVED = "guatu_moved"
_MOVE = text("""
    WITH moved AS (
        UPDATE revision SET value = value + 1, moved_at = now() WHERE subject = :subject
        RETURNING subject
    )
    SELECT pg_notify('guatu_revision', subject) FROM moved
""")


def must_move(session: Session, subject: str) -> None:
    """Let the transaction of `session` move the revision of `subject` when it ends."""
    session.info.setdefault(_MOVED, set()).add(subject)


class _RehearsedError(Exception):
    """Ends the transaction of a rehearsal."""


# Sorting and joining a large ledger in memory; and a while to compute in between.
_ROOM = text("""
    SELECT set_config('work_mem', '256MB', true),
        set_config('idle_in_transaction_session_timeout', '10min', true)
""")


@contextmanager
def loading(
    engine: Engine, *, moves: Iterable[str] = (), rehearsal: bool = False
) -> Iterator[Session]:
    """Do as `transaction`, after every other load; a `rehearsal` does everything and undoes it."""
    with suppress(_RehearsedError), transaction(engine, moves=moves) as session:
        session.execute(_ROOM)
        wait_for_loads(session)
        yield session
        if rehearsal:
            session.flush()
            raise _RehearsedError


def wait_for_loads(session: Session) -> None:
    """Wait until nobody else loads rows into this store, and let others wait for this transaction.

    Two loads at once would not see each other's rows: a unit and a cell would miss each other.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('guatu_load'))"))


# Who only reads keeps nobody waiting, and computes for a while between what it reads.
_TIME_TO_COMPUTE = text("SET LOCAL idle_in_transaction_session_timeout = '10min'")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Read one unchanging state: a figure and its revision belong together."""
    with (
        engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as connection,
        # That ends with a commit: with a rollback the driver would drop what was prepared.
        connection.begin(),
        Session(connection) as session,
    ):
        session.execute(_TIME_TO_COMPUTE)
        yield session


def glance(engine: Engine, read: Callable[[Session], Read]) -> Read:
    """Return what `read` finds by one statement, on a connection of `make_glance_engine`.

    Where connections were cut meanwhile, all are made anew and it is read again.
    """
    try:
        return _glance(engine, read)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _glance(engine, read)


def _glance(engine: Engine, read: Callable[[Session], Read]) -> Read:
    with Session(engine) as session:
        return read(session)


def upgrade(url: str | URL) -> None:
    """Bring the database to the newest schema, as its owner.

    Raises
    ------
    SchemaRevisionError
        When a newer or another version of the program migrated the database.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = make_engine(url, role=None)
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '3s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('guatu_upgrade'))"))
            _check_revision(connection, ScriptDirectory.from_config(config))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _check_revision(connection: Connection, script: ScriptDirectory) -> None:
    known = {one.revision for one in script.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise SchemaRevisionError(
            f"the database is at revision {', '.join(sorted(unknown))}, which this version of the"
            " program does not know; install the version that migrated it, or a newer one"
        )
