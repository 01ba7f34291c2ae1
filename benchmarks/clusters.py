"""Clusters of points by density: ours beside scikit-learn's DBSCAN."""

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

from benchmarks.measuring import Contender, Row, measure
from geo.clusters import density_clusters

SEED = 20191031
MIN_POINTS = 10


def crowds(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return `n` points in a city of 25 km: four fifths in 300 crowds, the others anywhere."""
    centers, spread = rng.uniform(0, 25_000, (300, 2)), rng.gamma(2, 150, 300)
    crowd = rng.integers(0, 300, n * 4 // 5)
    gathered = centers[crowd] + rng.normal(size=(len(crowd), 2)) * spread[crowd, None]
    return rng.permutation(np.vstack([gathered, rng.uniform(0, 25_000, (n - len(crowd), 2))]))


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
            ),
            Contender(
                "scikit-learn",
                lambda: DBSCAN(eps=radius_m, min_samples=MIN_POINTS),
                lambda model: model.fit_predict(points),
            ),
        ],
    )


def run() -> list[Row]:
    return [*rows(126_113, 100.0), *rows(1_000_000, 50.0)]
