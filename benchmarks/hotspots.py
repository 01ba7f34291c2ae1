"""Gi* and local Moran's I on squares: ours beside esda and pygeoda."""

import warnings
from typing import Any

import geopandas
import numpy as np
import pygeoda
import shapely
from esda.getisord import G_Local
from esda.moran import Moran_Local
from libpysal.weights import WSP
from scipy.sparse import csr_array, diags_array, kron

from benchmarks.measuring import Contender, Row, measure
from geo.hotspots import gi_star
from geo.moran import local_moran

SEED = 20191031
PERMUTATIONS = 999
THREADS = 2
MOST_FOR_ESDA = 100


def squares_around(side: int) -> csr_array:
    """Return the neighbors of side x side squares, corners included."""
    near = diags_array(np.ones((3, 1)), offsets=[-1, 0, 1], shape=(side, side), dtype=float)
    both = kron(near, near).tolil()
    both.setdiag(0)
    return both.tocsr()


def weights_of_esda(neighbors: csr_array) -> Any:
    return WSP(neighbors).to_W(silence_warnings=True)


def pygeoda_weights(side: int) -> Any:
    """Return pygeoda's neighbors of the same squares; it takes them from geometries only."""
    y, x = np.divmod(np.arange(side * side), side)
    squares = geopandas.GeoDataFrame(geometry=shapely.box(x, y, x + 1, y + 1))
    return pygeoda.queen_weights(pygeoda.open(squares))


def gi_rows(side: int) -> list[Row]:
    values = np.random.default_rng(SEED).poisson(3, side * side).astype(float)
    neighbors = squares_around(side)
    return measure(
        f"Gi* of {side * side:,} cells",
        [
            Contender(
                "geo.hotspots",
                lambda: neighbors,
                lambda near: gi_star(values, near),
                lambda frame: frame["gi_z"].to_numpy(),
            ),
            Contender(
                "esda",
                lambda: weights_of_esda(neighbors),
                lambda w: G_Local(values, w, transform="B", star=True, permutations=0),
                lambda found: found.Zs,
            ),
        ],
        tolerance=1e-9,
    )


def esda_moran(values: Any, neighbors: csr_array) -> Contender:
    return Contender(
        "esda",
        lambda: weights_of_esda(neighbors),
        lambda w: Moran_Local(values, w, permutations=PERMUTATIONS, seed=SEED),
        lambda found: found.Is,
    )


def moran_rows(side: int) -> list[Row]:
    values = np.random.default_rng(SEED).poisson(3, side * side).astype(float)
    neighbors = squares_around(side)
    return measure(
        f"local Moran's I of {side * side:,} cells, {PERMUTATIONS} permutations",
        [
            Contender(
                "geo.moran",
                lambda: neighbors,
                lambda near: local_moran(values, near, permutations=PERMUTATIONS),
                lambda frame: frame["moran_i"].to_numpy(),
            ),
            Contender(
                "geo.moran, every order",
                lambda: neighbors,
                lambda near: local_moran(values, near, permutations=None),
                lambda frame: frame["moran_i"].to_numpy(),
            ),
            Contender(
                "pygeoda, look-up table",
                lambda: pygeoda_weights(side),
                lambda w: pygeoda.local_moran(
                    w,
                    values.tolist(),
                    permutations=PERMUTATIONS,
                    permutation_method="lookup-table",
                    cpu_threads=THREADS,
                ),
                lambda found: np.array(found.lisa_values()),
            ),
            *([esda_moran(values, neighbors)] if side <= MOST_FOR_ESDA else []),
        ],
        tolerance=1e-9,
    )


def run() -> list[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # esda's own: numba's cache, division by islands
        return [*gi_rows(100), *gi_rows(316), *moran_rows(100), *moran_rows(316)]
