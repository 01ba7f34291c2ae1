from datetime import date

import pytest
import shapely
from sqlalchemy import text

from data.answers import CoverageQuestion, HotspotQuestion, coverage
from data.answers.blind_spots import blind_areas
from data.answers.crowds import hazard_clusters, returning_sites
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
METRE = 1 / 111_275


def asked(**chosen):
    return HotspotQuestion("g", as_of=DAY, window_days=30, **chosen)


def spot(metres):
    return shapely.Point(3.005 + metres * METRE, 0.005)


@pytest.fixture
def crowd(town):
    """Twelve hazards 10 m apart, one of them major, and one 2 km away."""
    town.grid(2)
    day = town.day("2019-08-20")
    levels = ["major", *["general"] * 12]
    places = [*(spot(10 * n) for n in range(12)), spot(2000)]
    town.add(
        "hazards",
        *(
            {"geom": place, "found_at": day, "level": level, "count": 2}
            for place, level in zip(places, levels, strict=True)
        ),
    )
    return town


def test_hazards_that_crowd_have_one_outline_with_their_sums(crowd):
    found = hazard_clusters(crowd.session, WHOLE_CITY, asked())
    row = found.rows.iloc[0]
    assert (found.counts, row["n"], row["n_major"], row["n_points"]) == ({"cluster": 1}, 24, 2, 12)
    assert shapely.contains(row["geometry"], spot(55))
    assert not shapely.contains(row["geometry"], spot(110 + 60))
    assert (found.parameters["n_in"], found.parameters["n"]) == (12, 13)


def test_only_the_chosen_hazards_crowd(crowd):
    found = hazard_clusters(crowd.session, WHOLE_CITY, asked(level="major"))
    assert (found.counts, found.parameters["n"]) == ({"cluster": 0}, 1)


def test_without_a_ledger_nobody_knows_of_clusters(town):
    town.grid(1)
    assert hazard_clusters(town.session, WHOLE_CITY, asked()).counts is None


def test_a_reader_sees_the_clusters_of_what_lies_in_scope(crowd):
    there = hazard_clusters(crowd.session, crowd.scope("0-0"), asked())
    elsewhere = hazard_clusters(crowd.session, crowd.scope("0-1"), asked())
    assert (there.counts, elsewhere.counts) == ({"cluster": 1}, {"cluster": 0})


def test_the_same_category_found_again_in_a_unit_is_a_repeat_site(town):
    town.grid(1)
    town.add("units", {"name": "面馆", "geom": town.at(0)}, {"name": "x", "geom": town.at(0)})

    def hazard(unit, day, closed=None, **more):
        closed_at = None if closed is None else town.day(closed)
        found = {"unit_code": unit, "found_at": town.day(day), "category": "消防"}
        return found | {"closed_at": closed_at} | more

    town.add(
        "hazards",
        hazard("0", "2019-08-05", "2019-08-08"),
        hazard("0", "2019-08-12", "2019-08-13"),
        hazard("0", "2019-08-20"),
        hazard("1", "2019-08-05", "2019-08-08"),
        hazard("1", "2019-08-20", category="用电"),
        hazard("1", "2019-06-01", "2019-06-02"),
    )
    found = returning_sites(town.session, WHOLE_CITY, asked())
    [site] = found.rows.to_dict("records")
    told = [site[key] for key in ("name", "category", "n_times", "n_returned", "last_on", "kind")]
    assert told == ["面馆", "消防", 3, 2, "2019-08-20", "open"]
    assert found.counts == {"open": 1, "closed": 0, "unknown": 0}
    town.session.execute(text("UPDATE hazard SET closing_known = false, closed_at = NULL"))
    doubtful = returning_sites(town.session, WHOLE_CITY, asked()).counts
    assert doubtful == {"open": 0, "closed": 0, "unknown": 1}


def test_blind_is_what_no_visit_was_near_to(town):
    town.grid(3)
    town.add("units", {"name": "u", "geom": town.at(0)})
    question = CoverageQuestion("g", as_of=DAY, window_days=30)
    assert blind_areas(town.session, WHOLE_CITY, question).counts is None
    town.add("inspections", {"unit_code": "0", "inspected_at": town.day("2019-08-20")})
    found = blind_areas(town.session, WHOLE_CITY, question)
    assert found.counts == {"whole": 2, "part": 1}
    part = found.rows[found.rows["kind"] == "part"].iloc[0]
    assert part["code"] == "0-0"
    assert not shapely.intersects(part["geometry"], town.at(0))
    assert shapely.contains(part["geometry"], shapely.Point(3.0003, 0.0003))


def test_the_row_of_a_cell_names_its_officer(town):
    town.grid(2)
    town.session.execute(text("UPDATE cell SET officer = '李四' WHERE code = '0-1'"))
    cells = coverage(town.session, WHOLE_CITY, CoverageQuestion("g", as_of=DAY)).as_dict()["cells"]
    assert [cell["officer"] for cell in cells] == [None, "李四"]
