"""A million points, and ledger rows with text, into PostGIS: COPY from arrays beside the others.

Two that are fast elsewhere are not among them: GDAL's PostgreSQL driver is not in the wheel of
pyogrio, and DuckDB's postgres extension is downloaded while the program runs, which a machine
without internet cannot do. Every contender fills an empty table; its rows are the same afterwards.
"""

from collections.abc import Callable, Mapping
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import geopandas
import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.measuring import Contender, Row, measure
from benchmarks.store import store, store_url
from data.copying import ColumnType, copy_frame

SEED = 20191031
N_POINTS = 1_000_000
N_UNITS = 300_000
POINTS: Mapping[str, ColumnType] = {"id": "int4", "geom": "geometry"}
UNITS: Mapping[str, ColumnType] = {
    "id": "int4",
    "external_code": "text",
    "name": "text",
    "address": "text",
    "risk": "text",
    "registered_on": "date",
    "geom": "geometry",
}
DIGEST = "SELECT md5(string_agg(one::text, ',' ORDER BY id)) FROM {table} AS one"


def points(n: int) -> pd.DataFrame:
    x, y = np.random.default_rng(SEED).uniform(0, 50, (2, n))
    return pd.DataFrame({"id": np.arange(n, dtype=np.int32), "geom": shapely.points(x, y)})


def units(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    risk = np.array(["low", "general", "larger", "major", None], dtype=object)
    day = pd.Timestamp("2010-01-01") + pd.to_timedelta(rng.integers(0, 3600, n), unit="D")
    return points(n).assign(
        external_code=[f"U{number:07}" for number in range(n)],
        name=[f"Hardware shop {number}, Jianshe Road branch" for number in range(n)],
        address=[f"建设路{number % 9999}号" for number in range(n)],
        risk=risk[rng.integers(0, 5, n)],
        registered_on=day,
    )


class Table:
    """One empty table of the store, each contender its own."""

    def __init__(self, name: str, types: Mapping[str, ColumnType]) -> None:
        self.name, self.engine = name, store("peers")
        columns = ", ".join(
            f"{column} {'geometry(Point, 4326)' if kind == 'geometry' else kind}"
            for column, kind in types.items()
        )
        self.run(f"DROP TABLE IF EXISTS {name}", f"CREATE UNLOGGED TABLE {name} ({columns})")

    def run(self, *statements: str) -> None:
        """Execute and commit."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def digest(self) -> NDArray[np.uint8]:
        """Return a digest of all rows, as numbers."""
        with self.engine.connect() as connection:
            found = connection.scalar(text(DIGEST.format(table=self.name)))
        return np.frombuffer(str(found).encode(), np.uint8)


def filled(fill: Callable[[Table], None]) -> Callable[[Table], Table]:
    """Return a function that empties the table and fills it."""

    def use(table: Table) -> Table:
        table.run(f"TRUNCATE {table.name}")
        fill(table)
        return table

    return use


def by_copy_frame(table: Table, frame: pd.DataFrame, types: Mapping[str, ColumnType]) -> None:
    with Session(table.engine) as session, session.begin():
        copy_frame(session, table.name, frame, types)


def by_to_postgis(table: Table, frame: pd.DataFrame) -> None:
    shapes = geopandas.GeoDataFrame(frame, geometry="geom", crs=4326)
    shapes.to_postgis(table.name, table.engine, if_exists="append", index=False)


def as_ewkb(frame: pd.DataFrame) -> list[Any]:
    shapes = shapely.set_srid(frame["geom"].to_numpy(), 4326)
    return list(shapely.to_wkb(shapes, include_srid=True))


def by_psycopg(table: Table, frame: pd.DataFrame, *, binary: bool) -> None:
    """Write row by row, as psycopg's manual shows it."""
    # A geometry travels as its EWKB: as the bytes, or in text as their hexadecimal digits.
    shapes = as_ewkb(frame) if binary else [shape.hex() for shape in as_ewkb(frame)]
    how = "(FORMAT BINARY)" if binary else ""
    with (
        psycopg.connect(uri()) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} FROM STDIN {how}") as copy,
    ):
        if binary:
            copy.set_types(["int4", "bytea"])
        for row in zip(frame["id"].tolist(), shapes, strict=True):
            copy.write_row(row)


def by_adbc(table: Table, frame: pd.DataFrame) -> None:
    rows = pa.table({"id": frame["id"].to_numpy(), "geom": as_ewkb(frame)})
    with adbc.connect(uri()) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest(table.name, rows, mode="append")
        connection.commit()


def uri() -> str:
    return store_url("peers").set(drivername="postgresql").render_as_string(hide_password=False)


def contender(
    name: str, table: str, types: Mapping[str, ColumnType], fill: Callable[[Table], None]
) -> Contender:
    return Contender(name, lambda: Table(table, types), filled(fill), Table.digest)


def point_rows() -> list[Row]:
    frame = points(N_POINTS)
    ways: Mapping[str, Callable[[Table], None]] = {
        "data.copying": lambda table: by_copy_frame(table, frame, POINTS),
        "ADBC": lambda table: by_adbc(table, frame),
        "psycopg, text": lambda table: by_psycopg(table, frame, binary=False),
        "psycopg, binary": lambda table: by_psycopg(table, frame, binary=True),
        "geopandas.to_postgis": lambda table: by_to_postgis(table, frame),
    }
    contenders = [
        contender(name, f"points_{number}", POINTS, fill)
        for number, (name, fill) in enumerate(ways.items())
    ]
    return measure(f"{N_POINTS:,} points into PostGIS", contenders, rounds=3)


def unit_rows() -> list[Row]:
    frame = units(N_UNITS)
    contenders = [
        contender(
            "data.copying", "units_0", UNITS, lambda table: by_copy_frame(table, frame, UNITS)
        ),
        contender(
            "geopandas.to_postgis", "units_1", UNITS, lambda table: by_to_postgis(table, frame)
        ),
    ]
    return measure(f"{N_UNITS:,} ledger rows into PostGIS", contenders, rounds=3)


def run() -> list[Row]:
    store_url("peers")
    return [*point_rows(), *unit_rows()]
