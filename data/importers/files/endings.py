"""What the ending of a file's name says it is, and whether its first bytes agree."""

from collections.abc import Mapping
from pathlib import PurePath

from data.errors import ImportRejectedError

FAMILIES: Mapping[str, str] = {
    **dict.fromkeys((".csv", ".txt", ".tsv", ".tab"), "delimited"),
    **dict.fromkeys((".geojson", ".json"), "geojson"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), "workbook"),
    **dict.fromkeys((".parquet", ".geoparquet"), "geoparquet"),
    ".gpkg": "geopackage",
    ".zip": "shapefile",
}
"""Ending → the family of formats that reads it."""

_SHEETS = "save it as .xlsx"
_VECTORS = "convert it to .gpkg, .geojson or a zipped Shapefile, as QGIS can"
_TEXTS = "copy its table into a workbook and save that as .xlsx"
_INSTEAD: Mapping[str, str] = {
    **dict.fromkeys((".kml", ".kmz", ".gpx", ".gml", ".mif", ".fgb", ".gdb"), _VECTORS),
    **dict.fromkeys((".dwg", ".dxf", ".dgn"), f"a drawing has no rows: {_VECTORS}"),
    **dict.fromkeys(
        (".shp", ".shx", ".dbf", ".prj", ".cpg"), "pack all files of the layer into one .zip"
    ),
    **dict.fromkeys((".doc", ".docx", ".wps", ".pdf", ".ppt", ".pptx", ".rtf"), _TEXTS),
    **dict.fromkeys((".et", ".xlsb", ".xlt", ".xltx", ".numbers", ".mdb", ".accdb"), _SHEETS),
    **dict.fromkeys((".htm", ".html", ".mht", ".mhtml", ".xml"), _SHEETS),
    **dict.fromkeys(
        (".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2"), "unpack it and send the ledger alone"
    ),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"), "a picture has no rows"),
    **dict.fromkeys((".sqlite", ".db", ".sqlite3"), _VECTORS),
}
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_SQLITE = b"SQLite format 3\0"
_PARQUET = b"PAR1"
_BINARY = (_ZIP, _OLE, _SQLITE, _PARQUET, b"%PDF")
_BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "delimited": (b"",),
    "geojson": (b"",),
    "workbook": (_ZIP,),
    "shapefile": (_ZIP,),
    "geopackage": (_SQLITE,),
    "geoparquet": (_PARQUET,),
}
_APPLICATION = slice(68, 72)
_GEOPACKAGES = {b"GPKG", b"GP10", b"GP11", b"GP12"}
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOK = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def family_of(name: str, content: bytes) -> tuple[str, str]:
    """Return the family of formats of a file, and the ending of its name.

    Raises
    ------
    ImportRejectedError
        When the ending is none that is read, saying what to send instead, or when the content does
        not begin as a file of that ending does.
    """
    ending = PurePath(name).suffix.lower()
    if ending in FAMILIES:
        _check_beginning(ending, content)
        return FAMILIES[ending], ending
    known = ", ".join(sorted(FAMILIES))
    if ending in _INSTEAD:
        raise ImportRejectedError(f"{ending} files are not read: {_INSTEAD[ending]}")
    raise ImportRejectedError(f"the ending of the name {name!r:.80} is none of {known}")


def _check_beginning(ending: str, content: bytes) -> None:
    if not content:
        raise ImportRejectedError("the file is empty, it has no heading")
    family = FAMILIES[ending]
    if family in {"delimited", "geojson"} and content.startswith(_BINARY):
        raise ImportRejectedError(f"the file is no text, although its name ends in {ending}")
    fits = _is_book(content) if ending == ".xls" else content.startswith(_BEGINNINGS[family])
    if family == "workbook" and not fits:
        raise ImportRejectedError(_why_no_workbook(ending, content))
    if not fits:
        raise ImportRejectedError(f"the file is something else, although its name ends in {ending}")
    if family == "geopackage" and content[_APPLICATION] not in _GEOPACKAGES:
        raise ImportRejectedError("the file is a SQLite database, but no GeoPackage")


def _is_book(content: bytes) -> bool:
    old = content.startswith(_OLE) and any(name in content for name in _BOOK)
    return old or content.startswith(_BIFF)


def _why_no_workbook(ending: str, content: bytes) -> str:
    if content.startswith(_OLE) and _LOCKED in content:
        return "the workbook is protected by a password: save it without one"
    if _is_book(content):
        return f"the file is an .xls workbook, although its name ends in {ending}: rename it"
    if content.startswith(_ZIP):
        return f"the file is an .xlsx workbook or archive, although its name ends in {ending}"
    if content.lstrip()[:1] == b"<":
        return f"the file is a web page, although its name ends in {ending}: {_SHEETS}"
    return f"the file is no workbook, although its name ends in {ending}: {_SHEETS}"
