"""The PostgreSQL programs of this machine.

Only the standard library: set-up asks before anything is installed.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data.errors import ClusterError

OLDEST_MAJOR = 13

PACKAGES = """\
Debian, Ubuntu:  apt-get install postgresql-15 postgresql-15-postgis-3
Fedora, RHEL:    dnf install postgresql-server postgis
Alpine:          apk add postgresql16 postgis
macOS:           brew install postgresql@17 postgis"""

_FOLDERS = (
    "usr/lib/postgresql/*/bin",
    "usr/libexec/postgresql*",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
)


@dataclass(frozen=True)
class Programs:
    """`initdb` and `postgres` of one installed PostgreSQL."""

    folder: Path

    @cached_property
    def major(self) -> int:
        """Major version, such as 15."""
        answer = subprocess.run(  # noqa: S603 - a program found in a system folder
            [self.postgres, "--version"], capture_output=True, text=True, check=True
        )
        found = re.search(r"\d+", answer.stdout)
        return int(found.group()) if found else 0

    @property
    def initdb(self) -> Path:
        """The program that makes a data folder."""
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "postgres"

    @property
    def has_postgis(self) -> bool:
        """Whether the PostGIS extension is installed for this version."""
        beside = self.folder.resolve().parent / "share"
        shares = (
            Path(f"/usr/share/postgresql/{self.major}"),
            Path(f"/usr/share/postgresql{self.major}"),
            Path("/usr/share/pgsql"),
            beside,
            beside / "postgresql",
            beside / f"postgresql@{self.major}",
        )
        return any((share / "extension/postgis.control").is_file() for share in shares)


def installed_programs(root: Path = Path("/")) -> list[Programs]:
    """Every PostgreSQL server found, the best first: with PostGIS, then the newest."""
    folders = {folder.resolve() for folder in _candidates(root) if (folder / "initdb").is_file()}
    found = [Programs(folder) for folder in folders if (folder / "postgres").is_file()]
    return sorted(found, key=lambda each: (each.has_postgis, each.major), reverse=True)


def _candidates(root: Path) -> Iterator[Path]:
    for pattern in _FOLDERS:
        yield from root.glob(pattern)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def choose_programs(major: int | None = None) -> Programs:
    """Return the server to use, of version `major` when a data folder already has one.

    Raises
    ------
    ClusterError
        When none is installed, with the names of the packages.
    """
    found = installed_programs()
    if major is not None:
        same = [each for each in found if each.major == major]
        if not same:
            raise ClusterError(
                f"the store was made by PostgreSQL {major}, which is not installed any more:"
                f" install it again, or move the store with pg_upgrade\n{PACKAGES}"
            )
        return same[0]
    usable = [each for each in found if each.major >= OLDEST_MAJOR]
    if not usable:
        raise ClusterError(f"PostgreSQL {OLDEST_MAJOR} or newer is not installed\n{PACKAGES}")
    return usable[0]
