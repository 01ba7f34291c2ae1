"""Pictures that lie on a row of a sheet, as evidence of it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from data.importers.formats.ooxml import Parts, attribute, local
from data.importers.formats.table import Photo, Table
from data.importers.report import Remark

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_PHOTOS = 1_000
MAX_PHOTO = 10 * 2**20
MAX_ALL = 100 * 2**20

_MAGIC = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_IN_CELL = re.compile(r"DISPIMG\(\"(\w+)\"")
"""The formula by which WPS shows a picture inside of a cell."""


def add_photos(table: Table, parts: Parts, sheet_part: str) -> None:
    """Add the pictures of a sheet to the rows they are anchored to; say how many cannot be kept."""
    rows = set(table.numbers)
    found = [*_anchored(parts, sheet_part), *_in_cells(table, parts)]
    size = n_left_out = 0
    for row, part in found:
        picture = parts.pictures.get(part, b"")
        kind = picture_kind(picture)
        size += len(picture)
        full = len(table.photos) >= MAX_PHOTOS or size > MAX_ALL
        if kind is None or row not in rows or full or len(picture) > MAX_PHOTO:
            n_left_out += 1
            continue
        name = f"row-{row}-{len(table.photos) + 1}.{kind}"
        table.photos.append(Photo(row, name, picture))
    if n_left_out:
        message = (
            f"{n_left_out} pictures lie on no row, are no JPEG or PNG, or are too large or many"
        )
        table.remarks.append(Remark("pictures_left_out", message))


def picture_kind(content: bytes) -> str | None:
    """Return 'jpg' or 'png' by the first bytes of a picture, None for anything else."""
    return next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)


def _anchored(parts: Parts, sheet_part: str) -> Iterator[tuple[int, str]]:
    """Return row and part of each picture that floats over the sheet."""
    for drawing in parts.targets(sheet_part).values():
        tree = parts.tree(drawing) if "drawings/" in drawing and drawing.endswith(".xml") else None
        targets = parts.targets(drawing) if tree is not None else {}
        for anchor in tree if tree is not None else ():
            row = _first_text(anchor, "row")
            for picture in _pictures(anchor):
                if row.isdecimal() and len(row) < 8:
                    yield int(row) + 1, targets.get(picture, "")


def _in_cells(table: Table, parts: Parts) -> Iterator[tuple[int, str]]:
    """Return row and part of each picture inside of a cell, and blank the text in its place."""
    tree = parts.tree("xl/cellimages.xml")
    if tree is None:
        return
    targets = parts.targets("xl/cellimages.xml")
    by_name = {
        _name(image): targets.get(picture, "") for image in tree for picture in _pictures(image)
    }
    for column in table.columns.values():
        for at, text in enumerate(column):
            if text and (match := _IN_CELL.search(text)):
                column[at] = None
                yield table.numbers[at], by_name.get(match[1], "")


def _pictures(element: "Element") -> Iterator[str]:
    """Return the ids of the pictures shown in an element."""
    for each in element.iter():
        if local(each.tag) == "blip" and (found := attribute(each, "embed")):
            yield found


def _name(element: "Element") -> str:
    return next((e.get("name", "") for e in element.iter() if local(e.tag) == "cNvPr"), "")


def _first_text(element: "Element", name: str) -> str:
    return next((e.text or "" for e in element.iter() if local(e.tag) == name), "")
