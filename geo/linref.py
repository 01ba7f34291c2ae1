"""Places along lines: measure from the start, offset to the side, the stretch between two."""

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import numpy as np
import pandas as pd
import shapely
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import LineString
from shapely.ops import substring

from geo.errors import WrongGeometryError, WrongValueError
from geo.frames import LINES, POINTS, index_of, require_geometries, require_positive
from geo.nearest import Spots, Tracks, nearest, tracks_of

UNSNAPPED = -1
_PART = 1 << 16


def snap(
    points: ArrayLike,
    lines: ArrayLike,
    max_distance_m: float,
    *,
    point_names: ArrayLike | None = None,
    line_names: ArrayLike | None = None,
) -> pd.DataFrame:
    """Place each point on a line within `max_distance_m`.

    Where names are given, the nearest line with the point's own name goes before nearer ones with
    another; an absent or empty name equals none. Distances equal to a micrometre are a tie, and
    the line listed first wins it.

    Returns
    -------
    DataFrame
        On the index of `points` (a Series), else 0 to n - 1: `segment`, the position of the line in
        `lines`, -1 when none is near enough or the point is empty; `measure_m` from the line's
        start; `offset_m` away from it, never negative; `side`, 'left' or 'right' seen along the
        line, 'left' on the line and on its prolongation, None when unsnapped.
    """
    spots = require_geometries(points, *POINTS)
    tracks = require_geometries(lines, *LINES)
    require_positive(max_distance_m=max_distance_m)
    of_point, of_line = _name_numbers(point_names, line_names, len(spots), len(tracks))
    found = _unsnapped(spots, of_point)
    network = tracks_of(tracks, max_distance_m)
    if network is not None:
        _find(network, found, of_line, max_distance_m)
    sides = np.array([None, "left", "right"], dtype=object)
    side = sides[(found.line != UNSNAPPED) * (1 + found.is_right)]
    index = index_of(points)
    return pd.DataFrame(
        {
            "segment": found.line,
            "measure_m": found.measure_m,
            "offset_m": found.offset_m,
            "side": pd.Series(side, index=index, dtype=object),
        },
        index=index,
    )


def cut(line: LineString, from_m: float, to_m: float) -> LineString:
    """Return the stretch of `line` between two measures; measures past its ends mean the ends.

    Raises
    ------
    WrongValueError
        When no stretch is left between the two.
    """
    start, end = max(from_m, 0.0), min(to_m, line.length)
    if not start < end:
        raise WrongValueError(f"nothing between {from_m} and {to_m} m of {line.length} m")
    return cast("LineString", substring(line, start, end))


def junctions(lines: ArrayLike, tolerance_m: float = 0.5) -> pd.DataFrame:
    """Return the nodes where lines begin and end.

    Ends closer than `tolerance_m` are one node, also through a chain of such ends. Nodes are
    numbered from 0 in the order in which the lines first come to them.

    Returns
    -------
    DataFrame
        `from_node` and `to_node`, on the index of `lines` (a Series), else 0 to n - 1.
    """
    tracks = require_geometries(lines, *LINES)
    if (shapely.is_missing(tracks) | shapely.is_empty(tracks)).any():
        raise WrongGeometryError("an empty line has no ends")
    ends = np.column_stack([shapely.get_point(tracks, 0), shapely.get_point(tracks, -1)]).ravel()
    near = cKDTree(shapely.get_coordinates(ends)).query_pairs(tolerance_m, output_type="ndarray")
    links = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(ends),) * 2)
    nodes = connected_components(links, directed=False)[1].reshape(-1, 2)
    return pd.DataFrame(nodes, columns=["from_node", "to_node"], index=index_of(lines))


@njit(nogil=True, cache=True)
def order_along(lines: NDArray[np.intp], measure_m: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the places ordered by line, then by measure; equal ones stay in their order.

    Parameters
    ----------
    lines
        The line of each place, numbered from 0; the numbers in use should lie close together.
    measure_m
        Metres from the line's start, without NaN.

    Returns
    -------
    array of places
        What `numpy.lexsort` of the two gives, several times as fast: the places are dealt out to
        their lines, and only those of one line are compared.
    """
    ends = np.zeros(lines.max() + 2 if len(lines) else 1, dtype=np.intp)
    for line in lines:
        ends[line + 1] += 1
    ends = ends.cumsum()
    filled, order = ends.copy(), np.empty(len(lines), dtype=np.intp)
    for place in range(len(lines)):
        order[filled[lines[place]]] = place
        filled[lines[place]] += 1
    for line in range(len(ends) - 1):
        along = order[ends[line] : ends[line + 1]]
        along[:] = along[np.argsort(measure_m[along], kind="mergesort")]
    return order


def _unsnapped(points: NDArray[np.object_], names: NDArray[np.int64]) -> Spots:
    places, located = shapely.get_coordinates(points, return_index=True)
    x, y = np.full((2, len(points)), np.nan)
    x[located], y[located] = places.T
    measure_m, offset_m = np.full((2, len(points)), np.nan)
    line, is_right = np.full(len(points), UNSNAPPED), np.zeros(len(points), dtype=bool)
    return Spots(x, y, names, line, measure_m, offset_m, is_right)


def _name_numbers(
    point_names: ArrayLike | None, line_names: ArrayLike | None, n_points: int, n_lines: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the names as numbers, equal where they are equal, -1 where there is none."""
    if point_names is None or line_names is None:
        return np.full(n_points, -1), np.full(n_lines, -1)
    names = [np.asarray(given, dtype=object) for given in (point_names, line_names)]
    codes, known = pd.factorize(np.concatenate(names))
    codes = np.where(np.isin(codes, np.flatnonzero(known == "")), -1, codes).astype(np.int64)
    return codes[:n_points], codes[n_points:]


def _find(network: Tracks, spots: Spots, names: NDArray[np.int64], distance_m: float) -> None:
    """Find the nearest line of all spots, in parts that threads share."""

    def find(start: int) -> None:
        part = Spots._make(column[start : start + _PART] for column in spots)
        nearest(network, part, names, distance_m)

    with ThreadPoolExecutor() as pool:
        list(pool.map(find, range(0, len(spots.x), _PART)))
