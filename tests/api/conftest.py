"""The service on the sample city of Helsinki, loaded once a run."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from api.app import create_app
from api.settings import Settings

BASE = "http://127.0.0.1"


@pytest.fixture(scope="session")
def new_database(server: URL, template: str) -> Iterator[Callable[[], URL]]:
    """Give a function that makes a migrated, empty database of this worker; all end with it."""
    administration = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    made: list[URL] = []

    def make() -> URL:
        name = f"{template}_{secrets.token_hex(4)}"
        with administration.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext(:n))"), {"n": template})
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        made.append(server.set(database=name))
        return made[-1]

    yield make
    with administration.connect() as connection:
        for url in made:
            connection.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))


@pytest.fixture(scope="session")
def helsinki_url(sample_url: Callable[..., URL]) -> URL:
    """A database that holds the sample city; tests only read it."""
    return sample_url("helsinki")


def settings_for(url: URL) -> Settings:
    return Settings(database_url=url.render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def client(helsinki_url: URL) -> Iterator[TestClient]:
    with TestClient(create_app(settings_for(helsinki_url)), base_url=BASE) as client:
        yield client


@pytest.fixture
def empty_client(clean_url: URL) -> Iterator[TestClient]:
    """The service on a store that holds no city yet."""
    with TestClient(create_app(settings_for(clean_url)), base_url=BASE) as client:
        yield client
