"""Who the private server runs as: never root, who may not run PostgreSQL."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import ClusterError


@dataclass(frozen=True)
class Runner:
    """A system user and the folders made for it."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, user: str | None) -> "Runner":
        """Return `user`, or whoever runs this process.

        Raises
        ------
        ClusterError
            When there is no such user, or this process may not become that user.
        """
        try:
            entry = pwd.getpwuid(os.geteuid()) if user is None else pwd.getpwnam(user)
        except KeyError as error:
            asked = user or f"number {os.geteuid()}"
            raise ClusterError(f"this machine knows no user {asked}") from error
        if os.geteuid() not in {0, entry.pw_uid}:
            raise ClusterError(f"only root may start the server as {user}")
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @property
    def trusted_names(self) -> list[str]:
        """System users who may sign in: the runner, and whoever starts it."""
        return sorted({self.name, pwd.getpwuid(os.geteuid()).pw_name})

    def refuse_root(self) -> None:
        """Say so before PostgreSQL does."""
        if self.uid == 0:
            raise ClusterError("PostgreSQL refuses to run as root: name a system user to run it")

    def popen_arguments(self, **variables: str) -> dict[str, Any]:
        """Arguments of ``Popen`` that start a program as this user, in a clean environment."""
        arguments: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **variables},
            "umask": 0o077,
        }
        if os.geteuid() != self.uid:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def make_home(self, home: Path) -> None:
        """Make the folder that holds the others; the runner may pass through it.

        Raises
        ------
        ClusterError
            When it cannot be made, belongs to somebody else or the runner cannot get there.
        """
        try:
            home.mkdir(mode=0o700 if self._is_us else 0o711, parents=True, exist_ok=True)
        except OSError as error:
            raise ClusterError(f"{home} cannot be made: {error.strerror}") from error
        if obstacle := self.obstacle(home):
            raise ClusterError(obstacle)

    def obstacle(self, home: Path) -> str | None:
        """Say what keeps us or the runner out of `home`, which need not be there yet."""
        present = [each for each in (home.absolute(), *home.absolute().parents) if each.exists()]
        if not os.access(present[0], os.W_OK | os.X_OK):
            return f"{present[0]} belongs to another user"
        closed = [folder for folder in present if not self._may_enter(folder)]
        if closed:
            return (
                f"{self.name}, who runs the server, may not enter {closed[-1]}:"
                " choose another GUATU_HOME or open that folder with chmod o+x"
            )
        return None

    def make_folder(self, folder: Path) -> None:
        """Make a folder that only the runner may enter, or check that it is one."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if folder.is_symlink() or not folder.is_dir() or found.st_uid not in {0, self.uid}:
                raise ClusterError(f"{folder} is not a folder of {self.name}") from None
        if not self._is_us:
            shutil.chown(folder, self.uid, self.gid)

    @property
    def _is_us(self) -> bool:
        return os.geteuid() == self.uid

    def _may_enter(self, folder: Path) -> bool:
        found = folder.stat()
        if self._is_us:
            return os.access(folder, os.X_OK)
        if found.st_uid == self.uid:
            return bool(found.st_mode & 0o100)
        return bool(found.st_mode & (0o010 if found.st_gid == self.gid else 0o001))
