"""Lamps onto streets and dark runs: ours beside STRtree, sjoin_nearest and DuckDB."""

import duckdb
import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from benchmarks.measuring import Contender, Row, measure
from geo.linref import snap
from geo.outages import dark_runs

SEED = 20191031
TOLERANCE_M = 30.0
MAX_GAP_M = 120.0
MOST_FOR_SJOIN = 50_000

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
    order = np.lexsort((street, np.round(offset, 6), lamp))
    chosen = order[np.unique(lamp[order], return_index=True)[1]]
    found, measure_m = np.full(len(lamps), -1), np.full(len(lamps), np.nan)
    found[lamp[chosen]] = street[chosen]
    at = shapely.line_locate_point(tree.geometries[street[chosen]], lamps[lamp[chosen]])
    measure_m[lamp[chosen]] = at
    return found, measure_m


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
            "sjoin_nearest",
            lambda: geopandas.GeoDataFrame(geometry=streets),
            lambda frame: by_join(frame, lamps),
        ),
    ]
    if n_lamps > MOST_FOR_SJOIN:
        contenders.pop()
    work = f"snap {n_lamps:,} lamps to {n_streets:,} streets"
    return measure(work, contenders, tolerance=1e-6, rounds=3)


def runs_rows(n_segments: int, n_lamps: int) -> list[Row]:
    rng = np.random.default_rng(SEED)
    segment = rng.integers(0, n_segments, n_lamps)
    lamps = pd.DataFrame(
        {
            "segment": segment,
            "measure_m": rng.uniform(0, 1500, n_lamps),
            "is_out": rng.random(n_lamps) < 0.3,
        }
    )
    lengths = pd.Series(1500.0, index=pd.RangeIndex(n_segments, name="segment"), name="length_m")
    columns = ["segment", "from_m", "to_m", "n_lamps"]

    def duck() -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.register("given_lamps", lamps)
        connection.register("given_segments", lengths.reset_index())
        connection.execute("CREATE TABLE lamps AS SELECT * FROM given_lamps")
        connection.execute("CREATE TABLE segments AS SELECT * FROM given_segments")
        return connection

    return measure(
        f"dark runs of {n_lamps:,} lamps",
        [
            Contender(
                "geo.outages",
                lambda: lamps,
                lambda frame: dark_runs(frame, lengths, MAX_GAP_M),
                lambda runs: runs[columns].to_numpy(),
            ),
            Contender(
                "DuckDB",
                duck,
                lambda connection: connection.execute(RUNS_SQL, {"gap": MAX_GAP_M}).df(),
                lambda runs: runs[columns].to_numpy(),
            ),
        ],
        tolerance=1e-6,
        rounds=3,
    )


def run() -> list[Row]:
    return [
        *snap_rows(2_000, 50_000),
        *snap_rows(20_000, 1_000_000),
        *runs_rows(20_000, 1_000_000),
    ]
