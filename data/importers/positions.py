"""Where the rows of a ledger lie: from coordinates, well-known text or the shapes of the file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.importers.coordinates import Coordinates, from_columns, from_pairs
from data.importers.datums import UNKNOWN, Datum, datums_of_rows
from data.importers.formats.geojson import MAX_VERTICES
from data.importers.report import Remark, RowError
from data.importers.spots import Bounds, Spots, place_spots

_Kinds = tuple[shapely.GeometryType, ...]
_POINT: _Kinds = (shapely.GeometryType.POINT,)
SHAPES: dict[str, _Kinds] = {
    "grids": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
    "segments": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "units": _POINT,
    "hazards": _POINT,
    "boxes": _POINT,
    "lamps": _POINT,
    "outages": _POINT,
}
"""What the rows of each kind may be; kinds that are not here have no position of their own."""

MUST_HAVE = ("grids", "segments")
"""Kinds that are nothing without a shape."""

_ELSEWHERE = "is not on earth; are lon and lat swapped, or is it another datum?"
# Only these words, numbers and brackets: deeper or stranger text never reaches the parser.
_WKT = re.compile(
    r"\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?\s*[(][-+\d.eE,() ]*[)]\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Whereabouts:
    """How the coordinates of a file are to be understood.

    Attributes
    ----------
    datum
        What they are given in, where a row does not say otherwise.
    near
        West, south, east, north of the city, which choose the zone of metres without prefix.
    """

    datum: Datum
    near: Bounds | None = None


@dataclass
class Positions:
    """The columns that say where the rows lie, and what was wrong with some.

    Attributes
    ----------
    refusal
        What is wrong with all of them in one way, in the first words of the answer.
    """

    columns: pd.DataFrame
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    refusal: str | None = None


def locate(
    kind: str,
    cells: pd.DataFrame,
    given: Sequence[shapely.Geometry | None] | None,
    where: Whereabouts,
) -> Positions:
    """Return where the rows of `kind` lie, from their shapes or from what their cells say.

    Parameters
    ----------
    cells
        Texts: any of `lon`, `lat`, `coordinates`, `datum` and `geometry`.
    given
        The shapes of a file that has them.
    """
    nowhere = Positions(pd.DataFrame(index=cells.index))
    if kind not in SHAPES:
        if given is not None and any(shape is not None for shape in given):
            nowhere.remarks.append(Remark("geometry_left_out", f"{kind} have no geometry"))
        return nowhere
    if given is not None:
        column = pd.Series(list(given), index=cells.index, dtype=object)
        return shapes(kind, column, where, cells.get("datum"))
    if {"lon", "lat"} <= set(cells) or "coordinates" in cells:
        return points(cells, where)
    if "geometry" not in cells and kind not in MUST_HAVE:
        return nowhere
    texts = cells.get("geometry", pd.Series(None, index=cells.index, dtype=object))
    column, errors = from_wkt(texts)
    found = shapes(kind, column, where, cells.get("datum"))
    unread = {error.row for error in errors}
    found.errors = errors + [error for error in found.errors if error.row not in unread]
    return found


def points(cells: pd.DataFrame, where: Whereabouts) -> Positions:
    """Return geom, datum and the original coordinates of rows that have them as texts.

    Parameters
    ----------
    cells
        `lon` and `lat`, or both in `coordinates`; `datum` where rows have one of their own.
    """
    read = _coordinates(cells)
    zero = (read.x == 0) & (read.y == 0)
    read.x[zero], read.y[zero] = np.nan, np.nan
    rows = cells.index.to_numpy(dtype=np.int64)
    names, unknown = datums_of_rows(cells.get("datum"), where.datum.name, len(cells))
    spots = place_spots(read.x, read.y, names, where.near)
    geom = np.full(len(cells), None, dtype=object)
    geom[spots.good] = shapely.points(spots.lon[spots.good], spots.lat[spots.good])
    facts = {"geom": geom, "datum": spots.datum, "original_x": read.x, "original_y": read.y}
    found = Positions(pd.DataFrame(facts, index=cells.index))
    found.errors += [
        RowError(int(rows[at]), name, f"{text:.200}", reason)
        for at, name, text, reason in read.wrong
    ]
    found.errors += [_unknown_datum(rows[at], text) for at, text in unknown]
    known = {at for at, *_ in read.wrong}
    for at in np.flatnonzero(spots.given & ~spots.good):
        if at not in known:
            told = ", ".join(str(one) for one in (read.x[at], read.y[at]) if not np.isnan(one))
            found.errors.append(RowError(int(rows[at]), "lon, lat", told, spots.reason(int(at))))
    if zero.any():
        message = f"{zero.sum()} rows have 0, 0 for coordinates, which is no place: they have none"
        found.remarks.append(Remark("zero_coordinates", message))
    _tell(found, spots, where.datum, cells.get("datum"))
    return found


def shapes(
    kind: str, given: pd.Series, where: Whereabouts, words: pd.Series | None = None
) -> Positions:
    """Return geom (and for points the original coordinates) of rows that bring a geometry.

    `words` name the datums of rows that have one of their own.
    """
    values = shapely.force_2d(given.to_numpy(dtype=object))
    rows = given.index.to_numpy(dtype=np.int64)
    wrong = _wrong(kind, values)
    values[[at for at, _ in wrong]] = None
    names, unknown = datums_of_rows(words, where.datum.name, len(values))
    corners, of_corner = shapely.get_coordinates(values, return_index=True)
    spots = place_spots(corners[:, 0], corners[:, 1], names[of_corner], where.near)
    moved = shapely.set_coordinates(values.copy(), np.column_stack([spots.lon, spots.lat]))
    bad = np.flatnonzero(~spots.good)
    wrong += [(int(at), spots.reason(int(bad[i]))) for at, i in _first_of_each(of_corner[bad])]
    found = Positions(pd.DataFrame({"geom": moved}, index=given.index))
    found.errors += [RowError(int(rows[at]), "geometry", None, reason) for at, reason in wrong]
    found.errors += [_unknown_datum(rows[at], text) for at, text in unknown]
    if SHAPES[kind] is _POINT:
        names[of_corner] = spots.datum
        found.columns = found.columns.assign(
            datum=names, original_x=shapely.get_x(values), original_y=shapely.get_y(values)
        )
    _tell(found, spots, where.datum, words)
    return found


def _coordinates(cells: pd.DataFrame) -> Coordinates:
    """Return the numbers of the two columns, and of the one column where those are blank."""
    blank = pd.Series(None, index=cells.index, dtype=object)
    pairs = from_pairs(cells.get("coordinates", blank))
    if not {"lon", "lat"} <= set(cells):
        return pairs
    found = from_columns(cells["lon"], cells["lat"])
    free = np.isnan(found.x) & np.isnan(found.y)
    found.x, found.y = np.where(free, pairs.x, found.x), np.where(free, pairs.y, found.y)
    found.wrong += [error for error in pairs.wrong if free[error[0]]]
    return found


def _unknown_datum(row: Any, text: str) -> RowError:
    return RowError(int(row), "datum", f"{text:.80}", UNKNOWN)


def _first_of_each(of_corner: NDArray[np.int64]) -> list[tuple[int, int]]:
    rows, first = np.unique(of_corner, return_index=True)
    return list(zip(rows.tolist(), first.tolist(), strict=True))


def _tell(found: Positions, spots: Spots, datum: Datum, words: pd.Series | None) -> None:
    """Say what holds for the batch as a whole."""
    found.refusal = spots.refusal()
    silent = words is None or words.isna().any()
    if datum.remark is not None and silent and spots.given.any():
        found.remarks.append(datum.remark)


def from_wkt(texts: pd.Series) -> tuple[pd.Series, list[RowError]]:
    """Return the shapes of well-known text."""
    found: list[shapely.Geometry | None] = []
    errors = []
    for row, value in texts.items():
        found.append(None)
        if not isinstance(value, str):
            continue
        try:
            found[-1] = _shape(value)
        except (ValueError, shapely.errors.ShapelyError) as error:
            reason = str(error).strip()
            errors.append(RowError(int(str(row)), "geometry", f"{value:.80}", reason))
    return pd.Series(found, index=texts.index, dtype=object), errors


def _shape(value: str) -> shapely.Geometry:
    if not _WKT.fullmatch(value):
        raise ValueError("is not the well-known text of points, lines or polygons")
    if value.count(",") > MAX_VERTICES:
        raise ValueError(f"has more than {MAX_VERTICES} vertices")
    # Numbers that no float holds become infinite, and are then not on earth.
    with np.errstate(over="ignore"):
        return shapely.from_wkt(value)


def _wrong(kind: str, values: NDArray[np.object_]) -> list[tuple[int, str]]:
    """Return the rows whose shape cannot be used, and why."""
    missing = shapely.is_missing(values) | shapely.is_empty(values)
    fits = np.isin(shapely.get_type_id(values), SHAPES[kind])
    allowed = " or ".join(one.name.lower() for one in SHAPES[kind])
    wrong = [(int(at), f"is not a {allowed}") for at in np.flatnonzero(~missing & ~fits)]
    if kind in MUST_HAVE:
        wrong += [(int(at), f"has no {allowed}") for at in np.flatnonzero(missing)]
    if kind == "grids":
        broken = np.flatnonzero(fits & ~shapely.is_valid(values))
        wrong += [(int(at), shapely.is_valid_reason(values[at])) for at in broken]
    if kind == "segments":
        with np.errstate(over="ignore"):
            lengths = shapely.length(values)
        short = np.flatnonzero(fits & ~missing & (lengths == 0))
        wrong += [(int(at), "has no length") for at in short]
    return wrong
