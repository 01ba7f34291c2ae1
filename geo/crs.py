"""Degrees to metres and back: the metric CRS of a place, and the only reprojection."""

from functools import cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import WrongCrsError, WrongGeometryError, WrongValueError

WGS84 = 4326
_CHINA_LON = (73.5, 135.0)
_CHINA_LAT = (18.0, 54.0)
_UTM_LAT = (-80.0, 84.0)
_CGCS2000_CM_75E = 4534


def metric_srid_for(lon: float, lat: float) -> int:
    """Return the EPSG code of a metric CRS that keeps lengths true to 1 in 1,000 around a place.

    Inside China's box (73.5 to 135 east, 18 to 54 north) it is the CGCS2000 3-degree Gauss-Krüger
    zone whose central meridian is nearest, in the form without zone prefix (4534 for 75 east to
    4554 for 135 east); elsewhere the WGS 84 / UTM zone. The box is coarse on purpose: it also
    holds Mongolia and Korea, where the CGCS2000 zones measure just as well.

    Raises
    ------
    WrongValueError
        When a coordinate is not finite or the place is nearer to a pole than UTM reaches.
    """
    if not (-180 <= lon <= 180 and _UTM_LAT[0] <= lat <= _UTM_LAT[1]):
        raise WrongValueError(f"lon {lon}, lat {lat}: no metric zone for this place")
    if _CHINA_LON[0] <= lon <= _CHINA_LON[1] and _CHINA_LAT[0] <= lat <= _CHINA_LAT[1]:
        return _CGCS2000_CM_75E + int((lon + 1.5) // 3) - 25
    zone = min(int((lon + 180) // 6) + 1, 60)
    return (32600 if lat >= 0 else 32700) + zone


def srid_of(definition: str) -> int | None:
    """Return the EPSG code of a CRS written in words (WKT, as in .prj files), if it has one."""
    try:
        srid: int | None = CRS.from_user_input(definition).to_epsg(min_confidence=25)
    except CRSError:
        return None
    return srid


def to_metric(geometries: ArrayLike, srid: int) -> NDArray[np.object_]:
    """Return `geometries` (degrees, 4326, x = lon) in the CRS `srid`, in two dimensions.

    None and empty geometries stay as they are.

    Raises
    ------
    WrongCrsError
        When `srid` is unknown.
    WrongGeometryError
        When a finite coordinate has no finite image, as 90 north in UTM.
    """
    return _reproject(geometries, WGS84, srid)


def to_degrees(geometries: ArrayLike, srid: int) -> NDArray[np.object_]:
    """Return `geometries` in the CRS `srid` as degrees (4326): the inverse of `to_metric`."""
    return _reproject(geometries, srid, WGS84)


def _reproject(geometries: ArrayLike, source: int, target: int) -> NDArray[np.object_]:
    convert = _transformer(source, target)

    def moved(places: NDArray[np.float64]) -> NDArray[np.float64]:
        images = np.column_stack(convert.transform(places[:, 0], places[:, 1]))
        lost = np.isfinite(places).all(axis=1) & ~np.isfinite(images).all(axis=1)
        if lost.any():
            x, y = places[np.argmax(lost)]
            raise WrongGeometryError(f"({x}, {y}) cannot be expressed in EPSG:{target}")
        return images

    images: NDArray[np.object_] = shapely.transform(np.asarray(geometries, dtype=object), moved)
    return images


@cache
def _transformer(source: int, target: int) -> Transformer:
    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except CRSError as error:
        raise WrongCrsError(f"EPSG:{source} to EPSG:{target}: {error}") from error
