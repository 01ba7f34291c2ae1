"""Every benchmark, as tables: python -m benchmarks.run [SUBJECT ...] [--check] [--markdown FILE].

It ends with 1 when a subject fails, with --check also when a promise is broken. Times mean
something only beside each other, on a machine that does nothing else.
"""

import argparse
import importlib
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.floors import Verdict, verdicts
from benchmarks.measuring import Row

SUBJECTS = (
    "placement",
    "hotspots",
    "first_calls",
    "clusters",
    "streetlights",
    "copying",
    "importing",
    "workbooks",
    "changes",
    "past_days",
    "tiles",
    "pages",
)
INSTALL = ".venv/bin/pip install --editable '.[bench]'"
HEADINGS = ("work", "contender", "cold s", "warm s", "× warm", "peak MB")


def cells_of(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """Return the rows as texts; the ratio is to the first contender of the same work."""
    for work, group in groupby(rows, key=lambda row: row.work):
        contenders = list(group)
        for row in contenders:
            ratio = row.warm_s / contenders[0].warm_s
            numbers = (row.cold_s, row.warm_s, ratio, row.peak_mb)
            yield work, row.contender, *(f"{number:,.3g}" for number in numbers)


def times_table(rows: Iterable[Row]) -> Table:
    table = Table(title="medians; cold: the first use, with all it prepares")
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if number < 2 else "right")
    for _, group in groupby(cells_of(rows), key=lambda cells: cells[0]):
        for cells in group:
            table.add_row(*cells)
        table.add_section()
    return table


def promises_table(found: Iterable[Verdict]) -> Table:
    table = Table("work", "promised", "measured", "", title="what is promised")
    for one in found:
        table.add_row(one.work, one.promise, one.measured, "met" if one.is_met else "NOT MET")
    return table


def markdown_of(rows: Iterable[Row], found: Iterable[Verdict]) -> str:
    """Return both tables as they stand in the README."""
    promises = ((v.work, v.promise, v.measured if v.is_met else f"**{v.measured}**") for v in found)
    return "\n".join(
        [
            *_markdown(HEADINGS, cells_of(rows)),
            "",
            *_markdown(("work", "promised", "measured"), promises),
            "",
        ]
    )


def _markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (headings, ["---"] * len(headings), *rows):
        yield f"| {' | '.join(cells)} |"


def measured(names: Sequence[str]) -> tuple[list[Row], list[str]]:
    """Return the rows of the named subjects, and which of them failed; the others go on.

    A peer that is not installed ends it with the way to install it, before anything is measured.
    """
    try:
        subjects = [importlib.import_module(f"benchmarks.{name}") for name in names]
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed; the peers are, with: {INSTALL}")
    rows, failed = [], []
    for name, subject in zip(names, subjects, strict=True):
        try:
            rows += subject.run()
        except Exception:  # noqa: BLE001  # of hours of measuring one failure takes away its own
            traceback.print_exc()
            failed.append(name)
    return rows, failed


def main() -> None:
    parser = argparse.ArgumentParser(prog="guatu bench", description="Measure beside the peers.")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--check", action="store_true", help="end with 1 when a promise is broken")
    parser.add_argument("--markdown", type=Path, help="also write the tables to this file")
    chosen = parser.parse_args()
    if unknown := sorted(set(chosen.subjects) - set(SUBJECTS)):
        parser.error(f"{unknown[0]}: not one of {', '.join(SUBJECTS)}")
    rows, failed = measured(chosen.subjects or SUBJECTS)
    found = verdicts(rows)
    console = Console()
    console.print(times_table(rows), promises_table(found))
    if chosen.markdown:
        chosen.markdown.write_text(markdown_of(rows, found), encoding="utf-8")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
    if chosen.check and not all(one.is_met for one in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
