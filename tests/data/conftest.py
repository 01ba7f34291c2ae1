"""Sample cities in a store, which tests only read; and a city without ledgers to write to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from data.cities import create_city
from data.engine import make_engine, transaction

SampleStore = Callable[..., Engine]


@pytest.fixture(scope="session")
def sample_store(sample_url: Callable[..., URL]) -> Iterator[SampleStore]:
    """Return a function from a sample's name and folder to its loaded store."""
    engines: dict[str, Engine] = {}

    def store(name: str, folder: Path | None = None) -> Engine:
        if name not in engines:
            engines[name] = make_engine(sample_url(name, folder))
        return engines[name]

    yield store
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def city(clean_engine: Engine) -> Engine:
    """Make a city without ledgers, for one test that commits."""
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    return clean_engine
