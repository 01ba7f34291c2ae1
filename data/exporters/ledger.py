"""A ledger on its way out of the store: its headings, and its rows chunk by chunk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data.cities import the_city
from data.errors import ExportRefusedError
from data.exporters import cells
from data.exporters.cells import Cell, Read
from data.importers.headings import FIELDS, guess
from data.importers.titles import (
    Language,
    flag_words,
    masked,
    masked_short,
    short_titles,
    titles,
    words_of,
)
from data.queries import exports
from data.queries.exports import ExportFilter, Statement
from data.queries.places import grids
from data.scope import Scope

MAX_PROPERTIES = 100
"""More things kept besides the fields share one column."""

SHAPES = {"grids": "MultiPolygon", "segments": "MultiLineString"}
"""What the rows of a kind are; all others are points."""

_FLAGS = {"countersigned", "closing_known"}
_TIMED = {("inspections", "inspected_at"), ("hazards", "found_at")}
_MASKS = {"phone": cells.masked_phone, "legal_person": cells.masked_name}
_NUMBERS = {"lon", "lat", "given_x", "given_y", "count", "team_size"}
_TABULAR = {"lon": "original_x", "lat": "original_y", "datum": "datum"}
_BESIDE_SHAPES = {"given_x": "original_x", "given_y": "original_y", "given_datum": "datum"}
_COORDINATES = {"lon", "lat", "given_x", "given_y"}


@dataclass(frozen=True)
class ExportWish:
    """Which ledger leaves the store, and how.

    Attributes
    ----------
    personal
        Whether phones and the names of legal persons leave unmasked.
    tabular
        Whether the file is a table, which has its shapes in a column.
    own_columns
        Whether what is kept besides the fields has columns of its own; else all shares one.
    fields
        The fields that are asked for, in this order; None is all that are stored.
    """

    kind: str
    language: Language = "zh"
    as_of: date | None = None
    source: str | None = None
    grid: str | None = None
    personal: bool = False
    tabular: bool = True
    own_columns: bool = True
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Row:
    """The cells of a row, and its shape in degrees as well-known bytes."""

    cells: tuple[Cell, ...]
    wkb: bytes | None


@dataclass(frozen=True)
class Column:
    """A column: its field, its heading, its name in a Shapefile, and how it is read from a row."""

    name: str
    heading: str
    short: str
    read: Read
    is_number: bool = False


@dataclass(frozen=True)
class ExportedLedger:
    """A ledger whose rows are read once, while the session is open."""

    kind: str
    columns: tuple[Column, ...]
    n_rows: int
    chunks: Iterator[list[Row]]

    @property
    def headings(self) -> list[str]:
        """The headings of the columns."""
        return [column.heading for column in self.columns]

    @property
    def shape(self) -> str:
        """The type of the geometries."""
        return SHAPES.get(self.kind, "Point")


def open_ledger(session: Session, scope: Scope, wish: ExportWish) -> ExportedLedger:
    """Return the ledger asked for; its rows are read as they are asked for.

    Raises
    ------
    ExportRefusedError
        When it is not said which of several grids is meant.
    NotFoundError
        When there is no such grid.
    """
    grid = _grid(session, scope, wish)
    wanted = ExportFilter(wish.kind, wish.as_of, wish.source, grid)
    statement = exports.ledger_statement(session, scope, wanted)
    columns = _columns(session, wish, statement)
    chunks = (
        [Row(tuple(column.read(row) for column in columns), _wkb(row)) for row in chunk]
        for chunk in exports.stream(session, statement)
    )
    return ExportedLedger(wish.kind, columns, exports.n_rows(session, statement), chunks)


def _wkb(row: Any) -> bytes | None:
    return None if row["wkb"] is None else bytes(row["wkb"])


def _grid(session: Session, scope: Scope, wish: ExportWish) -> str | None:
    if wish.kind != "grids" or wish.grid is not None:
        return wish.grid
    known = [str(found["code"]) for found in grids(session, scope)]
    if len(known) != 1:
        raise ExportRefusedError(f"name the grid: one of {', '.join(known) or 'none yet'}")
    return known[0]


def _columns(session: Session, wish: ExportWish, statement: Statement) -> tuple[Column, ...]:
    zone = ZoneInfo(the_city(session).timezone)
    named, short = titles(wish.kind, wish.language), short_titles(wish.kind, wish.language)
    has = _present(session, wish, statement)
    by_name = {field.name: field for field in FIELDS[wish.kind]}
    asked = (
        [name for name in by_name if by_name[name].stored] if wish.fields is None else wish.fields
    )
    columns = [_column(wish, name, named[name], short[name], zone) for name in asked if name in has]
    if wish.fields is None:
        columns += _kept(session, wish, statement, columns)
    return tuple(columns)


def _present(session: Session, wish: ExportWish, statement: Statement) -> set[str]:
    """Return the fields that have a column of their own."""
    found = set(statement.selected_columns.keys()) - {"properties", "datum", "place_of"}
    if "original_x" in found:
        found |= set(_TABULAR) if wish.tabular else {*_BESIDE_SHAPES, "place_of"}
    if wish.tabular and wish.kind in SHAPES:
        found.add("geometry")
    if wish.source is not None or len(exports.sources(session, wish.kind)) < 2:
        found.discard("source")
    if wish.kind == "hazards" and not exports.has_unknown_closing(session, statement):
        found.discard("closing_known")
    return found


def _column(wish: ExportWish, name: str, heading: str, short: str, zone: ZoneInfo) -> Column:
    if name in _MASKS and not wish.personal:
        hidden = cells.masked(name, _MASKS[name])
        told = masked(heading, wish.language)
        return Column(name, told, masked_short(short, wish.language), hidden)
    return Column(name, heading, short, _read(wish, name, zone), name in _NUMBERS)


def _read(wish: ExportWish, name: str, zone: ZoneInfo) -> Read:
    """Return how a column is read from a row."""
    if name in _FLAGS:
        return cells.worded(name, flag_words(wish.language))
    if words := words_of(wish.kind, name, wish.language):
        return cells.worded(name, words)
    if name.endswith("_at"):
        timed = "has_time" if (wish.kind, name) in _TIMED else None
        return cells.moment(name, zone, timed)
    stored = (_TABULAR | _BESIDE_SHAPES).get(name, name)
    if name in _COORDINATES:
        return cells.own(stored)
    return cells.wkt if name == "geometry" else cells.plain(stored)


def _kept(
    session: Session, wish: ExportWish, statement: Statement, columns: list[Column]
) -> list[Column]:
    """Return a column for each thing kept besides the fields, and one for what cannot have one.

    A thing whose name would be read as a field, or that is no text, goes into the common column.
    """
    known = exports.property_names(session, statement)
    texts = [name for name, is_text in known.items() if is_text and name.strip() == name != ""]
    headings = [column.heading for column in columns]
    meant = guess(wish.kind, [*headings, *texts])
    alone = (
        [] if not wish.own_columns else [name for name in texts if _stays(meant, name, wish.kind)]
    )
    if len(alone) > MAX_PROPERTIES or set(alone) & set(headings):
        alone = []
    own = [Column(name, name, name, cells.kept(name)) for name in alone]
    left = frozenset(known) - set(alone)
    if left:
        heading = titles(wish.kind, wish.language)["properties"]
        short = short_titles(wish.kind, wish.language)["properties"]
        own.append(Column("properties", heading, short, cells.others(left)))
    return own


def _stays(meant: Mapping[str, str | None], name: str, kind: str) -> bool:
    """Tell whether an importer would keep the column as it is."""
    field = meant[name]
    return field is None or not {one.name: one.stored for one in FIELDS[kind]}[field]
