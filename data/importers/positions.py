"""Where the rows of a ledger lie: from lon and lat, well-known text or the shapes of the file."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.errors import ImportRejectedError
from data.importers.files.geojson import MAX_VERTICES
from data.importers.report import RowError
from geo.datum import to_wgs84

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

# Tools write these into every GeoJSON file, whatever its coordinates are in.
_UNSAID = {"EPSG:4326", "OGC:CRS84"}
_CRS_OF_DATUM = {"cgcs2000": "EPSG:4490"}
_ELSEWHERE = "is not on earth; are lon and lat swapped, or is it another datum?"
_CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?(EPSG|OGC):(?:[\d.]*:)?(\w+)", re.IGNORECASE)
# Only these words, numbers and brackets: deeper or stranger text never reaches the parser.
_WKT = re.compile(
    r"\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?\s*[(][-+\d.eE,() ]*[)]\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Positions:
    """The columns that say where the rows lie, and what was wrong with some."""

    columns: pd.DataFrame
    errors: list[RowError]


def check_crs(named: str | None, datum: str) -> None:
    """Refuse a file that says its coordinates are in another CRS than `datum`.

    Raises
    ------
    ImportRejectedError
        Naming the option that would fit.
    """
    if named is None:
        return
    parts = _CRS_NAME.fullmatch(named.strip())
    crs = f"{parts[1]}:{parts[2]}".upper() if parts else named
    if crs not in {*_UNSAID, datum.upper(), _CRS_OF_DATUM.get(datum.lower())}:
        raise ImportRejectedError(
            f"the file says its coordinates are in {named}, not in {datum}: name it as the datum"
        )


def points(cells: pd.DataFrame, datum: str) -> Positions:
    """Return geom, datum and the original coordinates of rows with lon and lat.

    A row with neither has no position; one with only one of them is refused.
    """
    x = cells["lon"].to_numpy(dtype=float, na_value=np.nan)
    y = cells["lat"].to_numpy(dtype=float, na_value=np.nan)
    lon, lat = to_wgs84(x, y, datum)
    given = ~(np.isnan(x) & np.isnan(y))
    good = _on_earth(lon, lat)
    geom = np.full(len(cells), None, dtype=object)
    geom[good] = shapely.points(lon[good], lat[good])
    bad = given & ~good
    errors = [
        RowError(int(row), "lon, lat", f"{one_x}, {one_y}", _why(one_x, one_y))
        for row, one_x, one_y in zip(cells.index[bad], x[bad], y[bad], strict=True)
    ]
    facts = {"geom": geom, "datum": datum, "original_x": x, "original_y": y}
    return Positions(pd.DataFrame(facts, index=cells.index), errors)


def _why(x: float, y: float) -> str:
    if np.isnan(x) or np.isnan(y):
        return "one coordinate is missing"
    return _ELSEWHERE


def shapes(kind: str, given: pd.Series, datum: str) -> Positions:
    """Return geom (and for points the original coordinates) of rows that bring a geometry."""
    values = given.to_numpy(dtype=object).copy()
    rows = given.index.to_numpy(dtype=np.int64)
    wrong = _wrong(kind, values)
    values[[at for at, _ in wrong]] = None
    moved = _in_degrees(values, datum)
    wrong += [(int(at), _ELSEWHERE) for at in np.flatnonzero(~_all_on_earth(moved))]
    errors = [RowError(int(rows[at]), "geometry", None, reason) for at, reason in wrong]
    columns: dict[str, Any] = {"geom": moved}
    if SHAPES[kind] is _POINT:
        columns |= {"datum": datum, "original_x": shapely.get_x(values)}
        columns["original_y"] = shapely.get_y(values)
    return Positions(pd.DataFrame(columns, index=given.index), errors)


def swapped(rows: pd.DataFrame, bounds: tuple[float, float, float, float] | None) -> list[RowError]:
    """Return the rows that lie outside the city's bounds, but inside with lon and lat swapped."""
    if bounds is None or "geom" not in rows:
        return []
    west, south, east, north = shapely.bounds(rows["geom"].to_numpy(dtype=object)).T
    x, y = (west + east) / 2, (south + north) / 2
    wrong = ~_inside(x, y, bounds) & _inside(y, x, bounds)
    reason = "lies outside the city, and inside with lon and lat swapped"
    return [RowError(int(row), "lon, lat", None, reason) for row in rows.index[wrong]]


def _inside(
    x: NDArray[np.float64], y: NDArray[np.float64], bounds: tuple[float, float, float, float]
) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


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
        short = np.flatnonzero(fits & ~missing & (shapely.length(values) == 0))
        wrong += [(int(at), "has no length") for at in short]
    return wrong


def _in_degrees(values: NDArray[np.object_], datum: str) -> NDArray[np.object_]:
    def moved(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(places[:, 0], places[:, 1], datum))

    converted: NDArray[np.object_] = shapely.transform(values, moved)
    return converted


def _on_earth(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (lon >= -180) & (lon <= 180) & (lat >= -90) & (lat <= 90)


def _all_on_earth(values: NDArray[np.object_]) -> NDArray[np.bool_]:
    coordinates, row = shapely.get_coordinates(values, return_index=True)
    good = np.ones(len(values), dtype=bool)
    good[row[~_on_earth(*coordinates.T)]] = False
    return good
