from datetime import date

import pytest
from sqlalchemy import insert

from data.models import Campaign
from data.queries.timeline import campaigns, events_by_day
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db


def days(town, subject, scope=WHOLE_CITY):
    return events_by_day(town.session, scope, subject, "Asia/Shanghai")


@pytest.fixture
def two_cells(town):
    """Three hazards in two rows, in different cells, on the 1st and the 3rd of August."""
    town.grid(2)
    town.add(
        "hazards",
        {"geom": town.at(0), "found_at": town.day("2019-08-01", 23, 59), "count": 2},
        {"geom": town.at(1), "found_at": town.day("2019-08-03"), "count": 1},
    )
    return town


def test_hazards_are_summed_by_the_local_day_they_were_found(two_cells):
    assert days(two_cells, "hazards") == [(date(2019, 8, 1), 2), (date(2019, 8, 3), 1)]


def test_a_reader_of_one_cell_sees_its_days_only(two_cells):
    assert days(two_cells, "hazards", two_cells.scope("0-1")) == [(date(2019, 8, 3), 1)]


def test_visits_are_counted_by_their_day(town):
    town.add("units", {"name": "Bakery", "geom": town.at(0)})
    visit = {"unit_code": "0", "inspected_at": town.day("2019-08-20")}
    town.add("inspections", visit, visit)
    assert days(town, "coverage") == [(date(2019, 8, 20), 2)]


def test_outages_are_counted_by_the_day_they_began(town):
    town.add("lamps", {"geom": town.at(0)})
    ended = {
        "lamp_code": "0",
        "started_at": town.day("2019-08-20"),
        "ended_at": town.day("2019-09-02"),
    }
    town.add("outages", ended)
    assert days(town, "streetlights") == [(date(2019, 8, 20), 1)]


def test_a_ledger_without_rows_has_no_days(town):
    assert days(town, "hazards") == []


def test_the_first_drive_comes_first(town):
    drives = [("b", date(2019, 9, 1)), ("a", date(2019, 8, 1))]
    town.session.execute(
        insert(Campaign), [{"code": code, "name": code, "started_on": day} for code, day in drives]
    )
    assert [drive["code"] for drive in campaigns(town.session)] == ["a", "b"]
