from datetime import date

import pytest
import shapely
from sqlalchemy import update

from data.answers.openings import Openings
from data.models import Revision
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)


def opening(town, subject, grid="g", openings=None):
    found = (openings or Openings()).bounds(town.session, WHOLE_CITY, subject, grid, DAY)
    return None if found is None else pytest.approx(found)


def street(west, survey):
    line = shapely.LineString([(west, 0), (west + 0.01, 0.005)])
    return {"name": "s", "lamp_survey": survey, "geom": line}


def test_the_map_of_streets_opens_on_those_with_surveyed_lamps(town):
    town.add("segments", street(3, "surveyed"), street(3.02, "surveyed"), street(5, "not_surveyed"))
    assert opening(town, "outages") == (3, 0, 3.03, 0.005)


def test_without_any_survey_it_opens_on_every_street(town):
    town.add("segments", street(3, "not_surveyed"), street(5, "not_surveyed"))
    assert opening(town, "outages") == (3, 0, 5.01, 0.005)


def test_the_other_maps_open_on_their_grid_not_on_a_hazard_far_outside(town):
    town.grid(3)
    town.add("hazards", {"found_at": town.day("2019-08-01"), "geom": town.at(90)})
    assert opening(town, "hotspots") == (3, 0, 3.03, 0.01)


def test_an_empty_city_opens_nowhere(town):
    assert opening(town, "coverage", grid=None) is None


def test_what_is_kept_follows_what_is_written(town):
    openings = Openings()
    town.add("segments", street(3, "surveyed"))
    assert opening(town, "outages", openings=openings) == (3, 0, 3.01, 0.005)
    town.add("segments", street(3, "surveyed") | {"external_code": "x"}, street(3.02, "surveyed"))
    town.session.execute(update(Revision).values(value=Revision.value + 1))
    assert opening(town, "outages", openings=openings) == (3, 0, 3.03, 0.005)
