"""One visit among many: the answer about all cells after it, beside counting everything again.

A city of 100,000 units in 10,000 cells. Each contender moves one visit to another day, the same one
as the others in turn, commits, and asks for the inspection coverage of every cell: units, units
inspected in the last 90 days, visits, never inspected and overdue ones, coverage and gap.
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
from data.answers import CoverageQuestion, KeptAnswers, coverage
from data.cities import create_city
from data.copying import copy_frame
from data.engine import snapshot, transaction
from data.grids import GridHead, load_grid
from data.loading import load
from data.models import RISKS
from data.scope import WHOLE_CITY
from geo.coverage import INTERVALS, WEIGHTS
from geo.periods import Period

SEED = 20191031
N_UNITS, SIDE = 100_000, 100
DAY = date(2019, 10, 31)
WINDOW_DAYS = 90
ZONE = "Asia/Shanghai"
QUESTION = CoverageQuestion("g", as_of=DAY, window_days=WINDOW_DAYS)
PERIOD = Period(DAY, WINDOW_DAYS, ZONE)

VISIT = text("""
    UPDATE inspection SET inspected_at = '2019-10-30 10:00+08'
    WHERE source = 't' AND external_code = CAST(:code AS text)
""")
FIGURES = ["n_units", "n_inspected", "n_visits", "n_never", "n_overdue", "coverage", "gap"]
RULES = ", ".join(f"('{risk}', {INTERVALS[risk]}, {WEIGHTS[risk]})" for risk in INTERVALS)
SUMS = """
    WITH visited AS (
        SELECT unit_id, max(inspected_at) AS last_at,
            count(*) FILTER (WHERE inspected_at >= '{start}') AS n_visits
        FROM inspection WHERE inspected_at < '{end}' GROUP BY unit_id
    ), known AS (
        SELECT least(
            (SELECT min(registered_on) FROM unit),
            (SELECT CAST(min(inspected_at) AT TIME ZONE '{zone}' AS date) FROM inspection)
        ) AS since
    ), waiting AS (
        SELECT p.cell_id, coalesce(v.n_visits, 0) AS n_visits, v.unit_id IS NULL AS is_new,
            date '{day}' - coalesce(CAST(v.last_at AT TIME ZONE '{zone}' AS date),
                u.registered_on, k.since) - r.days AS late, r.days, r.weight
        FROM unit AS u CROSS JOIN known AS k
        JOIN placement AS p ON p.unit_id = u.id
        JOIN (VALUES {rules}) AS r (risk, days, weight) ON r.risk = coalesce(u.risk, 'low')
        LEFT JOIN visited AS v ON v.unit_id = u.id
        WHERE coalesce(u.registered_on, k.since) <= '{day}'
            AND (u.closed_on > '{day}' OR u.closed_on IS NULL AND u.status <> 'closed')
    )
    SELECT cell_id, count(*) AS n_units, count(*) FILTER (WHERE n_visits > 0) AS n_inspected,
        sum(n_visits) AS n_visits, count(*) FILTER (WHERE is_new) AS n_never,
        count(*) FILTER (WHERE late > 0 AND NOT is_new) AS n_overdue,
        avg(CAST(n_visits > 0 AS int)) AS coverage,
        sum(weight * least(1, greatest(0, late) / CAST(days AS float8))) AS gap
    FROM waiting WHERE cell_id IS NOT NULL GROUP BY cell_id
"""


def sums(period: Period) -> str:
    """Return the statement that counts everything in one reading of all visits."""
    start, end = period.start.isoformat(), period.end.isoformat()
    return SUMS.format(day=period.day, start=start, end=end, zone=period.timezone, rules=RULES)


def city(name: str, n_visits: int) -> Engine:
    """Return a store with so many visits spread over five years."""
    store_url(name)
    engine, rng = store(name), np.random.default_rng(SEED)
    with transaction(engine, moves=["grids", "ledgers"]) as session:
        create_city(session, name, name=name, timezone=ZONE, metric_srid=4547)
        y, x = np.divmod(np.arange(SIDE * SIDE), SIDE) / np.float64(1000)
        squares = shapely.box(113 + x, 34 + y, 113.001 + x, 34.001 + y)
        codes = [f"{number:05}" for number in range(len(squares))]
        cells = pd.DataFrame({"external_code": codes, "geom": squares})
        load_grid(session, GridHead("g", "g", "square"), cells, source="t")
        places = shapely.points(rng.uniform(0, 0.1, (N_UNITS, 2)) + np.array([113, 34]))
        units = pd.DataFrame({"external_code": map(str, range(N_UNITS)), "geom": places})
        risks = rng.choice(RISKS, N_UNITS)
        load(session, "units", units.assign(name="u", risk=risks), source="t")
        ids = np.array(session.scalars(text("SELECT id FROM unit ORDER BY id")).all())
        days = pd.to_timedelta(rng.integers(0, 5 * 365, n_visits), unit="D")
        visits = pd.DataFrame(
            {
                "source": "t",
                "external_code": map(str, range(n_visits)),
                "unit_id": ids[rng.integers(0, N_UNITS, n_visits)],
                "inspected_at": pd.Timestamp("2019-10-31 08:00", tz=ZONE) - days,
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
        self.engine, self.numbers, self.kept = engine, count(), KeptAnswers()

    def begun(self) -> "Change":
        """Read what is kept, as the first reader after a start has to."""
        self.by_kept()
        return self

    def write(self) -> None:
        """Move one more visit and commit it."""
        with transaction(self.engine, moves=["ledgers"]) as session:
            session.execute(VISIT, {"code": str(next(self.numbers))})

    def by_kept(self) -> pd.DataFrame:
        """Ask as the service does: it reads the units that changed."""
        with snapshot(self.engine) as session:
            return self.kept.answer(session, WHOLE_CITY, QUESTION).rows

    def by_recomputing(self) -> pd.DataFrame:
        """Read every unit and visit."""
        with snapshot(self.engine) as session:
            return coverage(session, WHOLE_CITY, QUESTION).rows

    def by_sums(self) -> list[Any]:
        """Let PostGIS count."""
        return self._rows(sums(PERIOD))

    def by_view(self) -> list[Any]:
        """Let PostGIS count into a view that is read."""
        with self.engine.begin() as connection:
            connection.execute(text("REFRESH MATERIALIZED VIEW sums"))
        return self._rows("SELECT * FROM sums")

    def _rows(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)).all())


def of_frame(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return id and figures of the cells that have units."""
    figures = rows.loc[rows["n_units"] > 0, FIGURES].astype(float).sort_index()
    return np.column_stack([figures.index, figures])


def of_rows(rows: list[Any]) -> NDArray[np.float64]:
    return np.array(sorted(tuple(map(float, row)) for row in rows))


def rows(n_visits: int) -> list[Row]:
    engine = city(f"visits_{n_visits}", n_visits)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE MATERIALIZED VIEW sums AS {sums(PERIOD)}"))
    engine.dispose()

    def change() -> Change:
        return Change(store(f"visits_{n_visits}"))

    def then(read: Callable[[Change], Any]) -> Callable[[Change], Any]:
        return lambda change: (change.write(), read(change))[1]

    return measure(
        f"one visit among {n_visits:,}, then all cells",
        [
            Contender(
                "data.answers, kept", lambda: change().begun(), then(Change.by_kept), of_frame
            ),
            Contender("data.answers, all anew", change, then(Change.by_recomputing), of_frame),
            Contender("PostGIS, GROUP BY", change, then(Change.by_sums), of_rows),
            Contender("PostGIS, materialized view", change, then(Change.by_view), of_rows),
        ],
        tolerance=1e-6,
        rounds=25,
    )


def run() -> list[Row]:
    return [*rows(1_000_000), *rows(10_000_000)]
