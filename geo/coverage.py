"""Where has nobody looked: inspected share, overdue units, gap and blind spots of each cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon

from geo.errors import WrongValueError
from geo.frames import (
    POLYGONS,
    Columns,
    Days,
    index_of,
    local_days,
    require,
    require_geometries,
    require_numbers,
    require_positive,
)

INTERVALS: Mapping[str, int] = MappingProxyType(
    {"major": 30, "larger": 90, "general": 180, "low": 365}
)
"""Days within which a unit of each risk level must be visited again (our default)."""

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"major": 8.0, "larger": 4.0, "general": 2.0, "low": 1.0}
)
"""What a fully overdue unit of each risk level adds to its cell's gap (our default)."""

UNKNOWN_RISK = "low"
"""The risk level whose interval and weight a unit of unknown risk gets."""

BLIND_M = 500.0
"""What lies farther than this from any visit is a blind spot (our default)."""

_QUARTER_SIDES = 32
_COUNTS = ["n_units", "n_inspected", "n_visits", "n_never", "n_overdue"]


def cell_coverage(  # noqa: PLR0913 - the definition has this many parts
    units: pd.DataFrame,
    visits: pd.DataFrame,
    as_of: date,
    window: int,
    intervals: Mapping[str, int] = INTERVALS,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    first_day: date | None = None,
) -> pd.DataFrame:
    """Return how well each cell is inspected at the end of the day `as_of`.

    Parameters
    ----------
    units
        One row a unit: `unit`, `cell` (NaN or -1: left out), `risk`, `registered_on` (NaT: since
        `first_day`), `closed_on` (NaT: open). Days are local and without a time zone.
    visits
        One row a visit: `unit`, `visited_on`. Visits after `as_of`, or to other units, are ignored.
    as_of
        The local day looked at; what happened on it counts, and a unit closed on it is closed.
    window
        Number of local days, the last of them `as_of`, whose visits count as inspection.
    intervals, weights
        Days and weight by risk level; a risk that is unknown counts as 'low'.
    first_day
        The first day of the whole data; by default the earliest day in the two frames.

    Returns
    -------
    DataFrame
        By cell in ascending order, only cells with an active unit: `n_units` active, `n_inspected`
        of them visited in the window, `n_visits` in the window, `n_never` of them not visited up
        to `as_of`, `n_overdue` visited before but too long ago, `coverage` = n_inspected / n_units,
        and `gap`, the sum of weight * min(1, days overdue / interval) over units never visited or
        overdue, each to nine decimals.
    """
    added = unit_coverage(units, visits, as_of, window, intervals, weights, first_day=first_day)
    by_unit = pd.DataFrame(added, units.index)
    sums = by_unit.groupby(_cell_keys(units["cell"])).sum()
    return figures_of_cells(sums.index, sums)


def unit_coverage(  # noqa: PLR0913 - the definition has this many parts
    units: Columns,
    visits: Columns,
    as_of: date,
    window: int,
    intervals: Mapping[str, int] = INTERVALS,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    first_day: date | None = None,
) -> dict[str, NDArray[np.int64]]:
    """Return what each active unit that has a cell adds to the figures of the cell.

    It depends on the unit's own row and visits alone, so that the rows of several calls may be put
    together, and those of a unit that changed be replaced. Parameters are those of `cell_coverage`.

    Returns
    -------
    dict
        By name, in the order of `units` and in whole numbers, all 0 where the unit does not count:
        `n_units` (1), `n_inspected` (0 or 1), `n_visits`, `n_never`, `n_overdue` and `gap_e11`, the
        gap in units of 1e-11, whose sum does not depend on its order.
    """
    require(units, "cell")
    require_positive(window=window)
    waits = _waits(units, visits, as_of, intervals, first_day)
    n_visits = waits.count(_within(waits.visited_on, as_of, window))
    delay = np.minimum(waits.days_overdue / _by_risk(units["risk"], intervals), 1.0)
    figures = {
        "n_units": np.ones(len(n_visits)),
        "n_inspected": n_visits > 0,
        "n_visits": n_visits,
        "n_never": waits.never,
        "n_overdue": ~waits.never & (waits.days_overdue > 0),
        "gap_e11": np.rint(delay * _by_risk(units["risk"], weights) * 1e11),
    }
    counts = waits.active & _has_cell(units)
    return {name: (counts * figure).astype(np.int64) for name, figure in figures.items()}


def figures_of_cells(cells: pd.Index, sums: Columns) -> pd.DataFrame:
    """Return the figures of `cell_coverage` from the sums by cell of those of `unit_coverage`."""
    counted = np.asarray(sums["n_units"]) > 0
    figures = {name: np.asarray(sums[name])[counted] for name in [*_COUNTS, "gap_e11"]}
    gap = figures.pop("gap_e11") / 1e11
    coverage = figures["n_inspected"] / figures["n_units"]
    found = figures | {"coverage": coverage, "gap": gap}
    # An index that stays the same is looked up without being made anew.
    return pd.DataFrame(found, cells if counted.all() else cells[counted], copy=False)


def visit_coverage(
    units: pd.DataFrame, visits: pd.DataFrame, as_of: date, *, first_day: date | None = None
) -> pd.DataFrame:
    """Return how much of each cell was inspected by certain visits, such as those of some nights.

    Parameters
    ----------
    units, as_of, first_day
        As for `cell_coverage`; the units active at the end of `as_of` count.
    visits
        The visits chosen, on whatever day, for instance with `geo.windows`: `unit`, `visited_on`.

    Returns
    -------
    DataFrame
        By cell in ascending order, only cells with an active unit: `n_units`, `n_inspected`,
        `n_visits` and `coverage` = n_inspected / n_units.
    """
    require(units, "unit", "cell", "registered_on", "closed_on")
    require(visits, "unit", "visited_on")
    active = units[
        _is_active(
            units, _registered(units, local_days(visits["visited_on"]), as_of, first_day), as_of
        )
    ]
    active = active[_has_cell(active)]
    n_visits = _count(_rows_of(active, visits), len(active))
    counts = pd.DataFrame({"n_units": 1, "n_inspected": n_visits > 0, "n_visits": n_visits})
    cells = counts.groupby(_cell_keys(active["cell"]).to_numpy()).sum().astype(np.int64)
    return cells.rename_axis("cell").assign(coverage=cells["n_inspected"] / cells["n_units"])


def overdue_units(
    units: pd.DataFrame,
    visits: pd.DataFrame,
    as_of: date,
    intervals: Mapping[str, int] = INTERVALS,
    *,
    first_day: date | None = None,
) -> pd.DataFrame:
    """Return the units active at the end of `as_of`, with how long each has waited for a visit.

    A unit is overdue when more days than its interval have passed since its last visit or, if it
    was never visited, since its registration. Parameters are those of `cell_coverage`.

    Returns
    -------
    DataFrame
        The active rows of `units`, with `last_visit` (NaT: never), `never`, and `days_overdue`,
        0 when not overdue.
    """
    waits = _waits(units, visits, as_of, intervals, first_day)
    state = units.assign(
        last_visit=waits.last_visit.astype("datetime64[s]"),
        never=waits.never,
        days_overdue=waits.days_overdue,
    )
    return state[waits.active]


@dataclass(frozen=True, eq=False)
class _Waits:
    """How long each unit has waited; of each visit the row of its unit, or -1, and the day."""

    rows: NDArray[np.intp]
    visited_on: Days
    active: NDArray[np.bool_]
    last_visit: Days
    days_overdue: NDArray[np.float64]

    @property
    def never(self) -> NDArray[np.bool_]:
        return np.isnat(self.last_visit)

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the number of the chosen visits to each unit."""
        return _count(self.rows[chosen], len(self.active))


def _waits(
    units: Columns,
    visits: Columns,
    as_of: date,
    intervals: Mapping[str, int],
    first_day: date | None,
) -> _Waits:
    require(units, "unit", "risk", "registered_on", "closed_on")
    require(visits, "unit", "visited_on")
    rows, visited_on = _rows_of(units, visits), local_days(visits["visited_on"])
    registered = _registered(units, visited_on, as_of, first_day)
    last_visit = _last_visits(rows, visited_on, as_of, len(registered))
    waited = np.datetime64(as_of, "D") - np.where(np.isnat(last_visit), registered, last_visit)
    overdue = waited.astype(np.int64) - _by_risk(units["risk"], intervals)
    active = _is_active(units, registered, as_of)
    return _Waits(rows, visited_on, active, last_visit, np.maximum(overdue, 0.0))


def _rows_of(units: Columns, visits: Columns) -> NDArray[np.intp]:
    """Return the row of the visited unit, -1 where it is none of `units`."""
    known = pd.Index(units["unit"])
    if not known.is_unique:
        raise WrongValueError(f"unit {known[known.duplicated()][0]} repeats")
    rows: NDArray[np.intp] = known.get_indexer(pd.Index(visits["unit"]))
    return rows


def _last_visits(rows: NDArray[np.intp], days: Days, as_of: date, n_units: int) -> Days:
    last = np.full(n_units, np.datetime64("NaT"), dtype="datetime64[D]")
    past = (rows >= 0) & (days <= np.datetime64(as_of, "D"))
    # As a whole number NaT is the smallest.
    np.maximum.at(last.view(np.int64), rows[past], days[past].view(np.int64))
    return last


def _count(rows: NDArray[np.intp], n_units: int) -> NDArray[np.int64]:
    return np.bincount(rows[rows >= 0], minlength=n_units)


def units_without_officer(
    units: pd.DataFrame,
    officers: pd.Series,
    visits: pd.DataFrame,
    as_of: date,
    *,
    first_day: date | None = None,
) -> pd.DataFrame:
    """Return the active rows of `units` for whose cell nobody is responsible.

    Parameters
    ----------
    units, visits, as_of, first_day
        As for `cell_coverage`; here a unit without a cell (NaN or -1) has no officer.
    officers
        Name of the grid officer by cell; missing or blank where there is none.
    """
    require(units, "unit", "cell", "registered_on", "closed_on")
    named = officers[officers.notna() & (officers.astype(str).str.strip() != "")]
    active = _is_active(
        units, _registered(units, local_days(visits["visited_on"]), as_of, first_day), as_of
    )
    return units[active & ~(_has_cell(units) & units["cell"].isin(named.index))]


def blind_spots(
    cells: ArrayLike | pd.Series,
    x_m: ArrayLike,
    y_m: ArrayLike,
    distance_m: float = BLIND_M,
) -> pd.DataFrame:
    """Return what of each cell lies farther than `distance_m` from every point that was visited.

    Parameters
    ----------
    cells
        Valid polygons in planar metres; empty and missing ones have no blind spot.
    x_m, y_m
        Places visited in the window, in the same metres; NaN where it is not known where.
    distance_m
        Above 0. The circle round a visit is drawn with 128 sides inside it, so its area is up to
        0.04 % too small, unless it holds the whole cell.

    Returns
    -------
    DataFrame
        On the index of `cells` (a Series), else 0 to n - 1: `blind_m2`; `blind_share` of the cell's
        area, NaN where it has none; `geometry`, a polygon or multipolygon, empty when all is seen.
    """
    polygons = require_geometries(cells, *POLYGONS)
    require_positive(distance_m=distance_m)
    places = np.column_stack([require_numbers(x_m), require_numbers(y_m)])
    places = np.unique(places[~np.isnan(places).any(axis=1)], axis=0)
    blind = _unseen(polygons, np.array(shapely.points(places), ndmin=1), distance_m)
    area, whole_area = shapely.area(blind), shapely.area(polygons)
    share = np.divide(area, whole_area, out=np.full(len(area), np.nan), where=whole_area > 0)
    return pd.DataFrame(
        {"blind_m2": area, "blind_share": share, "geometry": blind}, index=index_of(cells)
    )


def _unseen(
    polygons: NDArray[np.object_], points: NDArray[np.object_], distance_m: float
) -> NDArray[np.object_]:
    """Return what is left of each polygon without the circles round the points."""
    left = polygons.copy()
    left[shapely.is_missing(polygons)] = Polygon()
    cell, point = shapely.STRtree(points).query(polygons, "dwithin", distance=distance_m)
    farthest_m = shapely.hausdorff_distance(polygons[cell], points[point])
    seen = np.unique(cell[farthest_m <= distance_m])
    left[seen] = Polygon()
    partly = np.flatnonzero(~np.isin(cell, seen))
    partly = partly[np.argsort(cell[partly], kind="stable")]
    numbers, start = np.unique(cell[partly], return_index=True)
    for number, near in zip(numbers, np.split(points[point[partly]], start)[1:], strict=True):
        circles = shapely.buffer(near, distance_m, quad_segs=_QUARTER_SIDES)
        left[number] = shapely.difference(polygons[number], shapely.union_all(circles))
    return left


def _registered(units: Columns, visited_on: Days, as_of: date, first_day: date | None) -> Days:
    """Return the day each unit exists from: where unknown, the first of the data, or `as_of`."""
    registered = local_days(units["registered_on"])
    if first_day is None:
        known = np.concatenate([registered, visited_on])
        known = known[~np.isnat(known)]
        first_day = known.min() if known.size else as_of
    return np.where(np.isnat(registered), np.datetime64(first_day, "D"), registered)


def _is_active(units: Columns, registered: Days, as_of: date) -> NDArray[np.bool_]:
    day = np.datetime64(as_of, "D")
    return (registered <= day) & ~(local_days(units["closed_on"]) <= day)


def _has_cell(units: Columns) -> NDArray[np.bool_]:
    cells = units["cell"]
    return np.asarray(pd.notna(cells) & (cells != -1), dtype=bool)


def _within(days: Days, as_of: date, window: int) -> NDArray[np.bool_]:
    age = (np.datetime64(as_of, "D") - days).astype(np.int64)
    return (age >= 0) & (age < window)


def _by_risk(
    risk: pd.Series | NDArray[np.object_], table: Mapping[str, float]
) -> NDArray[np.float64]:
    codes, levels = pd.factorize(risk)
    unknown = sorted(set(levels) - set(table))
    if unknown:
        raise WrongValueError(f"risk {unknown[0]!r} is none of {', '.join(table)}")
    # The code of a missing risk is -1, the last one.
    return np.array([table[level] for level in [*levels, UNKNOWN_RISK]], dtype=float)[codes]


def _cell_keys(cells: pd.Series) -> pd.Series:
    """Return cell keys that are whole numbers also where a missing one made them float."""
    return cells.astype("Int64") if pd.api.types.is_float_dtype(cells) else cells
