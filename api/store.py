"""The store a command or the service works on: one database, one city."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, OperationalError

from api.settings import Settings
from data.cluster import Cluster, default_home
from data.engine import make_engine, upgrade
from data.errors import NoCityError, StoreError

HOW_TO_START = "`guatu demo` loads a sample city, `guatu init --name NAME` starts your own"


@dataclass(frozen=True)
class Store:
    """Where the rows are.

    Attributes
    ----------
    url
        SQLAlchemy URL of the database, at the newest schema.
    city
        Code of the city inside the private cluster; None for a database of one's own.
    """

    url: str
    city: str | None = None


def open_store(settings: Settings) -> Store:
    """Return the store that holds the city `settings` choose, at the newest schema.

    Raises
    ------
    NoCityError
        When the private cluster has no such city, or none at all.
    """
    if settings.database_url is not None:
        return _upgraded(Store(settings.database_url))
    cluster = started_cluster(settings)
    city = _choose(settings.city or cluster.last_city, cluster.cities())
    return _upgraded(Store(cluster.url(city), city))


def make_store(settings: Settings, city: str) -> Store:
    """Return the store for `city`, made when the private cluster has none, and remember it."""
    if settings.database_url is not None:
        return _upgraded(Store(settings.database_url))
    cluster = started_cluster(settings)
    cluster.create_city(city)
    store = _upgraded(Store(cluster.url(city), city))
    cluster.remember(city)
    return store


@contextmanager
def connected(store: Store) -> Iterator[Engine]:
    """Give the connections of one command, closed when it ends, however it ends."""
    engine = make_engine(store.url)
    try:
        yield engine
    finally:
        engine.dispose()


def anchors_folder(settings: Settings) -> Path:
    """Return the folder where the chain of events is anchored, outside the database."""
    return settings.anchors or _home(settings) / "anchors"


def private_cluster(settings: Settings) -> Cluster:
    """Return the private cluster of `settings`, running or not."""
    return Cluster(_home(settings), _cluster_user(settings))


def _home(settings: Settings) -> Path:
    return settings.home or default_home(_cluster_user(settings))


def _cluster_user(settings: Settings) -> str | None:
    # PostgreSQL refuses to run as root.
    return settings.cluster_user if os.geteuid() == 0 else None


def started_cluster(settings: Settings) -> Cluster:
    """Return the private cluster, running."""
    cluster = private_cluster(settings)
    cluster.start()
    return cluster


def _choose(named: str | None, present: list[str]) -> str:
    if named is None and len(present) == 1:
        return present[0]
    if named is None:
        raise NoCityError(f"no city is loaded: {HOW_TO_START}")
    if named not in present:
        raise NoCityError(f"there is no city {named!r} in this store: {HOW_TO_START}")
    return named


def _upgraded(store: Store) -> Store:
    try:
        upgrade(store.url)
    except OperationalError as error:
        raise StoreError(f"the database cannot be reached: {error.orig}") from error
    except ArgumentError as error:
        raise StoreError(f"GUATU_DATABASE_URL is no database URL: {error}") from error
    return store
