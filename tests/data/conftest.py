"""Sample cities in a store, each loaded once a run for all workers; tests only read them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from data.engine import make_engine
from data.samples import load_sample

SampleStore = Callable[..., Engine]


@pytest.fixture(scope="session")
def sample_store(server: URL, template: str) -> Iterator[SampleStore]:
    """Return a function from a sample's name and folder to its loaded store."""
    engines: dict[str, Engine] = {}

    def store(name: str, folder: Path | None = None) -> Engine:
        if name not in engines:
            database = f"{template}_{name}"
            _load_once(server, template, database, lambda engine: load_sample(engine, name, folder))
            engines[name] = make_engine(server.set(database=database))
        return engines[name]

    yield store
    for engine in engines.values():
        engine.dispose()


def _load_once(server: URL, template: str, name: str, load: Callable[[Engine], Any]) -> None:
    """Clone the template and load it, unless another worker has; it waits for one that does."""
    administration = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with administration.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": name})
        found = text("SELECT count(*) FROM pg_database WHERE datname = :name")
        if connection.scalar(found, {"name": name}):
            return
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": template})
        connection.execute(text(f"CREATE DATABASE {name}_new TEMPLATE {template}"))
        connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": template})
        engine = make_engine(server.set(database=f"{name}_new"))
        load(engine)
        engine.dispose()
        connection.execute(text(f"ALTER DATABASE {name}_new RENAME TO {name}"))
