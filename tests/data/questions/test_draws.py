"""Draws from the store: a code of two sources is two things."""

import pytest
import shapely

from data.answers import RectificationQuestion
from data.answers.draws import draw_rechecks, draw_visits
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db


@pytest.fixture
def twice(town):
    """The same codes in the ledgers of two sources: two units, two closed items."""
    times = {"found_at": town.day("2019-08-01"), "closed_at": town.day("2019-08-02")}
    for source in ("fire", "light"):
        town.add("units", {"name": f"of {source}", "geom": town.at(0)}, source=source)
        town.add(
            "segments", {"geom": shapely.LineString([town.at(0), town.at(0.9)])}, source=source
        )
        town.add("rectifications", {"segment_code": "0", "state": "closed"} | times, source=source)
    return town


def test_units_of_two_sources_with_one_code_are_both_drawn(twice):
    drawn = draw_visits(twice.session, WHOLE_CITY, ["Li", "Wang"], 2, 2, 7)
    assert drawn.n_all == 2
    assert {(row["source"], row["code"], row["name"]) for row in drawn.rows} == {
        ("fire", "0", "of fire"),
        ("light", "0", "of light"),
    }


def test_half_of_two_items_with_one_code_is_one_of_them(twice):
    question = RectificationQuestion(as_of=twice.day("2019-08-31").date())
    drawn = draw_rechecks(twice.session, WHOLE_CITY, question, 0.5, 7)
    assert (drawn.n_all, len(drawn.rows)) == (2, 1)
    assert drawn.rows[0]["source"] in {"fire", "light"}
