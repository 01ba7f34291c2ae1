"""Polygons as dirty as those of real grids, and points where they are hard to tell apart."""

import numpy as np
import shapely
from shapely import box

CORNER = np.array([120.0, 30.0])


def irregular_cells(n, rng):
    """Cells with crooked sides that tile a square of one degree, each corner on three of them."""
    square = box(120, 30, 121, 31)
    seeds = shapely.MultiPoint(rng.random((n, 2)) + CORNER)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square))
    return shapely.segmentize(shapely.intersection(cells, square), 0.2 / np.sqrt(n))


def with_dirt(cells):
    """Holes, multipolygons, overlaps, slivers and nothing at all among the cells."""
    dirty, n = cells.copy(), len(cells)
    centers, width = shapely.centroid(cells), 1 / np.sqrt(n)
    dirty[::7] = shapely.difference(cells[::7], shapely.buffer(centers[::7], width / 5))
    dirty[1::7] = shapely.union(
        cells[1::7], shapely.transform(cells[1::7], lambda xy: xy + 3 * width)
    )
    dirty[2::7] = shapely.buffer(cells[2::7], width / 8)
    dirty[3::7] = shapely.buffer(shapely.boundary(cells[3::7]), width / 1e6, quad_segs=1)
    dirty[4::97] = shapely.Polygon()
    dirty[5::97] = None
    return dirty


def planted(polygons, n, rng):
    """Points on corners and, as near as doubles allow, on edges of the polygons."""
    corners = shapely.get_coordinates(polygons)
    at = rng.integers(0, len(corners) - 1, n)
    share = rng.choice([0, 0.25, 0.5, 0.7], n)[:, None]
    return corners[at] + share * (corners[at + 1] - corners[at])
