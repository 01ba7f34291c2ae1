"""The door: columns, sizes and geometry types are checked here, and trusted behind it."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import GeometryType

from geo.errors import MissingColumnError, WrongGeometryError, WrongValueError

Days = NDArray[np.datetime64]

POINTS = (GeometryType.POINT,)
LINES = (GeometryType.LINESTRING,)
POLYGONS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)


Columns = pd.DataFrame | Mapping[str, Any]
"""A frame, or arrays of one length by name: a few rows are computed much faster in those."""


def require(frame: Columns, *columns: Hashable) -> None:
    """Raise MissingColumnError naming every one of `columns` that `frame` lacks."""
    missing = [str(column) for column in columns if column not in frame]
    if missing:
        present = ", ".join(map(str, frame)) or "none"
        raise MissingColumnError(f"missing: {', '.join(missing)}; present: {present}")


def require_positive(**numbers: float) -> None:
    """Raise WrongValueError naming the first of `numbers` that is not above zero."""
    for name, number in numbers.items():
        if not number > 0:
            raise WrongValueError(f"{name}: {number}; it must be above 0")


def require_geometries(geometries: ArrayLike, *types: GeometryType) -> NDArray[np.object_]:
    """Return `geometries` as an array, all of `types`; None and empty geometries may be among them.

    Raises
    ------
    WrongGeometryError
        Naming the position and the type of the first geometry that is something else.
    """
    array = np.asarray(geometries, dtype=object)
    present = ~(shapely.is_missing(array) | shapely.is_empty(array))
    wrong = np.flatnonzero(present & ~np.isin(shapely.get_type_id(array), types))
    if wrong.size:
        first = int(wrong[0])
        expected = " or ".join(kind.name.lower() for kind in types)
        raise WrongGeometryError(
            f"geometry {first} is a {array[first].geom_type}, not a {expected}"
        )
    return array


def require_numbers(values: ArrayLike | pd.Series) -> NDArray[np.float64]:
    """Return `values` as one number a cell, NaN where unknown; infinity raises WrongValueError."""
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or np.isinf(numbers).any():
        raise WrongValueError("values: give one finite number, or NaN, for each cell")
    return numbers


def require_days(moments: pd.Series) -> pd.Series:
    """Return local days at midnight; moments with a time zone, whose day is not known, are refused.

    Raises
    ------
    WrongValueError
        Naming the column.
    """
    days = local_days(moments).astype("datetime64[s]")
    return pd.Series(days, index=moments.index, name=moments.name)


def local_days(moments: pd.Series | NDArray[Any]) -> Days:
    """Return the same days as `require_days`, as an array, which a few rows are much faster in."""
    if isinstance(moments, pd.Series) and isinstance(moments.dtype, pd.DatetimeTZDtype):
        raise WrongValueError(f"{moments.name}: give local days, not moments with a time zone")
    if moments.dtype.kind != "M":
        moments = moments.astype("datetime64[s]")
    return np.asarray(moments).astype("datetime64[D]")


def index_of(values: Any) -> pd.Index:
    """Return the index results on `values` must carry: a Series' own, else 0 to n - 1."""
    return values.index if isinstance(values, pd.Series) else pd.RangeIndex(len(values))
