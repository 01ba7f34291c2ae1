"""OpenDocument sheets, judged before a spreadsheet library sees them."""

import re

from data.errors import ImportRejectedError
from data.importers.formats.archives import archive, read_entry, stored

MOST_ENTRIES = 5_000
_READ = ("mimetype", "META-INF/manifest.xml", "content.xml")
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
    if set(_READ) - {"mimetype"} > set(parts):
        raise ImportRejectedError("the archive is no OpenDocument sheet")
    if b"encryption-data" in parts["META-INF/manifest.xml"]:
        raise ImportRejectedError("the workbook is protected by a password: save it without one")
    for name, part in parts.items():
        if b"\0" in part[:200] or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise ImportRejectedError(f"the workbook's part {name} declares a document type")
    _check_repeats(parts["content.xml"])
    return stored(parts)


def _check_repeats(cells: bytes) -> None:
    """Refuse what would be unrolled into more cells than anybody wrote."""
    for match in _MANY.finditer(cells):
        end = b"</table:table-row>" if match[1] == b"rows" else b">"
        repeated = cells[match.start() : cells.find(end, match.end()) + 1]
        if b"value-type=" in repeated or b"formula=" in repeated:
            raise ImportRejectedError("cells with values are repeated a thousand times or more")
