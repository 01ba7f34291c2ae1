"""Every benchmark, as a table: python -m benchmarks.run."""

from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.table import Table

from benchmarks import clusters, hotspots, placement, streetlights
from benchmarks.measuring import Row

SUBJECTS = (placement, hotspots, streetlights, clusters)


def table_of(rows: Iterable[Row]) -> Table:
    """Return the rows as a table; the ratio is to the first contender of the same work."""
    table = Table("work", "contender", title="medians; cold: the first use, with all it prepares")
    for heading in ("cold s", "warm s", "× warm", "peak MB"):
        table.add_column(heading, justify="right")
    for work, group in groupby(rows, key=lambda row: row.work):
        contenders = list(group)
        for row in contenders:
            ratio = row.warm_s / contenders[0].warm_s
            numbers = (row.cold_s, row.warm_s, ratio, row.peak_mb)
            table.add_row(work, row.contender, *(f"{number:,.4g}" for number in numbers))
        table.add_section()
    return table


def main() -> None:
    console = Console()
    with console.status("measuring"):
        rows = [row for subject in SUBJECTS for row in subject.run()]
    console.print(table_of(rows))


if __name__ == "__main__":
    main()
