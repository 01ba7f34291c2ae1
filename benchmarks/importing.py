"""A CSV of a million inspections into the store of a city, beside libraries that read and copy it.

The others look up the units and copy the rows into the same table, with its keys, indexes and
checks; what nobody asks of them is to guard the reading, to say which row is wrong and why, to know
what changed, and to take it all back. Every contender fills an empty table; its rows are the same
afterwards.
"""

import atexit
import io
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import BinaryIO

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from psycopg import Connection
from sqlalchemy import text

from benchmarks.measuring import Contender, Row, measure
from benchmarks.store import store, store_url
from data.cities import create_city
from data.engine import make_engine, transaction
from data.importers import ImportOptions, import_file
from data.loading import load

SEED = 20191031
N_VISITS = 1_000_000
N_UNITS = 20_000
ZONE = "Asia/Shanghai"
COLUMNS = "source, external_code, unit_id, inspected_at, team, result"
DIGEST = """
    SELECT md5(string_agg(concat_ws('|', visit.external_code, unit.external_code,
        extract(epoch FROM inspected_at), team, result), ',' ORDER BY visit.external_code))
    FROM inspection AS visit JOIN unit ON unit.id = unit_id
"""


@cache
def ledger(n_visits: int) -> Path:
    """Return a file of so many visits; it ends with this process."""
    rng = np.random.default_rng(SEED)
    days = np.datetime64("2019-01-01") + rng.integers(0, 300, n_visits)
    folder = Path(tempfile.mkdtemp(prefix="guatu-bench-"))
    atexit.register(shutil.rmtree, folder)
    file = folder / "inspections.csv"
    pd.DataFrame(
        {
            "code": [f"v{number:07}" for number in range(n_visits)],
            "unit_code": [f"u{number}" for number in rng.integers(0, N_UNITS, n_visits)],
            "inspected_at": days.astype(str),
            "team": np.array(["甲组", "乙组"])[rng.integers(0, 2, n_visits)],
            "result": np.array(["合格", "不合格"])[rng.integers(0, 2, n_visits)],
        }
    ).to_csv(file, index=False)
    return file


class City:
    """A store with units and no inspection, each contender its own."""

    def __init__(self, name: str, file: Path) -> None:
        self.file, self.engine, self.owner = file, make_engine(store_url(name)), store(name)
        with transaction(self.engine) as session:
            if session.scalar(text("SELECT count(*) FROM city")):
                return
            create_city(session, name, name=name, timezone=ZONE, metric_srid=4547)
            codes = [f"u{number}" for number in range(N_UNITS)]
            load(
                session, "units", pd.DataFrame({"external_code": codes, "name": codes}), source="b"
            )

    def emptied(self) -> "City":
        """Take out what was imported before."""
        with self.owner.begin() as connection:
            connection.execute(text("TRUNCATE inspection CASCADE"))
        return self

    def units(self) -> pd.DataFrame:
        """Return the id of each unit by its code."""
        return pd.read_sql("SELECT external_code AS unit_code, id FROM unit", self.engine)

    def copy(self, content: BinaryIO) -> None:
        """Copy rows of CSV to the table, in one transaction."""
        statement = f"COPY inspection ({COLUMNS}) FROM STDIN (FORMAT csv)"
        with self.engine.begin() as connection:
            driver = connection.connection.driver_connection
            if not isinstance(driver, Connection):
                raise TypeError("COPY needs a psycopg connection")
            with driver.cursor().copy(statement) as copy:
                while block := content.read(2**20):
                    copy.write(block)

    def digest(self) -> NDArray[np.uint8]:
        """Return a digest of all inspections, as numbers."""
        with self.engine.connect() as connection:
            return np.frombuffer(str(connection.scalar(text(DIGEST))).encode(), np.uint8)


def by_importer(city: City) -> None:
    import_file(city.engine, "inspections", city.file, ImportOptions(source="b"))


def by_pandas(city: City) -> None:
    visits = pd.read_csv(city.file, dtype=str).merge(city.units(), on="unit_code")
    at = pd.to_datetime(visits["inspected_at"]).dt.tz_localize(ZONE)
    rows = visits.assign(source="b", at=at)[["source", "code", "id", "at", "team", "result"]]
    city.copy(io.BytesIO(rows.to_csv(None, index=False, header=False).encode()))


def by_duckdb(city: City) -> None:
    units, joined = city.units(), city.file.with_name("joined.csv")
    with duckdb.connect() as connection:
        connection.register("unit", units)
        connection.execute(f"""
            COPY (
                SELECT 'b', code, id, inspected_at || ' 00:00 {ZONE}', team, result
                FROM read_csv('{city.file}', all_varchar = true) JOIN unit USING (unit_code)
            ) TO '{joined}' (HEADER false)
        """)
    with joined.open("rb") as rows:
        city.copy(rows)


def filled(fill: Callable[[City], None]) -> Callable[[City], City]:
    """Return a function that empties the table and fills it."""

    def use(city: City) -> City:
        fill(city.emptied())
        return city

    return use


def run(n_visits: int = N_VISITS) -> list[Row]:
    ways = {"data.importers": by_importer, "DuckDB": by_duckdb, "pandas.read_csv": by_pandas}
    file = ledger(n_visits)
    contenders = [
        Contender(
            name, lambda at=at: City(f"inspected_{at}", file), filled(fill), answer=City.digest
        )
        for at, (name, fill) in enumerate(ways.items())
    ]
    for at in range(len(ways)):
        store_url(f"inspected_{at}")
    return measure(f"CSV of {n_visits:,} inspections", contenders, rounds=3)
