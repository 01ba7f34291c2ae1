"""Ledgers on their way out of the store."""

from data.exporters.ledger import ExportedLedger, ExportWish, open_ledger
from data.exporters.vector import write_geojson, write_gpkg, write_parquet, write_shapefile

__all__ = [
    "ExportWish",
    "ExportedLedger",
    "open_ledger",
    "write_geojson",
    "write_gpkg",
    "write_parquet",
    "write_shapefile",
]
