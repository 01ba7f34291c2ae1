import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.cities import create_city, the_city
from data.engine import transaction
from data.errors import ImportRejectedError, NoCityError
from data.importers import ImportOptions
from data.importers.osm import ATTRIBUTION, import_osm
from data.models import Cell, Event, Grid, ImportBatch, Lamp, Revision, Segment, Unit

pytestmark = pytest.mark.db

TOWN = """\
n1 x24.940 y60.170
n2 x24.941 y60.170
n3 x24.942 y60.170
n5 x24.941 y60.171
n6 x24.942 y60.171
n7 Thighway=street_lamp x24.9405 y60.1701
n8 Tamenity=cafe,name=Café x24.9415 y60.1705
w10 Thighway=residential,name=Main Nn1,n2,n3
w11 Thighway=residential,name=Side,lit=no Nn2,n5
w12 Thighway=residential,name=Back Nn5,n6
w13 T Nn2,n3,n6,n5,n2
r1 Ttype=boundary,boundary=administrative,admin_level=10,name=Kluuvi Mw13@outer
"""
SAME_GROUND = "r2 Ttype=boundary,boundary=administrative,admin_level=10,name=Kamppi Mw13@outer\n"


@pytest.fixture
def city(clean_engine):
    with transaction(clean_engine) as session:
        create_city(session, "town", name="Town", timezone="Europe/Helsinki")
    return clean_engine


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.osm.opl"
    path.write_text(TOWN, "utf-8")
    return path


def count(engine, model):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_an_extract_starts_a_city(city, town):
    report = import_osm(city, town)
    assert (report.rows, report.new, report.refused) == (7, 7, 0)
    assert [count(city, model) for model in (Cell, Segment, Lamp, Unit)] == [1, 4, 1, 1]


def test_boundaries_become_a_grid_by_their_level(city, town):
    import_osm(city, town)
    with Session(city) as session:
        grid = session.scalars(select(Grid)).one()
        assert (grid.code, grid.kind) == ("admin_level_10", "administrative")
        assert session.scalars(select(Cell.name)).all() == ["Kluuvi"]


def test_what_the_map_knows_of_lamps_is_kept_apart_from_what_it_does_not(city, town):
    import_osm(city, town)
    with Session(city) as session:
        surveys = session.execute(
            select(Segment.name, Segment.lamp_survey).order_by(Segment.external_code)
        ).all()
    assert surveys == [
        ("Main", "surveyed"),
        ("Main", "not_surveyed"),
        ("Side", "no_lamp"),
        ("Back", "not_surveyed"),
    ]


def test_the_licence_of_the_map_is_named_once(city, town):
    import_osm(city, town)
    import_osm(city, town)
    with Session(city) as session:
        assert the_city(session).attribution == ATTRIBUTION


def test_an_attribution_that_was_there_stays(city, town):
    with transaction(city) as session:
        the_city(session).attribution = "City of Town"
    import_osm(city, town)
    with Session(city) as session:
        assert the_city(session).attribution == f"City of Town; {ATTRIBUTION}"


def test_the_same_extract_again_changes_nothing(city, town):
    import_osm(city, town)
    again = import_osm(city, town)
    assert (again.new, again.changed, again.same) == (0, 0, 7)
    with Session(city) as session:
        assert set(session.scalars(select(Revision.value))) == {0, 1}


def test_an_import_is_an_event_of_its_batch(city, town):
    report = import_osm(city, town, ImportOptions(source="osm", actor="tester"))
    with Session(city) as session:
        event = session.scalars(select(Event)).one()
        assert (event.actor, event.subject, event.subject_id) == ("tester", "osm", report.batch)


def test_a_dry_run_counts_and_writes_nothing(city, town):
    report = import_osm(city, town, ImportOptions(source="osm", dry_run=True))
    assert report.new == 7
    assert [count(city, model) for model in (Segment, ImportBatch, Event)] == [0, 0, 0]


def test_boundaries_that_overlap_are_left_out_and_said(city, town):
    town.write_text(TOWN + SAME_GROUND, "utf-8")
    report = import_osm(city, town)
    assert [remark.code for remark in report.warnings] == ["contents", "boundaries_overlap"]
    assert (count(city, Grid), count(city, Segment)) == (0, 4)


def test_an_extract_without_anything_of_use_is_an_empty_import(city, tmp_path):
    empty = tmp_path / "sea.osm.opl"
    empty.write_text("n1 x1 y1\n", "utf-8")
    assert import_osm(city, empty).rows == 0


def test_a_file_that_is_no_extract_is_refused_before_anything_is_written(city, tmp_path):
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"not a map")
    with pytest.raises(ImportRejectedError):
        import_osm(city, broken)
    assert count(city, ImportBatch) == 0


def test_an_extract_needs_a_city_to_belong_to(clean_engine, town):
    with pytest.raises(NoCityError):
        import_osm(clean_engine, town)
