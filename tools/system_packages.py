"""Install the system packages that are missing: ``python3 -m tools.system_packages serve|test``.

``serve`` is what the service needs, ``test`` what the browser tests need on top. Only the standard
library: this runs before anything is installed.
"""

import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.machine import find_chromium, has_chinese_font
from data.postgres import PACKAGES, installed_programs

DEBIAN_CLUSTERS = Path("/etc/postgresql-common")
NO_MAIN_CLUSTER = DEBIAN_CLUSTERS / "createcluster.d/guatu.conf"


def main() -> int:
    """Install what is missing for the purpose that the command line names."""
    missing = {"serve": missing_to_serve, "test": missing_to_test}[sys.argv[1]]
    if not missing():
        return 0
    if shutil.which("apt-get") is None or not (_is_root() or shutil.which("sudo")):
        print(_how_to_install(missing()), file=sys.stderr)
        return 1
    install(missing)
    still = missing()
    if still:
        print(_how_to_install(still), file=sys.stderr)
    return 1 if still else 0


def missing_to_serve() -> list[str]:
    """Debian's names of the packages the service lacks."""
    missing = []
    programs = installed_programs()
    if not any(each.has_postgis for each in programs):
        missing += _postgis_packages(programs[0].major if programs else None)
    if importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    return missing


def missing_to_test() -> list[str]:
    """Debian's names of the packages the browser tests lack."""
    missing = []
    if find_chromium() is None:
        missing.append(_chromium_package())
    if not has_chinese_font():
        missing += ["fontconfig", "fonts-noto-cjk"]
    if not _has_library("libatomic.so.1"):
        missing.append("libatomic1")  # for the driver inside playwright
    return missing


def install(missing: Callable[[], list[str]]) -> None:
    """Install with apt; the names may depend on the package lists, so these come first."""
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    _run_as_root([*apt, "update"])
    with _without_main_cluster():
        _run_as_root([*apt, "install", "--yes", "--no-install-recommends", *missing()])


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _postgis_packages(major: int | None) -> list[str]:
    """Names for the server that is there, or else for the newest one on offer."""
    if major is None:
        major = max(_majors_on_offer(), default=15)
    return [f"postgresql-{major}", f"postgresql-{major}-postgis-3"]


def _majors_on_offer() -> list[int]:
    listed = _on_offer("^postgresql-[0-9]+-postgis-3$")
    return [int(major) for major in re.findall(r"^postgresql-(\d+)-", listed, re.MULTILINE)]


def _chromium_package() -> str:
    """Name of the browser without windows, a third less work, where it is on offer."""
    without_windows = "chromium-headless-shell"
    return without_windows if _on_offer(f"^{without_windows}$") else "chromium"


def _on_offer(pattern: str) -> str:
    """Return what apt lists of the packages whose name matches; nothing where there is no apt."""
    if shutil.which("apt-cache") is None:
        return ""
    command = ["apt-cache", "search", "--names-only", pattern]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@contextmanager
def _without_main_cluster() -> Iterator[None]:
    """Keep Debian from making and starting a cluster of its own, unless an admin wants it."""
    if _admin_has_decided():
        yield
        return
    _run_as_root(["mkdir", "--parents", str(NO_MAIN_CLUSTER.parent)])
    _run_as_root(["tee", str(NO_MAIN_CLUSTER)], text="create_main_cluster = false\n")
    try:
        yield
    finally:
        _run_as_root(["rm", "--force", str(NO_MAIN_CLUSTER)])


def _admin_has_decided() -> bool:
    files = [DEBIAN_CLUSTERS / "createcluster.conf", *NO_MAIN_CLUSTER.parent.glob("*.conf")]
    texts = [file.read_text(encoding="utf-8") for file in files if file.is_file()]
    return any(re.search(r"^\s*create_main_cluster\b", text, re.MULTILINE) for text in texts)


def _run_as_root(command: list[str], text: str | None = None) -> None:
    prefix = [] if _is_root() else ["sudo"]
    subprocess.run(
        [*prefix, *command], input=text, text=True, check=True, stdout=subprocess.DEVNULL
    )


def _is_root() -> bool:
    return os.geteuid() == 0


def _how_to_install(missing: list[str]) -> str:
    return (
        "These system packages are missing and cannot be installed from here.\n"
        f"Debian's names: {' '.join(missing)}\n{PACKAGES}\n"
        "Install them, then run the same command again."
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(error.cmd)} failed")
