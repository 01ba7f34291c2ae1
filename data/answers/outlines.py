"""The outlines of cells on a small map: whole numbers, of which no position can be read."""

import numpy as np
import shapely
from numpy.typing import NDArray

SIDE = 1000
"""Map units of the longer side of what all cells cover."""

_TOLERANCE = 1.5

Outline = list[list[list[int]]]


def outlines(polygons: NDArray[np.object_]) -> list[Outline]:
    """Return the rings around each polygon, x to the right and y up, from 0 to `SIDE`.

    Polygons are in degrees; a degree of longitude is as long as it is in their middle. Holes are
    left out: what lies in one is another cell.
    """
    west, south, east, north = shapely.total_bounds(polygons)
    narrower = np.cos(np.radians((south + north) / 2))
    scale = SIDE / max((east - west) * narrower, north - south)
    factors = np.array([narrower * scale, scale])
    drawn = shapely.transform(polygons, lambda xy: (xy - (west, south)) * factors)
    return [_rings(shape) for shape in shapely.simplify(drawn, _TOLERANCE)]


def _rings(shape: shapely.Geometry) -> Outline:
    around = shapely.get_exterior_ring(shapely.get_parts(shape))
    rings = [shapely.get_coordinates(ring).round().astype(int)[:-1] for ring in around]
    return [ring.tolist() for ring in rings if len(ring) > 2]
