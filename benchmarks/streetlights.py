"""Lamps onto streets and dark runs: ours beside STRtree, SedonaDB, joins, DuckDB and PostGIS.

DuckDB finds runs; it snaps nothing without its spatial extension, which is downloaded while the
program runs, and which a machine without internet cannot have.
"""

from typing import Any

import duckdb
import geopandas
import numpy as np
import pandas as pd
import sedonadb
import shapely
from numpy.typing import NDArray

from benchmarks.measuring import Contender, Row, measure
from benchmarks.store import Postgis, store_url
from geo.linref import snap
from geo.outages import dark_runs

SEED = 20191031
TOLERANCE_M = 30.0
MAX_GAP_M = 120.0
MOST_FOR_JOINS = 50_000

RUNS_SQL = """
WITH beside AS (
    SELECT segment, measure_m, is_out,
        lag(measure_m) OVER along AS before, lead(measure_m) OVER along AS after,
        coalesce(lag(is_out) OVER along, false) AS was_out, length_m
    FROM lamps JOIN segments USING (segment)
    WINDOW along AS (PARTITION BY segment ORDER BY measure_m)
), served AS (
    SELECT *, is_out AND NOT (was_out AND measure_m - before <= $gap) AS begins,
        greatest(coalesce((before + measure_m) / 2, 0), measure_m - $gap / 2) AS from_m,
        least(coalesce((measure_m + after) / 2, length_m), measure_m + $gap / 2) AS to_m
    FROM beside
), numbered AS (
    SELECT *, sum(begins::INT) OVER (PARTITION BY segment ORDER BY measure_m) AS run FROM served
)
SELECT segment, min(from_m) AS from_m, max(to_m) AS to_m, count(*) AS n_lamps
FROM numbered WHERE is_out GROUP BY segment, run ORDER BY segment, from_m
"""


def streets_and_lamps(
    n_streets: int, n_lamps: int
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return crooked streets of about 150 m, one in each hectare, and lamps some metres off."""
    rng = np.random.default_rng(SEED)
    begin = rng.uniform(0, 100 * np.sqrt(n_streets), (n_streets, 1, 2))
    streets = shapely.linestrings(begin + rng.normal(0, 25, (n_streets, 6, 2)).cumsum(axis=1))
    on = streets[rng.integers(0, n_streets, n_lamps)]
    feet = shapely.line_interpolate_point(on, rng.random(n_lamps), normalized=True)
    return streets, shapely.points(shapely.get_coordinates(feet) + rng.normal(0, 6, (n_lamps, 2)))


def by_tree(
    tree: shapely.STRtree, lamps: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return street and measure of each lamp by shapely's index, the nearest street first."""
    lamp, street = tree.query(lamps, predicate="dwithin", distance=TOLERANCE_M)
    offset = shapely.distance(lamps[lamp], tree.geometries[street])
    at = shapely.line_locate_point(tree.geometries[street], lamps[lamp])
    return nearest(lamp, street, offset, at, len(lamps))


def by_join(
    streets: geopandas.GeoDataFrame, lamps: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return street and measure of each lamp as an analyst would with a join by distance."""
    joined = geopandas.GeoDataFrame(geometry=lamps).sjoin_nearest(
        streets, how="left", max_distance=TOLERANCE_M
    )
    street = joined["index_right"].groupby(level=0).min().fillna(-1).to_numpy().astype(int)
    lines = np.append(streets.geometry.to_numpy(), None)[street]
    return street, shapely.line_locate_point(lines, lamps)


def nearest(
    lamp: NDArray[Any], street: NDArray[Any], offset: NDArray[Any], at: NDArray[Any], n: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the nearest street of each of `n` lamps and where along it; the lower one in a tie."""
    order = np.lexsort((street, np.round(offset, 6), lamp))
    chosen = order[np.unique(lamp[order], return_index=True)[1]]
    found, measure_m = np.full(n, -1), np.full(n, np.nan)
    found[lamp[chosen]], measure_m[lamp[chosen]] = street[chosen], at[chosen]
    return found, measure_m


def in_sedona(streets: NDArray[np.object_], lamps: NDArray[np.object_]) -> Any:
    context = sedonadb.connect()
    for name, shapes in {"streets": streets, "lamps": lamps}.items():
        frame = geopandas.GeoDataFrame({"number": np.arange(len(shapes))}, geometry=shapes)
        context.create_data_frame(frame).to_memtable().to_view(name)
    return context


def by_sedona(context: Any, n: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    pairs = context.sql(f"""
        SELECT l.number AS lamp, s.number AS street, ST_Distance(l.geometry, s.geometry) AS away,
            ST_LineLocatePoint(s.geometry, l.geometry) * ST_Length(s.geometry) AS at
        FROM lamps AS l JOIN streets AS s ON ST_DWithin(l.geometry, s.geometry, {TOLERANCE_M})
    """).to_arrow_table()
    return nearest(*(pairs[name].to_numpy() for name in ("lamp", "street", "away", "at")), n)


def in_postgis(streets: NDArray[np.object_], lamps: NDArray[np.object_]) -> Postgis:
    store = Postgis()
    for name, shapes in {"streets": streets, "lamps": lamps}.items():
        frame = pd.DataFrame({"number": np.arange(len(shapes)), "geom": shapes})
        store.load(name, frame, {"number": "int4", "geom": "geometry"}, index="geom")
    return store


def by_postgis(store: Postgis, n: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return street and measure of each lamp by the index that answers nearest neighbors."""
    near = """
        SELECT lamps.number AS lamp, near.* FROM lamps CROSS JOIN LATERAL (
            SELECT streets.number AS street, ST_Distance(streets.geom, lamps.geom) AS away,
                ST_LineLocatePoint(streets.geom, lamps.geom) * ST_Length(streets.geom) AS at
            FROM streets WHERE ST_DWithin(streets.geom, lamps.geom, :tolerance)
            ORDER BY streets.geom <-> lamps.geom, streets.number LIMIT 1
        ) AS near
    """
    layout = {"lamp": "i4", "street": "i4", "away": "f8", "at": "f8"}
    found = store.read(near, layout, tolerance=TOLERANCE_M)
    return nearest(*(found[name].to_numpy() for name in layout), n)


def snap_rows(n_streets: int, n_lamps: int) -> list[Row]:
    streets, lamps = streets_and_lamps(n_streets, n_lamps)
    contenders = [
        Contender(
            "geo.linref",
            lambda: streets,
            lambda lines: snap(lamps, lines, TOLERANCE_M),
            lambda frame: frame[["segment", "measure_m"]].to_numpy().T,
        ),
        Contender("STRtree", lambda: shapely.STRtree(streets), lambda tree: by_tree(tree, lamps)),
        Contender(
            "SedonaDB",
            lambda: in_sedona(streets, lamps),
            lambda context: by_sedona(context, n_lamps),
        ),
        Contender(
            "sjoin_nearest",
            lambda: geopandas.GeoDataFrame(geometry=streets),
            lambda frame: by_join(frame, lamps),
        ),
        Contender(
            "PostGIS", lambda: in_postgis(streets, lamps), lambda store: by_postgis(store, n_lamps)
        ),
    ]
    if n_lamps > MOST_FOR_JOINS:
        contenders = contenders[:3]
    work = f"snap {n_lamps:,} lamps to {n_streets:,} streets"
    return measure(work, contenders, tolerance=1e-5, rounds=3)


def lamps_and_lengths(n_segments: int, n_lamps: int) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(SEED)
    lamps = pd.DataFrame(
        {
            "segment": rng.integers(0, n_segments, n_lamps),
            "measure_m": rng.uniform(0, 1500, n_lamps),
            "is_out": rng.random(n_lamps) < 0.3,
        }
    )
    numbers = pd.RangeIndex(n_segments, name="segment")
    return lamps, pd.Series(1500.0, index=numbers, name="length_m")


def runs_in_duckdb(lamps: pd.DataFrame, lengths: pd.Series) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("given_lamps", lamps)
    connection.register("given_segments", lengths.reset_index())
    connection.execute("CREATE TABLE lamps AS SELECT * FROM given_lamps")
    connection.execute("CREATE TABLE segments AS SELECT * FROM given_segments")
    return connection


def runs_in_postgis(lamps: pd.DataFrame, lengths: pd.Series) -> Postgis:
    store = Postgis()
    store.load("lamps", lamps, {"segment": "int4", "measure_m": "float8", "is_out": "bool"})
    store.load("segments", lengths.reset_index(), {"segment": "int4", "length_m": "float8"})
    return store


def runs_rows(n_segments: int, n_lamps: int) -> list[Row]:
    lamps, lengths = lamps_and_lengths(n_segments, n_lamps)
    layout = {"segment": "i4", "from_m": "f8", "to_m": "f8", "n_lamps": "i8"}

    def figures(runs: pd.DataFrame) -> NDArray[np.float64]:
        return runs[list(layout)].to_numpy()

    return measure(
        f"dark runs of {n_lamps:,} lamps",
        [
            Contender(
                "geo.outages",
                lambda: lamps,
                lambda frame: dark_runs(frame, lengths, MAX_GAP_M),
                figures,
            ),
            Contender(
                "DuckDB",
                lambda: runs_in_duckdb(lamps, lengths),
                lambda connection: connection.execute(RUNS_SQL, {"gap": MAX_GAP_M}).df(),
                figures,
            ),
            Contender(
                "PostGIS, window functions",
                lambda: runs_in_postgis(lamps, lengths),
                lambda store: store.read(RUNS_SQL.replace("$gap", ":gap"), layout, gap=MAX_GAP_M),
                figures,
            ),
        ],
        tolerance=1e-6,
        rounds=3,
    )


def run() -> list[Row]:
    store_url("peers")
    return [
        *snap_rows(2_000, 50_000),
        *snap_rows(20_000, 1_000_000),
        *runs_rows(20_000, 1_000_000),
    ]
