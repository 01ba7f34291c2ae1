"""Where has nobody looked: inspected share, overdue units, gap and blind spots of each cell."""

from collections.abc import Mapping
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
    index_of,
    require,
    require_days,
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
_GAP_DIGITS = 9
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
        overdue.
    """
    return sum_by_cell(
        unit_coverage(units, visits, as_of, window, intervals, weights, first_day=first_day)
    )


def unit_coverage(  # noqa: PLR0913 - the definition has this many parts
    units: pd.DataFrame,
    visits: pd.DataFrame,
    as_of: date,
    window: int,
    intervals: Mapping[str, int] = INTERVALS,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    first_day: date | None = None,
) -> pd.DataFrame:
    """Return what each active unit that has a cell adds to the figures of the cell.

    It depends on the unit's own row and visits alone, so that the rows of several calls may be put
    together, and those of a unit that changed be replaced. Parameters are those of `cell_coverage`.

    Returns
    -------
    DataFrame
        On the index of the rows of `units` that count: `cell`, `n_units` (1), `n_inspected` (0 or
        1), `n_visits`, `n_never`, `n_overdue` and `gap`.
    """
    require(units, "cell")
    require_positive(window=window)
    state = overdue_units(units, visits, as_of, intervals, first_day=first_day)
    state = state[_has_cell(state)]
    n_visits = _visits_of(state, visits[_within(visits["visited_on"], as_of, window)])
    figures = _figures(state, n_visits, intervals, weights)
    figures.insert(0, "cell", _cell_keys(state["cell"]))
    return figures


def sum_by_cell(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of `cell_coverage` from those of `unit_coverage`, in whatever order.

    The gap has nine decimals: the last ones of a sum of floats depend on its order.
    """
    cells = figures.groupby("cell").sum().astype(dict.fromkeys(_COUNTS, np.int64))
    cells["gap"] = cells["gap"].round(_GAP_DIGITS)
    cells.insert(len(_COUNTS), "coverage", cells["n_inspected"] / cells["n_units"])
    return cells


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
    is_active = _is_active(units, _registered(units, visits, as_of, first_day), as_of)
    active = units[is_active & _has_cell(units)]
    n_visits = _visits_of(active, visits)
    counts = pd.DataFrame({"n_units": 1, "n_inspected": n_visits > 0, "n_visits": n_visits})
    cells = counts.groupby(_cell_keys(active["cell"])).sum().astype(np.int64)
    return cells.assign(coverage=cells["n_inspected"] / cells["n_units"])


def _figures(
    state: pd.DataFrame,
    n_visits: pd.Series,
    intervals: Mapping[str, int],
    weights: Mapping[str, float],
) -> pd.DataFrame:
    """Return what each unit adds to the figures of its cell."""
    delay = (state["days_overdue"] / _by_risk(state["risk"], intervals)).clip(upper=1.0)
    return pd.DataFrame(
        {
            "n_units": 1,
            "n_inspected": n_visits > 0,
            "n_visits": n_visits,
            "n_never": state["never"],
            "n_overdue": ~state["never"] & (state["days_overdue"] > 0),
            "gap": delay * _by_risk(state["risk"], weights),
        }
    )


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
    require(units, "unit", "risk", "registered_on", "closed_on")
    require(visits, "unit", "visited_on")
    if units["unit"].duplicated().any():
        raise WrongValueError(f"unit {units['unit'][units['unit'].duplicated()].iloc[0]} repeats")
    day = pd.Timestamp(as_of)
    visited_on = require_days(visits["visited_on"])
    registered = _registered(units, visits, as_of, first_day)
    past = visits.assign(visited_on=visited_on)[visited_on <= day].groupby("unit")["visited_on"]
    last_visit = past.max().reindex(units["unit"]).set_axis(units.index)
    waited = (day - last_visit.fillna(registered)).dt.days
    state = units.assign(
        last_visit=last_visit,
        never=last_visit.isna(),
        days_overdue=(waited - _by_risk(units["risk"], intervals)).clip(lower=0),
    )
    return state[_is_active(units, registered, as_of)]


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
    active = _is_active(units, _registered(units, visits, as_of, first_day), as_of)
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


def _registered(
    units: pd.DataFrame, visits: pd.DataFrame, as_of: date, first_day: date | None
) -> pd.Series:
    """Return the day each unit exists from: where unknown, the first of the data, or `as_of`."""
    registered, visited_on = (
        require_days(units["registered_on"]),
        require_days(visits["visited_on"]),
    )
    earliest = pd.Timestamp(first_day) if first_day else pd.concat([registered, visited_on]).min()
    return registered.fillna(earliest).fillna(pd.Timestamp(as_of))


def _is_active(units: pd.DataFrame, registered: pd.Series, as_of: date) -> pd.Series:
    day = pd.Timestamp(as_of)
    return (registered <= day) & ~(require_days(units["closed_on"]) <= day)


def _has_cell(units: pd.DataFrame) -> pd.Series:
    return units["cell"].notna() & (units["cell"] != -1)


def _visits_of(units: pd.DataFrame, visits: pd.DataFrame) -> pd.Series:
    """Return the number of visits to each of `units`."""
    counted = visits["unit"].value_counts()
    return counted.reindex(units["unit"], fill_value=0).set_axis(units.index)


def _within(visited_on: pd.Series, as_of: date, window: int) -> pd.Series:
    last = pd.Timestamp(as_of)
    return require_days(visited_on).between(last - pd.Timedelta(days=window - 1), last)


def _by_risk(risk: pd.Series, table: Mapping[str, float]) -> pd.Series:
    unknown = sorted(set(risk.dropna().unique()) - set(table))
    if unknown:
        raise WrongValueError(f"risk {unknown[0]!r} is none of {', '.join(table)}")
    return risk.astype(object).fillna(UNKNOWN_RISK).map(dict(table)).astype(float)


def _cell_keys(cells: pd.Series) -> pd.Series:
    """Return cell keys that are whole numbers also where a missing one made them float."""
    return cells.astype("Int64") if pd.api.types.is_float_dtype(cells) else cells
