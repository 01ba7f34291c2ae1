"""Zipped Shapefiles, in the encoding they say or, when that cannot be, in GB 18030."""

import codecs
import math
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from pyogrio.errors import DataSourceError
from pyogrio.raw import read
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.errors import ImportRejectedError
from data.importers.formats.archives import archive, read_entry, stored
from data.importers.formats.layers import check_size, chosen, features_table
from data.importers.formats.table import Asked, Table

MOST_ENTRIES = 50

_READ = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = {".shp", ".shx", ".dbf"}
_ARCHIVES = {".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".kmz", ".xlsx"}
_MAGIC = b"\x00\x00\x27\x0a"
_AS_BYTES = "ISO-8859-1"
"""One character a byte: what the bytes mean is found out here."""

_UTF8_NAME = 0x800


def read_shapefile(content: bytes, _ending: str, asked: Asked) -> Table:
    """Read one layer of an archive of Shapefiles.

    Raises
    ------
    ImportRejectedError
        When the archive is not to be trusted or has no whole Shapefile.
    """
    layers = _layers(content)
    layer = chosen(list(layers), asked.sheet)
    parts = layers[layer]
    _check(layer, parts)
    encoding = encoding_of(parts[".dbf"], parts.pop(".cpg", b""))
    clean = stored({f"layer{ending}": part for ending, part in parts.items()})
    try:
        meta, _, geometries, values = read(clean, encoding=_AS_BYTES, datetime_as_string=True)
    except (DataSourceError, RuntimeError, ValueError) as error:
        raise ImportRejectedError("the Shapefile is damaged") from error
    names = [_decoded(name, encoding) for name in meta["fields"]]
    columns = {n: _cells(v, encoding) for n, v in zip(names, values, strict=True)}
    table = features_table(columns, list(geometries))
    table.crs = _crs_name(meta["crs"])
    table.sheet, table.sheets = layer, tuple(layers)
    return table


def encoding_of(dbf: bytes, cpg: bytes) -> str:
    """Return the encoding of the texts of a table: as stated, else UTF-8, else GB 18030.

    One in which the bytes make no sense is not believed; if they make none in any, the one in which
    they make the most.
    """
    head = int.from_bytes(dbf[8:10], "little")
    texts = dbf[32:head] + dbf[head:]
    stated = _codec(cpg.decode("ascii", "replace").strip())
    tried = [name for name in (stated, "utf-8", "gb18030") if name]
    n_bad = {name: texts.decode(name, "replace").count("\ufffd") for name in reversed(tried)}
    return min(tried, key=n_bad.__getitem__)


def _layers(content: bytes) -> dict[str, dict[str, bytes]]:
    """Return the parts of each Shapefile by their endings."""
    layers: dict[str, dict[str, bytes]] = {}
    with archive(content, MOST_ENTRIES) as opened:
        for entry in opened.infolist():
            path = PurePosixPath(_name(entry).replace("\\", "/"))
            ending = path.suffix.lower()
            if ending in _ARCHIVES:
                raise ImportRejectedError("the archive holds another archive: unpack that first")
            if ending in _READ and not path.name.startswith("._"):
                layers.setdefault(path.stem, {})[ending] = read_entry(opened, entry)
    return {name: parts for name, parts in layers.items() if ".shp" in parts}


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; what does not say UTF-8 was written on a Chinese Windows."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _check(layer: str, parts: dict[str, bytes]) -> None:
    missing = sorted(_NEEDED - parts.keys())
    if missing:
        raise ImportRejectedError(f"the archive lacks {layer:.80}{missing[0]}")
    if not parts[".shp"].startswith(_MAGIC):
        raise ImportRejectedError(f"{layer:.80}.shp is no Shapefile")
    head = int.from_bytes(parts[".dbf"][8:10], "little")
    check_size(int.from_bytes(parts[".dbf"][4:8], "little"), head // 32)


def _codec(name: str) -> str | None:
    """Return the Python name of an encoding, if it is one of texts."""
    try:
        found = codecs.lookup(name.lower().removeprefix("ansi ").strip()).name
        b"".decode(found)
    except (LookupError, ValueError):
        return None
    return "gb18030" if found.startswith("gb") else found


def _cells(values: Any, encoding: str) -> Sequence[Any]:
    if values.dtype.kind == "O":
        return [_decoded(cell, encoding) if isinstance(cell, str) else cell for cell in values]
    if values.dtype.kind == "M":
        days = np.datetime_as_string(values).tolist()
        return [None if day == "NaT" else day for day in days]
    if values.dtype.kind == "f":
        return [None if math.isnan(cell) else cell for cell in values.tolist()]
    cells: Sequence[Any] = values.tolist()
    return cells


def _decoded(text: str, encoding: str) -> str:
    """Return the text of bytes; a character cut off at the end of the field is left out."""
    raw = text.encode(_AS_BYTES)
    try:
        return codecs.getincrementaldecoder(encoding)().decode(raw)
    except UnicodeDecodeError:
        return raw.decode(encoding, "replace")


def _crs_name(crs: str | None) -> str | None:
    """Return the code of a CRS, or its name where it has none."""
    if crs is None:
        return None
    try:
        found = CRS(crs)
    except CRSError:
        return crs
    authority = found.to_authority()
    return ":".join(authority) if authority else found.name
