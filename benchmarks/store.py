"""A PostGIS for the peers that are SQL, and for what we keep in one: a private cluster a run."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import URL, Engine, make_url, text
from sqlalchemy.orm import Session

from data.cluster import Cluster
from data.copying import ColumnType, copy_frame
from data.engine import make_engine, upgrade

_SENT = {"i4": "int4send", "i8": "int8send", "f8": "float8send"}


@cache
def cluster() -> Cluster:
    """Return a started cluster in a temporary folder; it ends with this process."""
    home = Path(tempfile.mkdtemp(prefix="guatu-bench-"))
    home.chmod(0o711)
    made = Cluster(home, user="postgres" if os.geteuid() == 0 else None)
    atexit.register(shutil.rmtree, home)
    atexit.register(made.stop)
    made.start()
    return made


@cache
def store_url(name: str) -> URL:
    """Return the URL of a migrated, empty store."""
    cluster().create_city(name)
    url = cluster().url(name)
    upgrade(url)
    return make_url(url)


def store(name: str) -> Engine:
    """Connect to a store as its owner."""
    return make_engine(store_url(name), role=None)


class Postgis:
    """One connection to PostGIS, with tables that end with it.

    Without parallel workers: the planner's default for points in polygons is several times slower.
    """

    def __init__(self) -> None:
        self.session = Session(store("peers"))
        self.session.execute(text("SET max_parallel_workers_per_gather = 0"))
        self.session.execute(text("SET work_mem = '256MB'"))
        self.session.execute(text("SET idle_in_transaction_session_timeout = 0"))

    def load(
        self, table: str, frame: pd.DataFrame, types: Mapping[str, ColumnType], index: str = ""
    ) -> None:
        """Make a temporary table of `frame`, with a spatial index on `index`."""
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        self.session.execute(text(f"CREATE TEMP TABLE {table} ({columns})"))
        copy_frame(self.session, table, frame, types)
        if index:
            self.session.execute(text(f"CREATE INDEX ON {table} USING gist ({index})"))
        self.session.execute(text(f"ANALYZE {table}"))

    def read(self, query: str, layout: Mapping[str, str], **values: Any) -> pd.DataFrame:
        """Return the columns of `layout`, packed by the server: faster than rows."""
        sent = " || ".join(f"{_SENT[kind]}({name})" for name, kind in layout.items())
        packed = self.session.scalar(
            text(f"SELECT string_agg({sent}, '') FROM ({query}) AS found"), values
        )
        wire = np.dtype([(name, f">{kind}") for name, kind in layout.items()])
        table = np.frombuffer(packed or b"", wire)
        return pd.DataFrame({name: table[name].astype(kind) for name, kind in layout.items()})
