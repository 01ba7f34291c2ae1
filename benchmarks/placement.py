"""Points into irregular cells: Placer beside geopandas.sjoin."""

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.measuring import Contender, Row, measure
from geo.placement import NOWHERE, Placer

N_CELLS = 10_000
N_POINTS = 200_000
SEED = 20191031


def irregular_cells(n: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """Return `n` cells of about 30 vertices that tile a square of one degree."""
    seeds = shapely.MultiPoint(rng.random((n, 2)))
    square = shapely.box(0, 0, 1, 1)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square))
    return shapely.segmentize(shapely.intersection(cells, square), 0.13 / np.sqrt(n))


def joined_cell(points: geopandas.GeoDataFrame, cells: geopandas.GeoDataFrame) -> NDArray[np.int32]:
    """Return the lowest cell of each point, as an analyst would with a spatial join."""
    pairs = points.sjoin(cells, how="left", predicate="intersects")
    lowest = pairs["index_right"].groupby(level=0).min()
    return lowest.fillna(NOWHERE).to_numpy().astype(np.int32)


def run() -> list[Row]:
    rng = np.random.default_rng(SEED)
    polygons = irregular_cells(N_CELLS, rng)
    lon, lat = rng.uniform(-0.01, 1.01, (2, N_POINTS))
    corners = shapely.get_coordinates(polygons[:100])
    lon[: len(corners)], lat[: len(corners)] = corners.T
    points = geopandas.GeoDataFrame(geometry=shapely.points(lon, lat))
    return measure(
        f"place {N_POINTS:,} points in {N_CELLS:,} cells",
        [
            Contender("geo.placement", lambda: Placer(polygons), lambda p: p.place(lon, lat)),
            Contender(
                "geopandas.sjoin",
                lambda: geopandas.GeoDataFrame(geometry=polygons),
                lambda cells: joined_cell(points, cells),
            ),
        ],
    )
