"""Chicago as the city published it, in the store and computed a second time without it."""

from datetime import date

import esda
import libpysal
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.answers import (
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    coverage,
    hotspots,
    outages,
)
from data.cities import the_city
from data.models import Cell, Grid, Hazard, Inspection, Outage, Placement, Segment
from data.placing import placement_counts
from data.scope import WHOLE_CITY
from geo.crs import to_metric

pytestmark = [pytest.mark.db, pytest.mark.real_data]

TOTALS = {"units": 12_367, "hazards": 187_194, "lamps": 0, "segments": 1_061}
LAST_INSPECTION_DAY = date(2014, 12, 30)
WINTER_DAY = date(2013, 1, 15)
INTERVAL_DAYS = {"Risk 1 (High)": 30, "Risk 2 (Medium)": 180, "Risk 3 (Low)": 365}
WEIGHT = {"Risk 1 (High)": 8, "Risk 2 (Medium)": 2, "Risk 3 (Low)": 1}
METRIC_SRID = 32616


@pytest.fixture
def folder(real_data):
    return real_data / "chicago"


@pytest.fixture
def chicago(sample_store, folder):
    with Session(sample_store("chicago", folder)) as session:
        yield session


@pytest.fixture
def areas(folder):
    """The community areas in byte order of their codes, as the rule of placement wants them."""
    areas = pyogrio.read_dataframe(folder / "community_areas.geojson")
    return areas.assign(code=areas["area_number"].astype(str)).sort_values("code")


def test_every_row_is_placed_or_outside_or_without_position(chicago):
    for places in placement_counts(chicago).values():
        assert {kind: sum(places[kind].values()) for kind in TOTALS} == TOTALS


def test_the_community_areas_hold_12_163_units(chicago):
    counts = placement_counts(chicago)["community_areas"]
    assert counts["cells"] == 77
    assert counts["units"] == {"placed": 12_163, "outside": 166, "without_position": 38}


def test_the_city_is_looked_at_on_the_last_day_of_its_data(chicago):
    assert the_city(chicago).default_as_of == date(2015, 1, 1)


def test_the_area_we_find_is_the_one_the_city_wrote_for_98_in_100_reports(chicago):
    label = Hazard.properties["community_area"].astext
    agrees, total = chicago.execute(
        select(func.count().filter(Cell.code == label), func.count())
        .select_from(Hazard)
        .join(Placement, Placement.hazard_id == Hazard.id)
        .join(Grid, Placement.grid_id == Grid.id)
        .outerjoin(Cell, Placement.cell_id == Cell.id)
        .where(Hazard.source == "reports", Grid.code == "community_areas")
    ).one()
    assert total == 74_002
    assert agrees / total >= 0.98


def test_violations_lose_no_position_their_unit_has(chicago):
    lost = select(func.count()).where(Hazard.source == "violations", Hazard.geom.is_(None))
    assert chicago.scalar(lost) == 368


def test_critical_violations_are_major_and_reports_have_no_level(chicago):
    graded = select(Hazard.source, Hazard.level, func.count()).group_by(Hazard.source, Hazard.level)
    assert {row[:2]: row[2] for row in chicago.execute(graded)} == {
        ("violations", "major"): 5_467,
        ("violations", "general"): 107_701,
        ("reports", None): 74_026,
    }


def test_violations_are_never_called_open(chicago):
    known = select(func.count()).where(Hazard.source == "violations", Hazard.closing_known)
    assert chicago.scalar(known) == 0


def test_outages_of_no_length_are_kept(chicago):
    brief = select(func.count()).where(Outage.started_at == Outage.ended_at)
    total = select(func.count(Outage.id))
    assert (chicago.scalar(brief), chicago.scalar(total)) == (3_139, 33_568)


def test_every_inspection_is_of_a_unit(chicago):
    assert chicago.scalar(select(func.count(Inspection.id))) == 27_600


def test_lines_whose_parts_do_not_meet_stay_one_row_of_the_ledger(chicago):
    rows = select(func.count(func.distinct(Segment.ledger_code)), func.count(Segment.id))
    n_rows, n_parts = chicago.execute(rows).one()
    assert n_rows == 1_061
    assert n_parts > n_rows


@pytest.mark.parametrize("as_of", [LAST_INSPECTION_DAY, date(2013, 6, 30)])
def test_coverage_equals_a_computation_without_the_store(chicago, folder, areas, as_of):
    question = CoverageQuestion("community_areas", as_of=as_of, window_days=365)
    rows = coverage(chicago, WHOLE_CITY, question).rows.set_index("code")
    expected = coverage_by_hand(folder, areas, pd.Timestamp(as_of)).reindex(rows.index)
    for name in ("n_units", "n_inspected", "n_visits", "n_never", "n_overdue"):
        assert rows[name].astype(int).tolist() == expected[name].tolist()
    np.testing.assert_allclose(rows["gap"].astype(float), expected["gap"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        rows["coverage"].astype(float), expected["n_inspected"] / expected["n_units"], rtol=1e-12
    )


def test_gi_star_of_reports_equals_esda(chicago, areas):
    question = HotspotQuestion(
        "community_areas", as_of=LAST_INSPECTION_DAY, source="reports", permutations=99
    )
    rows = hotspots(chicago, WHOLE_CITY, question).rows.set_index("code").loc[areas["code"]]
    polygons = to_metric(areas.geometry.to_numpy(), METRIC_SRID)
    touching = shapely.dwithin(polygons[:, None], polygons[None, :], 1.0)
    np.fill_diagonal(touching, val=False)
    weights = libpysal.weights.full2W(touching.astype(float))
    values = rows["value"].astype(float).to_numpy()
    expected = esda.G_Local(values, weights, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(rows["gi_z"].astype(float), expected.Zs, rtol=0, atol=1e-9)


@pytest.fixture
def winter(chicago):
    """Return the outages on a day when lamps were out."""
    return outages(chicago, WHOLE_CITY, OutageQuestion("community_areas", as_of=WINTER_DAY))


def test_the_places_out_are_those_complained_of_and_not_yet_mended(winter, folder):
    """A light is dark while created <= day < completed; complaints of one place are one."""
    rows = pd.read_csv(folder / "streetlight_outages.csv.gz").drop_duplicates("request_id")
    day = WINTER_DAY.isoformat()
    out = rows[(rows["created"] <= day) & (day < rows["completed"])]
    places = out.drop_duplicates(["longitude", "latitude"])
    assert 0 < len(places) < len(out)
    assert winter.totals["n_out"] + sum(winter.outside.values()) == len(places)


def test_complaints_are_no_inventory_so_lit_and_dark_shares_are_unknown(winter):
    rates = {rate["name"]: rate["value"] for rate in winter.extra["rates"]}
    assert rates["lamps_lit"] is None
    assert winter.rows[["n_lamps", "dark_m", "dark_share"]].isna().all(axis=None)


def test_outages_per_100_m_are_known_without_an_inventory(winter):
    rows = winter.rows
    assert rows["n_out"].sum() > 0
    np.testing.assert_allclose(
        rows["outages_per_100m"].astype(float), rows["n_out"] / rows["length_m"] * 100
    )


def coverage_by_hand(folder, areas, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the figures of each area by the definitions, with pandas and shapely alone."""
    units = pd.read_csv(folder / "units.csv.gz").set_index("unit_id")
    visits = pd.read_csv(folder / "inspections.csv.gz", parse_dates=["inspection_date"])
    first_day = visits["inspection_date"].min()
    visits = visits[visits["inspection_date"] <= as_of]
    recent = visits[visits["inspection_date"] > as_of - pd.Timedelta(days=365)]
    last = visits.groupby("unit_id")["inspection_date"].max().reindex(units.index)
    interval = units["risk"].map(INTERVAL_DAYS)
    late = (as_of - last.fillna(first_day)).dt.days - interval
    units = units.assign(
        area=areas_of(units, areas),
        n_units=1,
        n_inspected=units.index.isin(recent["unit_id"]).astype(int),
        n_visits=recent.groupby("unit_id").size().reindex(units.index, fill_value=0),
        n_never=last.isna().astype(int),
        n_overdue=(last.notna() & (late > 0)).astype(int),
        gap=units["risk"].map(WEIGHT) * (late / interval).clip(0, 1),
    )
    names = ["n_units", "n_inspected", "n_visits", "n_never", "n_overdue", "gap"]
    return units.groupby("area")[names].sum()


def areas_of(units, areas) -> pd.Series:
    """Return the code of the first area, in byte order, whose closed polygon holds each unit."""
    known = units.dropna(subset=["longitude", "latitude"])
    spots = shapely.points(known["longitude"], known["latitude"])
    inside = shapely.intersects(areas.geometry.to_numpy()[:, None], spots[None, :])
    first = areas["code"].to_numpy(dtype=object)[inside.argmax(axis=0)]
    return pd.Series(first, known.index).where(inside.any(axis=0)).reindex(units.index)
