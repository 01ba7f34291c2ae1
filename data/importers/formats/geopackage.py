"""GeoPackages, read as the SQLite they are: no view, trigger or virtual table in them ever runs."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from data.errors import ImportRejectedError
from data.importers.formats.layers import check_size, chosen, features_table
from data.importers.formats.table import Asked, Table

_OWN_KEYS = {"fid", "ogc_fid"}
"""Columns that programs add to count rows with."""

_CATALOG = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_HEADER_BYTES = 8
_JOURNAL = slice(18, 20)
_PLAIN_JOURNAL = b"\x01\x01"


def read_geopackage(content: bytes, _ending: str, asked: Asked) -> Table:
    """Read one layer of features.

    Raises
    ------
    ImportRejectedError
        When it is damaged, no GeoPackage, or its layers are not plain tables.
    """
    try:
        with closing(_opened(content)) as store:
            return _read(store, asked)
    except (sqlite3.Error, OverflowError) as error:
        raise ImportRejectedError(f"the GeoPackage is damaged: {error}") from error


def _opened(content: bytes) -> sqlite3.Connection:
    """Open a copy of the file in memory, in which nothing but reading is allowed."""
    store = sqlite3.connect(":memory:")
    copy = bytearray(content)
    # A file left in the mode with a separate journal would look for that journal.
    copy[_JOURNAL] = _PLAIN_JOURNAL
    store.deserialize(bytes(copy))
    store.execute("PRAGMA trusted_schema = OFF")
    store.execute("PRAGMA cell_size_check = ON")
    store.execute("PRAGMA query_only = ON")
    store.text_factory = lambda text: text.decode(errors="surrogateescape")
    return store


def _read(store: sqlite3.Connection, asked: Asked) -> Table:
    plain = _plain_tables(store)
    if not set(_CATALOG) <= plain.keys():
        raise ImportRejectedError("the file is no GeoPackage: its catalog is missing")
    store.set_authorizer(lambda action, *_: 0 if action in _ALLOWED else 1)
    layers: dict[str, tuple[Any, ...]] = {
        row[0]: row[1:]
        for row in store.execute(
            "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id"
            " FROM gpkg_geometry_columns g JOIN gpkg_contents c ON c.table_name = g.table_name"
            " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
            " WHERE c.data_type = 'features' ORDER BY g.table_name"
        )
        if row[0] in plain
    }
    layer = chosen(list(layers), asked.sheet)
    shape, *crs = layers[layer]
    table = _read_layer(store, layer, str(shape), plain[layer])
    table.crs = _crs_name(*crs)
    table.sheet, table.sheets = layer, tuple(layers)
    return table


def _plain_tables(store: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the tables that keep all they hold, and the columns of each that hold yes or no."""
    names = store.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        " AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    plain = {}
    for (name,) in names:
        columns = store.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
        # Columns that are computed are hidden: their programs would run when they are read.
        if not any(hidden for *_, hidden in columns):
            plain[name] = {column for _, column, kind, *_ in columns if kind.upper() == "BOOLEAN"}
    return plain


def _read_layer(store: sqlite3.Connection, layer: str, shape: str, flags: set[str]) -> Table:
    found = store.execute(f"SELECT * FROM {_quoted(layer)}")  # noqa: S608 - quoted, a name of the file
    names = [name for name, *_ in found.description]
    if shape not in names:
        raise ImportRejectedError(f"the layer {layer:.80} has no column {shape:.80}")
    rows: list[tuple[Any, ...]] = []
    while part := found.fetchmany(10_000):
        rows += part
        check_size(len(rows), len(names))
    cells = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    geometries = [_wkb(value) for value in cells.pop(shape)]
    columns = {
        name: _values(column, is_flag=name in flags)
        for name, column in cells.items()
        if name.lower() not in _OWN_KEYS
    }
    return features_table(columns, geometries)


def _wkb(value: Any) -> bytes | None:
    """Return the geometry of a GeoPackage's blob, without its header; of a damaged one nothing."""
    if value is None:
        return None
    if not isinstance(value, bytes) or len(value) < _HEADER_BYTES or value[:2] != b"GP":
        return b""
    envelope = value[3] >> 1 & 0b111
    if envelope >= len(_ENVELOPE_BYTES):
        return b""
    return value[_HEADER_BYTES + _ENVELOPE_BYTES[envelope] :]


def _values(cells: Sequence[Any], *, is_flag: bool) -> list[Any]:
    if is_flag:
        return [bool(cell) if isinstance(cell, int) else cell for cell in cells]
    return [None if isinstance(cell, bytes) else cell for cell in cells]


def _crs_name(organization: Any, code: Any) -> str | None:
    if not isinstance(organization, str) or organization.upper() == "NONE":
        return None
    return f"{organization.upper():.80}:{code}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
