"""Columns that only a ledger brings back that left this store: nothing is lost on the way."""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data.importers import fields
from data.importers.cells import refusal
from data.importers.field import Field
from data.importers.report import RowError


def json_object(value: str, _zone: ZoneInfo) -> dict[str, Any]:
    """Read what was kept of a row besides its fields."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - of the file, not ours
    # JSON writes a NUL as an escape, which the store cannot keep either.
    if fields.unfit(json.dumps(found, ensure_ascii=False).replace(r"\u0000", "\0")):
        raise ValueError("holds a damaged character")
    return found


_EVERY = (
    Field("source", fields.code, ("数据来源",)),
    Field("properties", json_object, ("其他信息",)),
)
EXPORTED: Mapping[str, tuple[Field, ...]] = {
    "grids": (),
    "units": (Field("native_risk", fields.text, ("原始风险等级",)), *_EVERY),
    "hazards": (
        Field("native_level", fields.text, ("原始隐患等级",)),
        Field("closing_known", fields.flag, ("销号情况已知",)),
        *_EVERY,
    ),
} | dict.fromkeys(
    ("inspections", "segments", "boxes", "lamps", "outages", "rectifications"), _EVERY
)


def settle(rows: pd.DataFrame, source: str) -> list[RowError]:
    """Fill what the store must have in these columns, and take out what only was to be compared.

    Returns the rows that say they belong to another source than the one imported to.
    """
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
