"""A real PostGIS for the tests: one server a run, one migrated database a worker.

The server is a private cluster in a temporary folder, or the one that ``GUATU_TEST_SERVER`` names
(the SQLAlchemy URL of a database in which databases and roles may be created).
"""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import hypothesis
import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from data.cluster import Cluster
from data.engine import make_engine, upgrade
from data.samples import load_sample
from data.server import SETTINGS

SampleUrl = Callable[..., URL]
FilledUrl = Callable[[str, Callable[[URL], None]], URL]
Apart = Callable[[Callable[[], object]], object]
Clone = Callable[[], AbstractContextManager[URL]]
CloneOf = Callable[[str, Callable[[URL], None]], AbstractContextManager[URL]]

hypothesis.settings.register_profile("guatu", deadline=None)
hypothesis.settings.load_profile("guatu")

SERVER_USER = "postgres" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""

MEMORY = Path("/dev/shm")  # noqa: S108 - only folders that `mkdtemp` makes
ROOM_BYTES = 8 * 2**30
"""Several times what the stores of a run were seen to take."""

FOR_TESTS = {
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


@dataclass(frozen=True)
class Run:
    """What all workers of one test run share."""

    uid: str
    home: str

    @property
    def cluster(self) -> Cluster:
        return Cluster(Path(self.home), user=SERVER_USER)

    @property
    def template(self) -> str:
        return f"guatu_test_{self.uid}"


RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    shared: dict[str, Any] | None = getattr(config, "workerinput", None)
    if shared is not None:
        config.stash[RUN] = Run(**shared["guatu_run"])
        return
    # A run that `timeout` or a runner of jobs ends must still stop its server.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = _new_home()
    config.stash[RUN] = Run(secrets.token_hex(4), str(home))
    # Workers inherit it: no test anchors its events among those of this machine's cities.
    os.environ["GUATU_ANCHORS"] = str(home / "anchors")


def _new_home() -> Path:
    """Make a folder for a cluster, in memory where there is room: a database is 900 files."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    home = Path(tempfile.mkdtemp(prefix="guatu-", dir=MEMORY if has_room else None))
    home.chmod(0o711)
    return home


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["guatu_run"] = asdict(node.config.stash[RUN])


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    run = config.stash[RUN]
    if "GUATU_TEST_SERVER" in os.environ:
        _drop_databases_of(run)
    run.cluster.stop()
    shutil.rmtree(run.home)


def _drop_databases_of(run: Run) -> None:
    with _administration(make_url(os.environ["GUATU_TEST_SERVER"])) as connection:
        names = connection.scalars(
            text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"),
            {"prefix": run.template},
        ).all()
        for name in names:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _administration(server: URL) -> Iterator[Connection]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def cluster(run: Run) -> Cluster:
    """The private cluster of this test run, started; what it keeps need not outlive the machine."""
    with patch.dict(SETTINGS, FOR_TESTS):
        run.cluster.start()
    return run.cluster


@pytest.fixture
def new_cluster() -> Iterator[Cluster]:
    """Offer a private cluster that was never started."""
    home = _new_home()
    cluster = Cluster(home, user=SERVER_USER)
    yield cluster
    cluster.stop()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> URL:
    """The server's own database, from which others are made."""
    if named := os.environ.get("GUATU_TEST_SERVER"):
        return make_url(named)
    cluster: Cluster = request.getfixturevalue("cluster")
    return make_url(cluster.server_url)


@pytest.fixture(scope="session")
def template(server: URL, run: Run) -> str:
    """Name of a migrated, empty database that others are cloned from; made once a run."""
    with _administration(server) as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": run.template})
        made = connection.scalar(
            text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": run.template}
        )
        if not made:
            connection.execute(text(f"CREATE DATABASE {run.template}_new"))
            upgrade(server.set(database=f"{run.template}_new"))
            connection.execute(text(f"ALTER DATABASE {run.template}_new RENAME TO {run.template}"))
    return run.template


@pytest.fixture(scope="session")
def filled_url(server: URL, template: str) -> FilledUrl:
    """Return a function from a name and what fills a store to that store, filled once a run.

    The other workers wait for it. It is to be read or cloned only.
    """

    def url(name: str, fill: Callable[[URL], None]) -> URL:
        database = f"{template}_{name}"
        with _administration(server) as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": database})
            found = text("SELECT count(*) FROM pg_database WHERE datname = :name")
            if not connection.scalar(found, {"name": database}):
                _fill(connection, server, template, database, fill)
        return server.set(database=database)

    return url


def _fill(
    administration: Connection,
    server: URL,
    template: str,
    database: str,
    fill: Callable[[URL], None],
) -> None:
    """Fill a store under another name first: one that fails leaves nothing to read."""
    lock = {"name": template}
    administration.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), lock)
    administration.execute(text(f"DROP DATABASE IF EXISTS {database}_new"))
    administration.execute(text(f"CREATE DATABASE {database}_new TEMPLATE {template}"))
    administration.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), lock)
    fill(server.set(database=f"{database}_new"))
    administration.execute(text(f"ALTER DATABASE {database}_new RENAME TO {database}"))


@pytest.fixture(scope="session")
def sample_url(filled_url: FilledUrl) -> SampleUrl:
    """Return a function from a sample's name and folder to its store, for tests that only read."""

    def url(name: str, folder: Path | None = None) -> URL:
        def fill(empty: URL) -> None:
            engine = make_engine(empty)
            load_sample(engine, name, folder)
            engine.dispose()

        return filled_url(name, fill)

    return url


@contextmanager
def _clone(server: URL, template: str) -> Iterator[URL]:
    name = f"{template}_{secrets.token_hex(4)}"
    with _administration(server) as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": template})
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.set(database=name)
    with _administration(server) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def clone(server: URL, template: str) -> Clone:
    """Return what makes a migrated, empty database, to be dropped afterwards."""
    return partial(_clone, server, template)


@pytest.fixture(scope="session")
def clone_of(server: URL, filled_url: FilledUrl) -> CloneOf:
    """Return what makes a database like one that was filled once a run, to be dropped."""

    def clone_of(name: str, fill: Callable[[URL], None]) -> AbstractContextManager[URL]:
        return _clone(server, str(filled_url(name, fill).database))

    return clone_of


@pytest.fixture(scope="session")
def database_url(server: URL, template: str) -> Iterator[URL]:
    """The database of this worker; nothing is ever committed to it."""
    with _clone(server, template) as url:
        yield url


@pytest.fixture(scope="session")
def engine(database_url: URL) -> Iterator[Engine]:
    """The worker's database as the service sees it."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def owner_engine(database_url: URL) -> Iterator[Engine]:
    """The worker's database as its owner sees it."""
    engine = make_engine(database_url, role=None)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return a session of the service whose work is rolled back."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture
def clean_url(server: URL, template: str) -> Iterator[URL]:
    """Make a migrated, empty database for one test that must commit."""
    with _clone(server, template) as url:
        yield url


@pytest.fixture
def clean_engine(clean_url: URL) -> Iterator[Engine]:
    """Connect to `clean_url` as the service does."""
    engine = make_engine(clean_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    """Return what calls a function in another thread, for a browser's event loop may be in ours."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda act: pool.submit(act).result()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the real data, or skip."""
    named = os.environ.get("GUATU_REAL_DATA")
    if not named:
        pytest.skip("GUATU_REAL_DATA does not name the folder with the real data")
    return Path(named)
