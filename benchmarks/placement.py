"""Points into irregular cells: Placer beside STRtree and geopandas.sjoin."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.measuring import Contender, Row, measure
from geo.placement import NOWHERE, Placer

N_CELLS = 10_000
SEED = 20191031
PART = 1 << 17
THREADS = 2


def irregular_cells(n: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return `n` cells of about 30 vertices that tile a square of one degree."""
    seeds = shapely.MultiPoint(rng.random((n, 2)))
    square = shapely.box(0, 0, 1, 1)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square))
    return shapely.segmentize(shapely.intersection(cells, square), 0.13 / np.sqrt(n))


def lowest(point: NDArray[np.intp], cell: NDArray[np.intp], n: int) -> NDArray[np.int32]:
    """Return the lowest cell of each of `n` points, -1 where it has none."""
    found = np.full(n, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(found, point, cell.astype(np.int32))
    return np.where(found == np.iinfo(np.int32).max, np.int32(NOWHERE), found)


def by_tree(
    tree: shapely.STRtree, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return the cells by shapely's index in threads; it is not safe to prepare polygons there."""

    def place(start: int) -> NDArray[np.int32]:
        points = shapely.points(x[start : start + PART], y[start : start + PART])
        return lowest(*tree.query(points, predicate="intersects"), len(points))

    with ThreadPoolExecutor(THREADS) as pool:
        return np.concatenate(list(pool.map(place, range(0, len(x), PART))))


def by_join(
    cells: geopandas.GeoDataFrame, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return the cells as an analyst would with a spatial join."""
    points = geopandas.GeoDataFrame(geometry=shapely.points(x, y))
    pairs = points.sjoin(cells, predicate="intersects")
    return lowest(pairs.index.to_numpy(), pairs["index_right"].to_numpy(), len(x))


def contenders(polygons: NDArray[np.object_], n_points: int) -> Sequence[Contender]:
    x, y = np.random.default_rng(SEED).uniform(-0.01, 1.01, (2, n_points))
    return [
        Contender("geo.placement", lambda: Placer(polygons), lambda p: p.place(x, y)),
        Contender(
            f"STRtree, {THREADS} threads",
            lambda: shapely.STRtree(polygons),
            lambda tree: by_tree(tree, x, y),
        ),
        Contender(
            "geopandas.sjoin",
            lambda: geopandas.GeoDataFrame(geometry=polygons),
            lambda cells: by_join(cells, x, y),
        ),
    ]


def run() -> list[Row]:
    polygons = irregular_cells(N_CELLS, np.random.default_rng(SEED))
    million = contenders(polygons, 1_000_000)
    ten_millions = contenders(polygons, 10_000_000)[:2]  # the join takes 6 GB and a minute
    many = irregular_cells(100_000, np.random.default_rng(SEED))
    return [
        *measure(f"1,000,000 points in {N_CELLS:,} cells", million),
        *measure(f"10,000,000 points in {N_CELLS:,} cells", ten_millions, rounds=3),
        *measure("1,000,000 points in 100,000 cells", contenders(many, 1_000_000)[:2], rounds=3),
    ]
