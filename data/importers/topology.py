"""Whether the cells of a grid overlap or leave holes between them, and who keeps an overlap."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from data.cities import metric_srid
from data.errors import ImportRejectedError
from data.importers.ledger import Ledger
from data.importers.report import Remark, RowError
from geo.crs import to_metric
from geo.errors import WrongGeometryError
from geo.grid import topology_report

_MOST_TOLD = 10
_LEAST_M2 = 0.5
"""Slivers that are told as 0 m² come from rounding."""

Shapes = NDArray[np.object_]
Rank = tuple[float, float]
"""The place of a cell in the order that was asked for, then its own precedence."""


def check_cells(session: Session, ledger: Ledger, precedence: Sequence[str] = ()) -> None:
    """Refuse cells that overlap by more than a sliver; remark slivers and holes.

    Where one of two cells goes before the other, by `precedence` or by the column of that name,
    it keeps what both claim, which is remarked.
    """
    cells = ledger.rows.drop_duplicates("external_code")
    if cells.empty:
        return
    codes = cells["external_code"].tolist()
    shapes = cells["geom"].to_numpy(dtype=object)
    found = _report(session, shapes, codes)
    ranks = _ranks(cells, precedence)
    settled = [pair for pair in _overlaps(found) if ranks[pair[0][0]] != ranks[pair[0][1]]]
    if settled:
        shapes = _without_losses(ledger, shapes, codes, _winners(settled, ranks))
        found = _report(session, shapes, codes)
        _remark_losses(ledger, settled, ranks)
    _refuse_overlaps(ledger, found)
    _remark_faults(ledger, found)


def _report(session: Session, shapes: Shapes, codes: Sequence[str]) -> pd.DataFrame:
    try:
        return topology_report(to_metric(shapes, metric_srid(session, shapes)), codes)
    except WrongGeometryError as error:
        raise ImportRejectedError(f"{error}, in the city's metres") from error


def _overlaps(found: pd.DataFrame) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield the codes of each two cells that overlap by more than a sliver, and the area."""
    wide = found[found["kind"] == "overlap"]
    yield from zip(wide["codes"], wide["area_m2"], strict=True)


def _ranks(cells: pd.DataFrame, precedence: Sequence[str]) -> dict[str, Rank]:
    asked = {code: place for place, code in reversed([*enumerate(precedence)])}
    own = cells.get("precedence", pd.Series(None, index=cells.index, dtype=object))
    return {
        code: (asked.get(code, math.inf), math.inf if pd.isna(rank) else float(rank))
        for code, rank in zip(cells["external_code"], own, strict=True)
    }


def _winners(
    settled: Sequence[tuple[tuple[str, str], float]], ranks: Mapping[str, Rank]
) -> dict[str, list[str]]:
    """Return for each cell that loses something those that keep it."""
    winners: dict[str, list[str]] = defaultdict(list)
    for pair, _ in settled:
        keeps, loses = sorted(pair, key=ranks.__getitem__)
        winners[loses].append(keeps)
    return winners


def _without_losses(
    ledger: Ledger, shapes: Shapes, codes: Sequence[str], winners: Mapping[str, list[str]]
) -> Shapes:
    """Take from each cell what others keep, also in the ledger; refuse one that is left empty.

    In degrees, where things are placed: there both cells have the same edge to the last bit.
    """
    shape_of = dict(zip(codes, shapes, strict=True))
    row_of = _rows_by_code(ledger)
    cut = dict(shape_of)
    for code, others in winners.items():
        kept = shapely.union_all([shape_of[other] for other in others])
        cut[code] = _polygons(shapely.difference(shape_of[code], kept))
        if cut[code].is_empty:
            reason = f"lies wholly in cells that go before it: {', '.join(others)}"
            ledger.errors.append(RowError(row_of[code], "geometry", code, reason))
    every = [cut[code] for code in ledger.rows["external_code"]]
    ledger.rows["geom"] = pd.Series(every, index=ledger.rows.index, dtype=object)
    return np.array([cut[code] for code in codes], dtype=object)


def _rows_by_code(ledger: Ledger) -> dict[str, int]:
    """Return the number of the first row of each cell."""
    codes = ledger.rows["external_code"][::-1]
    return dict(zip(codes, codes.index, strict=True))


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Return what has area of a shape."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon([part for part in parts if part.area > 0])


def _remark_losses(
    ledger: Ledger,
    settled: Sequence[tuple[tuple[str, str], float]],
    ranks: Mapping[str, Rank],
) -> None:
    told = []
    for pair, area_m2 in settled[:_MOST_TOLD]:
        keeps, loses = sorted(pair, key=ranks.__getitem__)
        told.append(f"{keeps} keeps {area_m2:.0f} m² that {loses} claims")
    more = f", and {len(settled) - _MOST_TOLD} more" if len(settled) > _MOST_TOLD else ""
    message = f"overlaps settled by precedence: {', '.join(told)}{more}"
    ledger.remarks.append(Remark("overlaps_settled", message))


def _refuse_overlaps(ledger: Ledger, found: pd.DataFrame) -> None:
    row_of = _rows_by_code(ledger)
    for touching, area_m2 in _overlaps(found):
        reason = f"cells {' and '.join(touching)} overlap by {area_m2:.0f} m²"
        ledger.errors += [RowError(row_of[code], "geometry", code, reason) for code in touching]


def _remark_faults(ledger: Ledger, found: pd.DataFrame) -> None:
    for kind, meaning in (("sliver", "slivers"), ("gap", "holes")):
        areas = found.loc[(found["kind"] == kind) & (found["area_m2"] >= _LEAST_M2), "area_m2"]
        if len(areas):
            message = f"{len(areas)} {meaning} between the cells, the largest {areas.max():.0f} m²"
            ledger.remarks.append(Remark(meaning, message))
