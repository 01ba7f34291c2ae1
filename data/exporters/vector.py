"""Ledgers as files of a geographic information system, written chunk by chunk."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from data.errors import ExportRefusedError
from data.exporters.cells import as_text
from data.exporters.ledger import Column, ExportedLedger, Row

MAX_DBF_BYTES = 254
"""What one field of a Shapefile holds."""

CRS = "EPSG:4326"
_ENCODING = "GB18030"
_GEOMETRY = "geometry"


def write_gpkg(ledger: ExportedLedger, path: Path) -> None:
    """Write a GeoPackage of one layer, named like the ledger."""
    for number, table in enumerate(_tables(ledger, ledger.headings)):
        _append(table, path, ledger, number, driver="GPKG")


def write_shapefile(ledger: ExportedLedger, path: Path) -> None:
    """Write a zipped Shapefile in GB 18030, with the .cpg that says so.

    Raises
    ------
    ExportRefusedError
        When a text is longer than a field of a Shapefile holds.
    """
    names = [column.short for column in ledger.columns]
    with TemporaryDirectory(dir=path.parent) as folder:
        target = Path(folder) / f"{ledger.kind}.shp"
        for number, table in enumerate(_tables(ledger, names, _short_enough)):
            _append(table, target, ledger, number, driver="ESRI Shapefile", encoding=_ENCODING)
        target.with_suffix(".cpg").write_text(_ENCODING, encoding="ascii")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)


def write_parquet(ledger: ExportedLedger, path: Path) -> None:
    """Write GeoParquet 1.1: well-known bytes in degrees of longitude and latitude."""
    about = {"encoding": "WKB", "geometry_types": []}
    geo = {"version": "1.1.0", "primary_column": _GEOMETRY, "columns": {_GEOMETRY: about}}
    schema = _schema(ledger, ledger.headings).with_metadata({"geo": json.dumps(geo)})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in _tables(ledger, ledger.headings):
            writer.write_table(table.cast(schema))


def write_geojson(ledger: ExportedLedger, path: Path) -> None:
    """Write a FeatureCollection, one feature a line."""
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type": "FeatureCollection", "features": [')
        for number, row in enumerate(row for chunk in ledger.chunks for row in chunk):
            out.write(",\n" if number else "\n")
            out.write(json.dumps(_feature(ledger, row), ensure_ascii=False))
        out.write("\n]}\n")


def _feature(ledger: ExportedLedger, row: Row) -> dict[str, Any]:
    about = {
        column.heading: cell if column.is_number else as_text(cell)
        for column, cell in zip(ledger.columns, row.cells, strict=True)
    }
    shape = None if row.wkb is None else shapely.from_wkb(row.wkb).__geo_interface__
    return {"type": "Feature", "geometry": shape, "properties": about}


def _schema(ledger: ExportedLedger, names: Sequence[str]) -> pa.Schema:
    kinds = [pa.float64() if column.is_number else pa.string() for column in ledger.columns]
    fields = [pa.field(name, kind) for name, kind in zip(names, kinds, strict=True)]
    return pa.schema([*fields, pa.field(_GEOMETRY, pa.binary())])


def _tables(ledger: ExportedLedger, names: Sequence[str], check: Any = None) -> Iterator[pa.Table]:
    """Yield the rows in chunks; at least one, which may have no rows."""
    schema = _schema(ledger, names)
    is_empty = True
    for chunk in ledger.chunks:
        is_empty = False
        yield pa.table(_arrays(ledger, chunk, check), schema=schema)
    if is_empty:
        yield schema.empty_table()


def _arrays(ledger: ExportedLedger, chunk: Sequence[Row], check: Any) -> list[pa.Array]:
    arrays = []
    for at, column in enumerate(ledger.columns):
        values = [row.cells[at] for row in chunk]
        if column.is_number:
            arrays.append(pa.array(values, pa.float64()))
            continue
        texts = [as_text(value) for value in values]
        if check is not None:
            check(column, texts)
        arrays.append(pa.array(texts, pa.string()))
    return [*arrays, pa.array([row.wkb for row in chunk], pa.binary())]


def _short_enough(column: Column, texts: Sequence[str | None]) -> None:
    for text in texts:
        if text is not None and len(text.encode(_ENCODING)) > MAX_DBF_BYTES:
            raise ExportRefusedError(
                f"{column.heading} {text[:20]!r}…: a Shapefile holds texts of {MAX_DBF_BYTES} bytes"
                " only; take gpkg, which holds all"
            )


def _append(
    table: pa.Table, path: Path, ledger: ExportedLedger, number: int, **options: Any
) -> None:
    pyogrio.write_arrow(
        table,
        path,
        layer=ledger.kind,
        geometry_name=_GEOMETRY,
        geometry_type=ledger.shape,
        crs=CRS,
        append=number > 0,
        **options,
    )
