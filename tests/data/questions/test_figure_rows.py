from datetime import date

import pytest
import shapely

from data.answers import HotspotQuestion, OutageQuestion, outages
from data.answers.figure_rows import figure_rows
from data.queries.figure_rows import Page
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

QUESTION = HotspotQuestion("g", as_of=date(2019, 8, 31), window_days=10)


@pytest.fixture
def two_cells(town):
    """Three hazards in the first cell, one of them of July; one in the second, one in none."""
    town.grid(2)
    late, early = town.day("2019-08-30"), town.day("2019-07-01")
    town.add(
        "hazards",
        {"geom": town.at(0), "found_at": late, "count": 2},
        {"geom": town.at(0), "found_at": late, "closed_at": town.day("2019-08-31")},
        {"geom": town.at(0), "found_at": early, "place": "gate"},
        {"geom": town.at(1), "found_at": late},
        {"geom": town.at(9), "found_at": late},
    )
    return town


PAGE = Page()


def rows(town, figure, scope=WHOLE_CITY, page=PAGE):
    found = figure_rows(town.session, scope, QUESTION, figure, page)
    return found.n, found.n_rows, [item["code"] for item in found.items]


def test_each_row_says_how_much_it_adds_to_the_figure(two_cells):
    assert rows(two_cells, "hazards_found") == (4, 3, ["0", "1", "3"])


def test_what_was_found_before_the_window_may_still_be_open(two_cells):
    assert rows(two_cells, "open") == (4, 3, ["0", "2", "3"])


def test_what_lies_in_no_cell_has_rows_of_its_own(two_cells):
    assert rows(two_cells, "not_placed") == (1, 1, ["4"])


def test_a_reader_of_one_cell_sees_its_rows_only(two_cells):
    scope = two_cells.scope("0-1")
    assert rows(two_cells, "hazards_found", scope) == (1, 1, ["3"])
    assert rows(two_cells, "not_placed", scope) == (0, 0, [])


def test_a_page_begins_after_a_row_and_the_figure_stays_whole(two_cells):
    n, n_rows, codes = rows(two_cells, "hazards_found", page=Page(limit=1))
    assert (n, n_rows, codes) == (4, 3, ["0"])


def test_a_lamp_out_of_service_on_a_street_nobody_surveyed_or_out_is_not_lit(town):
    town.grid(1)
    street = shapely.LineString([town.at(-0.4), town.at(0.4)])
    lane = shapely.LineString([town.at(-0.4, 0.4), town.at(0.4, 0.4)])
    town.add(
        "segments",
        {"name": "s", "geom": street, "lamp_survey": "surveyed"},
        {"name": "l", "geom": lane, "lamp_survey": "not_surveyed"},
    )
    town.add(
        "lamps",
        {"external_code": "lit", "geom": town.at(0)},
        {"external_code": "out", "geom": town.at(0.1)},
        {"external_code": "waits", "geom": town.at(0.2), "status": "not_handed_over"},
        {"external_code": "unsurveyed", "geom": town.at(0, 0.4)},
        {"external_code": "alone", "geom": town.at(0, -0.4)},
    )
    question = OutageQuestion(as_of=date(2019, 8, 31))
    assert figure_rows(town.session, WHOLE_CITY, question, "lamps_lit", Page()).n == 0
    town.add("outages", {"lamp_code": "out", "started_at": town.day("2019-08-20")})
    found = figure_rows(town.session, WHOLE_CITY, question, "lamps_lit", Page())
    rates = {
        rate["name"]: rate for rate in outages(town.session, WHOLE_CITY, question).extra["rates"]
    }
    assert {row["code"] for row in found.items} == {"lit", "alone"}
    assert found.n == rates["lamps_lit"]["numerator"]
