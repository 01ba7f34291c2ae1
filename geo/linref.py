"""Places along lines: measure from the start, offset to the side, the stretch between two."""

from typing import Any, cast

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import LineString
from shapely.ops import substring

from geo.errors import WrongGeometryError, WrongValueError
from geo.frames import LINES, POINTS, index_of, require_geometries, require_positive

UNSNAPPED = -1
_TIE_DIGITS = 6
_ON_THE_LINE_M = 1e-6
_REACH_M = 0.01


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
    result = pd.DataFrame(
        {"segment": UNSNAPPED, "measure_m": np.nan, "offset_m": np.nan, "side": None},
        index=pd.RangeIndex(len(spots)),
    ).astype({"segment": np.int64, "side": object})
    spot, track = _pairs_within(spots, tracks, max_distance_m)
    other_name = ~_same_name(point_names, line_names, spot, track)
    offset = shapely.distance(spots[spot], tracks[track])
    order = np.lexsort((track, np.round(offset, _TIE_DIGITS), other_name, spot))
    chosen = order[np.unique(spot[order], return_index=True)[1]]
    spot, track = spot[chosen], track[chosen]
    measure = shapely.line_locate_point(tracks[track], spots[spot])
    result.loc[spot, "segment"] = track
    result.loc[spot, "measure_m"] = measure
    result.loc[spot, "offset_m"] = offset[chosen]
    result.loc[spot, "side"] = _sides(spots[spot], tracks[track], measure)
    return result.set_axis(index_of(points), axis=0)


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


def _pairs_within(
    spots: NDArray[np.object_], tracks: NDArray[np.object_], distance_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    located = np.flatnonzero(np.isfinite(shapely.bounds(spots)).all(axis=1))
    tree = shapely.STRtree(tracks)
    spot, track = tree.query(spots[located], predicate="dwithin", distance=distance_m)
    return located[spot], track


def _same_name(
    point_names: ArrayLike | None,
    line_names: ArrayLike | None,
    spot: NDArray[np.intp],
    track: NDArray[np.intp],
) -> NDArray[np.bool_]:
    if point_names is None or line_names is None:
        return np.zeros(len(spot), dtype=bool)
    names = [np.asarray(given, dtype=object) for given in (point_names, line_names)]
    codes, known = pd.factorize(np.concatenate(names))
    codes = np.where(np.isin(codes, np.flatnonzero(known == "")), -1, codes)
    of_spot, of_track = codes[: len(names[0])][spot], codes[len(names[0]) :][track]
    same: NDArray[np.bool_] = (of_spot == of_track) & (of_spot >= 0)
    return same


def _sides(
    spots: NDArray[np.object_], tracks: NDArray[np.object_], measure: NDArray[np.float64]
) -> NDArray[Any]:
    """Return the side of each point, by the direction of the line at the point's foot.

    The direction is taken from just before to just after the foot: at a bend that is the bisector,
    the one direction for which every point nearest to the bend lies on the outer side.
    """
    foot, before, after = (
        shapely.get_coordinates(shapely.line_interpolate_point(tracks, at))
        for at in (measure, np.maximum(measure - _REACH_M, 0.0), measure + _REACH_M)
    )
    along, away = after - before, shapely.get_coordinates(spots) - foot
    cross = along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]
    on_the_right = cross < -_ON_THE_LINE_M * np.hypot(along[:, 0], along[:, 1])
    return np.where(on_the_right, "right", "left").astype(object)
