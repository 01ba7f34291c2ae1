import gzip
import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.errors import SampleMissingError
from data.models.ledgers import ORIGINS
from data.models.rectifications import CAUSES, STATES
from data.samples import chicago, helsinki, soho1854
from data.samples.city import SampleCity, package_folder, points, square_grid
from geo.crs import to_metric

BROAD_STREET_PUMP = shapely.Point(-0.13675, 51.51334)


def rows_of(city: SampleCity, kind: str, source: str | None = None) -> pd.DataFrame:
    (rows,) = [
        ledger.rows
        for ledger in city.ledgers
        if ledger.kind == kind and source in (None, ledger.source)
    ]
    return rows


@pytest.fixture(scope="module")
def soho() -> SampleCity:
    return soho1854.read()


@pytest.fixture(scope="module")
def center() -> SampleCity:
    return helsinki.read()


def test_soho_counts_every_death_once(soho):
    assert rows_of(soho, "hazards")["count"].sum() == 392


def test_soho_says_how_many_points_count_no_death(soho):
    assert soho.notes == ("191 of 324 points count no death and are no hazard",)


def test_one_of_the_pumps_stands_in_broad_street(soho):
    pumps = to_metric(rows_of(soho, "units")["geom"], soho.metric_srid)
    pump = to_metric(np.array([BROAD_STREET_PUMP]), soho.metric_srid)[0]
    assert shapely.distance(pumps, pump).min() < 5


def test_soho_does_not_claim_a_survey_of_its_lamps(soho):
    assert rows_of(soho, "segments")["lamp_survey"].unique().tolist() == ["not_surveyed"]


def test_helsinki_has_its_586_street_lamps(center):
    assert len(rows_of(center, "lamps")) == 586


def test_helsinki_is_the_same_city_every_time(center):
    for one, other in zip(center.ledgers, helsinki.read().ledgers, strict=True):
        pd.testing.assert_frame_equal(one.rows, other.rows)


def test_helsinki_says_it_is_simulated(center):
    assert center.simulated
    assert center.attribution.startswith("© OpenStreetMap contributors")


@pytest.mark.parametrize("kind", ["inspections", "hazards"])
def test_simulated_rows_belong_to_real_premises(center, kind):
    assert rows_of(center, kind)["unit_code"].isin(rows_of(center, "units")["external_code"]).all()


def test_no_unit_is_visited_before_it_is_registered(center):
    units = rows_of(center, "units").set_index("external_code")["registered_on"]
    visits = rows_of(center, "inspections")
    registered = pd.to_datetime(visits["unit_code"].map(units))
    assert (visits["inspected_at"].dt.tz_localize(None) >= registered).all()


@pytest.mark.parametrize(
    ("kind", "column"),
    [("inspections", "inspected_at"), ("hazards", "found_at"), ("outages", "started_at")],
)
def test_nothing_simulated_happens_outside_the_year(center, kind, column):
    days = rows_of(center, kind)[column].dt.date
    assert days.min() >= date(2025, 1, 1)
    assert days.max() <= center.default_as_of


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("hazards", "found_at", "closed_at"),
        ("outages", "started_at", "ended_at"),
        ("rectifications", "found_at", "closed_at"),
    ],
)
def test_some_simulated_intervals_are_open_and_none_ends_before_it_starts(center, kind, start, end):
    rows = rows_of(center, kind)
    assert rows[end].isna().any()
    assert not (rows[end] < rows[start]).any()


def test_simulated_words_are_words_of_the_store(center):
    assert set(rows_of(center, "inspections")["origin"]) <= set(ORIGINS)
    assert set(rows_of(center, "rectifications")["state"]) <= set(STATES)
    assert set(rows_of(center, "rectifications")["cause"]) <= set(CAUSES)


def test_a_simulated_exemption_has_both_confirmations(center):
    items = rows_of(center, "rectifications")
    exempt = items["state"] == "exempt"
    both = items[["exempt_confirmed_by_city", "exempt_confirmed_by_builder"]].notna().all(axis=1)
    assert exempt.any()
    assert (exempt == both).all()


def test_one_confirmation_alone_exempts_nothing(center):
    items = rows_of(center, "rectifications")
    half = items["exempt_confirmed_by_city"].notna() & items["exempt_confirmed_by_builder"].isna()
    assert half.any()
    assert not items.loc[half, "state"].isin(["exempt", "closed"]).any()


def test_each_street_has_at_most_one_work_item(center):
    assert rows_of(center, "rectifications")["segment_code"].is_unique


def test_neglected_and_dangerous_parts_are_not_the_same(center):
    visits = rows_of(center, "inspections").groupby("unit_code").size()
    found = rows_of(center, "hazards").groupby("unit_code").size()
    rate = (found / visits).fillna(0)
    assert abs(np.corrcoef(visits.reindex(rate.index), rate)[0, 1]) < 0.3


def test_a_missing_coordinate_is_no_point():
    placed = points(pd.Series([1.0, np.nan, 2.0]), pd.Series([1.0, 5.0, np.nan]))
    assert placed.tolist() == [shapely.Point(1, 1), None, None]


def test_squares_are_square_in_metres():
    grid = square_grid(shapely.box(24.93, 60.16, 24.94, 60.17), 100, 32635)
    areas = shapely.area(to_metric(grid.cells["geom"], 32635))
    np.testing.assert_allclose(areas, 10_000, rtol=1e-6)


def test_a_package_that_is_not_installed_is_named():
    with pytest.raises(SampleMissingError, match="no_such_package"):
        package_folder("nowhere", "no_such_package")


def test_chicago_asks_for_its_folder():
    with pytest.raises(SampleMissingError, match="--data"):
        chicago.read(None)


def test_chicago_names_the_files_it_misses(tmp_path):
    (tmp_path / "units.csv.gz").touch()
    with pytest.raises(SampleMissingError, match=r"community_areas\.geojson, hazard_reports"):
        chicago.read(tmp_path)


TABLES = {
    "units": """unit_id,name,facility_type,risk,address,longitude,latitude
007,COSI,Restaurant,Risk 1 (High),230 W MONROE ST,-87.63,41.88
8,NOWHERE,,Risk 3 (Low),,,""",
    "inspections": """inspection_id,unit_id,inspection_date,inspection_type,result
1,007,2014-07-01,Canvass,Fail
2,8,2014-12-30,Canvass,Pass""",
    "violations": """inspection_id,unit_id,code,severity,inspection_date,longitude,latitude
1,007,3,critical,2014-07-01,,
1,007,34,minor,2014-07-01,,
2,8,16,serious,2014-12-30,-87.60,41.80""",
    "reports": """report_id,created,completed,status,nature,address,ward,police_district,\
community_area,longitude,latitude
14-1,2014-01-02,,Open,,1 E 68TH ST,,9,61,-87.63,41.88
14-2,2014-01-02,2015-01-01,Completed,Other,1 E 68TH ST,20,9,61,,""",
    "outages": """request_id,outage_type,created,completed,address,longitude,latitude
12-1,Alley Light Out,2012-04-01,2012-04-04,4900 N MASON AVE,-87.63,41.88""",
}


def _feature(geometry: shapely.Geometry, **properties: object) -> dict[str, object]:
    shape = json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": properties, "geometry": shape}


@pytest.fixture
def small_chicago(tmp_path: Path) -> SampleCity:
    """Chicago in twelve rows."""
    for key, table in TABLES.items():
        (tmp_path / chicago.FILES[key]).write_bytes(gzip.compress(table.encode()))
    line = shapely.MultiLineString([[(-87.63, 41.88), (-87.63, 41.89)]])
    street = {"street": "W MONROE ST", "class": "LANE", "from_street": "A", "to_street": None}
    features = {
        "areas": _feature(shapely.box(-87.65, 41.87, -87.6, 41.9), area_number=32, name="LOOP"),
        "segments": _feature(line, segment_id=5, **street),
    }
    for key, feature in features.items():
        collection = {"type": "FeatureCollection", "features": [feature]}
        (tmp_path / chicago.FILES[key]).write_text(json.dumps(collection), "utf-8")
    return chicago.read(tmp_path)


def test_a_violation_lies_where_its_unit_is(small_chicago):
    positions = rows_of(small_chicago, "hazards", "violations")["geom"].tolist()
    assert positions == [shapely.Point(-87.63, 41.88), shapely.Point(-87.63, 41.88), None]


def test_a_violation_is_called_by_inspection_and_number(small_chicago):
    violations = rows_of(small_chicago, "hazards", "violations")
    assert violations["external_code"].tolist() == ["1/3", "1/34", "2/16"]


def test_only_critical_violations_are_major(small_chicago):
    violations = rows_of(small_chicago, "hazards", "violations")
    assert violations["level"].tolist() == ["major", "general", "general"]
    assert violations["native_level"].tolist() == ["critical", "minor", "serious"]


def test_a_residents_report_is_open_until_it_is_completed(small_chicago):
    reports = rows_of(small_chicago, "hazards", "reports")
    assert reports["closed_at"].isna().tolist() == [True, False]
    assert reports["properties"][0] == {
        "status": "Open",
        "police_district": "9",
        "community_area": "61",
    }


def test_chicago_is_looked_at_on_its_last_day(small_chicago):
    assert small_chicago.default_as_of == date(2015, 1, 1)


def test_a_day_of_chicago_begins_by_chicagos_clock(small_chicago):
    first = rows_of(small_chicago, "inspections")["inspected_at"][0]
    assert first == pd.Timestamp("2014-07-01T05:00Z")


def test_codes_keep_their_zeros_and_risks_their_words(small_chicago):
    units = rows_of(small_chicago, "units")
    assert units["external_code"].tolist() == ["007", "8"]
    assert units[["risk", "native_risk"]].to_numpy().tolist() == [
        ["major", "Risk 1 (High)"],
        ["low", "Risk 3 (Low)"],
    ]
