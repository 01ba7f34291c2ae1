"""Columns that only a ledger brings back that left this store: nothing is lost on the way."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.importers import datums, fields
from data.importers.cells import refusal
from data.importers.field import Field
from data.importers.report import RowError
from geo.datum import to_wgs84

Floats = NDArray[np.float64]


PLACES: Mapping[str, tuple[str, ...]] = {
    "own": ("自身",),
    "unit": ("所属单位",),
    "lamp": ("所属路灯",),
}
"""Whose place a row has."""

_DEEPEST = 30
"""So deep may an object lie in others; what writes JSON breaks on a thousand."""


def json_object(value: str, _zone: ZoneInfo) -> dict[str, Any]:
    """Read what was kept of a row besides its fields."""
    try:
        found = json.loads(value, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - of the file, not ours
    if _is_deeper(found, _DEEPEST):
        raise ValueError(f"is nested more than {_DEEPEST} deep")
    # JSON writes a NUL as an escape, which the store cannot keep either.
    if fields.unfit(json.dumps(found, ensure_ascii=False).replace(r"\u0000", "\0")):
        raise ValueError("holds a damaged character")
    return found


def known_datum(value: str, _zone: ZoneInfo) -> str:
    """Read the name of a datum."""
    named = datums.usable(datums.datum_named(value))
    if named is None:
        raise ValueError(datums.UNKNOWN)
    return named


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not np.isfinite(number):
        raise ValueError(f"{digits:.40} is too large")
    return number


def _is_deeper(part: Any, levels: int) -> bool:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return levels < 0 or any(_is_deeper(each, levels - 1) for each in inner)


_EVERY = (
    Field("source", fields.code, ("数据来源",)),
    Field("properties", json_object, ("其他信息",)),
)
_PLACE = (
    Field("given_x", fields.number(), ("原始坐标X",)),
    Field("given_y", fields.number(), ("原始坐标Y",)),
    Field("given_datum", known_datum, ("原始坐标系",)),
    Field("place_of", fields.word(PLACES), ("位置来自",)),
)
"""Where a row lay before, beside the shape that a file of shapes has of it."""

EXPORTED: Mapping[str, tuple[Field, ...]] = {
    "grids": (),
    "units": (Field("native_risk", fields.text, ("原始风险等级",)), *_PLACE, *_EVERY),
    "hazards": (
        Field("native_level", fields.text, ("原始隐患等级",)),
        Field("closing_known", fields.flag, ("销号情况已知",)),
        *_PLACE,
        *_EVERY,
    ),
    **dict.fromkeys(("boxes", "lamps", "outages"), (*_PLACE, *_EVERY)),
    **dict.fromkeys(("inspections", "segments", "handovers", "rectifications"), _EVERY),
}

_SAME_PLACE_DEG = 1e-7
"""About a centimetre: a shape farther from where the row lay was moved since."""


def settle(rows: pd.DataFrame, source: str) -> list[RowError]:
    """Fill what the store must have in these columns, and take out what only was to be compared.

    Returns the rows that say they belong to another source than the one imported to.
    """
    _restore_places(rows)
    if "properties" in rows:
        given = [one if isinstance(one, dict) else {} for one in rows["properties"]]
        rows["properties"] = pd.Series(given, index=rows.index, dtype=object)
    if "closing_known" in rows:
        known = [one is not False for one in rows["closing_known"]]
        rows["closing_known"] = pd.Series(known, index=rows.index, dtype=bool)
    if "source" not in rows:
        return []
    said = rows.pop("source")
    others = said[said.notna() & (said != source)]
    reason = f"is not the source imported to, {source}: export and import one source at a time"
    return [refusal(row, "source", str(one), reason) for row, one in others.items()]


def _restore_places(rows: pd.DataFrame) -> None:
    """Give rows that were not moved their coordinates as they were given, in their datum.

    Rows that have the place of something else have none of their own.
    """
    given = {name: rows.pop(name) for name in [f.name for f in _PLACE] if name in rows}
    if len(given) < len(_PLACE) or "original_x" not in rows:
        return
    x, y = (given[name].to_numpy(dtype=float) for name in ("given_x", "given_y"))
    datums = given["given_datum"].fillna("wgs84").to_numpy(dtype=object)
    lon, lat = _in_degrees(x, y, datums)
    geom = rows["geom"].to_numpy(dtype=object).copy()
    far = np.maximum(abs(shapely.get_x(geom) - lon), abs(shapely.get_y(geom) - lat))
    stayed = far < _SAME_PLACE_DEG
    elsewhere = given["place_of"].isin(["unit", "lamp"]).to_numpy()
    kept_x, kept_y = (
        np.where(stayed, x, rows["original_x"]),
        np.where(stayed, y, rows["original_y"]),
    )
    geom[elsewhere] = None
    rows["geom"] = _objects(geom, rows)
    rows["original_x"] = np.where(elsewhere, np.nan, kept_x)
    rows["original_y"] = np.where(elsewhere, np.nan, kept_y)
    settled = stayed | shapely.is_missing(geom)
    rows["datum"] = _objects(np.where(settled, datums, rows["datum"].to_numpy(object)), rows)


def _objects(values: NDArray[Any], rows: pd.DataFrame) -> pd.Series:
    return pd.Series(list(values), index=rows.index, dtype=object)


def _in_degrees(x: Floats, y: Floats, datums: NDArray[np.object_]) -> tuple[Floats, Floats]:
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for datum in set(datums):
        here = datums == datum
        lon[here], lat[here] = to_wgs84(x[here], y[here], str(datum))
    return lon, lat
