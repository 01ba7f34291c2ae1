"""Where events crowd: density clusters of points, and sites where the same thing comes back."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import ArrayLike, NDArray

from geo.errors import WrongValueError
from geo.frames import index_of, require, require_days, require_numbers, require_positive

NOISE = -1
"""The cluster of a point that belongs to none."""

_REACH = 2
"""With squares of side radius / sqrt(2), points within the radius are at most two squares away."""

_NEVER = pd.Timestamp("9999-12-31").as_unit("s")
_MAX_CODE = 2**53
"""Codes of squares are counted in floats, which are whole numbers up to this one."""

_ROUNDING = 1e-6
"""Squares are smaller by this share, lest rounding puts two points too far apart into one."""


def density_clusters(
    x_m: ArrayLike | pd.Series,
    y_m: ArrayLike | pd.Series,
    radius_m: float = 100.0,
    min_points: int = 10,
) -> pd.Series:
    """Return the cluster of each point, by density (DBSCAN).

    A point with at least `min_points` points within `radius_m`, itself counted, is a core point.
    Core points within the radius of each other are of one cluster; another point within the radius
    of a core point lies on the border of its cluster, of the lowest where there are several; all
    others are noise.

    The points are sorted into squares so small that all points of one are within the radius of
    each other. So a square with `min_points` has only core points, the core points of any square
    are of one cluster, and squares are joined by the first near pair of core points.

    Parameters
    ----------
    x_m, y_m
        Coordinates in planar metres; a point without them (NaN) is noise.
    radius_m
        Above 0; a distance equal to it is within.
    min_points
        At least 1.

    Returns
    -------
    Series
        `cluster`, on the index of `x_m`: 0, 1, ... in the order of each cluster's first core point
        in the input, or `NOISE`.

    References
    ----------
    Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996), Proceedings of KDD-96, 226-231.
    Gunawan, A. (2013), A Faster Algorithm for DBSCAN, TU Eindhoven.
    """
    require_positive(radius_m=radius_m, min_points=min_points)
    x, y = require_numbers(x_m), require_numbers(y_m)
    if len(x) != len(y):
        raise WrongValueError(f"{len(x)} x_m for {len(y)} y_m")
    cluster = np.full(len(x), NOISE, dtype=np.int32)
    known = np.flatnonzero(~(np.isnan(x) | np.isnan(y)))
    if known.size:
        squares, order = _in_squares(x[known], y[known], radius_m)
        cluster[known[order]] = _clusters(squares, order, radius_m**2, min_points)
    return pd.Series(cluster, index=index_of(x_m), name="cluster")


def repeat_sites(events: pd.DataFrame, as_of: date, *, min_times: int = 2) -> pd.DataFrame:
    """Return the units where hazards of one category were found again and again up to `as_of`.

    Parameters
    ----------
    events
        One row a hazard: `unit`, `category`, `found_on`, `closed_on` (NaT: open) and, where it is
        known, `n_reopened`, how often the hazard itself was opened again. Days are local and
        without a time zone. Hazards without a unit or a category are left out.
    as_of
        The local day looked at; what was found or closed after it is not known yet.
    min_times
        A site is listed from so many times on.

    Returns
    -------
    DataFrame
        One row a `unit` and `category`: `n_times`, the different days it was found on and the times
        it was reopened; `n_returned`, those among them when all found before had been closed on an
        earlier day, and the times it was reopened; `first_on` and `last_on` found; `is_open`. The
        most returns first, then the most times, then by unit and category.
    """
    by_day = _found_by_day(events, pd.Timestamp(as_of))
    site = [by_day["unit"], by_day["category"]]
    closed_before = by_day["closed_on"].groupby(site).cummax().groupby(site).shift()
    returned = (closed_before < by_day["found_on"]) + by_day["n_reopened"]
    sites = by_day.assign(n_times=1 + by_day["n_reopened"], n_returned=returned).groupby(site)
    listed = sites.agg(
        n_times=("n_times", "sum"),
        n_returned=("n_returned", "sum"),
        first_on=("found_on", "min"),
        last_on=("found_on", "max"),
        is_open=("closed_on", "max"),
    )
    listed["is_open"] = listed["is_open"] == _NEVER
    listed = listed[listed["n_times"] >= min_times].reset_index()
    ascending = [False, False, True, True]
    order = ["n_returned", "n_times", "unit", "category"]
    return listed.sort_values(order, ascending=ascending, ignore_index=True)


def _found_by_day(events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return each day that a category was found in a unit; `closed_on` the day all of it was."""
    require(events, "unit", "category", "found_on", "closed_on")
    closed_on = require_days(events["closed_on"])
    found = pd.DataFrame(
        {
            "unit": events["unit"],
            "category": events["category"],
            "found_on": require_days(events["found_on"]),
            "closed_on": closed_on.where(closed_on <= day, _NEVER),
            "n_reopened": events.get("n_reopened", 0),
        }
    )
    known = found[found["found_on"] <= day].groupby(["unit", "category", "found_on"])
    return known.agg({"closed_on": "max", "n_reopened": "sum"}).reset_index()


class _Squares(NamedTuple):
    """Points sorted by the square they lie in, and the squares near each.

    `points` (n, 2); those of square i are from `start[i]` to `start[i + 1]`. Squares are in order
    of rows: those near square i are from `first[i, k]` to `end[i, k]` in each of five rows k.
    """

    points: NDArray[np.float64]
    start: NDArray[np.intp]
    first: NDArray[np.intp]
    end: NDArray[np.intp]


def _in_squares(
    x: NDArray[np.float64], y: NDArray[np.float64], radius_m: float
) -> tuple[_Squares, NDArray[np.intp]]:
    """Return the points sorted by square, and where each of them stood."""
    side = radius_m * (1 - _ROUNDING) / np.sqrt(2)
    columns, rows = np.floor((x - x.min()) / side), np.floor((y - y.min()) / side)
    width = columns.max() + 1 + _REACH  # the squares beyond a row's end are those before the next
    if width * (rows.max() + 1) > _MAX_CODE:
        raise WrongValueError(f"radius_m: {radius_m} is too small for points so far apart")
    code = (rows * width + columns).astype(np.int64)
    order = np.argsort(code, kind="stable")
    occupied, start = np.unique(code[order], return_index=True)
    first, end = _near_squares(occupied, int(width))
    points = np.column_stack([x[order], y[order]])
    return _Squares(points, np.append(start, len(code)), first, end), order


@njit(cache=True)
def _near_squares(
    occupied: NDArray[np.int64], width: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return `first` and `end` of `_Squares`; from square to square both only move forward."""
    n, n_rows = len(occupied), 2 * _REACH + 1
    first, end = np.empty((n, n_rows), dtype=np.intp), np.empty((n, n_rows), dtype=np.intp)
    for row in range(n_rows):
        begin, stop = 0, 0
        for square in range(n):
            middle = occupied[square] + width * (row - _REACH)
            while begin < n and occupied[begin] < middle - _REACH:
                begin += 1
            while stop < n and occupied[stop] <= middle + _REACH:
                stop += 1
            first[square, row], end[square, row] = begin, stop
    return first, end


def _clusters(
    squares: _Squares, order: NDArray[np.intp], radius_2: float, min_points: int
) -> NDArray[np.int32]:
    """Return the cluster of each sorted point; `radius_2` is the radius squared."""
    is_core = _are_core(squares, radius_2, min_points)
    square_of = np.repeat(np.arange(len(squares.first)), np.diff(squares.start))
    group = _joined(squares, is_core, radius_2)[square_of]
    core = np.flatnonzero(is_core)
    core = core[np.argsort(order[core])]
    number = np.full(len(order), NOISE, dtype=np.int32)
    number[core] = pd.factorize(group[core])[0]
    return _with_borders(squares, number, radius_2)


@njit(cache=True)
def _are_core(squares: _Squares, radius_2: float, min_points: int) -> NDArray[np.bool_]:
    start = squares.start
    is_core = np.zeros(len(squares.points), dtype=np.bool_)
    for square in range(len(squares.first)):
        crowded = start[square + 1] - start[square] >= min_points
        for point in range(start[square], start[square + 1]):
            is_core[point] = crowded or _has_near(squares, square, point, radius_2, min_points)
    return is_core


@njit(cache=True)
def _has_near(squares: _Squares, square: int, point: int, radius_2: float, min_points: int) -> bool:
    """Return whether so many points, itself counted, lie near a point of a square."""
    n = 0
    for row in range(squares.first.shape[1]):
        begin = squares.start[squares.first[square, row]]
        for other in range(begin, squares.start[squares.end[square, row]]):
            n += _is_near(squares.points, point, other, radius_2)
            if n >= min_points:
                return True
    return False


@njit(cache=True)
def _joined(squares: _Squares, is_core: NDArray[np.bool_], radius_2: float) -> NDArray[np.intp]:
    """Return for each square one of the squares whose core points are of the same cluster."""
    parent = np.arange(len(squares.first))
    for square in range(len(parent)):
        for row in range(squares.first.shape[1]):
            later = max(squares.first[square, row], square + 1)
            for other in range(later, squares.end[square, row]):
                one, two = _root(parent, square), _root(parent, other)
                if one != two and _touch(squares, is_core, square, other, radius_2):
                    parent[two] = one
    for square in range(len(parent)):
        parent[square] = _root(parent, square)
    return parent


@njit(cache=True)
def _root(parent: NDArray[np.intp], square: int) -> int:
    while parent[square] != square:
        parent[square] = parent[parent[square]]  # halves the way for the next one who asks
        square = parent[square]
    return square


@njit(cache=True)
def _touch(
    squares: _Squares, is_core: NDArray[np.bool_], square: int, other: int, radius_2: float
) -> bool:
    """Return whether a core point of one square is near a core point of the other."""
    start = squares.start
    for one in range(start[square], start[square + 1]):
        if is_core[one]:
            for two in range(start[other], start[other + 1]):
                if is_core[two] and _is_near(squares.points, one, two, radius_2):
                    return True
    return False


@njit(cache=True)
def _with_borders(
    squares: _Squares, number: NDArray[np.int32], radius_2: float
) -> NDArray[np.int32]:
    """Return the numbers of core points, and for other points the lowest of core points near."""
    cluster = number.copy()
    for square in range(len(squares.first)):
        for point in range(squares.start[square], squares.start[square + 1]):
            if number[point] == NOISE:
                cluster[point] = _lowest_near(squares, number, square, point, radius_2)
    return cluster


@njit(cache=True)
def _lowest_near(
    squares: _Squares, number: NDArray[np.int32], square: int, point: int, radius_2: float
) -> int:
    lowest = NOISE
    for row in range(squares.first.shape[1]):
        begin = squares.start[squares.first[square, row]]
        for other in range(begin, squares.start[squares.end[square, row]]):
            lower = number[other] != NOISE and (lowest == NOISE or number[other] < lowest)
            if lower and _is_near(squares.points, point, other, radius_2):
                lowest = number[other]
    return lowest


@njit(cache=True)
def _is_near(points: NDArray[np.float64], one: int, two: int, radius_2: float) -> bool:
    dx, dy = points[one, 0] - points[two, 0], points[one, 1] - points[two, 1]
    return bool(dx * dx + dy * dy <= radius_2)
