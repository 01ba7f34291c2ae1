"""Well-known binary, looked through first: collections in collections break the library."""

import struct
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from data.importers.formats.geojson import MAX_VERTICES
from data.importers.report import RowError

_POINT, _LINE, _POLYGON, _MULTI_POINT, _MULTI_LINE, _MULTI_POLYGON = range(1, 7)
_PART_OF = {_MULTI_POINT: _POINT, _MULTI_LINE: _LINE, _MULTI_POLYGON: _POLYGON}
_KINDS = "Point, LineString, Polygon or several of one of them"
_HAS_Z, _HAS_M, _HAS_SRID = 0x80000000, 0x40000000, 0x20000000
_PLAIN_POINT = b"\x01\x01\x00\x00\x00"
_PLAIN_POINT_BYTES = 21


def n_vertices(wkb: bytes) -> int:
    """Return how many vertices a geometry says it has.

    Raises
    ------
    ValueError
        When it is of another kind than points, lines and polygons, or is cut short.
    """
    if len(wkb) == _PLAIN_POINT_BYTES and wkb.startswith(_PLAIN_POINT):
        return 1
    try:
        end, count = _walk(wkb, 0, (_POINT, _LINE, _POLYGON, *_PART_OF))
    except struct.error:
        raise ValueError("is cut short") from None
    if end > len(wkb):
        raise ValueError("is cut short")
    return count


def read_shapes(
    numbers: Sequence[int], values: Sequence[bytes | None]
) -> tuple[list[shapely.Geometry | None], list[RowError]]:
    """Return the planar shapes of the rows, None for those that are refused, and why they are."""
    reasons = [_fault(value) for value in values]
    kept = [None if reason else value for value, reason in zip(values, reasons, strict=True)]
    shapes = shapely.force_2d(shapely.from_wkb(np.array(kept, dtype=object), on_invalid="ignore"))
    for at in np.flatnonzero([value is not None for value in kept] & shapely.is_missing(shapes)):
        reasons[at] = "is no geometry"
    coordinates, rows = shapely.get_coordinates(shapes, return_index=True)
    for at in np.unique(rows[~np.isfinite(coordinates).all(axis=1)]):
        reasons[at] = "has a position that is not finite"
        shapes[at] = None
    errors = [
        RowError(number, "geometry", None, reason)
        for number, reason in zip(numbers, reasons, strict=True)
        if reason
    ]
    return shapes.tolist(), errors


def to_flat_wkb(shapes: Sequence[shapely.Geometry | None]) -> NDArray[np.object_]:
    """Return planar shapes as well-known binary, None where there is none."""
    values = shapely.to_wkb(np.array(shapes, dtype=object), output_dimension=2)
    return np.asarray(values, dtype=object)


def from_flat_wkb(values: Sequence[bytes | None]) -> list[shapely.Geometry | None]:
    """Return the shapes of well-known binary that is not trusted.

    Raises
    ------
    ValueError
        When one of them is none.
    """
    for value in values:
        if value is not None:
            n_vertices(value)
    try:
        shapes = shapely.from_wkb(np.array(values, dtype=object))
    except shapely.errors.ShapelyError as error:
        raise ValueError(str(error)) from error
    return list(shapes)


def _fault(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        if n_vertices(value) > MAX_VERTICES:
            return f"has more than {MAX_VERTICES} vertices"
    except ValueError as error:
        return str(error)
    return None


def _walk(wkb: bytes, at: int, kinds: Sequence[int]) -> tuple[int, int]:
    """Return where the geometry that begins at `at` ends, and its vertices."""
    order = "<" if wkb[at : at + 1] == b"\x01" else ">"
    (code,) = struct.unpack_from(f"{order}I", wkb, at + 1)
    at += 9 if code & _HAS_SRID else 5
    kind, size = _kind_and_size(code)
    if kind not in kinds:
        raise ValueError(f"is none of {_KINDS}")
    if kind == _POINT:
        return at + size, 1
    (n_parts,) = struct.unpack_from(f"{order}I", wkb, at)
    at += 4
    if kind == _LINE:
        return at + size * n_parts, n_parts
    return _walk_parts(wkb, at, n_parts, (kind, size, order))


def _walk_parts(wkb: bytes, at: int, n_parts: int, layout: tuple[int, int, str]) -> tuple[int, int]:
    """Return where the parts of a polygon or of several geometries end, and their vertices."""
    kind, size, order = layout
    total = 0
    for _ in range(n_parts):
        if kind == _POLYGON:
            (count,) = struct.unpack_from(f"{order}I", wkb, at)
            at += 4 + size * count
        else:
            at, count = _walk(wkb, at, (_PART_OF[kind],))
        total += count
    return at, total


def _kind_and_size(code: int) -> tuple[int, int]:
    """Return the kind of a geometry and the bytes of one of its positions."""
    dimension, kind = divmod(code & 0x1FFFFFFF, 1000)
    n_more = bool(code & _HAS_Z) + bool(code & _HAS_M) + (0, 1, 1, 2, 9)[min(dimension, 4)]
    return kind, 8 * (2 + n_more)
