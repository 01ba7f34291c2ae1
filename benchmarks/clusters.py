"""Clusters of points by density: ours beside scikit-learn's DBSCAN and PostGIS.

Equal answers are the same points in no cluster and as many clusters: a point at the edge of two may
go to either.
"""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

from benchmarks.measuring import Contender, Row, measure
from benchmarks.store import Postgis, store_url
from geo.clusters import density_clusters

SEED = 20191031
MIN_POINTS = 10


def crowds(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return `n` points in a city of 25 km: four fifths in 300 crowds, the others anywhere."""
    centers, spread = rng.uniform(0, 25_000, (300, 2)), rng.gamma(2, 150, 300)
    crowd = rng.integers(0, 300, n * 4 // 5)
    gathered = centers[crowd] + rng.normal(size=(len(crowd), 2)) * spread[crowd, None]
    return rng.permutation(np.vstack([gathered, rng.uniform(0, 25_000, (n - len(crowd), 2))]))


def noise_and_count(labels: Any) -> NDArray[np.int64]:
    """Return for each point whether it is in no cluster, and at last the number of clusters."""
    found = np.asarray(labels)
    return np.append(found < 0, len(np.unique(found[found >= 0]))).astype(np.int64)


def in_postgis(points: NDArray[np.float64]) -> Postgis:
    store = Postgis()
    frame = pd.DataFrame({"point": np.arange(len(points)), "geom": shapely.points(points)})
    store.load("points", frame, {"point": "int4", "geom": "geometry"})
    return store


def by_postgis(store: Postgis, radius_m: float) -> NDArray[np.int32]:
    found = store.read(
        "SELECT point, coalesce(ST_ClusterDBSCAN(geom, :radius, :least) OVER (), -1) AS label"
        " FROM points",
        {"point": "i4", "label": "i4"},
        radius=radius_m,
        least=MIN_POINTS,
    )
    return found.sort_values("point")["label"].to_numpy()


def rows(n: int, radius_m: float) -> list[Row]:
    points = crowds(n, np.random.default_rng(SEED))
    x, y = points.T.copy()
    return measure(
        f"clusters of {n:,} points, {radius_m:g} m, {MIN_POINTS}",
        [
            Contender(
                "geo.clusters",
                lambda: None,
                lambda _: density_clusters(x, y, radius_m, MIN_POINTS),
                noise_and_count,
            ),
            Contender(
                "scikit-learn",
                lambda: DBSCAN(eps=radius_m, min_samples=MIN_POINTS),
                lambda model: model.fit_predict(points),
                noise_and_count,
            ),
            Contender(
                "PostGIS",
                lambda: in_postgis(points),
                lambda store: by_postgis(store, radius_m),
                noise_and_count,
            ),
        ],
        rounds=3,
    )


def run() -> list[Row]:
    store_url("peers")
    return [*rows(126_113, 100.0), *rows(1_000_000, 50.0)]
