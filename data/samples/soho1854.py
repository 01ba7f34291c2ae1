"""Soho in 1854: the cholera deaths, pumps and streets of John Snow's map, from libpysal.

The data has no dates and no inspections. Each death counts on 2 September 1854, the height of the
outbreak; the city is looked at on the day the handle of the Broad Street pump came off. Points
where nobody died carry no hazard.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely

from data.samples.city import Ledger, SampleCity, package_folder, square_grid
from geo.crs import metric_srid_for, to_degrees

TIMEZONE = "Europe/London"
FOUND_ON = date(1854, 9, 2)
HANDLE_REMOVED_ON = date(1854, 9, 8)
SQUARE_M = 50
STORED_SRID = 3857
SOURCE = "snow"


def read(_folder: Path | None = None) -> SampleCity:
    """Read the city from the libpysal package."""
    deaths, pumps, streets = (_layer(name) for name in ("SohoPeople", "SohoWater", "Soho_Network"))
    things = np.concatenate([layer["geom"] for layer in (deaths, pumps, streets)])
    region = shapely.box(*shapely.total_bounds(things))
    srid = metric_srid_for(region.centroid.x, region.centroid.y)
    nobody = int((deaths["Count"] < 1).sum())
    return SampleCity(
        code="soho1854",
        name="Soho 1854",
        timezone=TIMEZONE,
        metric_srid=srid,
        default_as_of=HANDLE_REMOVED_ON,
        attribution="John Snow's map of 1854, from libpysal (BSD-3-Clause)",
        grids=(square_grid(region, SQUARE_M, srid),),
        ledgers=(
            Ledger("units", SOURCE, _units(pumps)),
            Ledger("hazards", SOURCE, _hazards(deaths)),
            Ledger("segments", SOURCE, _segments(streets)),
        ),
        notes=(f"{nobody} of {len(deaths)} points count no death and are no hazard",),
    )


def _layer(name: str) -> pd.DataFrame:
    """Read a shapefile with its geometry in degrees."""
    folder = package_folder("soho1854", "libpysal") / "examples" / "snow_maps"
    layer = pyogrio.read_dataframe(folder / f"{name}.shp")
    geometry = to_degrees(layer.geometry.to_numpy(), STORED_SRID)
    return pd.DataFrame(layer.drop(columns="geometry")).assign(geom=geometry)


def _codes(prefix: str, rows: pd.DataFrame) -> list[str]:
    """Return the rows' numbers as codes: the file's own identifiers are all 0."""
    return [f"{prefix}{number:03d}" for number in range(1, len(rows) + 1)]


def _units(pumps: pd.DataFrame) -> pd.DataFrame:
    codes = _codes("pump-", pumps)
    return pd.DataFrame(
        {"external_code": codes, "name": codes, "sector": "water pump", "geom": pumps["geom"]}
    )


def _hazards(deaths: pd.DataFrame) -> pd.DataFrame:
    numbered = deaths.assign(external_code=_codes("house-", deaths))
    found = numbered[numbered["Count"] > 0]
    return pd.DataFrame(
        {
            "external_code": found["external_code"],
            "category": "cholera",
            "found_at": pd.Timestamp(FOUND_ON, tz=TIMEZONE),
            "has_time": False,
            "closing_known": False,
            "count": found["Count"],
            "counting_word": "deaths",
            "geom": found["geom"],
        }
    ).reset_index(drop=True)


def _segments(streets: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": _codes("street-", streets),
            "lamp_survey": "not_surveyed",
            "geom": streets["geom"],
        }
    )
