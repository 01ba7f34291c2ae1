"""What an office hands out, before it is written in any format: text, tables, maps, footnotes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from maps.words import Language

Value = str | int | float | Decimal | date | None
Kind = Literal["text", "count", "share", "number", "day"]

_PROSE = 12

MISSING = "—"
"""What is printed where nothing is known; never 0."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and what its cells hold.

    A ``share`` is from 0 to 1 and printed in percent with one decimal.
    """

    heading: str
    width: float = 10
    kind: Kind = "text"

    @property
    def is_prose(self) -> bool:
        """Whether its cells are read line by line, and not compared down the column."""
        return self.kind == "text" and self.width >= _PROSE


@dataclass(frozen=True)
class Heading:
    """A heading inside the text (一、…)."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the text."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table with its caption, which also names its sheet in a workbook.

    `missing` is what a cell says where nothing is known; '' leaves it blank, as ledgers do.
    `printed` is the table on paper, where that is another than in a workbook.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    sheet: str = ""
    remark: str = ""
    missing: str = MISSING
    printed: "Table | None" = None


@dataclass(frozen=True)
class Swatch:
    """One entry of a legend."""

    color: str
    label: str
    hatched: bool = False


@dataclass(frozen=True)
class Figure:
    """A picture with its caption and its legend."""

    caption: str
    png: bytes
    width_mm: float
    legend: tuple[Swatch, ...] = ()


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True)
class Masthead:
    """The head of a bulletin: its name in red, its number, the office and the day."""

    name: str
    number: str
    office: str
    day: str


@dataclass(frozen=True)
class Document:
    """All that a document says; equal documents are written as equal bytes.

    Attributes
    ----------
    title_phrases
        The parts of a title between which its lines may end; () where it has no such parts.
    mark
        What stands on top of every page: simulated data, a draft.
    notes
        The definitions behind the figures.
    colophon
        The last lines (版记): who drafted, checked and signed; who issued it, and when.
    made_at
        The time in the properties of the file: what the figures are as of, not when it was written.
    """

    language: Language
    title: str
    made_at: datetime
    title_phrases: tuple[str, ...] = ()
    subtitle: str = ""
    masthead: Masthead | None = None
    mark: str = ""
    blocks: Sequence[Block] = ()
    notes: tuple[str, ...] = ()
    colophon: tuple[tuple[str, str], ...] = ()
    author: str = ""
    landscape: bool = False
    tables: tuple[Table, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = tuple(block for block in self.blocks if isinstance(block, Table))
        object.__setattr__(self, "tables", found)


def shown(value: Value, kind: Kind, missing: str = MISSING) -> str:
    """Return a cell as it is printed.

    >>> shown(339 / 396, "share"), shown(None, "count"), shown(1234, "count")
    ('85.6%', '—', '1,234')
    """
    if value is None or value == "":
        return missing
    if kind == "share" and not isinstance(value, str | date):
        return percent(float(value))
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | Decimal):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, date) else value


def percent(share: float | None) -> str:
    """Return a share in percent; what is not whole is never rounded up to 100 % or down to 0 %.

    >>> percent(339 / 396), percent(1), percent(9999 / 10000), percent(None)
    ('85.6%', '100.0%', '99.9%', '—')
    """
    if share is None:
        return MISSING
    rounded = round(share * 100, 1)
    if 0 < share < 1:
        rounded = min(max(rounded, 0.1), 99.9)
    return f"{rounded:.1f}%"
