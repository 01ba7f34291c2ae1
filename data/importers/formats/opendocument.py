"""OpenDocument sheets, judged before a spreadsheet library sees them."""

import html
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from data.errors import ImportRejectedError
from data.importers.formats.archives import archive, read_entry, stored
from data.importers.formats.headings import Merge

MOST_ENTRIES = 5_000
_READ = ("mimetype", "META-INF/manifest.xml", "content.xml")
_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)((?:\s[^>]*)?)>")
_NAME = re.compile(rb"""table:name=["']([^"']*)""")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["'](\d{1,9})["']""")
_SPANNED = re.compile(rb"""number-(rows|columns)-spanned=["'](\d{1,9})["']""")
_MERGED = re.compile(rb"""number-(?:rows|columns)-spanned=["'](?!1["'])""")
_MANY = re.compile(rb"""number-(rows|columns)-repeated=["']\d{4,}["']""")


def check_document(content: bytes) -> bytes:
    """Return a document with the cells of the one that was sent and nothing else.

    Raises
    ------
    ImportRejectedError
        When it is damaged or locked, or repeats cells with values a thousand times or more.
    """
    with archive(content, MOST_ENTRIES) as opened:
        entries = {e.filename: e for e in opened.infolist() if e.filename in _READ}
        parts = {name: read_entry(opened, entry) for name, entry in entries.items()}
    if not {"META-INF/manifest.xml", "content.xml"} <= set(parts):
        raise ImportRejectedError("the archive is no OpenDocument sheet")
    if b"encryption-data" in parts["META-INF/manifest.xml"]:
        raise ImportRejectedError("the workbook is protected by a password: save it without one")
    for name, part in parts.items():
        if b"\0" in part[:200] or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise ImportRejectedError(f"the workbook's part {name} declares a document type")
    _check_repeats(parts["content.xml"])
    return stored(parts)


def merged_ranges(document: bytes) -> Mapping[str, Sequence[Merge]]:
    """Return the merged ranges of each sheet, which the spreadsheet library does not tell."""
    with archive(document, MOST_ENTRIES) as opened:
        cells = read_entry(opened, opened.getinfo("content.xml"))
    found: dict[str, list[Merge]] = defaultdict(list)
    if not _MERGED.search(cells):
        return found
    sheet, row, rows, column = "", 0, 0, 0
    for tag in _TAG.finditer(cells):
        kind, attributes = tag.groups()
        repeated = _REPEATED.search(attributes)
        n = int(repeated[1]) if repeated else 1
        if kind == b"table":
            named = _NAME.search(attributes)
            sheet, row, rows = html.unescape(named[1].decode()) if named else "", 0, 0
        elif kind == b"table-row":
            row, rows, column = row + rows, n, 0
        else:
            spans = {name: int(number) for name, number in _SPANNED.findall(attributes)}
            last = row + spans.get(b"rows", 1) - 1, column + spans.get(b"columns", 1) - 1
            if last != (row, column):
                found[sheet].append(((row, column), last))
            column += n
    return found


def _check_repeats(cells: bytes) -> None:
    """Refuse what would be unrolled into more cells than anybody wrote."""
    for match in _MANY.finditer(cells):
        end = b"</table:table-row>" if match[1] == b"rows" else b">"
        repeated = cells[match.start() : cells.find(end, match.end()) + 1]
        if b"value-type=" in repeated or b"formula=" in repeated:
            raise ImportRejectedError("cells with values are repeated a thousand times or more")
