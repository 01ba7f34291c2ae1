"""Wait until another transaction waits."""

import time

from sqlalchemy import Engine, text

_WAITING = text("""
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND NOT granted
""")


def wait_for_a_waiter(engine: Engine) -> None:
    """Return when another transaction of the database waits for a lock."""
    until = time.monotonic() + 60
    with engine.connect() as connection:
        while not connection.execute(_WAITING).scalar_one():
            connection.rollback()
            if time.monotonic() > until:
                raise TimeoutError("nobody waits for a lock")
