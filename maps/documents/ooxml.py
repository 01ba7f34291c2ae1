"""What python-docx has no words for: fonts by script, borders, page numbers, a reproducible zip."""

import io
import zipfile
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The day of every part: the oldest that a zip can name."""


def element(name: str, **attributes: object) -> Any:
    """Return a new element of the namespace ``w``, with its attributes.

    >>> element("shd", fill="auto").get(qn("w:fill"))
    'auto'
    """
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def set_fonts(properties: Any, east_asian: str, western: str) -> None:
    """Name the fonts of a run or a style."""
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), western)
    fonts.set(qn("w:eastAsia"), east_asian)
    # Quotes and dashes are in both scripts; the hint says that these are Chinese ones.
    fonts.set(qn("w:hint"), "eastAsia")


def tighten(properties: Any, twips: int) -> None:
    """Set the characters of a run closer together, or farther apart."""
    after = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u")
    properties.insert_element_before(element("spacing", val=twips), *after)


def border(side: str, eighths: int, color: str = "000000", space: int = 0) -> Any:
    """Return one border of a paragraph or a cell, its width in eighths of a point."""
    return element(side, val="single", sz=eighths, space=space, color=color)


def set_borders(properties: Any, *borders: Any) -> None:
    """Give a paragraph its borders."""
    around = element("pBdr")
    around.extend(borders)
    properties.insert_element_before(
        around,
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


def add_field(run: Any, code: str) -> None:
    """Add a field that the reader's program computes, such as the number of the page."""
    for kind in ("begin", "separate"):
        run.append(element("fldChar", fldCharType=kind))
        if kind == "begin":
            instruction = element("instrText")
            instruction.text = code
            run.append(instruction)
    shown = element("t")
    shown.text = "1"
    run.append(shown)
    run.append(element("fldChar", fldCharType="end"))


def reproducible(content: bytes) -> bytes:
    """Return a zip with the same parts, none of which tells when it was packed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in read.namelist():
            part = zipfile.ZipInfo(name, _FIRST_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            written.writestr(part, read.read(name))
    return out.getvalue()
