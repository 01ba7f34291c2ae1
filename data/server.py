"""The server process of the private cluster: made once, started when needed, stopped on request."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from psycopg import pq
from psycopg.conninfo import make_conninfo

from data.errors import ClusterError
from data.postgres import Programs, choose_programs
from data.runner import Runner

OWNER = "guatu"
"""Superuser of the cluster: every session signs in as it and then drops its rights."""

PORT = 5432
"""Part of the socket's name; nothing listens on TCP."""

LONGEST_SOCKET_PATH = 107
"""Bytes the kernel allows in the path of a Unix socket."""

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 60
LAUNCH_PAUSES_S = (0.1, 0.3, 1.0, 3.0)
LONGEST_LOG_BYTES = 20_000_000

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "fsync": "on",
    "shared_buffers": "256MB",
    # Cities are served beside each other, each through two pools of 15 and those of its worker.
    "max_connections": "200",
    "client_connection_check_interval": "1s",
    "idle_in_transaction_session_timeout": "30s",
    "log_min_duration_statement": "1s",
    "log_line_prefix": "%m [%p] %d %a ",
    "log_timezone": "UTC",
    "timezone": "UTC",
    # PostGIS functions carry high cost estimates, which would compile every short map query.
    "jit": "off",
}


@dataclass(frozen=True)
class Server:
    """One PostgreSQL server under `home`: data, socket, log and lock.

    Attributes
    ----------
    home
        Its folder; made at the first start.
    user
        System user it runs as when root starts it; ``None``: whoever starts it.
    """

    home: Path
    user: str | None = None

    @cached_property
    def runner(self) -> Runner:
        """Who the server runs as."""
        return Runner.named(self.user)

    @cached_property
    def data_dir(self) -> Path:
        """The data folder; it is there only when it is complete."""
        return self.home.resolve() / "pg"

    @property
    def log_file(self) -> Path:
        """What the server says."""
        return self.home / "postgres.log"

    @cached_property
    def socket_dir(self) -> Path:
        """The socket's folder; in /tmp when `home` is too long a path for a socket."""
        beside = self.home.resolve() / "s"
        if len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return beside
        digest = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
        # Not the TMPDIR of whoever asks: every command must find the same socket.
        return Path("/tmp") / f"guatu-{digest}"  # noqa: S108 - owner and kind are checked on use

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        pid = self._noted_pid()
        return pid if pid is not None and self._is_ours(pid) else None

    def answers(self) -> bool:
        """Whether the server takes connections."""
        conninfo = make_conninfo(host=str(self.socket_dir), port=PORT, connect_timeout=10)
        return pq.PGconn.ping(conninfo.encode()) == pq.Ping.OK

    def start(self) -> None:
        """Make the data folder if there is none and start the server if it does not run.

        Safe to call from many processes at once, and again after one was killed at any point.

        Raises
        ------
        ClusterError
            When PostgreSQL is missing, the folder cannot be used or the server does not come up.
        """
        if self.answers():
            return
        self.runner.refuse_root()
        with self._locked() as lock:
            if not self.data_dir.exists():
                self._make_data_dir(lock)
            self.runner.make_folder(self.socket_dir)
            self._bring_up()

    def stop(self) -> None:
        """Stop the server and wait until it has ended; nothing when it does not run."""
        if not self.home.is_dir():
            return
        with self._locked():
            pid = self.pid
            if pid is None:
                return
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + STOP_TIMEOUT_S
            while self._is_ours(pid):
                if time.monotonic() > deadline:
                    raise ClusterError(f"the server (pid {pid}) did not stop in {STOP_TIMEOUT_S} s")
                time.sleep(0.03)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Hold the lock; yield its descriptor, for a child that must hold it too."""
        self.runner.make_home(self.home)
        descriptor = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _make_data_dir(self, lock: int) -> None:
        for leftover in self.home.glob(".init-*"):
            shutil.rmtree(leftover)
        draft = self.home.resolve() / f".init-{os.getpid()}"
        self.runner.make_folder(draft)
        self._initdb(draft, lock)
        rules = [f'guatu "{name}" {OWNER}\n' for name in self.runner.trusted_names]
        (draft / "pg_ident.conf").write_text("".join(rules), encoding="utf-8")
        (draft / "pg_hba.conf").write_text("local all all peer map=guatu\n", encoding="utf-8")
        draft.rename(self.data_dir)

    def _initdb(self, folder: Path, lock: int) -> None:
        # initdb holds the lock as well: if we are killed, the next start waits for its end before
        # it clears up behind it.
        command = [
            *(str(choose_programs().initdb), "--pgdata", str(folder), "--username", OWNER),
            *("--encoding", "UTF8", "--locale", "C", "--data-checksums", "--auth", "peer"),
        ]
        made = subprocess.run(  # noqa: S603 - a program found in a system folder
            command,
            **self.runner.popen_arguments(),
            pass_fds=(lock,),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise ClusterError(f"initdb failed under {self.home}:\n{_tail(made.stdout)}")

    def _bring_up(self) -> None:
        """Start the server and wait; the last children of a dead one may refuse the first tries."""
        for pause in LAUNCH_PAUSES_S:
            launched = None if self.pid is not None else self._launch()
            if self._comes_up(launched):
                return
            time.sleep(pause)
        said = self.log_file.read_text(encoding="utf-8", errors="replace")
        raise ClusterError(f"the server does not start; {self.log_file} ends with:\n{_tail(said)}")

    def _comes_up(self, launched: "subprocess.Popen[bytes] | None") -> bool:
        """Wait until the server answers; ``False`` when it died.

        The one that comes up need not be ours: a start that was killed may have left one behind.
        """
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.answers():
                return True
            starting = launched is not None and launched.poll() is None
            if not starting and self.pid is None:
                return False
            time.sleep(0.03)
        raise ClusterError(f"the server was not ready in {START_TIMEOUT_S} s; see {self.log_file}")

    def _launch(self) -> "subprocess.Popen[bytes]":
        made_by = int((self.data_dir / "PG_VERSION").read_text(encoding="utf-8"))
        with self._open_log() as log:
            server = subprocess.Popen(  # noqa: S603 - a program found in a system folder
                self._command(choose_programs(made_by)),
                **self.runner.popen_arguments(**self._stale_pid_variable()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # Without somebody who waits for it, a server that ends stays a zombie of this process.
        threading.Thread(target=server.wait, daemon=True).start()
        return server

    def _command(self, programs: Programs) -> list[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_dir)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(programs.postgres), "-D", str(self.data_dir), *options]

    def _stale_pid_variable(self) -> dict[str, str]:
        """Make PostgreSQL overlook the pid that a dead server left in its file.

        The number may belong to a stranger by now, and PostgreSQL would refuse for ever. It
        ignores the process this variable names, as if that were the shell of pg_ctl. Removing the
        file instead would race with a server that is just starting.
        """
        stale = self._noted_pid()
        return {} if stale is None else {"PG_GRANDPARENT_PID": str(stale)}

    @contextmanager
    def _open_log(self) -> Iterator[int]:
        if self.log_file.exists() and self.log_file.stat().st_size > LONGEST_LOG_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        log = os.open(self.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            yield log
        finally:
            os.close(log)

    def _noted_pid(self) -> int | None:
        try:
            first = (self.data_dir / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0]
            return int(first)
        except (FileNotFoundError, ValueError):
            return None

    def _is_ours(self, pid: int) -> bool:
        """Whether that process is alive and serves this data folder."""
        if not Path("/proc/self").exists():
            return _is_alive(pid)
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        # A zombie has no arguments left.
        return os.fsencode(self.data_dir) in arguments


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _tail(text: str, lines: int = 8) -> str:
    return "\n".join(text.splitlines()[-lines:])
