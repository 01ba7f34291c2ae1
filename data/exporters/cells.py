"""What the cells of a ledger hold when it leaves the store."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import shapely

Cell = str | int | float | Decimal | date | None
"""A text, a number, a day, or a moment by the city's clock (a `datetime` without a zone)."""

Read = Callable[[Mapping[str, Any]], Cell]
"""From a row of the store to a cell."""

_DIGITS = re.compile(r"\d[\d \-]{4,}\d")


def as_text(cell: Cell) -> str | None:
    """Return a cell as text, from which the importers read the same value."""
    if isinstance(cell, datetime):
        exact = "auto" if cell.second or cell.microsecond else "minutes"
        return cell.isoformat(sep=" ", timespec=exact)
    if cell is None or isinstance(cell, str):
        return cell
    return repr(cell) if isinstance(cell, float) else str(cell)


def plain(name: str) -> Read:
    """Return what a column holds, as it is."""
    return lambda row: row[name]


def worded(name: str, words: Mapping[Any, str]) -> Read:
    """Return the word a reader knows for what a column holds."""
    return lambda row: None if row[name] is None else words[row[name]]


def moment(name: str, zone: ZoneInfo, timed: str | None = None) -> Read:
    """Return the local day or moment of a column.

    A moment without a time of day (by the column `timed`, or else at midnight) is its day.
    """

    def read(row: Mapping[str, Any]) -> Cell:
        found = row[name]
        return None if found is None else local(found, zone, row[timed] if timed else None)

    return read


def local(found: datetime, zone: ZoneInfo, has_time: bool | None) -> Cell:  # noqa: FBT001 - a value
    """Return a moment by the clock of `zone`; in an hour the clock repeats, with its offset."""
    here = found.astimezone(zone)
    at_midnight = (here.hour, here.minute, here.second, here.microsecond) == (0, 0, 0, 0)
    if at_midnight and not has_time:
        return here.date()
    if here.utcoffset() != here.replace(fold=1 - here.fold).utcoffset():
        return here.isoformat(sep=" ")
    return here.replace(tzinfo=None)


def own(name: str) -> Read:
    """Return one of the original coordinates of a row that has a position of its own."""
    return lambda row: row[name] if row["place_of"] == "own" else None


def wkt(row: Mapping[str, Any]) -> Cell:
    """Return the shape of a row as well-known text, to the last digit."""
    return None if row["wkb"] is None else _text_of(shapely.from_wkb(bytes(row["wkb"])))


def kept(name: str) -> Read:
    """Return one thing that was kept of a row besides its fields."""
    return lambda row: row["properties"].get(name)


def others(names: frozenset[str]) -> Read:
    """Return as JSON what was kept of a row and has no column of its own."""

    def read(row: Mapping[str, Any]) -> Cell:
        left = {name: value for name, value in row["properties"].items() if name in names}
        return json.dumps(left, ensure_ascii=False, sort_keys=True) if left else None

    return read


def masked(name: str, hide: Callable[[str], str]) -> Read:
    """Return what is left of a column when what it tells of persons is hidden."""
    return lambda row: None if row[name] is None else hide(row[name])


def masked_phone(value: str) -> str:
    """Return a phone number with its middle hidden: 138****5678."""
    return _DIGITS.sub(lambda found: _hidden(found[0]), value)


def masked_name(value: str) -> str:
    """Return a person's name with all but its first character hidden."""
    return value[:1] + "**"


def _hidden(digits: str) -> str:
    shown = 3 if len(digits) >= 11 else 0
    tail = 4 if len(digits) >= 11 else 2
    return digits[:shown] + "*" * (len(digits) - shown - tail) + digits[-tail:]


def _text_of(shape: Any) -> str:
    """Return well-known text; the library's own rounds some coordinates."""
    kind = shape.geom_type.upper()
    return f"{kind} {_body(shape)}"


def _body(shape: Any) -> str:
    if hasattr(shape, "geoms"):
        return f"({', '.join(_body(part) for part in shape.geoms)})"
    if hasattr(shape, "exterior"):
        return f"({', '.join(_body(ring) for ring in (shape.exterior, *shape.interiors))})"
    return f"({', '.join(f'{x!r} {y!r}' for x, y in shapely.get_coordinates(shape).tolist())})"
