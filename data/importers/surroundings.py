"""How the positions of a ledger lie to the city they should be in."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from data.cities import bounds_of, the_city
from data.importers.ledger import Ledger
from data.importers.report import RowError
from data.importers.spots import Bounds

Floats = NDArray[np.float64]


def check_surroundings(session: Session, ledger: Ledger) -> None:
    """Refuse rows that lie outside the city, but inside with lon and lat swapped."""
    if "geom" not in ledger.rows:
        return
    wrong = swapped(ledger.rows, bounds_of(the_city(session)))
    ledger.errors += wrong
    if wrong and len(wrong) == ledger.rows["geom"].notna().sum():
        ledger.refusal = f"lon and lat are swapped in all {len(wrong)} rows"


def swapped(rows: pd.DataFrame, bounds: Bounds | None) -> list[RowError]:
    """Return the rows that lie outside the city's bounds, but inside with lon and lat swapped."""
    if bounds is None:
        return []
    west, south, east, north = shapely.bounds(rows["geom"].to_numpy(dtype=object)).T
    x, y = (west + east) / 2, (south + north) / 2
    wrong = ~_inside(x, y, bounds) & _inside(y, x, bounds)
    reason = "lies outside the city, and inside with lon and lat swapped"
    return [RowError(int(row), "lon, lat", None, reason) for row in rows.index[wrong]]


def _inside(x: Floats, y: Floats, bounds: Bounds) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)
