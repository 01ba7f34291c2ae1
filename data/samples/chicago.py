"""Chicago: real units, inspections, violations, residents' reports and streetlight complaints.

The folder holds the files of `FILES`, as the city published them and with its dirt: rows without
coordinates, repeated codes, alley lights, and lines of parts that do not meet. Violations have no
closing date, no lamp inventory exists, and no unit has a date of registration.
"""

from pathlib import Path

import pandas as pd
import pyogrio
import shapely

from data.grids import GridHead
from data.samples.city import Ledger, SampleCity, SampleGrid, files_of, points, square_grid
from geo.crs import metric_srid_for

TIMEZONE = "America/Chicago"
ATTRIBUTION = "City of Chicago"
SQUARE_M = 500
FILES = {
    "units": "units.csv.gz",
    "inspections": "inspections.csv.gz",
    "violations": "violations.csv.gz",
    "reports": "hazard_reports.csv.gz",
    "outages": "streetlight_outages.csv.gz",
    "areas": "community_areas.geojson",
    "segments": "road_segments.geojson",
}
RISK = {"Risk 1 (High)": "major", "Risk 2 (Medium)": "general", "Risk 3 (Low)": "low"}
MAJOR_SEVERITY = "critical"
REPORT_PROPERTIES = ["status", "ward", "police_district", "community_area"]


def read(folder: Path | None) -> SampleCity:
    """Read the city from the files in `folder`."""
    files = files_of("chicago", folder, FILES)
    areas = pyogrio.read_dataframe(files["areas"])
    region = shapely.union_all(areas.geometry.to_numpy())
    srid = metric_srid_for(region.centroid.x, region.centroid.y)
    units = _units(_table(files["units"]))
    inspections = _inspections(_table(files["inspections"]))
    violations = _violations(_table(files["violations"]), units)
    reports = _reports(_table(files["reports"]))
    outages = _outages(_table(files["outages"]))
    events = (
        *(inspections["inspected_at"], violations["found_at"]),
        *(reports["found_at"], reports["closed_at"], outages["started_at"], outages["ended_at"]),
    )
    return SampleCity(
        code="chicago",
        name="Chicago",
        timezone=TIMEZONE,
        metric_srid=srid,
        default_as_of=max(moments.max() for moments in events).date(),
        attribution=ATTRIBUTION,
        grids=(_community_areas(areas), square_grid(region, SQUARE_M, srid)),
        ledgers=(
            Ledger("units", "units", units),
            Ledger("inspections", "inspections", inspections),
            Ledger("hazards", "violations", violations),
            Ledger("hazards", "reports", reports),
            Ledger("segments", "segments", _segments(pyogrio.read_dataframe(files["segments"]))),
            Ledger("outages", "outages", outages),
        ),
    )


def _table(path: Path) -> pd.DataFrame:
    """Read every column as text, so that no code loses a zero; empty is missing."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    if "longitude" not in table:
        return table
    return table.astype({"longitude": float, "latitude": float})


def _moments(days: pd.Series) -> pd.Series:
    """Return the first moment of each local day; a day has no time of day."""
    return pd.to_datetime(days, format="%Y-%m-%d").dt.tz_localize(TIMEZONE)


def _properties(table: pd.DataFrame, columns: list[str]) -> list[dict[str, str]]:
    """Return for each row the named columns that are not empty."""
    rows = table[columns].to_dict("records")
    return [{str(key): word for key, word in row.items() if pd.notna(word)} for row in rows]


def _position(table: pd.DataFrame) -> dict[str, object]:
    return {
        "geom": points(table["longitude"], table["latitude"]),
        "original_x": table["longitude"],
        "original_y": table["latitude"],
    }


def _community_areas(areas: pd.DataFrame) -> SampleGrid:
    cells = pd.DataFrame(
        {
            "external_code": areas["area_number"].astype(str),
            "name": areas["name"],
            "geom": areas["geometry"].to_numpy(),
        }
    )
    return SampleGrid(GridHead("community_areas", "Community areas", "administrative"), cells)


def _units(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": table["unit_id"],
            "name": table["name"],
            "address": table["address"],
            "sector": table["facility_type"],
            "risk": table["risk"].map(RISK),
            "native_risk": table["risk"],
            **_position(table),
        }
    )


def _inspections(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": table["inspection_id"],
            "unit_code": table["unit_id"],
            "inspected_at": _moments(table["inspection_date"]),
            "has_time": False,
            "manner": table["inspection_type"],
            "origin": "government",
            "result": table["result"],
        }
    )


def _violations(table: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Give each violation the position of its unit; some rows of the file have lost theirs."""
    major = table["severity"] == MAJOR_SEVERITY
    position = units.set_index("external_code")[["geom", "original_x", "original_y"]]
    return pd.DataFrame(
        {
            "external_code": table["inspection_id"] + "/" + table["code"],
            "unit_code": table["unit_id"],
            "inspection_code": table["inspection_id"],
            "level": major.map({True: "major", False: "general"}),
            "native_level": table["severity"],
            "category": table["code"],
            "origin": "government",
            "found_at": _moments(table["inspection_date"]),
            "has_time": False,
            "closing_known": False,
        }
    ).join(position, on="unit_code")


def _reports(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": table["report_id"],
            "category": table["nature"],
            "place": table["address"],
            "origin": "resident",
            "found_at": _moments(table["created"]),
            "has_time": False,
            "closed_at": _moments(table["completed"]),
            "closing_known": True,
            "properties": _properties(table, REPORT_PROPERTIES),
            **_position(table),
        }
    )


def _outages(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": table["request_id"],
            "category": table["outage_type"],
            "place": table["address"],
            "started_at": _moments(table["created"]),
            "ended_at": _moments(table["completed"]),
            **_position(table),
        }
    )


def _segments(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_code": table["segment_id"].astype(str),
            "name": table["street"],
            "road_class": table["class"],
            "from_name": table["from_street"],
            "to_name": table["to_street"],
            "lamp_survey": "not_surveyed",
            "geom": table["geometry"].to_numpy(),
        }
    )
