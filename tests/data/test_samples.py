import pytest
from geoalchemy2 import Geography
from sqlalchemy import cast, func, select
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
from data.errors import OtherCityError, SampleMissingError
from data.models import Cell, Lamp, Outage, Revision, Segment
from data.placing import placement_counts
from data.samples import SAMPLES, Steps, load_sample
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

BROAD_STREET_PUMP = (-0.13675, 51.51334)
SHIPPED = ["soho1854", "helsinki"]


@pytest.fixture
def soho(sample_store):
    with Session(sample_store("soho1854")) as session:
        yield session


@pytest.fixture
def helsinki(sample_store):
    with Session(sample_store("helsinki")) as session:
        yield session


def revisions(engine):
    with Session(engine) as session:
        return dict(session.execute(select(Revision.subject, Revision.value)).all())


@pytest.mark.parametrize("name", SHIPPED)
def test_every_thing_is_placed_or_outside_or_without_position(clean_engine, name):
    loaded = load_sample(clean_engine, name)
    with Session(clean_engine) as session:
        for places in placement_counts(session).values():
            for kind in ("units", "hazards", "lamps", "segments"):
                assert sum(places[kind].values()) == loaded.kinds[kind]["total"]


def test_a_sample_loaded_again_moves_no_revision(clean_engine):
    load_sample(clean_engine, "soho1854")
    before = revisions(clean_engine)
    again = load_sample(clean_engine, "soho1854")
    assert revisions(clean_engine) == before
    assert before == {"grids": 1, "ledgers": 1, "streetlights": 1, "rectifications": 0}
    assert again.kinds["hazards"]["total"] == 133


def test_a_sample_stays_out_of_another_citys_store(clean_engine):
    load_sample(clean_engine, "soho1854")
    with pytest.raises(OtherCityError, match="soho1854"):
        load_sample(clean_engine, "helsinki")


def test_a_sample_that_does_not_exist_is_refused_with_those_that_do(clean_engine):
    with pytest.raises(SampleMissingError, match="helsinki, soho1854, zhengzhou, chicago"):
        load_sample(clean_engine, "atlantis")


def test_progress_hears_of_each_step_and_each_is_measured(clean_engine):
    heard = []
    loaded = load_sample(clean_engine, "soho1854", progress=heard.append)
    assert [step.name for step in loaded.steps] == heard
    assert heard[0] == "read"


def test_a_step_that_fails_is_not_done():
    steps = Steps(lambda _: None)
    with pytest.raises(RuntimeError), steps.step("break"):
        raise RuntimeError
    assert steps.done == []


def test_kinds_without_rows_are_zero_not_absent(clean_engine):
    loaded = load_sample(clean_engine, "soho1854")
    nothing = {"rows": 0, "rejected": 0, "total": 0, "without_position": 0}
    assert loaded.kinds["lamps"] == loaded.kinds["outages"] == nothing


@pytest.fixture
def deaths(soho):
    """Squares of 50 m with the deaths in them and their distance from the Broad Street pump."""
    rows = hotspots(soho, WHOLE_CITY, HotspotQuestion("squares_50m", permutations=99)).rows
    pump = func.ST_SetSRID(func.ST_MakePoint(*BROAD_STREET_PUMP), 4326)
    away = func.ST_Distance(cast(Cell.geom, Geography), cast(pump, Geography))
    distance_m = dict(soho.execute(select(Cell.id, away)).all())
    return rows.assign(distance_m=rows.index.map(distance_m))


def test_most_deaths_lie_in_the_square_of_the_broad_street_pump(deaths):
    assert deaths.loc[deaths["value"].idxmax(), "distance_m"] == 0


def test_the_hottest_square_touches_that_of_the_broad_street_pump(deaths):
    hottest = deaths.loc[deaths["gi_z"].astype(float).idxmax()]
    assert hottest["gi_bin"] == 3
    assert hottest["distance_m"] < 50


def test_soho_has_no_inspections_so_its_coverage_is_unknown_not_zero(soho):
    answer = coverage(soho, WHOLE_CITY, CoverageQuestion("squares_50m"))
    assert answer.totals["n_units"] == 13
    assert answer.totals["coverage"] is None
    assert answer.rows["coverage"].isna().all()


def test_sohos_streets_have_no_lit_share_for_nobody_counted_lamps(soho):
    answer = outages(soho, WHOLE_CITY, OutageQuestion())
    assert answer.rows["dark_share"].isna().all()
    assert set(answer.rows["status"]) == {"not_surveyed"}


def test_each_question_finds_something_in_helsinki(helsinki):
    inspected = coverage(helsinki, WHOLE_CITY, CoverageQuestion("squares_100m")).totals
    hot = hotspots(helsinki, WHOLE_CITY, HotspotQuestion("squares_100m", permutations=99)).totals
    dark = outages(helsinki, WHOLE_CITY, OutageQuestion())
    assert inspected["n_blank_cells"] > 0
    assert hot["n_hot"] > 0
    assert dark.totals["by_status"]["dark"] > 0
    assert dark.extra["incidents"]


def test_the_three_rates_of_helsinki_differ_and_none_is_empty(helsinki):
    rates = outages(helsinki, WHOLE_CITY, OutageQuestion()).extra["rates"]
    assert len({rate["value"] for rate in rates} - {None}) == 3
    assert rates[0]["excluded"] > 0


def test_helsinkis_city_says_that_it_is_simulated(helsinki):
    assert the_city(helsinki).simulated


def test_a_street_is_surveyed_when_a_lamp_stands_at_it(helsinki):
    surveyed = set(
        helsinki.scalars(select(Segment.id).where(Segment.lamp_survey == "surveyed")).all()
    )
    lit = set(helsinki.scalars(select(Lamp.segment_id).where(Lamp.segment_id.is_not(None))).all())
    assert surveyed == lit


def test_every_simulated_outage_is_of_a_lamp(helsinki):
    assert helsinki.scalar(select(func.count()).where(Outage.lamp_id.is_(None))) == 0


def test_every_sample_has_a_reader():
    assert list(SAMPLES) == ["helsinki", "soho1854", "zhengzhou", "chicago"]
