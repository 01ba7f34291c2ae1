"""The service on the sample city of Helsinki, loaded once a worker."""

import secrets
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import URL, create_engine, text

from api.app import create_app
from api.settings import Settings
from data.engine import make_engine
from data.samples.loading import load_sample

BASE = "http://127.0.0.1"


@pytest.fixture(scope="session")
def helsinki_url(server: URL, template: str) -> Iterator[URL]:
    """A database that holds the sample city; tests only read it."""
    name = f"{template}_{secrets.token_hex(4)}"
    administration = create_engine(server, isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": template})
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        connection.execute(text("SELECT pg_advisory_unlock_all()"))
    url = server.set(database=name)
    engine = make_engine(url)
    load_sample(engine, "helsinki")
    engine.dispose()
    yield url
    with administration.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    administration.dispose()


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
