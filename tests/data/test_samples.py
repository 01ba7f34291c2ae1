import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.cities import the_city
from data.errors import OtherCityError, SampleMissingError
from data.models import Cell, Hazard, Lamp, Outage, Placement, Revision, Segment
from data.placing import placement_counts
from data.samples import SAMPLES, Steps, load_sample

pytestmark = pytest.mark.db

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
    with pytest.raises(SampleMissingError, match="helsinki, soho1854, chicago"):
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


def test_most_deaths_lie_in_the_square_of_the_broad_street_pump(soho):
    pump = func.ST_SetSRID(func.ST_MakePoint(-0.13675, 51.51334), 4326)
    at_the_pump = soho.scalar(select(Cell.id).where(func.ST_Covers(Cell.geom, pump)))
    deaths = func.sum(Hazard.count)
    hottest = (
        select(Placement.cell_id)
        .join(Hazard, Placement.hazard_id == Hazard.id)
        .group_by(Placement.cell_id)
        .order_by(deaths.desc())
    )
    assert soho.scalars(hottest).first() == at_the_pump


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
    assert list(SAMPLES) == ["helsinki", "soho1854", "chicago"]
