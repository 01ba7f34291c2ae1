"""Whether a whole batch of places lies off in one direction, and in which datum it was given.

Each test reads the places again as every other datum would have them, and asks under which reading
they lie where such places should: along streets, where the same things are known to be, inside the
city. A reading must beat both the given one and chance, by a margin no good batch reaches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.datum import Pair, to_wgs84
from geo.nearest import Tracks, distances_m, tracks_of

Floats = NDArray[np.float64]
Places = NDArray[np.float64]
"""One row each: x and y in metres."""

HYPOTHESES = ("wgs84", "gcj02", "bd09")
FEWEST_PLACES, MOST_PLACES = 30, 2_000
FEWEST_KNOWN = 5

_LEAST_MOVE_DEG = 5e-4
_NEAR_M = 15.0
_REACH_M = 6 * _NEAR_M
_DIRECTIONS, _RADII_M = 24, (350.0, 620.0, 910.0)
_FOR_CHANCE = 250
_LEAST_T, _LEAST_Z, _MOST_OF_RISE = 2.5, 1.5, 0.7
_LEAST_KNOWN_M = 100.0
_LEAST_INSIDE, _LEAST_INSIDE_T = 10, 3.0
_WINDS = "north north-north-east north-east east-north-east east east-south-east south-east"
_WINDS += " south-south-east south south-south-west south-west west-south-west west"
_WINDS += " west-north-west north-west north-north-west"


@dataclass(frozen=True)
class Verdict:
    """What the places say about the datum they are given in.

    Attributes
    ----------
    answer
        'fits' as given, 'shifted', or 'unknown': too few places or nothing to compare with.
    n_places
        How many different places spoke.
    datum
        The reading that fits where the given one is shifted; None when no known datum does.
    east_m, north_m
        From where that reading has the places to where the given one has them.
    share, share_if
        How much of the batch lies well as given, and as `datum`: the mean closeness to streets
        (1 on them, 0.37 at 15 m), or the share inside. NaN where it was not asked.
    """

    answer: Literal["fits", "shifted", "unknown"]
    n_places: int
    datum: str | None = None
    east_m: float = 0.0
    north_m: float = 0.0
    share: float = np.nan
    share_if: float = np.nan

    @property
    def distance_m(self) -> float:
        """How far off the places lie."""
        return float(np.hypot(self.east_m, self.north_m))

    @property
    def direction(self) -> str:
        """The wind's name of the direction they are off to, as east-south-east."""
        turn = np.degrees(np.arctan2(self.east_m, self.north_m)) % 360
        return _WINDS.split()[int((turn + 11.25) // 22.5) % 16]


def readings(x: ArrayLike, y: ArrayLike, datum: str) -> dict[str, Pair]:
    """Return WGS 84 degrees of coordinates as `datum` and as every other that would move them.

    GCJ-02 leaves the world outside China where it is: there it is no other reading.
    """
    given = to_wgs84(x, y, datum)
    found = {datum: given}
    for name in HYPOTHESES:
        lon, lat = to_wgs84(x, y, name)
        moves = np.fmax(np.abs(lon - given[0]), np.abs(lat - given[1]))
        if moves.size and np.nanmedian(moves) >= _LEAST_MOVE_DEG:
            found[name] = (lon, lat)
    return found


def streets_of(shapes: NDArray[np.object_]) -> Tracks | None:
    """Return lines and points, in planar metres, as `beside_streets` takes them; None of none."""
    parts = shapely.get_parts(shapes)
    is_point = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    spots = shapely.get_coordinates(parts[is_point])
    pieces = shapely.linestrings(np.stack([spots, spots], axis=1))
    return tracks_of(np.concatenate([parts[~is_point], pieces]), _REACH_M)


def beside_streets(read: Mapping[str, Places], given: str, streets: Tracks | None) -> Verdict:
    """Compare the readings by how close the places lie to streets (or to any lines and points).

    Closeness is exp(-distance / 15 m), 0 beyond 90 m. Chance is its mean after moving the batch to
    24 other spots 350 to 910 m away. The batch is shifted when another reading is closer than the
    given one by 2.5 standard errors of the paired difference, stands 1.5 standard deviations of
    chance above chance, and the given one rises less than 0.7 times as much.

    Parameters
    ----------
    read
        The same places in planar metres by the name of each reading, `given` among them; places
        with a NaN are passed over, repeated ones count once.
    streets
        Lines and points in the same metres, by `streets_of`.
    """
    places = _sampled(read, given)
    n_places = len(places[given])
    if n_places < FEWEST_PLACES or streets is None or len(places) < 2:
        return Verdict("unknown", n_places)
    close = {name: _closeness(streets, spots) for name, spots in places.items()}
    chance = _chance(streets, places[given][:_FOR_CHANCE])
    best = max((name for name in places if name != given), key=lambda name: close[name].mean())
    shares = float(close[given].mean()), float(close[best].mean())
    if _is_better(close[best], close[given]) and _stands_out(*shares[::-1], chance):
        return Verdict("shifted", n_places, best, *_off(places, given, best), *shares)
    fits = _is_better(close[given], close[best]) and _stands_out(*shares, chance)
    return Verdict("fits" if fits else "unknown", n_places, None, 0.0, 0.0, *shares)


def beside_known(read: Mapping[str, Places], given: str, known: Places) -> Verdict:
    """Compare the readings with where the same things (one row each) are known to be.

    Half of the places must lie within 100 m of them for the given reading to fit. It is shifted
    when they all lie off alike, by more than that: as another reading says, or as none does.
    """
    away = {name: spots - known for name, spots in read.items()}
    whole = np.isfinite(np.hstack(list(away.values()))).all(axis=1)
    n_places = int(whole.sum())
    if n_places < FEWEST_KNOWN:
        return Verdict("unknown", n_places)
    middle = {name: np.median(one[whole], axis=0) for name, one in away.items()}
    spread = {
        name: float(np.median(np.hypot(*(one[whole] - middle[name]).T)))
        for name, one in away.items()
    }
    lengths = {name: float(np.hypot(*vector)) for name, vector in middle.items()}
    if spread[given] > lengths[given] / 4 and lengths[given] >= _LEAST_KNOWN_M:
        return Verdict("unknown", n_places)
    if lengths[given] < _LEAST_KNOWN_M:
        near = np.median(np.hypot(*away[given][whole].T)) < _LEAST_KNOWN_M
        return Verdict("fits" if near else "unknown", n_places)
    best = min(lengths, key=lambda name: lengths[name])
    datum = best if lengths[best] < lengths[given] / 4 else None
    east_m, north_m = middle[given].tolist()
    return Verdict("shifted", n_places, datum, east_m, north_m)


def inside(read: Mapping[str, Places], given: str, polygons: NDArray[np.object_]) -> Verdict:
    """Compare the readings by the share of places inside the city's polygons.

    It is shifted when at least 10 places lie inside as another reading has them and outside as
    given, and hardly any the other way round: the difference is 3 standard deviations of a coin.
    """
    places = _sampled(read, given)
    n_places = len(places[given])
    if n_places < FEWEST_PLACES or not len(polygons) or len(places) < 2:
        return Verdict("unknown", n_places)
    city = shapely.union_all(polygons)
    shapely.prepare(city)
    within = {name: shapely.intersects_xy(city, *spots.T) for name, spots in places.items()}
    best = max((name for name in places if name != given), key=lambda name: within[name].sum())
    shares = float(within[given].mean()), float(within[best].mean())
    won = int((within[best] & ~within[given]).sum())
    lost = int((within[given] & ~within[best]).sum())
    if won >= _LEAST_INSIDE and (won - lost) / np.sqrt(won + lost) >= _LEAST_INSIDE_T:
        return Verdict("shifted", n_places, best, *_off(places, given, best), *shares)
    return Verdict("unknown", n_places, None, 0.0, 0.0, *shares)


def _sampled(read: Mapping[str, Places], given: str) -> dict[str, Places]:
    """Return the different places that every reading has, at most `MOST_PLACES` of them."""
    whole = np.flatnonzero(np.isfinite(np.hstack(list(read.values()))).all(axis=1))
    _, first = np.unique(np.round(read[given][whole]), axis=0, return_index=True)
    rows = whole[np.sort(first)]
    if len(rows) > MOST_PLACES:
        rows = np.random.default_rng(0).choice(rows, MOST_PLACES, replace=False)
    else:
        rows = np.random.default_rng(0).permutation(rows)
    return {name: spots[rows] for name, spots in read.items()}


def _closeness(streets: Tracks, places: Places) -> Floats:
    return np.exp(-distances_m(streets, places, _REACH_M) / _NEAR_M)


def _chance(streets: Tracks, places: Places) -> Floats:
    """Return the mean closeness at each of the other spots."""
    turns = np.radians((np.arange(_DIRECTIONS) + 0.5) * 360 / _DIRECTIONS)
    radii = np.resize(_RADII_M, _DIRECTIONS)
    moves = radii[:, None] * np.column_stack([np.sin(turns), np.cos(turns)])
    moved = (places + moves[:, None]).reshape(-1, 2)
    close: Floats = _closeness(streets, moved).reshape(_DIRECTIONS, -1).mean(axis=1)
    return close


def _is_better(one: Floats, other: Floats) -> bool:
    gain = one - other
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return bool(gain.mean() > 0 and gain.mean() >= _LEAST_T * error)


def _stands_out(high: float, low: float, chance: Floats) -> bool:
    """Tell whether one share rises above chance, and the other much less."""
    rise = high - chance.mean()
    return bool(
        rise >= _LEAST_Z * chance.std(ddof=1) and low - chance.mean() < _MOST_OF_RISE * rise
    )


def _off(places: Mapping[str, Places], given: str, best: str) -> tuple[float, float]:
    east_m, north_m = np.median(places[given] - places[best], axis=0).tolist()
    return east_m, north_m
