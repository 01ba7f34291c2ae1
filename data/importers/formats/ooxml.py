"""The parts of an xlsx workbook, judged before a spreadsheet library sees any of them."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from data.errors import ImportRejectedError
from data.importers.formats.archives import archive, read_entry, stored
from data.importers.formats.table import MAX_CELLS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_ENTRIES = 5_000
MOST_ROWS = 1_048_576
FAR = 100_000
"""The last row may lie so far below as many rows as there are."""

_FOLDERS_NOT_READ = {
    *("activeX", "charts", "comments", "ctrlProps", "customXml", "diagrams", "embeddings"),
    *("externalLinks", "persons", "pivotCache", "pivotTables", "printerSettings", "queryTables"),
    *("slicers", "tables", "theme", "threadedComments"),
}
_PICTURES = re.compile(r"xl/media/[^/]+\.(?:png|jpe?g)", re.IGNORECASE)
_ROWS_AND_FAR_COLUMNS = re.compile(rb""" r=["'](?:(\d+)["']|([A-Za-z]{3,}\d))""")
_ANY_ERROR = re.compile(rb"""t=["']e["']""")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]+)(\d+)["']""")
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v>(#[^<]{1,20})<")


@dataclass(frozen=True)
class Parts:
    """The parts of a workbook by name, pictures apart."""

    xml: Mapping[str, bytes]
    pictures: Mapping[str, bytes]

    def workbook(self) -> bytes:
        """Return a workbook of the parts with cells, for the spreadsheet library."""
        return stored({name: part for name, part in self.xml.items() if "drawing" not in name})

    def tree(self, name: str) -> "Element | None":
        """Return a part as a tree, if it is there.

        Raises
        ------
        ImportRejectedError
            When it is not XML, or declares a document type.
        """
        part = self.xml.get(name)
        if part is None:
            return None
        try:
            tree: Element = fromstring(part, forbid_dtd=True)
        except (ParseError, DefusedXmlException) as error:
            raise ImportRejectedError(f"the workbook's part {name:.80} is damaged") from error
        return tree

    def targets(self, name: str) -> dict[str, str]:
        """Return the parts that part `name` names, by the id of the relationship."""
        folder, file = posixpath.split(name)
        tree = self.tree(f"{folder}/_rels/{file}.rels")
        if tree is None:
            return {}
        return {
            each.get("Id", ""): _resolved(folder, each.get("Target", ""))
            for each in tree
            if each.get("TargetMode") != "External"
        }

    def sheet_part(self, sheet: str) -> str | None:
        """Return the name of the part that holds the cells of a sheet."""
        tree = self.tree("xl/workbook.xml")
        targets = self.targets("xl/workbook.xml")
        for element in tree.iter() if tree is not None else ():
            if local(element.tag) == "sheet" and element.get("name") == sheet:
                return targets.get(attribute(element, "id") or "")
        return None

    @property
    def date_1904(self) -> bool:
        """Whether days are counted from 1904."""
        head = self.xml.get("xl/workbook.xml", b"")
        return bool(re.search(rb"""\bdate1904=["'](?:1|true)["']""", head))


def read_parts(content: bytes) -> Parts:
    """Read the parts of a workbook that are of use.

    Raises
    ------
    ImportRejectedError
        When the archive or a part of it is not to be trusted, or a sheet is too large.
    """
    xml = {}
    pictures = {}
    with archive(content, MOST_ENTRIES) as opened:
        for entry in opened.infolist():
            name = entry.filename.replace("\\", "/")
            if _PICTURES.fullmatch(name):
                pictures[name] = read_entry(opened, entry)
            elif _is_read(name):
                xml[name] = read_entry(opened, entry)
    if "[Content_Types].xml" not in xml or "xl/workbook.xml" not in xml:
        raise ImportRejectedError("the archive is no workbook")
    for name, part in xml.items():
        _check_text(name, part)
        if b"<sheetData" in part[:20_000] or name.startswith("xl/worksheets/"):
            check_extent(part)
    return Parts(xml, pictures)


def check_extent(sheet: bytes) -> None:
    """Refuse a sheet whose cells lie too far apart: libraries make room for all between them.

    Raises
    ------
    ImportRejectedError
        Saying which limit it breaks.
    """
    n_cells = sheet.count(b"<c ") + sheet.count(b":c ")
    if n_cells > MAX_CELLS:
        raise ImportRejectedError(f"more than {MAX_CELLS:,} cells: send the ledger in parts")
    last = n_rows = 0
    for row, column in _ROWS_AND_FAR_COLUMNS.findall(sheet):
        if column:
            raise ImportRejectedError(
                f"a cell lies far to the right, in column {column[:-1]!s:.20}"
            )
        n_rows += 1
        last = max(last, int(row[:8]))
    if last > MOST_ROWS or last > n_rows + FAR:
        raise ImportRejectedError(f"row {last} lies far below the others: delete what is there")


def error_cells(sheet: bytes) -> dict[tuple[int, int], str]:
    """Return the cells (row, column, from 0) that hold an error, such as #N/A."""
    found: dict[tuple[int, int], str] = {}
    if not _ANY_ERROR.search(sheet):
        return found
    for match in _ERROR_CELL.finditer(sheet):
        value = _ERROR_VALUE.search(sheet, match.end(), sheet.find(b"</row", match.end()))
        text = value[1].decode(errors="replace") if value else "#"
        found[int(match[2]) - 1, _column_index(match[1])] = text
    return found


def local(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: "Element", name: str) -> str | None:
    """Return the attribute of that name in any namespace other than none, else the plain one."""
    spaced = [value for key, value in element.items() if key.endswith("}" + name)]
    return spaced[0] if spaced else element.get(name)


def _is_read(name: str) -> bool:
    folders = name.split("/")[:-1]
    known = not folders or folders[0] in {"_rels", "xl"}
    return known and name.endswith((".xml", ".rels")) and not _FOLDERS_NOT_READ & set(folders)


def _check_text(name: str, part: bytes) -> None:
    if b"\0" in part[:200]:
        raise ImportRejectedError(f"the workbook's part {name:.80} is not UTF-8")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise ImportRejectedError(f"the workbook's part {name:.80} declares a document type")


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(folder, target))


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1
