"""Points into irregular cells: Placer beside every library that can do it.

All start from the same polygons of shapely and the same two arrays of coordinates. Cold is what a
library first makes of them, index or tables, and the first placement: Placer makes its raster then,
as fine as suits the number of points. Warm is each placement after that.

DuckDB is not among them: its core knows no polygons, and its spatial extension is downloaded while
the program runs, which a machine without internet cannot do.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import polars
import polars_st  # gives frames of polars their .st
import pyarrow as pa
import sedonadb
import shapely
from numpy.typing import NDArray

from benchmarks.measuring import Contender, Row, measure
from benchmarks.store import Postgis, store_url
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


def in_sedona(polygons: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]) -> Any:
    context = sedonadb.connect()
    cells = geopandas.GeoDataFrame({"cell": np.arange(len(polygons))}, geometry=polygons)
    context.create_data_frame(cells).to_memtable().to_view("cells")
    context.create_data_frame(pa.table({"point": np.arange(len(x)), "x": x, "y": y})).to_view("xy")
    points = context.sql("SELECT point, ST_Point(x, y) AS geometry FROM xy")
    points.to_memtable().to_view("points")
    return context


def by_sedona(context: Any, n: int) -> NDArray[np.int32]:
    pairs = context.sql(
        "SELECT point, cell FROM points JOIN cells"
        " ON ST_Intersects(cells.geometry, points.geometry)"
    ).to_arrow_table()
    return lowest(pairs["point"].to_numpy(), pairs["cell"].to_numpy(), n)


def in_polars(
    polygons: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[polars.DataFrame, polars.DataFrame]:
    shapes = polars.Series(list(shapely.to_wkb(polygons)), dtype=polars.Binary)
    cells = polars.DataFrame({"cell": np.arange(len(polygons)), "geometry": shapes})
    points = polars.DataFrame({"point": np.arange(len(x)), "x": x, "y": y}).select(
        "point", geometry=polars_st.point(polars.concat_arr("x", "y"))
    )
    return points, cells


def by_polars(frames: tuple[Any, Any], n: int) -> NDArray[np.int32]:
    points, cells = frames
    pairs = points.st.sjoin(cells, on="geometry", predicate="intersects")
    return lowest(pairs["point"].to_numpy(), pairs["cell"].to_numpy(), n)


def in_postgis(
    polygons: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]
) -> Postgis:
    store = Postgis()
    cells = pd.DataFrame({"cell": np.arange(len(polygons)), "geom": polygons})
    points = pd.DataFrame({"point": np.arange(len(x)), "geom": shapely.points(x, y)})
    store.load("cells", cells, {"cell": "int4", "geom": "geometry"}, index="geom")
    store.load("points", points, {"point": "int4", "geom": "geometry"})
    return store


def by_postgis(store: Postgis, n: int) -> NDArray[np.int32]:
    pairs = store.read(
        "SELECT point, cell FROM points JOIN cells ON ST_Intersects(cells.geom, points.geom)",
        {"point": "i4", "cell": "i4"},
    )
    return lowest(pairs["point"].to_numpy(), pairs["cell"].to_numpy(), n)


def contenders(polygons: NDArray[np.object_], n: int) -> list[Contender]:
    x, y = np.random.default_rng(SEED).uniform(-0.01, 1.01, (2, n))
    return [
        Contender("geo.placement", lambda: Placer(polygons), lambda p: p.place(x, y)),
        Contender(
            f"STRtree, {THREADS} threads",
            lambda: shapely.STRtree(polygons),
            lambda tree: by_tree(tree, x, y),
        ),
        Contender("SedonaDB", lambda: in_sedona(polygons, x, y), lambda c: by_sedona(c, n)),
        Contender("polars-st", lambda: in_polars(polygons, x, y), lambda f: by_polars(f, n)),
        Contender(
            "geopandas.sjoin",
            lambda: geopandas.GeoDataFrame(geometry=polygons),
            lambda cells: by_join(cells, x, y),
        ),
        Contender(
            "PostGIS, not parallel",
            lambda: in_postgis(polygons, x, y),
            lambda store: by_postgis(store, n),
        ),
    ]


def run() -> list[Row]:
    store_url("peers")
    polygons = irregular_cells(N_CELLS, np.random.default_rng(SEED))
    million = contenders(polygons, 1_000_000)
    # The others take minutes and gigabytes.
    ten_millions = contenders(polygons, 10_000_000)[:4]
    many = irregular_cells(100_000, np.random.default_rng(SEED))
    in_many = contenders(many, 1_000_000)[:4]
    return [
        *measure(f"1,000,000 points in {N_CELLS:,} cells", million, rounds=3),
        *measure(f"10,000,000 points in {N_CELLS:,} cells", ten_millions, rounds=1),
        *measure("1,000,000 points in 100,000 cells", in_many, rounds=3),
    ]
