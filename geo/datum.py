"""Coordinates of Chinese maps to WGS 84 and back: GCJ-02 (Amap), BD-09 (Baidu), any EPSG code.

GCJ-02 is known only through a formula that others found; "exact" here means exact to that formula.
It shifts places in China by 100 to 700 m and leaves the rest of the world where it is. BD-09 adds
a shift of its own to GCJ-02, everywhere. CGCS2000 is WGS 84 within decimetres and taken as equal.
"""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import WrongValueError

NAMES = ("wgs84", "cgcs2000", "gcj02", "bd09")
"""The datums with a name; any other is written EPSG:n."""

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

_CODE = re.compile(r"epsg:\d{1,6}")
_CHINA_LON = (72.004, 137.8347)
_CHINA_LAT = (0.8293, 55.8271)
_LARGEST_SHIFT_DEG = 0.1
_AXIS_M = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BAIDU_SHIFT = (0.0065, 0.006)
_BAIDU_WAVE = np.pi * 3000.0 / 180.0
_ROUNDS = 10


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair:
    """Return WGS 84 degrees of places given in `datum`.

    Parameters
    ----------
    lon, lat
        Coordinates of equal shape, x before y whatever the axis order of the EPSG code; in metres
        when it is a projected one. NaN and infinite ones become NaN.
    datum
        'wgs84', 'cgcs2000', 'gcj02', 'bd09' or 'EPSG:n', in capitals or not.

    Returns
    -------
    tuple of arrays
        lon and lat. `from_wgs84` brings them back within 0.02 m, except within a kilometre of the
        rectangle round China in which GCJ-02 shifts: two places share a coordinate there.

    Raises
    ------
    WrongValueError
        When the datum is unknown or the shapes differ.
    """
    x, y = _finite(lon, lat)
    name = datum.strip().lower()
    if name in ("wgs84", "cgcs2000"):
        return x, y
    if name == "bd09":
        x, y = _undo(_gcj02_to_bd09, x, y)
    if name in ("gcj02", "bd09"):
        return _gcj02_to_wgs84(x, y)
    return _finite(*_transformer(name, to_wgs84=True).transform(x, y))


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair:
    """Return places given in WGS 84 degrees in `datum`: the inverse of `to_wgs84`."""
    x, y = _finite(lon, lat)
    name = datum.strip().lower()
    if name in ("wgs84", "cgcs2000"):
        return x, y
    if name not in ("gcj02", "bd09"):
        return _finite(*_transformer(name, to_wgs84=False).transform(x, y))
    x, y = _wgs84_to_gcj02(x, y)
    return _gcj02_to_bd09(x, y) if name == "bd09" else (x, y)


def is_projected(datum: str) -> bool:
    """Tell whether coordinates in `datum` are metres (or feet) of a map, not degrees.

    Raises
    ------
    WrongValueError
        When the datum is unknown.
    """
    name = datum.strip().lower()
    if name in NAMES:
        return False
    source = _transformer(name, to_wgs84=True).source_crs
    return bool(CRS(source).is_projected)


def _finite(lon: ArrayLike, lat: ArrayLike) -> Pair:
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if x.shape != y.shape:
        raise WrongValueError(f"lon has shape {x.shape}, lat {y.shape}")
    finite = np.isfinite(x) & np.isfinite(y)
    return np.where(finite, x, np.nan), np.where(finite, y, np.nan)


@cache
def _transformer(name: str, *, to_wgs84: bool) -> Transformer:
    unknown = WrongValueError(f"datum {name!r:.80} is none of {', '.join(NAMES)} and no EPSG:n")
    # The library takes whole definitions as well, which may name files.
    if not _CODE.fullmatch(name):
        raise unknown
    try:
        source, target = (name, 4326) if to_wgs84 else (4326, name)
        return Transformer.from_crs(source, target, always_xy=True)
    except CRSError as error:
        raise unknown from error


def _in_china(lon: Floats, lat: Floats, *, margin: float = 0.0) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (
        (lon >= _CHINA_LON[0] - margin)
        & (lon <= _CHINA_LON[1] + margin)
        & (lat >= _CHINA_LAT[0] - margin)
        & (lat <= _CHINA_LAT[1] + margin)
    )
    return inside


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    inside = _in_china(lon, lat)
    shifted = _shift(lon, lat)
    return np.where(inside, shifted[0], lon), np.where(inside, shifted[1], lat)


def _gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    near = _in_china(lon, lat, margin=_LARGEST_SHIFT_DEG)
    x, y = _undo(_shift, np.where(near, lon, np.nan), np.where(near, lat, np.nan))
    inside = _in_china(x, y)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _undo(convert: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """Return the places that `convert` brings to lon, lat.

    The conversions move neighbors by almost the same amount, so that each round of correcting by
    what is still missing leaves less than a fortieth of the error.
    """
    x, y = lon, lat
    for _ in range(_ROUNDS):
        there_x, there_y = convert(x, y)
        x, y = x + (lon - there_x), y + (lat - there_y)
    return x, y


def _shift(lon: Floats, lat: Floats) -> Pair:
    """Return WGS 84 places as GCJ-02 shifts them, also where it does not apply."""
    x, y = lon - 105.0, lat - 35.0
    root, ripple = np.sqrt(np.abs(x)), _waves(x, (20, 6), (20, 2))
    east_m = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root + ripple
    east_m += _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root + ripple
    north_m += _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    flat = 1 - _ECCENTRICITY2 * np.sin(np.radians(lat)) ** 2
    parallel_m = _AXIS_M / np.sqrt(flat) * np.cos(np.radians(lat))
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY2) / flat**1.5
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _waves(x: Floats, *waves: tuple[float, float]) -> Floats:
    total = np.zeros_like(x)
    for height, frequency in waves:
        total += height * 2 / 3 * np.sin(np.pi * frequency * x)
    return total


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + _BAIDU_SHIFT[0], radius * np.sin(angle) + _BAIDU_SHIFT[1]
