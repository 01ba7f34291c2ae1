"""One visit among many: the figures of all cells after it, beside counting everything again.

A city of 100,000 units in 10,000 cells. Each contender moves one visit to another day, the same one
as the others in turn, commits, and reads how many units of each cell were inspected in the last 90
days and how often.
"""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Engine, text

from benchmarks.measuring import Contender, Row, measure
from benchmarks.store import store, store_url
from data.answers import CoverageQuestion
from data.answers.ground import ground_of
from data.answers.inspected import KeptUnits, read_inspected
from data.cities import create_city
from data.copying import copy_frame
from data.engine import snapshot, transaction
from data.grids import GridHead, load_grid
from data.loading import load
from data.queries.places import grid_id
from data.scope import WHOLE_CITY

SEED = 20191031
N_UNITS, SIDE = 100_000, 100
DAY = date(2019, 10, 31)
WINDOW_DAYS = 90
QUESTION = CoverageQuestion("g", as_of=DAY, window_days=WINDOW_DAYS)

VISIT = text("""
    UPDATE inspection SET inspected_at = '2019-10-30 10:00+08'
    WHERE source = 't' AND external_code = CAST(:code AS text)
""")
SUMS = """
    SELECT p.cell_id AS cell, count(DISTINCT i.unit_id) AS inspected, count(*) AS visits
    FROM inspection AS i JOIN placement AS p ON p.unit_id = i.unit_id
    WHERE i.inspected_at >= '2019-08-03 00:00+08' AND i.inspected_at < '2019-11-01 00:00+08'
    GROUP BY p.cell_id
"""


def city(name: str, n_visits: int) -> Engine:
    """Return a store with so many visits spread over five years."""
    store_url(name)
    engine, rng = store(name), np.random.default_rng(SEED)
    with transaction(engine, moves=["grids", "ledgers"]) as session:
        create_city(session, name, name=name, timezone="Asia/Shanghai", metric_srid=4547)
        y, x = np.divmod(np.arange(SIDE * SIDE), SIDE) / np.float64(1000)
        squares = shapely.box(113 + x, 34 + y, 113.001 + x, 34.001 + y)
        codes = [f"{number:05}" for number in range(len(squares))]
        cells = pd.DataFrame({"external_code": codes, "geom": squares})
        load_grid(session, GridHead("g", "g", "square"), cells, source="t")
        places = shapely.points(rng.uniform(0, 0.1, (N_UNITS, 2)) + np.array([113, 34]))
        units = pd.DataFrame({"external_code": map(str, range(N_UNITS)), "geom": places})
        load(session, "units", units.assign(name="u", risk="general"), source="t")
        ids = np.array(session.scalars(text("SELECT id FROM unit ORDER BY id")).all())
        days = pd.to_timedelta(rng.integers(0, 5 * 365, n_visits), unit="D")
        visits = pd.DataFrame(
            {
                "source": "t",
                "external_code": map(str, range(n_visits)),
                "unit_id": ids[rng.integers(0, N_UNITS, n_visits)],
                "inspected_at": pd.Timestamp("2019-10-31 08:00", tz="Asia/Shanghai") - days,
            }
        )
        columns = dict(zip(visits, ("text", "text", "int4", "timestamptz"), strict=True))
        copy_frame(session, "inspection", visits, columns)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return engine


class Change:
    """One store, whose visits move one by one."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.numbers, self.kept = engine, count(), KeptUnits()

    def write(self) -> None:
        """Move one more visit and commit it."""
        with transaction(self.engine, moves=["ledgers"]) as session:
            session.execute(VISIT, {"code": str(next(self.numbers))})

    def by_kept(self) -> pd.DataFrame:
        """Read the units that changed."""
        with snapshot(self.engine) as session:
            ground = ground_of(session, QUESTION)
            grid = grid_id(session, "g")
            return self.kept.inspected(session, WHOLE_CITY, grid, ground).figures

    def by_recomputing(self) -> pd.DataFrame:
        """Read every unit and visit."""
        with snapshot(self.engine) as session:
            ground = ground_of(session, QUESTION)
            return read_inspected(session, WHOLE_CITY, grid_id(session, "g"), ground).figures

    def by_sums(self, query: str = SUMS) -> list[Any]:
        """Let PostGIS count."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)).all())

    def by_view(self) -> list[Any]:
        """Let PostGIS count into a view that is read."""
        with self.engine.begin() as connection:
            connection.execute(text("REFRESH MATERIALIZED VIEW sums"))
        return self.by_sums("SELECT cell, inspected, visits FROM sums")


def of_frame(figures: pd.DataFrame) -> NDArray[np.int64]:
    visited = figures[figures["n_visits"] > 0].sort_index()
    return np.column_stack([visited.index, visited["n_inspected"], visited["n_visits"]])


def of_rows(rows: list[Any]) -> NDArray[np.int64]:
    return np.array(sorted(tuple(row) for row in rows), dtype=np.int64)


def rows(n_visits: int) -> list[Row]:
    engine = city(f"visits_{n_visits}", n_visits)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE MATERIALIZED VIEW sums AS {SUMS}"))
    engine.dispose()

    def contender(name: str, read: Callable[[Change], Any], answer: Any) -> Contender:
        return Contender(
            name,
            lambda: Change(store(f"visits_{n_visits}")),
            lambda change: (change.write(), read(change))[1],
            answer,
        )

    return measure(
        f"one visit among {n_visits:,}, then all cells",
        [
            contender("data.answers, kept", Change.by_kept, of_frame),
            contender("in the process, all anew", Change.by_recomputing, of_frame),
            contender("PostGIS, GROUP BY", Change.by_sums, of_rows),
            contender("PostGIS, materialized view", Change.by_view, of_rows),
        ],
        rounds=15,
    )


def run() -> list[Row]:
    return [*rows(1_000_000), *rows(10_000_000)]
