"""Where has nobody looked: inspected share, overdue units and the gap of each cell."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from geo.errors import WrongValueError
from geo.frames import require, require_days, require_positive

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
    require(units, "cell")
    require_positive(window=window)
    state = overdue_units(units, visits, as_of, intervals, first_day=first_day)
    state = state[state["cell"].notna() & (state["cell"] != -1)]
    recent = visits.loc[_within(visits["visited_on"], as_of, window), "unit"].value_counts()
    n_visits = recent.reindex(state["unit"], fill_value=0).set_axis(state.index)
    by_cell = _figures(state, n_visits, intervals, weights).groupby(_cell_keys(state["cell"]))
    cells = by_cell.sum().astype(dict.fromkeys(_COUNTS, np.int64))
    cells.insert(len(_COUNTS), "coverage", cells["n_inspected"] / cells["n_units"])
    return cells


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
    registered = require_days(units["registered_on"])
    earliest = pd.Timestamp(first_day) if first_day else pd.concat([registered, visited_on]).min()
    registered = registered.fillna(earliest).fillna(day)
    active = (registered <= day) & ~(require_days(units["closed_on"]) <= day)
    past = visits.assign(visited_on=visited_on)[visited_on <= day].groupby("unit")["visited_on"]
    last_visit = past.max().reindex(units["unit"]).set_axis(units.index)
    waited = (day - last_visit.fillna(registered)).dt.days
    state = units.assign(
        last_visit=last_visit,
        never=last_visit.isna(),
        days_overdue=(waited - _by_risk(units["risk"], intervals)).clip(lower=0),
    )
    return state[active]


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
