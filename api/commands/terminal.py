"""What commands say: results on stdout, everything else on stderr."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from api.errors import UnreadableFileError

MAX_ROWS = 40
WIDTH_OF_A_PIPE = 200


class Step(Protocol):
    """Says which step begins."""

    def __call__(self, name: str, /) -> None:
        """Begin the step called `name`."""


@contextmanager
def progress() -> Iterator[Step]:
    """Show on stderr which step is running, and for how long."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=None)

        def begin(name: str, /) -> None:
            bar.update(task, description=name)

        yield begin


def say(line: str) -> None:
    """Write one line for the person at the terminal."""
    typer.echo(line, err=True)


def write(content: bytes, out: Path | None) -> None:
    """Write a result to `out`, or to stdout.

    Raises
    ------
    UnreadableFileError
        When the file cannot be written.
    """
    if out is None:
        ending = b"" if content.endswith(b"\n") else b"\n"
        typer.echo(content + ending, nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UnreadableFileError(f"{out} cannot be written: {error.strerror}") from error


def show_rows(
    title: str, rows: Sequence[Mapping[str, Any]], *, all_in: str = "--format csv"
) -> None:
    """Print the first rows as a table on stdout; without rows, the title alone.

    `all_in` is the option that prints all rows.
    """
    if not rows:
        typer.echo(title)
        return
    table = Table(title=Text(title), title_justify="left")
    for name in rows[0]:
        table.add_column(Text(name), no_wrap=True)
    for row in rows[:MAX_ROWS]:
        # Text keeps ledger words from being read as markup.
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    _stdout().print(table)
    if len(rows) > MAX_ROWS:
        say(f"{MAX_ROWS} of {len(rows)} rows; {all_in} has all")


def show_facts(facts: Mapping[str, Any]) -> None:
    """Print names and values, one a line, on stdout."""
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        table.add_row(Text(name), Text(_cell(value)))
    _stdout().print(table)


def _stdout() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_cell(one)}" for name, one in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
