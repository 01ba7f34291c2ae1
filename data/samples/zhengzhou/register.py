"""The register of units (模拟名录): invented, for no report says how many places there are."""

import numpy as np
import pandas as pd
import shapely

from data.samples.simulate import YEAR_DAYS, Floats, draw
from data.samples.zhengzhou.districts import Districts
from data.samples.zhengzhou.names import SECTORS, unit_name
from data.samples.zhengzhou.plan import CALENDAR, N_UNITS, SRID, codes
from geo import crs

RISK_SHARES = {"low": 0.45, "general": 0.35, "larger": 0.15, "major": 0.05}
SPREAD_M = {True: 2_500.0, False: 6_000.0}
"""How far units lie from the middle of a central district, and of another."""


def units(rng: np.random.Generator, known: Districts) -> pd.DataFrame:
    """Draw the units around the middle of each district; all were registered before."""
    district = np.sort(rng.choice(len(known.names), N_UNITS, p=known.share))
    sector = draw(rng, {name: share for name, (_, share) in SECTORS.items()}, N_UNITS)
    places = np.column_stack([known.names[district], sector, np.arange(1, N_UNITS + 1)])
    return pd.DataFrame(
        {
            "external_code": codes("U", N_UNITS, 5),
            "name": [unit_name(*place) for place in places],
            "address": known.names[district],
            "sector": sector,
            "risk": draw(rng, RISK_SHARES, N_UNITS),
            "registered_on": CALENDAR.dates(rng.integers(-10 * YEAR_DAYS, 0, N_UNITS)),
            "geom": crs.to_degrees(np.asarray(shapely.points(_places(rng, known, district))), SRID),
            "recorded_at": CALENDAR.moments(np.zeros(N_UNITS)),
        }
    )


def _places(rng: np.random.Generator, known: Districts, district: np.ndarray) -> Floats:
    """Return x and y; what falls outside its district comes nearer to the middle of it."""
    spread = np.where(known.is_central, SPREAD_M[True], SPREAD_M[False])[district]
    away = rng.normal(0, 1, (len(district), 2)) * spread[:, None]
    while (outside := known.of(known.seats_m[district] + away) != district).any():
        away[outside] *= 0.6
    places: Floats = known.seats_m[district] + away
    return places
