"""The nearest line to each point, within a distance, by a lattice that lists what is near."""

import math
from typing import NamedTuple

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from geo.edges import Lattice, columns_near, slot

NONE = -1
_MOST_SIDE = 1024
_TIES_PER_M = 1e6
_REACH_M = 0.01
_ON_THE_LINE_M = 1e-6
_MARGIN = 1e-4


class Tracks(NamedTuple):
    """The straight pieces of lines, and which of them come near each cell of a lattice.

    `ends` has x0, y0, x1, y1; `line` is the line of a piece and `start_m` how far along it the
    piece starts. Cell c is near near[starts[c]] to near[starts[c + 1]], ascending.
    """

    ends: NDArray[np.float64]
    line: NDArray[np.int64]
    start_m: NDArray[np.float64]
    lattice: Lattice
    starts: NDArray[np.int64]
    near: NDArray[np.int32]


class Spots(NamedTuple):
    """Points with the number of their name, and what is found of each; `line` is NONE at first."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    name: NDArray[np.int64]
    line: NDArray[np.int64]
    measure_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]
    is_right: NDArray[np.bool_]


def tracks_of(lines: NDArray[np.object_], distance_m: float) -> Tracks | None:
    """Return the tracks that find lines within `distance_m`, None when no line has a position."""
    corners, of_corner = shapely.get_coordinates(lines, return_index=True)
    joined = np.flatnonzero(of_corner[1:] == of_corner[:-1])
    ends = np.hstack([corners[joined], corners[joined + 1]])
    finite = np.isfinite(ends).all(axis=1)
    ends, line = ends[finite], of_corner[joined][finite]
    if not len(ends):
        return None
    length = np.hypot(*(ends[:, 2:] - ends[:, :2]).T)
    along = length.cumsum() - length
    first = np.searchsorted(line, line)
    lattice = _lattice_around(ends, distance_m)
    margin = distance_m * lattice.rows_per_y + _MARGIN
    starts = np.zeros(lattice.n_rows * lattice.n_columns + 1, dtype=np.int64)
    _visit_cells(ends, lattice, margin, starts, np.empty(0, dtype=np.int32))
    starts = starts.cumsum()
    near = np.empty(starts[-1], dtype=np.int32)
    _visit_cells(ends, lattice, margin, starts, near)
    return Tracks(ends, line, along - along[first], lattice, starts, near)


def _lattice_around(ends: NDArray[np.float64], distance_m: float) -> Lattice:
    """Return square cells, not smaller than the distance, over all that is within it."""
    x, y = ends[:, [0, 2]], ends[:, [1, 3]]
    west, south = float(x.min()) - distance_m, float(y.min()) - distance_m
    east, north = float(x.max()) + distance_m, float(y.max()) + distance_m
    size = max(distance_m, (east - west) / _MOST_SIDE, (north - south) / _MOST_SIDE)
    n_columns, n_rows = int((east - west) / size) + 1, int((north - south) / size) + 1
    return Lattice(west, south, east, north, 1 / size, 1 / size, n_columns, n_rows)


@njit(nogil=True, cache=True)
def _visit_cells(
    ends: NDArray[np.float64],
    lattice: Lattice,
    margin: float,
    starts: NDArray[np.int64],
    near: NDArray[np.int32],
) -> None:
    """Count the pieces within `margin` cells of each cell; with room in `near`, list them.

    Listing counts down from the ends of the lists to their starts, hence pieces come backwards.
    """
    step, reach = -1 if len(near) else 1, margin / lattice.rows_per_y
    for piece in range(len(ends) - 1, -1, -1):
        edge = (ends[piece, 0], ends[piece, 1], ends[piece, 2], ends[piece, 3])
        low, high = min(edge[1], edge[3]), max(edge[1], edge[3])
        bottom = slot(low - reach, lattice.south, lattice.rows_per_y, lattice.n_rows)
        top = slot(high + reach, lattice.south, lattice.rows_per_y, lattice.n_rows)
        for row in range(bottom, top + 1):
            first, last = columns_near(edge, row, lattice, margin)
            for cell in range(row * lattice.n_columns + first, row * lattice.n_columns + last + 1):
                starts[cell] += step
                if len(near):
                    near[starts[cell]] = piece


@njit(nogil=True, cache=True)
def _is_beyond(
    ends: NDArray[np.float64], piece: int, x: float, y: float, distance_m: float
) -> bool:
    """Return whether the box of a piece shows, without a root, that it is farther than that."""
    x0, y0, x1, y1 = ends[piece, 0], ends[piece, 1], ends[piece, 2], ends[piece, 3]
    off_x = max(min(x0, x1) - x, x - max(x0, x1))
    off_y = max(min(y0, y1) - y, y - max(y0, y1))
    return bool(max(off_x, off_y) > distance_m)


@njit(nogil=True, cache=True)
def _foot(ends: NDArray[np.float64], piece: int, x: float, y: float) -> tuple[float, float]:
    """Return how far from (x, y) a piece is, and how far along it, in metres, its nearest place."""
    dx, dy = ends[piece, 2] - ends[piece, 0], ends[piece, 3] - ends[piece, 1]
    from_x, from_y = x - ends[piece, 0], y - ends[piece, 1]
    length = math.hypot(dx, dy)
    if length == 0 or from_x * dx + from_y * dy <= 0:
        return math.hypot(from_x, from_y), 0.0
    along = (from_x * dx + from_y * dy) / length
    if along >= length:
        return math.hypot(x - ends[piece, 2], y - ends[piece, 3]), length
    return abs(dx * from_y - dy * from_x) / length, along


@njit(nogil=True, cache=True)
def _place_at(tracks: Tracks, piece: int, measure: float) -> tuple[float, float]:
    """Return the place at a measure on the line of `piece`, looking from there; or the line's end.

    The pieces passed on the way are few: the measure is within centimetres of the piece.
    """
    ends, line, start_m = tracks.ends, tracks.line, tracks.start_m
    while piece > 0 and line[piece - 1] == line[piece] and measure < start_m[piece]:
        piece -= 1
    last = len(line) - 1
    while piece < last and line[piece + 1] == line[piece] and measure > start_m[piece + 1]:
        piece += 1
    dx, dy = ends[piece, 2] - ends[piece, 0], ends[piece, 3] - ends[piece, 1]
    length = math.hypot(dx, dy)
    share = min(max((measure - start_m[piece]) / length, 0.0), 1.0) if length > 0 else 0.0
    return ends[piece, 0] + share * dx, ends[piece, 1] + share * dy


@njit(nogil=True, cache=True)
def _is_right(tracks: Tracks, piece: int, measure: float, x: float, y: float) -> bool:
    """Return whether (x, y) lies to the right of the line at a measure: see `linref.snap`.

    The direction is taken from just before to just after the foot: at a bend that is the bisector,
    the one direction for which every point nearest to the bend lies on the outer side.
    """
    foot_x, foot_y = _place_at(tracks, piece, measure)
    before_x, before_y = _place_at(tracks, piece, measure - _REACH_M)
    after_x, after_y = _place_at(tracks, piece, measure + _REACH_M)
    along_x, along_y = after_x - before_x, after_y - before_y
    cross = along_x * (y - foot_y) - along_y * (x - foot_x)
    return bool(cross < -_ON_THE_LINE_M * math.hypot(along_x, along_y))


@njit(nogil=True, cache=True)
def nearest(tracks: Tracks, spots: Spots, names: NDArray[np.int64], most_m: float) -> None:
    """Write to `spots` the nearest line within `most_m`, one of the spot's own name before others.

    `names` are those of the lines, as numbers. Of lines equally far, to a micrometre, it is the
    first; of places on it equally near, the first.
    """
    lattice = tracks.lattice
    for spot in range(len(spots.x)):
        x, y = spots.x[spot], spots.y[spot]
        if not (lattice.west <= x <= lattice.east and lattice.south <= y <= lattice.north):
            continue
        row = slot(y, lattice.south, lattice.rows_per_y, lattice.n_rows)
        column = slot(x, lattice.west, lattice.columns_per_x, lattice.n_columns)
        cell = row * lattice.n_columns + column
        best, best_piece, best_along = (1.0, np.inf, np.inf, np.inf), NONE, 0.0
        for at in range(tracks.starts[cell], tracks.starts[cell + 1]):
            piece = tracks.near[at]
            line = tracks.line[piece]
            other = 0.0 if spots.name[spot] != NONE and names[line] == spots.name[spot] else 1.0
            limit = most_m if other < best[0] else min(most_m, best[3] + 2 / _TIES_PER_M)
            if other > best[0] or _is_beyond(tracks.ends, piece, x, y, limit):
                continue
            offset, along = _foot(tracks.ends, piece, x, y)
            rank = (other, np.rint(offset * _TIES_PER_M), float(line), offset)
            if offset <= most_m and rank < best:
                best, best_piece, best_along = rank, piece, along
        if best_piece != NONE:
            measure = tracks.start_m[best_piece] + best_along
            spots.line[spot] = tracks.line[best_piece]
            spots.measure_m[spot] = measure
            spots.offset_m[spot] = best[3]
            spots.is_right[spot] = _is_right(tracks, best_piece, measure, x, y)


def distances_m(tracks: Tracks, places: NDArray[np.float64], most_m: float) -> NDArray[np.float64]:
    """Return how far from the nearest line each place (x, y) is, inf beyond `most_m`.

    The tracks must have been made for that distance, or a greater one.
    """
    found = np.full(len(places), np.inf)
    _write_distances(tracks, np.ascontiguousarray(places), most_m, found)
    return found


@njit(nogil=True, cache=True)
def _write_distances(
    tracks: Tracks, places: NDArray[np.float64], most_m: float, found: NDArray[np.float64]
) -> None:
    lattice = tracks.lattice
    for spot in range(len(places)):
        x, y = places[spot, 0], places[spot, 1]
        if not (lattice.west <= x <= lattice.east and lattice.south <= y <= lattice.north):
            continue
        row = slot(y, lattice.south, lattice.rows_per_y, lattice.n_rows)
        column = slot(x, lattice.west, lattice.columns_per_x, lattice.n_columns)
        cell, least = row * lattice.n_columns + column, most_m
        for at in range(tracks.starts[cell], tracks.starts[cell + 1]):
            piece = tracks.near[at]
            if _is_beyond(tracks.ends, piece, x, y, least):
                continue
            offset, _ = _foot(tracks.ends, piece, x, y)
            if offset <= least:
                found[spot] = least = offset
