"""Metres of the Chinese Gauss-Krüger zones of CGCS2000: which zone a place was written in.

The country is cut into zones of 3 and of 6 degrees. An easting stands either behind the number of
its zone (8 digits: 38 448 689) or without it (6 digits: 448 689). The numbers of the two kinds
differ, 25 to 45 and 13 to 23, so that a prefix says all. Northings have 7 digits.
"""

import numpy as np
from numpy.typing import NDArray

from geo.datum import Pair, to_wgs84

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

ASK = 0
"""In place of the code of a zone: only the one who wrote the coordinates knows."""

_THREE_DEGREES = range(25, 46)
_SIX_DEGREES = range(13, 24)
_THREE_PREFIXED, _SIX_PREFIXED, _THREE_BARE = 4513, 4491, 4534
_PREFIX_M = 1e6
_CHINESE_GRIDS = (range(4491, 4555), range(2327, 2391), range(2401, 2443))
_EASTINGS = ((1e5, 1e6), (13e6, 46e6))
_NORTHINGS = (1e6, 7e6)
_MARGIN_DEG = 0.5


def are_metres(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Tell which places are written in metres: beyond any degree, one of them by thousands."""
    return np.fmax(np.abs(x), np.abs(y)) >= 1000


def is_chinese_grid(srid: int) -> bool:
    """Tell whether an EPSG code is a Gauss-Krüger zone of CGCS2000, Xian 1980 or Beijing 1954."""
    return any(srid in codes for codes in _CHINESE_GRIDS)


def easting_first(x: Floats, y: Floats) -> Pair:
    """Return the places with the easting first: Chinese tables call the northing X."""
    turned = _is_northing(x) & _is_easting(y)
    return np.where(turned, y, x), np.where(turned, x, y)


def zone_codes(easting: Floats, northing: Floats, near: Bounds | None) -> NDArray[np.int64]:
    """Return the EPSG code of the CGCS2000 zone of each place.

    Parameters
    ----------
    easting, northing
        Metres.
    near
        West, south, east, north in degrees of where the places must lie, if that is known. It
        chooses the zone of eastings without prefix, one for all of them: the one in which their
        middle lies there.

    Returns
    -------
    array
        `ASK` where there is no prefix and `near` fits no zone, or where no zone has the prefix.
    """
    # No number is so large that it has no prefix, and is then none of the zones.
    metres = np.clip(np.nan_to_num(easting), -_PREFIX_M, 1_000 * _PREFIX_M)
    prefix = np.floor(metres / _PREFIX_M).astype(np.int64)
    codes = np.full(len(prefix), ASK)
    three, six = np.isin(prefix, _THREE_DEGREES), np.isin(prefix, _SIX_DEGREES)
    codes[three] = _THREE_PREFIXED + prefix[three] - _THREE_DEGREES.start
    codes[six] = _SIX_PREFIXED + prefix[six] - _SIX_DEGREES.start
    bare = (prefix == 0) & _is_northing(northing)
    if near is not None and bare.any():
        codes[bare] = _bare_zone(np.median(easting[bare]), np.median(northing[bare]), near)
    return codes


def _bare_zone(easting: float, northing: float, near: Bounds) -> int:
    west, south, east, north = near
    for code in range(_THREE_BARE, _THREE_BARE + len(_THREE_DEGREES)):
        lon, lat = to_wgs84(easting, northing, f"EPSG:{code}")
        if (
            west - _MARGIN_DEG <= lon <= east + _MARGIN_DEG
            and south - _MARGIN_DEG <= lat <= north + _MARGIN_DEG
        ):
            return code
    return ASK


def _is_northing(values: Floats) -> NDArray[np.bool_]:
    low, high = _NORTHINGS
    return (values >= low) & (values < high)


def _is_easting(values: Floats) -> NDArray[np.bool_]:
    (bare_low, bare_high), (low, high) = _EASTINGS
    bare = (values >= bare_low) & (values < bare_high)
    return bare | ((values >= low) & (values < high))
