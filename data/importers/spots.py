"""Pairs of numbers in their datums, brought to degrees, and why some cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.datum import is_projected, to_wgs84
from geo.zones import ASK, are_metres, easting_first, is_chinese_grid, zone_codes

Bounds = tuple[float, float, float, float]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_HALF, _METRES, _DEGREES, _ZONE, _SWAPPED, _ELSEWHERE = range(1, 7)
_REASONS: Mapping[int, str] = {
    _HALF: "one coordinate is missing",
    _METRES: "is in metres, not in the degrees of {datum}",
    _DEGREES: "is in degrees, not in the metres of {datum}",
    _ZONE: "is in metres, and the zone is not clear: name the datum as EPSG:n",
    _SWAPPED: "is not on earth; are lon and lat swapped?",
    _ELSEWHERE: "is not on earth; are lon and lat swapped, or is it another datum?",
}
_BARE = "a CGCS2000 zone without prefix (EPSG:4534 for 75 east to EPSG:4554 for 135 east)"


@dataclass(frozen=True)
class Spots:
    """Places in degrees, one of each pair of numbers.

    Attributes
    ----------
    lon, lat
        WGS 84, NaN where there is none.
    datum
        What the numbers were taken for: a name or EPSG:n.
    given
        Where there is at least one number.
    good
        Where there is a place.
    fault
        What is wrong with the others, 0 for nothing.
    likely
        The EPSG codes of zones that metres in the place of degrees may be of.
    """

    lon: Floats
    lat: Floats
    datum: NDArray[np.object_]
    given: Flags
    good: Flags
    fault: NDArray[np.int8]
    likely: NDArray[np.int64]

    def reason(self, at: int) -> str:
        """Return why the pair `at` is no place."""
        return _REASONS[int(self.fault[at])].format(datum=self.datum[at])

    def refusal(self) -> str | None:
        """Return what is wrong with every pair in one way, if it is."""
        faults = set(self.fault[self.given].tolist())
        if len(faults) != 1 or not faults <= {_METRES, _ZONE, _SWAPPED}:
            return None
        if faults == {_SWAPPED}:
            return f"lon and lat are swapped in all {int(self.given.sum())} rows"
        if faults == {_ZONE}:
            return f"the coordinates are metres of {_BARE}: name it as the datum"
        return (
            f"the coordinates are metres, most likely of {self._zone()}, and not degrees of"
            f" {self.datum[self.given][0]}: name it as the datum"
        )

    def _zone(self) -> str:
        codes, counts = np.unique(self.likely[self.likely != ASK], return_counts=True)
        return f"EPSG:{codes[counts.argmax()]}" if len(codes) else _BARE


def place_spots(x: Floats, y: Floats, datum: NDArray[np.object_], near: Bounds | None) -> Spots:
    """Bring pairs of numbers, each in its own datum, to degrees.

    Metres of CGCS2000 go to the zone that their easting names, or that `near` fits; northing and
    easting of Chinese zones may stand in either order.

    Raises
    ------
    WrongValueError
        When a datum is unknown.
    """
    names = datum.copy()
    given = ~(np.isnan(x) & np.isnan(y))
    metres = are_metres(x, y)
    likely = np.full(len(x), ASK)
    if metres.any():
        likely[metres] = zone_codes(*easting_first(x[metres], y[metres]), near)
    named = (names == "cgcs2000") & (likely != ASK)
    names[named] = [f"EPSG:{code}" for code in likely[named]]
    lon, lat = _in_degrees(x, y, names)
    good = (lon >= -180) & (lon <= 180) & (lat >= -90) & (lat <= 90)
    fault = np.zeros(len(x), dtype=np.int8)
    for kind, wrong in _faults(x, y, names, metres=metres).items():
        fault[wrong] = kind
    good &= ~np.isin(fault, (_HALF, _METRES, _DEGREES, _ZONE))
    fault[good | ~given] = 0
    return Spots(lon, lat, names, given, good, fault, likely)


def _in_degrees(x: Floats, y: Floats, names: NDArray[np.object_]) -> tuple[Floats, Floats]:
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for name in np.unique(names.astype(str)):
        rows = names == name
        places = x[rows], y[rows]
        if name.startswith("EPSG:") and is_chinese_grid(int(name.removeprefix("EPSG:"))):
            places = easting_first(*places)
        lon[rows], lat[rows] = to_wgs84(*places, name)
    return lon, lat


def _faults(x: Floats, y: Floats, names: NDArray[np.object_], *, metres: Flags) -> dict[int, Flags]:
    """Return what may be wrong, the more exact after the less exact."""
    of_metres = np.isin(names, [name for name in set(names) if is_projected(name)])
    swapped = (np.abs(x) <= 90) & (np.abs(y) > 90) & (np.abs(y) <= 180)
    return {
        _ELSEWHERE: np.ones(len(x), dtype=bool),
        _SWAPPED: swapped & ~of_metres,
        _METRES: metres & ~of_metres,
        _ZONE: metres & (names == "cgcs2000"),
        _DEGREES: of_metres & ~metres & (np.abs(x) <= 180) & (np.abs(y) <= 180),
        _HALF: np.isnan(x) | np.isnan(y),
    }
