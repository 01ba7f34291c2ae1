"""Inspections and hazards that never were, drawn from a seed over real premises.

Two smooth fields lie over the city: one makes parts of it neglected, one makes parts of it
dangerous. So maps of coverage and of hotspots have something to find, and not the same thing.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.coverage import INTERVALS
from geo.crs import to_metric

Floats = NDArray[np.float64]

RISK_SHARES = {"low": 0.45, "general": 0.35, "larger": 0.15, "major": 0.05}
LEVEL_SHARES = {"general": 0.86, "larger": 0.11, "major": 0.03}
ORIGIN_SHARES = {"government": 0.75, "expert": 0.15, "enterprise": 0.10}
MANNER_SHARES = {"announced": 0.35, "unannounced": 0.35, "drawn by lot": 0.20, "night": 0.10}
CATEGORIES = {
    "exit blocked": 0.25,
    "wiring": 0.25,
    "extinguisher": 0.20,
    "gas": 0.10,
    "evacuation sign": 0.10,
    "storage": 0.10,
}
BUMPS = 5
BUMP_REACH_M = 180.0
NEGLECT = 0.95
VISITS_PER_INTERVAL = 1.6
QUIET_HAZARDS_PER_VISIT = 0.15
DANGEROUS_HAZARDS_PER_VISIT = 1.6
MEAN_DAYS_TO_FIX = 21
YEAR_DAYS = 365


@dataclass(frozen=True)
class Calendar:
    """The simulated days, first and last included, by the clocks of `timezone`."""

    first: date
    last: date
    timezone: str

    @property
    def n_days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    def moments(self, day: ArrayLike, hour: ArrayLike = 0.0) -> pd.Series:
        """Return local moments, `day` counted from the first; NaT for those past the last."""
        day = np.asarray(day)
        minutes = np.round(np.asarray(hour) * 60).astype("timedelta64[m]")
        local = np.datetime64(self.first, "m") + day.astype("timedelta64[D]") + minutes
        moments = pd.Series(local.astype("datetime64[us]")).dt.tz_localize(self.timezone)
        return moments.where(day < self.n_days)

    def dates(self, day: ArrayLike) -> pd.Series:
        """Return dates, `day` counted from the first."""
        return pd.Series([self.first + timedelta(days=int(one)) for one in np.asarray(day)])


def draw(rng: np.random.Generator, shares: dict[str, float], size: int) -> NDArray[np.str_]:
    """Draw words with the given shares."""
    return rng.choice(np.array(list(shares)), size=size, p=list(shares.values()))


def metres(points: ArrayLike, metric_srid: int) -> Floats:
    """Return x and y of points in metres."""
    return np.asarray(shapely.get_coordinates(to_metric(points, metric_srid)))


def bumps(rng: np.random.Generator, xy: Floats, reach_m: float = BUMP_REACH_M) -> Floats:
    """Return a smooth field at `xy`, 0 to 1: the highest of a few hills on the points."""
    tops = xy[rng.choice(len(xy), BUMPS, replace=False)]
    distance = np.linalg.norm(xy[:, None, :] - tops[None, :, :], axis=2)
    hills: Floats = np.exp(-((distance / reach_m) ** 2)).max(axis=1)
    return hills


def registered(rng: np.random.Generator, units: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Return the units with a risk level and a date of registration, most of them old."""
    days = rng.integers(-10 * YEAR_DAYS, calendar.n_days // 2, len(units))
    return units.assign(risk=draw(rng, RISK_SHARES, len(units)), registered_on=calendar.dates(days))


def inspections(
    rng: np.random.Generator, units: pd.DataFrame, xy: Floats, calendar: Calendar
) -> pd.DataFrame:
    """Draw the visits: as often as the risk asks for, but few where the city is neglected."""
    due = calendar.n_days / units["risk"].map(INTERVALS).to_numpy(dtype=float)
    visits = rng.poisson(VISITS_PER_INTERVAL * due * (1 - NEGLECT * bumps(rng, xy)))
    unit = np.repeat(np.arange(len(units)), visits)
    n_visits = len(unit)
    since = (pd.to_datetime(units["registered_on"]) - pd.Timestamp(calendar.first)).dt.days
    first = np.clip(since.to_numpy()[unit], 0, None)
    day = first + np.floor(rng.random(n_visits) * (calendar.n_days - first)).astype(int)
    manner = draw(rng, MANNER_SHARES, n_visits)
    hour = np.where(manner == "night", rng.uniform(20, 23, n_visits), rng.uniform(9, 17, n_visits))
    drawn = pd.DataFrame(
        {
            "unit_code": units["external_code"].to_numpy()[unit],
            "inspected_at": calendar.moments(day, hour),
            "has_time": True,
            "team": [f"team {number}" for number in rng.integers(1, 13, n_visits)],
            "team_size": rng.integers(2, 5, n_visits),
            "manner": manner,
            "origin": draw(rng, ORIGIN_SHARES, n_visits),
            "countersigned": rng.random(n_visits) < 0.97,
        }
    )
    return _numbered("I", drawn.sort_values(["inspected_at", "unit_code"], ignore_index=True))


def hazards(
    rng: np.random.Generator,
    visits: pd.DataFrame,
    units: pd.DataFrame,
    xy: Floats,
    calendar: Calendar,
) -> pd.DataFrame:
    """Draw what the visits found: more where the city is dangerous, most of it fixed in weeks."""
    unit = pd.Index(units["external_code"]).get_indexer(visits["unit_code"])
    mean = QUIET_HAZARDS_PER_VISIT + DANGEROUS_HAZARDS_PER_VISIT * bumps(rng, xy)[unit]
    found = np.repeat(np.arange(len(visits)), rng.poisson(mean))
    n_found = len(found)
    found_at = visits["inspected_at"].iloc[found].reset_index(drop=True)
    days_open = rng.gamma(2.0, MEAN_DAYS_TO_FIX / 2, n_found)
    closed_at = found_at + pd.Series(pd.to_timedelta(np.ceil(days_open * 24), unit="h"))
    drawn = pd.DataFrame(
        {
            "unit_code": visits["unit_code"].to_numpy()[found],
            "inspection_code": visits["external_code"].to_numpy()[found],
            "level": draw(rng, LEVEL_SHARES, n_found),
            "category": draw(rng, CATEGORIES, n_found),
            "origin": visits["origin"].to_numpy()[found],
            "found_at": found_at,
            "has_time": True,
            "closed_at": closed_at.where(closed_at < calendar.moments([calendar.n_days - 1])[0]),
            "closing_known": True,
            "count": 1 + rng.poisson(0.2, n_found),
            "geom": units["geom"].to_numpy()[unit[found]],
        }
    )
    return _numbered("H", drawn)


def _numbered(prefix: str, rows: pd.DataFrame) -> pd.DataFrame:
    codes: Any = [f"{prefix}{number:05d}" for number in range(1, len(rows) + 1)]
    return rows.assign(external_code=codes)
