"""GeoJSON read by hand, so that no file can crash the geometry library or smuggle in NaN."""

import json
import math
from typing import Any, NoReturn

import shapely

from data.errors import ImportRejectedError
from data.importers.formats.delimited import decoded
from data.importers.formats.table import ANYTHING, Asked, Table
from data.importers.report import RowError

MAX_VERTICES = 100_000
_MOST_DIGITS = 300  # so that any number fits into a float
_MOST_NUMBERS = 4  # height and measure may follow; they are left out
_DEPTHS = {
    "Point": 1,
    "LineString": 2,
    "MultiLineString": 3,
    "Polygon": 3,
    "MultiPolygon": 4,
}


def read_geojson(content: bytes, _ending: str = ".geojson", _asked: Asked = ANYTHING) -> Table:
    """Read a collection of features; their properties are the columns, row 1 is the first one.

    Raises
    ------
    ImportRejectedError
        When the content is not a collection of features.
    """
    features, crs = read_features(decoded(content))
    shapes: list[shapely.Geometry | None] = []
    table = Table(shapes=shapes, crs=crs)
    headings: dict[str, None] = {}
    read: list[dict[str, str | None]] = []
    for number, feature in enumerate(features, start=1):
        texts = _texts(feature)
        headings |= dict.fromkeys(texts)
        try:
            shape = read_geometry(feature.get("geometry"))
        except ValueError as error:
            table.errors.append(RowError(number, "geometry", None, str(error)))
            continue
        table.numbers.append(number)
        shapes.append(shape)
        read.append(texts)
    table.columns = {heading: [row.get(heading) for row in read] for heading in headings}
    return table


def read_features(text: str) -> tuple[list[dict[str, Any]], str | None]:
    """Return the features of a collection, and the CRS it names.

    Raises
    ------
    ImportRejectedError
        When the text is not JSON or not a collection of features.
    """
    try:
        document = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_small
        )
    except (ValueError, RecursionError) as error:
        raise ImportRejectedError(f"not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise ImportRejectedError("not a GeoJSON FeatureCollection")
    features = document.get("features")
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise ImportRejectedError("its features are not a list of objects")
    return features, _crs(document.get("crs"))


def read_geometry(geometry: Any) -> shapely.Geometry | None:
    """Return the shape of one GeoJSON geometry; None for null.

    Raises
    ------
    ValueError
        Saying what is wrong with it.
    """
    if geometry is None:
        return None
    if not isinstance(geometry, dict) or geometry.get("type") not in _DEPTHS:
        raise ValueError(f"is none of {', '.join(_DEPTHS)}")
    kind = geometry["type"]
    coordinates = geometry.get("coordinates")
    if _count(coordinates, _DEPTHS[kind]) > MAX_VERTICES:
        raise ValueError(f"has more than {MAX_VERTICES} vertices")
    try:
        return _build(kind, coordinates)
    except shapely.errors.ShapelyError as error:
        raise ValueError(str(error)) from error


def _texts(feature: dict[str, Any]) -> dict[str, str | None]:
    """Return the properties of a feature as a CSV file would have them, and its id."""
    found = {"id": feature["id"]} if "id" in feature else {}
    properties = feature.get("properties")
    if isinstance(properties, dict):
        found |= properties
    return {name: _text(value) for name, value in found.items()}


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits:.40} is too large")
    return number


def _small(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"{digits:.40} is too large")
    return int(digits)


def _crs(member: Any) -> str | None:
    """Return the name in a `crs` member, as GeoJSON before RFC 7946 had it."""
    if member is None:
        return None
    try:
        return str(member["properties"]["name"])
    except (KeyError, TypeError):
        raise ImportRejectedError("its member crs names no CRS") from None


def _count(coordinates: Any, depth: int) -> int:
    """Return how many positions there are, refusing other depths and anything but numbers."""
    if depth == 1:
        return _count_position(coordinates)
    if not isinstance(coordinates, list):
        raise ValueError("has coordinates of the wrong depth")  # noqa: TRY004 - of the file, not ours
    return sum(_count(part, depth - 1) for part in coordinates)


def _count_position(position: Any) -> int:
    if (
        not isinstance(position, list)
        or not 2 <= len(position) <= _MOST_NUMBERS
        or not all(type(number) in (int, float) and math.isfinite(number) for number in position)
    ):
        raise ValueError("has a position that is not two or more finite numbers")
    return 1


def _build(kind: str, coordinates: Any) -> shapely.Geometry:
    if kind == "Point":
        return shapely.Point(coordinates[:2])
    if kind == "LineString":
        return shapely.LineString(_flat(coordinates))
    if kind == "MultiLineString":
        return shapely.MultiLineString([_flat(line) for line in coordinates])
    if kind == "Polygon":
        return _polygon(coordinates)
    return shapely.MultiPolygon([_polygon(rings) for rings in coordinates])


def _polygon(rings: list[Any]) -> shapely.Polygon:
    if not rings:
        return shapely.Polygon()
    return shapely.Polygon(_flat(rings[0]), [_flat(ring) for ring in rings[1:]])


def _flat(positions: list[list[float]]) -> list[list[float]]:
    return [position[:2] for position in positions]
