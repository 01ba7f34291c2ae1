from datetime import date

import pytest
import shapely

from data.queries.searching import find_things
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)


@pytest.fixture
def full(town):
    """Two cells; a bakery and a mill, a road in two segments, and three lamps."""
    town.grid(2)
    town.add(
        "units",
        {"name": "Mill Road Bakery", "geom": town.at(0)},
        {"name": "Old Mill", "geom": town.at(1)},
    )
    short = shapely.LineString([town.at(0), town.at(0.2)])
    long = shapely.LineString([town.at(0.2), town.at(1)])
    town.add("segments", *({"name": "Mill Road", "geom": line} for line in (short, long)))
    lamps = ("L-1", "L-10", "XL-1")
    town.add("lamps", *({"external_code": code, "geom": town.at(0)} for code in lamps))
    return town


def found(town, said, scope=WHOLE_CITY, grid="g", limit=8):
    things = find_things(town.session, scope, said, grid, DAY, limit)
    return [(one["thing"], one["name"]) for one in things]


def test_a_whole_name_comes_first_then_names_that_start_so(full):
    assert found(full, "mill road") == [("road", "Mill Road"), ("unit", "Mill Road Bakery")]
    assert found(full, "mill")[-1] == ("unit", "Old Mill")


def test_a_road_is_found_once_and_lies_on_its_longest_segment(full):
    (road,) = (
        one
        for one in find_things(full.session, WHOLE_CITY, "Mill Road", None, DAY)
        if one["thing"] == "road"
    )
    assert road["code"] == "1"
    assert road["lon"] == pytest.approx(full.at(0.6).x)


def test_a_lamp_is_found_by_the_start_of_its_code(full):
    assert found(full, "L-1") == [("lamp", "L-1"), ("lamp", "L-10")]


def test_a_cell_is_found_in_the_grid_that_is_shown(full):
    assert found(full, "0-1") == [("cell", "0-1")]
    assert found(full, "0-1", grid=None) == []


def test_a_reader_finds_only_what_lies_in_cells_of_his(full):
    assert found(full, "bakery", full.scope("0-1")) == []
    assert found(full, "old", full.scope("0-1")) == [("unit", "Old Mill")]


def test_signs_of_a_pattern_are_letters_like_any(full):
    assert found(full, "%") == found(full, "_") == []


def test_no_more_are_found_than_asked_for(full):
    assert found(full, "mill", limit=1) == [("road", "Mill Road")]
