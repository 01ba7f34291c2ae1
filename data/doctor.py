"""What is missing or wrong on this machine, and the fix."""

import shutil
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data.cluster import Cluster
from data.engine import make_engine
from data.errors import ClusterError
from data.machine import find_chromium, has_chinese_font
from data.postgres import PACKAGES, installed_programs

OLDEST_POSTGIS = (3, 3)
LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `fix` says what to do, also where only a comfort is missing."""

    name: str
    ok: bool
    detail: str
    fix: str | None = None


def examine(
    *, cluster: Cluster | None, database_url: str | None, port: int, assets: Sequence[Path]
) -> list[Finding]:
    """Look at everything the service needs; change nothing.

    Parameters
    ----------
    cluster
        The private cluster, or ``None`` when `database_url` names the store.
    database_url
        The store, when it is not in the private cluster.
    port
        Where the service would listen.
    assets
        Files the pages load.
    """
    findings: list[Finding] = []
    if cluster is not None:
        findings += [*_programs(), *_home(cluster), _running(cluster)]
    elif database_url is not None:
        findings.append(_database(database_url))
    return [*findings, _port(port), _assets(assets), _chromium(), _font()]


def _programs() -> Iterator[Finding]:
    programs = installed_programs()
    if not programs:
        yield Finding("postgresql", ok=False, detail="not installed", fix=PACKAGES)
        return
    best = programs[0]
    yield Finding("postgresql", ok=True, detail=f"{best.major} in {best.folder}")
    if best.has_postgis:
        yield Finding("postgis", ok=True, detail=f"installed for PostgreSQL {best.major}")
    else:
        detail = f"not installed for PostgreSQL {best.major}"
        yield Finding("postgis", ok=False, detail=detail, fix=PACKAGES)


def _home(cluster: Cluster) -> Iterator[Finding]:
    try:
        obstacle = cluster.server.runner.obstacle(cluster.home)
    except ClusterError as error:
        obstacle = str(error)
    if obstacle:
        fix = "set GUATU_HOME to a folder of your own"
        yield Finding("permissions", ok=False, detail=obstacle, fix=fix)
    else:
        yield Finding("permissions", ok=True, detail=f"{cluster.home} can be used")
    yield _disk(cluster.home.absolute())


def _disk(home: Path) -> Finding:
    present = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(present).free
    detail = f"{free / 1e9:.1f} GB free under {present}"
    if free >= LEAST_FREE_BYTES:
        return Finding("disk", ok=True, detail=detail)
    fix = f"free {LEAST_FREE_BYTES / 1e9:.0f} GB or set GUATU_HOME to another disk"
    return Finding("disk", ok=False, detail=detail, fix=fix)


def _running(cluster: Cluster) -> Finding:
    if not cluster.server.answers():
        return Finding("store", ok=True, detail="stopped; commands start it when they need it")
    pid = cluster.server.pid
    return Finding("store", ok=True, detail=f"running as process {pid} in {cluster.home}")


def _database(url: str) -> Finding:
    try:
        version = _postgis_version(url)
    except (SQLAlchemyError, ValueError) as error:
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        return Finding("store", ok=False, detail=reason.strip(), fix="correct GUATU_DATABASE_URL")
    oldest = ".".join(map(str, OLDEST_POSTGIS))
    if version is None or tuple(map(int, version.split(".")[:2])) < OLDEST_POSTGIS:
        detail = f"PostGIS {version or 'is not available'} on that server"
        return Finding("store", ok=False, detail=detail, fix=f"install PostGIS {oldest} or newer")
    return Finding("store", ok=True, detail=f"reached; PostGIS {version}")


def _postgis_version(url: str) -> str | None:
    engine = make_engine(url, role=None)
    try:
        with engine.connect() as connection:
            found: str | None = connection.scalar(
                text(
                    "SELECT coalesce(installed_version, default_version)"
                    " FROM pg_available_extensions WHERE name = 'postgis'"
                )
            )
            return found
    finally:
        engine.dispose()


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        # As the service does: a port that waits after a closed connection is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            detail = f"{port} cannot be used: {error.strerror}"
            fix = "stop the program that holds it, or serve on another: guatu serve --port"
            return Finding("port", ok=False, detail=detail, fix=fix)
    return Finding("port", ok=True, detail=f"{port} is free")


def _assets(assets: Sequence[Path]) -> Finding:
    missing = [file.name for file in assets if not file.is_file()]
    if missing:
        detail = f"the pages lack {', '.join(missing)}"
        return Finding("assets", ok=False, detail=detail, fix="make setup")
    return Finding("assets", ok=True, detail=f"{len(assets)} files are in place")


def _chromium() -> Finding:
    found = find_chromium()
    if found is None:
        detail = "not installed; only the browser tests need it"
        return Finding("chromium", ok=True, detail=detail, fix="apt-get install chromium")
    return Finding("chromium", ok=True, detail=str(found))


def _font() -> Finding:
    if has_chinese_font():
        return Finding("chinese font", ok=True, detail="installed")
    detail = "not installed; only pictures made on this machine need it"
    return Finding("chinese font", ok=True, detail=detail, fix="apt-get install fonts-noto-cjk")
