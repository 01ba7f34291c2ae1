"""The private PostGIS cluster: each city is one database of a server of our own."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import platformdirs
import psycopg
from psycopg import sql
from sqlalchemy import URL

from data.errors import ClusterError
from data.server import OWNER, PORT, Server
from geo.errors import WrongValueError

HOME_OF_ROOT = Path("/var/lib/guatu")

_PREFIX = "guatu_"
_CITY_CODE = re.compile(r"[a-z0-9_]{1,40}")


def default_home(user: str | None) -> Path:
    """Folder of the cluster when none is named; `user` is given when root starts it as `user`."""
    return platformdirs.user_data_path("guatu") if user is None else HOME_OF_ROOT


def database_name(city: str) -> str:
    """Name of a city's database.

    Raises
    ------
    WrongValueError
        When the code is not 1 to 40 of ``a-z``, ``0-9`` and ``_``.
    """
    if not _CITY_CODE.fullmatch(city):
        raise WrongValueError(
            f"city code {city!r}: use 1 to 40 small letters (a-z), digits and underscores"
        )
    return _PREFIX + city


@dataclass(frozen=True)
class ClusterStatus:
    """What is known about a cluster without starting it."""

    running: bool
    pid: int | None
    home: Path
    socket_dir: Path
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Cluster:
    """The server under `home` and the cities in it.

    Attributes
    ----------
    home
        Folder of the cluster.
    user
        System user the server runs as when root starts it; ``None``: whoever starts it.
    """

    home: Path
    user: str | None = None

    @cached_property
    def server(self) -> Server:
        """The server process."""
        return Server(self.home, self.user)

    @property
    def server_url(self) -> str:
        """SQLAlchemy URL of the server's own database."""
        return self._url("postgres")

    def url(self, city: str) -> str:
        """SQLAlchemy URL of a city's database."""
        return self._url(database_name(city))

    def start(self) -> None:
        """Make the cluster if there is none and start it if it does not run."""
        self.server.start()

    def stop(self) -> None:
        """Stop the server and wait until it has ended; nothing when it does not run."""
        self.server.stop()

    def status(self) -> ClusterStatus:
        """Tell whether the server runs and which cities it holds."""
        running = self.server.answers()
        return ClusterStatus(
            running=running,
            pid=self.server.pid if running else None,
            home=self.home,
            socket_dir=self.server.socket_dir,
            cities=tuple(self.cities()) if running else (),
        )

    def create_city(self, city: str) -> None:
        """Make the city's database with PostGIS in it, unless it is there."""
        name = database_name(city)
        with self._connect("postgres") as connection:
            # Two commands may make the same city at once; the lock ends with the connection.
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            self._add_postgis(name)

    def cities(self) -> list[str]:
        """Codes of the cities that have a database, in order."""
        with self._connect("postgres") as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (_PREFIX,)
            ).fetchall()
        return sorted(str(name).removeprefix(_PREFIX) for (name,) in rows)

    @property
    def last_city(self) -> str | None:
        """The city last loaded, if any was."""
        try:
            code = (self.home / "city").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return code or None

    def remember(self, city: str) -> None:
        """Make `city` the one that commands without ``--city`` mean."""
        database_name(city)
        draft = self.home / f".city-{os.getpid()}"
        draft.write_text(f"{city}\n", encoding="utf-8")
        draft.replace(self.home / "city")

    def _url(self, database: str) -> str:
        url = URL.create(
            "postgresql+psycopg",
            username=OWNER,
            database=database,
            query={"host": str(self.server.socket_dir), "port": str(PORT)},
        )
        return url.render_as_string()

    def _connect(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        try:
            return psycopg.connect(
                host=str(self.server.socket_dir),
                port=PORT,
                user=OWNER,
                dbname=database,
                autocommit=True,
                connect_timeout=10,
            )
        except psycopg.OperationalError as error:
            raise ClusterError(f"the private cluster under {self.home}: {error}") from error

    def _add_postgis(self, database: str) -> None:
        try:
            with self._connect(database) as connection:
                # The server may still be at the same work for a command that was killed.
                connection.execute("SELECT pg_advisory_lock(hashtext('postgis'))")
                connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        except psycopg.errors.FeatureNotSupported as error:
            raise ClusterError(
                "PostGIS is not installed for this PostgreSQL; `guatu doctor` names the package"
            ) from error
