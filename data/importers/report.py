"""What a user asks of an import, and what he is told afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.loading import LoadCounts


@dataclass(frozen=True)
class ImportOptions:
    """How a file is to be read.

    Attributes
    ----------
    source
        The word that keeps the codes of this ledger apart from those of others.
    datum
        What the coordinates are given in: 'wgs84', 'cgcs2000', 'gcj02', 'bd09', 'EPSG:n' or
        another name for one of them; None: what the file says, or else WGS 84, and told so.
    grid, grid_name, grid_kind
        The grid that the cells of a file of kind 'grids' make up.
    mapping
        Fields and the headings they have in the file, where those are not understood by themselves;
        None where no heading means the field. What is said here is kept for the source's next file.
    year
        The year of dates that have none.
    sheet, heading_row
        Which sheet or layer of the file, and the number of the row with its headings, where they
        are not found by themselves.
    precedence
        Codes of cells of a grid in the order in which they keep what several of them claim; the
        other cells come after them, by their column of precedence if the file has one.
    stated_totals
        Totals to compare with the rows, like '396=57+339', '合计:396' or '隐患数量=1,234'.
    dry_run
        Check and count everything, write nothing.
    accept_good
        Import the rows that are good, and keep the others to be corrected.
    actor
        Who imports, for the chain of events.
    """

    source: str = "ledger"
    datum: str | None = None
    grid: str | None = None
    grid_name: str | None = None
    grid_kind: str = "administrative"
    mapping: Mapping[str, str | None] | None = None
    year: int | None = None
    sheet: str | None = None
    heading_row: int | None = None
    stated_totals: tuple[str, ...] = ()
    precedence: tuple[str, ...] = ()
    dry_run: bool = False
    accept_good: bool = False
    actor: str = "command line"


@dataclass(frozen=True)
class RowError:
    """Why a row is refused; `row` is the number the file's reader sees, the heading being 1.

    `heading` is what the file calls the field, where it has a column for it.
    """

    row: int
    field: str | None
    value: str | None
    reason: str
    heading: str | None = None


@dataclass(frozen=True)
class Remark:
    """Something a person should know although nothing was refused for it."""

    code: str
    message: str


MOST_ROWS_TOLD = 10


def some_rows(numbers: Sequence[object]) -> str:
    """Return the numbers of rows, the first of them where there are many.

    >>> some_rows([5]), some_rows([5, 7])
    ('row 5', 'rows 5, 7')
    """
    shown = ", ".join(map(str, numbers[:MOST_ROWS_TOLD]))
    more = ", …" if len(numbers) > MOST_ROWS_TOLD else ""
    return f"row{'s' * (len(numbers) > 1)} {shown}{more}"


@dataclass(frozen=True)
class ImportReport:
    """What became of a file; the counts are those of `data.loading.LoadCounts`."""

    kind: str
    rows: int
    batch: int | None = None
    new: int = 0
    changed: int = 0
    same: int = 0
    duplicate: int = 0
    refused: int = 0
    without_position: int = 0
    outside: int = 0
    errors: tuple[RowError, ...] = ()
    warnings: tuple[Remark, ...] = ()

    @classmethod
    def of(
        cls,
        kind: str,
        batch: int,
        counts: "LoadCounts",
        remarks: Iterable[Remark],
        errors: Sequence[RowError] = (),
    ) -> "ImportReport":
        """Return the report of a file whose good rows were loaded; the counts add up."""
        told = asdict(counts)
        del told["removed"], told["redefined"]
        refused = len({error.row for error in errors})
        told["rows"] += refused
        return cls(
            kind,
            batch=batch,
            refused=refused,
            errors=tuple(errors),
            warnings=tuple(remarks),
            **told,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON shows it."""
        return asdict(self) | {
            "errors": [asdict(error) for error in self.errors],
            "warnings": [asdict(remark) for remark in self.warnings],
        }
