"""What a file holds: its rows as texts under headings, and what stands around them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.importers.report import Remark, RowError

if TYPE_CHECKING:
    import shapely

MAX_HEADINGS = 1_000
LONGEST_HEADING = 1_000
MAX_CELLS = 20_000_000


@dataclass(frozen=True)
class Asked:
    """What the reader of a file was asked for.

    Attributes
    ----------
    sheet
        The sheet of a workbook, or the layer of a vector file; by itself the one that fits best.
    heading_row
        The 1-based number of the row with the headings; by itself it is looked for.
    known
        Headings that ledgers have, as `data.importers.fields.plain` writes them.
    """

    sheet: str | None = None
    heading_row: int | None = None
    known: frozenset[str] = frozenset()


ANYTHING = Asked()


@dataclass(frozen=True)
class TotalRow:
    """A row of totals (合计, 小计): its number, and its texts by heading."""

    row: int
    texts: dict[str, str]


@dataclass(frozen=True)
class Photo:
    """A picture anchored to a row; its name is made by us, never taken from the file."""

    row: int
    name: str
    content: bytes


@dataclass
class Table:
    """The rows of a file, column by column.

    Attributes
    ----------
    numbers
        The number each row has for someone who reads the file; in a file of text or a sheet it is
        counted from the top, in a file of features from the first one.
    columns
        Heading → text of each row, None where it is blank; before it is sent, it may be an array of
        Arrow.
    shapes
        The geometry of each row, where the format carries geometries.
    crs
        What the file says its coordinates are in, if it says so.
    errors
        Rows that could not be read at all; they are not among the others.
    sheet, sheets
        The sheet or layer that was read, and all that can be.
    heading_row
        The number of the row with the headings, the last one where they take several; 0 in a file
        of features.
    places
        Heading → column in the sheet, from 0.
    title
        The texts above the headings.
    totals, photos
        Rows of totals, which are not among the others, and pictures anchored to rows.
    date_1904
        Whether the workbook counts its days from 1904, so that 0 is 1904-01-01.
    remarks
        What a person should know about how the file was read.
    """

    numbers: list[int] = field(default_factory=list)
    columns: dict[str, list[str | None]] = field(default_factory=dict)
    shapes: "list[shapely.Geometry | None] | None" = None
    crs: str | None = None
    errors: list[RowError] = field(default_factory=list)
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    heading_row: int = 0
    places: dict[str, int] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    totals: list[TotalRow] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    date_1904: bool = False
    remarks: list[Remark] = field(default_factory=list)
