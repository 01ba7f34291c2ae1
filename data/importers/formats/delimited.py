"""Delimited text: comma or tab, in UTF-8 or else GB 18030."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Sequence

from data.errors import ImportRejectedError
from data.importers.formats.headings import MOST_ABOVE, n_known
from data.importers.formats.rows import tabulate, without_blanks
from data.importers.formats.table import MAX_CELLS, MAX_HEADINGS, Asked, Table
from data.importers.formats.unquoted import columns_below, is_plain
from data.importers.report import RowError

DELIMITERS = {".csv": ",", ".txt": ",", ".tsv": "\t", ".tab": "\t"}
MAX_CELL = 16 * 2**20
_GUARDED = re.compile(r"'+\s*[=+\-@＝＋－＠]")


def read_delimited(content: bytes, ending: str, asked: Asked) -> Table:
    """Read delimited text; blank rows are passed over.

    The headings are in the first row, unless another was asked for or one of the first rows has two
    or more known headings and more than those above it.

    Raises
    ------
    ImportRejectedError
        When it is not text, or its headings cannot be told apart.
    """
    text, delimiter = decoded(content), DELIMITERS[ending]
    return _at_once(text, delimiter, asked) or _one_by_one(_records(text, delimiter), asked)


def _at_once(text: str, delimiter: str, asked: Asked) -> Table | None:
    """Read a plain text as it lies in memory; None where its rows must be looked at each."""
    if not is_plain(text, delimiter) or (asked.heading_row or 0) > MOST_ABOVE:
        return None
    above = _records("\n".join(text.split("\n", MOST_ABOVE)[:MOST_ABOVE]), delimiter)
    at = _heading_index(above, asked)
    headings = _headings(above[at] if at < len(above) else [])
    columns = columns_below(text, delimiter, at + 1, len(headings))
    if columns is None:
        return None
    numbers = list(range(at + 2, at + 2 + len(columns[0])))
    table = Table(numbers, dict(zip(headings, columns, strict=True)))
    _add_head(table, above[:at], headings)
    return table


def _one_by_one(records: Sequence[list[str]], asked: Asked) -> Table:
    at = _heading_index(records, asked)
    headings = _headings(records[at] if at < len(records) else [])
    rows, numbers, errors = _of_one_width(records[at + 1 :], at + 2, len(headings))
    cells = zip(*rows, strict=True) if rows else [[] for _ in headings]
    columns = dict(zip(headings, map(without_blanks, cells), strict=True))
    table = tabulate(columns, numbers)
    table.errors = errors
    _add_head(table, records[:at], headings)
    return table


def _add_head(table: Table, above: Sequence[list[str]], headings: Sequence[str]) -> None:
    """Add where the headings are, and the texts above them."""
    table.heading_row = len(above) + 1
    table.places = {heading: place for place, heading in enumerate(headings)}
    table.title = tuple(cell for record in above for cell in record if cell.strip())


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without mark) or GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            # GB 18030 has the mark as well, and no name for the encoding that takes it off.
            return content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise ImportRejectedError("the file is neither UTF-8 nor GB 18030 text")


def _records(text: str, delimiter: str) -> list[list[str]]:
    # A limit of the whole process, far too low for a boundary in one cell.
    csv.field_size_limit(MAX_CELL)
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ImportRejectedError(f"row {len(records) + 1}: {error}") from error
    if "'" not in text:
        return records
    return [[_unguarded(cell) if cell[:1] == "'" else cell for cell in one] for one in records]


def _unguarded(cell: str) -> str:
    """Return a cell without the quote that kept a spreadsheet from computing it."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _heading_index(records: Sequence[list[str]], asked: Asked) -> int:
    if asked.heading_row is not None:
        if not 1 <= asked.heading_row <= len(records):
            raise ImportRejectedError(f"the file has no row {asked.heading_row} for its headings")
        return asked.heading_row - 1
    return _telling_row(records[:MOST_ABOVE], asked.known)


def _telling_row(records: Sequence[list[str]], known: Collection[str]) -> int:
    scores = [n_known([cell.strip() for cell in record], known) for record in records]
    most = max(scores, default=0)
    return scores.index(most) if most > 1 else 0


def _of_one_width(
    records: Sequence[list[str]], first: int, width: int
) -> tuple[list[list[str]], list[int], list[RowError]]:
    """Return the rows padded to the width of the headings, their numbers, and what is too wide."""
    if len(records) * width > MAX_CELLS:
        raise ImportRejectedError(f"more than {MAX_CELLS:,} cells: send it in parts")
    numbers = list(range(first, first + len(records)))
    if set(map(len, records)) <= {width}:
        return list(records), numbers, []
    rows: list[list[str]] = []
    numbers = []
    errors = []
    for number, cells in enumerate(records, start=first):
        if len(cells) > width:
            reason = f"has {len(cells)} cells under {width} headings"
            errors.append(RowError(number, None, None, reason))
            continue
        rows.append(cells if len(cells) == width else cells + [""] * (width - len(cells)))
        numbers.append(number)
    return rows, numbers, errors


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
