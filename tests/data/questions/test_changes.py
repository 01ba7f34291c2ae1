from datetime import date

import pytest

from data.answers import HotspotQuestion, hotspots
from data.answers.changes import compare
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db


def asked(town, day, grid="g"):
    question = HotspotQuestion(grid, as_of=date.fromisoformat(day), window_days=10)
    return hotspots(town.session, WHOLE_CITY, question)


@pytest.fixture
def week(town):
    """One hazard in the first cell on the 1st of August, two in the second on the 20th."""
    town.grid(3)
    town.add(
        "hazards",
        {"geom": town.at(0), "found_at": town.day("2019-08-01")},
        {"geom": town.at(1), "found_at": town.day("2019-08-20"), "count": 2},
    )
    return town


def test_a_cell_with_hazards_on_one_day_only_is_new_or_fixed(week):
    found = compare(asked(week, "2019-08-05"), asked(week, "2019-08-25"))
    assert [row["change"] for row in found["rows"]] == ["fixed", "new", "clear"]
    assert [row["increase"] for row in found["rows"]] == [-1, 2, 0]
    assert (found["by"], found["counts"]["new"], found["counts"]["worse"]) == ("value", 1, 0)


def test_the_totals_of_both_days_stand_beside_each_other(week):
    found = compare(asked(week, "2019-08-05"), asked(week, "2019-08-25"))
    assert [found["totals"][day]["n_hazards"] for day in ("before", "as_of")] == [1, 2]


def test_a_cell_that_one_of_the_days_does_not_have_is_unknown(week):
    week.grid(4, code="h")
    found = compare(asked(week, "2019-08-05"), asked(week, "2019-08-25", grid="h"))
    assert found["counts"]["unknown"] == 7


def test_a_figure_that_is_not_bad_cannot_be_compared(week):
    day = asked(week, "2019-08-05")
    with pytest.raises(WrongValueError, match="one of value, gi_bin"):
        compare(day, day, "moran_p")


def test_the_earlier_day_comes_first(week):
    with pytest.raises(WrongValueError, match="must not be after 2019-08-05"):
        compare(asked(week, "2019-08-25"), asked(week, "2019-08-05"))
