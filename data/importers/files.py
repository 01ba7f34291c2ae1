"""A file of rows, CSV or GeoJSON, as texts under headings."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from data.errors import ImportRejectedError
from data.importers.geojson import read_features, read_geometry
from data.importers.report import RowError

MAX_BYTES = 512 * 2**20
MAX_CELL = 16 * 2**20
MAX_HEADINGS = 1_000
_DELIMITERS = {".csv": ",", ".txt": ",", ".tsv": "\t", ".tab": "\t"}
_GEOJSON = {".geojson", ".json"}


@dataclass
class Table:
    """The rows of a file, column by column.

    Attributes
    ----------
    numbers
        The number each row has for someone who reads the file; its heading is row 1.
    columns
        Heading → text of each row, None where it is blank.
    shapes
        The geometry of each row, where the format carries geometries.
    crs
        What the file says its coordinates are in, if it says so.
    errors
        Rows that could not be read at all; they are not among the others.
    """

    numbers: list[int] = field(default_factory=list)
    columns: dict[str, list[str | None]] = field(default_factory=dict)
    shapes: list[shapely.Geometry | None] | None = None
    crs: str | None = None
    errors: list[RowError] = field(default_factory=list)


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that is there and not too large.

    Raises
    ------
    ImportRejectedError
        When it is not there, not readable or larger than `MAX_BYTES`.
    """
    try:
        if path.exists() and not path.is_file():
            raise ImportRejectedError(f"{path}: not a file")
        if path.stat().st_size > MAX_BYTES:
            raise ImportRejectedError(f"{path.name}: larger than {MAX_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise ImportRejectedError(f"{path}: {error.strerror}") from error


def read_table(name: str, content: bytes) -> Table:
    """Read a file by the ending of its name.

    Raises
    ------
    ImportRejectedError
        When the ending is unknown or the content is not what the ending says.
    """
    ending = Path(name).suffix.lower()
    if ending in _GEOJSON:
        return read_geojson(content)
    if ending in _DELIMITERS:
        return read_csv(content, _DELIMITERS[ending])
    known = ", ".join(sorted({*_DELIMITERS, *_GEOJSON}))
    raise ImportRejectedError(f"{name}: the ending is none of {known}")


def read_csv(content: bytes, delimiter: str = ",") -> Table:
    """Read delimited text, in UTF-8 or else GB 18030; blank rows are passed over."""
    records = _records(decoded(content), delimiter)
    headings = _headings(next(records, (1, []))[1])
    table = Table(columns={heading: [] for heading in headings})
    for number, cells in records:
        if len(cells) > len(headings):
            reason = f"has {len(cells)} cells under {len(headings)} headings"
            table.errors.append(RowError(number, None, None, reason))
        elif any(cell.strip() for cell in cells):
            table.numbers.append(number)
            padded = cells + [""] * (len(headings) - len(cells))
            for heading, cell in zip(headings, padded, strict=True):
                table.columns[heading].append(cell if cell.strip() else None)
    return table


def read_geojson(content: bytes) -> Table:
    """Read a collection of features; their properties are the columns, row 1 is the first one."""
    features, crs = read_features(decoded(content))
    shapes: list[shapely.Geometry | None] = []
    table = Table(shapes=shapes, crs=crs)
    headings: dict[str, None] = {}
    read: list[dict[str, str | None]] = []
    for number, feature in enumerate(features, start=1):
        texts = _texts(feature)
        headings |= dict.fromkeys(texts)
        try:
            shape = read_geometry(feature.get("geometry"))
        except ValueError as error:
            table.errors.append(RowError(number, "geometry", None, str(error)))
            continue
        table.numbers.append(number)
        shapes.append(shape)
        read.append(texts)
    table.columns = {heading: [row.get(heading) for row in read] for heading in headings}
    return table


def _texts(feature: dict[str, Any]) -> dict[str, str | None]:
    """Return the properties of a feature as a CSV file would have them, and its id."""
    found = {"id": feature["id"]} if "id" in feature else {}
    properties = feature.get("properties")
    if isinstance(properties, dict):
        found |= properties
    return {name: _text(value) for name, value in found.items()}


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without mark) or GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            # GB 18030 has the mark as well, and no name for the encoding that takes it off.
            return content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise ImportRejectedError("the file is neither UTF-8 nor GB 18030 text")


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # A limit of the whole process, far too low for a boundary in one cell.
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise ImportRejectedError(f"row {number + 1}: {error}") from error


def _headings(cells: list[str]) -> list[str]:
    headings = [cell.strip() for cell in cells]
    if not any(headings):
        raise ImportRejectedError("the file has no heading")
    if "" in headings:
        raise ImportRejectedError(f"column {headings.index('') + 1} has no heading")
    if len(headings) > MAX_HEADINGS:
        raise ImportRejectedError(f"{len(headings)} columns, more than {MAX_HEADINGS}")
    twice = sorted(heading for heading, n in Counter(headings).items() if n > 1)
    if twice:
        raise ImportRejectedError(f"several columns have the heading {', '.join(twice)}")
    return headings
