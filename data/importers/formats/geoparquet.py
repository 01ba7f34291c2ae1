"""GeoParquet, and Parquet without geometries."""

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import ImportRejectedError
from data.importers.formats.cells import texts_of
from data.importers.formats.layers import check_size, features_table
from data.importers.formats.table import Asked, Table

MAX_UNPACKED = 2**30

_PROGRAMS_OWN = "__index_level_"


def read_geoparquet(content: bytes, _ending: str, _asked: Asked) -> Table:
    """Read the rows of a Parquet file.

    Raises
    ------
    ImportRejectedError
        When it is damaged, too large, or keeps geometries otherwise than as WKB.
    """
    try:
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            _check_size(file.metadata)
            found = file.read(use_threads=False)
        found.validate(full=True)
        return _table(found, _geo(found.schema.metadata or {}))
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        raise ImportRejectedError("the Parquet file is damaged") from error


def _check_size(metadata: Any) -> None:
    check_size(metadata.num_rows, metadata.num_columns)
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    if sum(group.total_byte_size for group in groups) > MAX_UNPACKED:
        raise ImportRejectedError(f"the file unpacks to more than {MAX_UNPACKED >> 20} MB")


def _geo(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    """Return the part of the metadata that tells of geometries, empty where there is none."""
    geo = json.loads(metadata.get(b"geo", b"{}"))
    if not isinstance(geo, dict):
        raise ValueError("its metadata is no object")  # noqa: TRY004 - of the file, not ours
    return geo


def _table(found: pa.Table, geo: dict[str, Any]) -> Table:
    shape = geo.get("primary_column")
    columns = {
        name: _cells(found.column(name))
        for name in found.column_names
        if name != shape and not name.startswith(_PROGRAMS_OWN)
    }
    if shape is None:
        numbers = list(range(1, found.num_rows + 1))
        return Table(numbers, {name: texts_of(cells) for name, cells in columns.items()})
    about = geo["columns"][shape]
    if about.get("encoding") != "WKB":
        raise ImportRejectedError("its geometries are not kept as WKB: write them so")
    table = features_table(columns, found.column(shape).to_pylist())
    table.crs = _crs_name(about)
    return table


def _crs_name(about: dict[str, Any]) -> str | None:
    if "crs" not in about:
        return "OGC:CRS84"
    crs = about["crs"]
    if crs is None:
        return None
    if "id" in crs:
        return f"{crs['id']['authority']}:{crs['id']['code']}"
    return str(crs["name"])


def _cells(column: pa.ChunkedArray) -> Sequence[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    cells: Sequence[Any] = column.to_pylist()
    if pa.types.is_nested(kind):
        return [json.dumps(cell, ensure_ascii=False, default=str) for cell in cells]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None] * len(cells)
    return cells
