import json
from datetime import date

import numpy as np
import pytest
from sqlalchemy import update

from data.answers import DECISIONS, HotspotQuestion, hotspots
from data.models import Cell
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError
from geo.hotspots import gi_star
from geo.neighbors import neighbors

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)


def asked(**choices):
    return HotspotQuestion("g", as_of=DAY, window_days=30, permutations=99, **choices)


def ask(town, scope=WHOLE_CITY, **choices):
    return hotspots(town.session, scope, asked(**choices))


def cells_of(answer):
    return {cell["code"]: cell for cell in answer.as_dict()["cells"]}


def codes_of(answer):
    return {decision.code for decision in answer.decisions}


def found(town, column, row=0, day="2019-08-20", **more):
    return {"geom": town.at(column, row), "found_at": town.day(day)} | more


@pytest.fixture
def square(town):
    """Thirty-six cells with a hot corner of nine hazards, three of them major."""
    town.grid(6, 6)
    corner = [(0, 0), (0, 1), (1, 0)]
    town.add(
        "hazards",
        *(found(town, *place, level="major", count=1) for place in corner),
        *(found(town, *place, level="general", count=2) for place in corner),
    )
    return town


def test_the_value_is_the_sum_of_counts_found_in_the_window(square):
    square.add("hazards", found(square, 0, day="2019-08-01", count=50), source="old")
    cells = cells_of(ask(square))
    assert cells["0-0"]["value"] == 3
    assert cells["5-5"]["value"] == 0


def test_gi_star_is_that_of_the_cells_values(square):
    answer = ask(square)
    in_order = [square.at(column, row) for row in range(6) for column in range(6)]
    squares = [middle.buffer(0.005, cap_style="square") for middle in in_order]
    expected = gi_star(answer.rows["value"].to_numpy(), neighbors(squares, 1e-6))
    assert np.allclose(answer.rows["gi_z"].astype(float), expected["gi_z"])
    assert list(answer.rows["gi_bin"]) == list(expected["gi_bin"])


def test_the_hot_corner_is_hot_and_high_among_high(square):
    cell = cells_of(ask(square))["0-0"]
    assert cell["gi_bin"] == 3
    assert cell["quadrant"] == "HH"


def test_levels_and_sources_choose_what_counts(square):
    square.add("hazards", found(square, 5, 5, count=7), source="reports")
    assert ask(square, level="major").totals["value"] == 3
    assert ask(square, source="reports").totals["value"] == 7
    assert ask(square).totals["by_level"] == {
        "general": 6,
        "larger": 0,
        "major": 3,
        "ungraded": 7,
    }


def test_a_rate_is_unknown_where_nothing_is_at_risk(square):
    square.add("units", {"name": "u", "geom": square.at(0)}, {"name": "u", "geom": square.at(0)})
    cells = cells_of(ask(square, value="per-unit"))
    assert cells["0-0"]["value"] == 1.5
    assert cells["5-5"]["value"] is None
    assert cells["5-5"]["gi_bin"] is None


def test_per_hundred_visits_counts_only_what_visits_found(square):
    square.add("units", {"name": "u", "geom": square.at(2)})
    square.add(
        "inspections",
        *({"unit_code": "0", "inspected_at": square.day(f"2019-08-1{n}")} for n in range(4)),
    )
    square.add(
        "hazards",
        found(square, 2, count=3, inspection_code="0"),
        found(square, 2, count=9) | {"external_code": "seen by a passer-by"},
        source="t2",
    )
    answer = ask(square, value="per-100-visits", source="t2")
    assert cells_of(answer)["0-2"]["value"] == 75
    assert {d.code: d.values for d in answer.decisions}["hazards_without_visit"] == {"n": 9}


def test_fewer_than_thirty_cells_are_too_few(town):
    town.grid(29)
    town.add("hazards", found(town, 0))
    answer = ask(town)
    assert "too_few_cells" in codes_of(answer)
    assert {cell["gi_bin"] for cell in answer.as_dict()["cells"]} == {0}
    assert {cell["gi_z"] for cell in answer.as_dict()["cells"]} == {None}


def test_before_its_cells_were_in_force_a_grid_has_no_rows(square):
    square.session.execute(update(Cell).values(valid_from=date(2019, 9, 1)))
    answer = ask(square)
    assert answer.as_dict()["cells"] == []
    assert answer.outside["outside"] == 9


def test_equal_values_have_no_hotspots(town):
    town.grid(30)
    town.add("hazards", found(town, 0, day="2019-01-01"))
    answer = ask(town)
    assert "constant_values" in codes_of(answer)
    assert (answer.totals["n_hot"], answer.totals["morans_i"]) == (0, None)


def test_without_any_hazard_in_the_store_values_are_unknown(town):
    town.grid(30)
    answer = ask(town)
    assert "no_hazards" in codes_of(answer)
    assert cells_of(answer)["0-0"]["value"] is None
    assert answer.totals["n_hazards"] is None


def test_cells_and_outside_and_without_position_add_up(square):
    square.add(
        "hazards",
        found(square, 20, count=4),
        found(square, 0, count=2, geom=None),
        source="x",
    )
    answer = ask(square)
    assert answer.totals["value"] == 9
    assert answer.outside == {"outside": 4, "without_position": 2}


def test_open_is_counted_only_where_closing_is_known(square):
    days = ("2019-08-31", "2019-09-01")
    square.add("hazards", *(found(square, 3, closed_at=square.day(d)) for d in days), source="x")
    square.add(
        "hazards",
        found(square, 3, closing_known=False, external_code="silent"),
        source="x",
    )
    totals = ask(square, source="x").totals
    assert (totals["n_open"], totals["n_closing_unknown"]) == (1, 1)


def test_figures_are_of_the_whole_city_and_cut_to_the_scope(square):
    whole = ask(square)
    seen = ask(square, scope=square.scope("0-0"))
    assert list(cells_of(seen)) == ["0-0"]
    assert cells_of(seen)["0-0"] == cells_of(whole)["0-0"]
    assert seen.outside == {"outside": None, "without_position": None}
    assert seen.totals["morans_i"] is None


@pytest.mark.parametrize("value", ["count", "per-unit", "per-100-visits", "eb"])
def test_every_decision_is_known_with_its_values_and_answers_are_json(square, value):
    answer = ask(square, value=value, level="major", source="t")
    for decision in answer.decisions:
        assert set(decision.values) == set(DECISIONS[decision.code])
    assert json.loads(json.dumps(answer.as_dict(), allow_nan=False)) == answer.as_dict()


@pytest.mark.parametrize(
    "wrong", [{"value": "sum"}, {"level": "red"}, {"permutations": 0}, {"seed": -1}]
)
def test_a_choice_that_is_not_there_is_refused(wrong):
    with pytest.raises(WrongValueError, match=next(iter(wrong))):
        HotspotQuestion("g", **wrong)
