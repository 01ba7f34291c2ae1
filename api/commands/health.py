"""guatu doctor: what is missing or wrong, and the fix. guatu bench: how fast it is here."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import api
from api.commands.options import JsonOption, settings_of
from api.commands.serving import PORT, PortOption
from api.commands.terminal import show_rows, write
from api.errors import UnreadableFileError
from api.presenting import dump_json
from api.store import private_cluster
from data.doctor import examine
from maps.assets import VENDOR, VENDOR_DIR

CHECKOUT = Path(api.__file__).parents[1]


def doctor(context: typer.Context, port: PortOption = PORT, *, as_json: JsonOption = False) -> None:
    """Name what is missing or wrong on this machine, and the fix."""
    settings = settings_of(context)
    findings = examine(
        cluster=None if settings.database_url else private_cluster(settings),
        database_url=settings.database_url,
        port=port,
        assets=[VENDOR_DIR / name for name in VENDOR],
    )
    rows = [asdict(finding) for finding in findings]
    if as_json:
        write(dump_json({"findings": rows}), None)
    else:
        show_rows("guatu doctor", rows)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def bench(
    subjects: Annotated[
        list[str] | None, typer.Argument(help="which of the benchmarks; default: all")
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="end with 1 when a promise is broken")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option(help="also write the tables to this file")
    ] = None,
) -> None:
    """Measure the kernels beside their peers; needs the checkout and the extra `bench`."""
    if not (CHECKOUT / "benchmarks" / "run.py").is_file():
        raise UnreadableFileError(
            "benchmarks/ is not here: it comes with the source, not the wheel"
        )
    options = [
        *(["--check"] if check else []),
        *(["--markdown", str(markdown.absolute())] if markdown else []),
    ]
    command = [sys.executable, "-m", "benchmarks.run", *(subjects or []), *options]
    ended = subprocess.run(command, cwd=CHECKOUT, check=False)  # noqa: S603  # our own module
    raise typer.Exit(ended.returncode)
