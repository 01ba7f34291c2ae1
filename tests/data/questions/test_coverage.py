import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from data.answers import DECISIONS, CoverageQuestion, coverage
from data.errors import NoCityError, NotFoundError
from data.models import City, Unit
from data.scope import WHOLE_CITY
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
ON_DAY = CoverageQuestion("g", as_of=DAY, window_days=30)


def cells_of(answer):
    return {cell["code"]: cell for cell in answer.as_dict()["cells"]}


def codes_of(answer):
    return {decision.code for decision in answer.decisions}


def visit(unit, moment):
    return {"unit_code": unit, "inspected_at": moment}


@pytest.fixture
def three_units(town):
    """Two units in the first of three cells, one in the second."""
    town.grid(3)
    town.add(
        "units",
        *({"name": "u", "geom": town.at(column), "risk": "major"} for column in (0, 0, 1)),
    )
    return town


def ask(town, question=ON_DAY, scope=WHOLE_CITY):
    return coverage(town.session, scope, question)


def test_coverage_is_distinct_units_visited_of_units_registered(three_units):
    moments = [three_units.day(f"2019-08-{day}") for day in (10, 20)]
    three_units.add("inspections", *(visit("0", moment) for moment in moments))
    cell = cells_of(ask(three_units))["0-0"]
    assert (cell["n_units"], cell["n_inspected"], cell["n_visits"]) == (2, 1, 2)
    assert cell["coverage"] == 0.5


def test_a_cell_without_units_is_listed_and_its_coverage_is_unknown(three_units):
    three_units.add("inspections", visit("0", three_units.day("2019-08-20")))
    answer = ask(three_units)
    assert cells_of(answer)["0-2"]["n_units"] == 0
    assert cells_of(answer)["0-2"]["coverage"] is None
    assert answer.totals["n_cells_without_units"] == 1


def test_never_and_overdue_are_apart(three_units):
    moments = [three_units.day("2019-08-01"), three_units.day("2019-07-31")]
    three_units.add(
        "inspections",
        *(visit(unit, moment) for unit, moment in zip("01", moments, strict=True)),
    )
    totals = ask(three_units).totals
    assert (totals["n_never"], totals["n_overdue"]) == (1, 1)


def test_the_gap_is_a_weighted_share_of_the_interval(three_units):
    three_units.add("inspections", *(visit(unit, three_units.day("2019-07-17")) for unit in "012"))
    # 45 days since the visit, 15 beyond the interval of 30: each unit adds 8 * 15 / 30.
    assert cells_of(ask(three_units))["0-0"]["gap"] == pytest.approx(8.0)


def test_without_any_inspection_in_the_store_everything_about_visits_is_unknown(three_units):
    answer = ask(three_units)
    assert cells_of(answer)["0-0"] == {
        "code": "0-0",
        "name": "0-0",
        "n_units": 2,
        "n_inspected": None,
        "n_visits": None,
        "n_never": None,
        "n_overdue": None,
        "coverage": None,
        "gap": None,
        "officer": None,
    }
    assert answer.totals["coverage"] is None
    assert "no_inspections" in codes_of(answer)


@pytest.mark.parametrize(
    ("moment", "n_visits"),
    [
        (("2019-08-01", 23, 59), 0),
        (("2019-08-02", 0, 0), 1),
        (("2019-08-31", 23, 59), 1),
        (("2019-09-01", 0, 0), 0),
    ],
)
def test_the_window_is_days_by_the_citys_clock(three_units, moment, n_visits):
    three_units.add("inspections", visit("0", three_units.day(*moment)))
    assert ask(three_units).totals["n_visits"] == n_visits


def test_a_moment_leaves_out_what_came_later_that_day(three_units):
    three_units.add("inspections", visit("0", three_units.day("2019-08-31", 18)))
    noon = CoverageQuestion("g", as_of=three_units.day("2019-08-31", 12), window_days=30)
    assert ask(three_units, noon).totals["n_visits"] == 0


def test_cells_and_outside_and_without_position_add_up(three_units):
    three_units.add(
        "units",
        {"external_code": "far", "name": "far", "geom": three_units.at(9)},
        {"external_code": "lost", "name": "lost", "geom": None},
        {"external_code": "gone", "name": "gone", "geom": None, "closed_on": date(2019, 1, 1)},
        source="more",
    )
    answer = ask(three_units)
    assert answer.totals["n_units"] == 3
    assert answer.outside == {"outside": 1, "without_position": 1}


def test_a_unit_closed_nobody_knows_when_is_left_out_and_told(three_units):
    three_units.session.execute(
        update(Unit).where(Unit.external_code == "0").values(status="closed")
    )
    answer = ask(three_units)
    assert answer.totals["n_units"] == 2
    assert {d.code: d.values for d in answer.decisions}["units_closed_undated"] == {"n": 1}


def test_a_reader_sees_only_the_cells_in_scope(three_units):
    answer = ask(three_units, scope=three_units.scope("0-1"))
    assert list(cells_of(answer)) == ["0-1"]
    assert answer.totals["n_units"] == 1
    assert answer.outside == {"outside": None, "without_position": None}


def test_without_a_day_the_citys_own_is_taken(three_units):
    three_units.session.execute(update(City).values(default_as_of=DAY))
    assert ask(three_units, CoverageQuestion("g")).as_of == DAY


def test_without_any_day_it_is_today_by_the_citys_clock(three_units):
    now = three_units.session.scalar(select(func.now()))
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert ask(three_units, CoverageQuestion("g")).as_of == today


def test_the_log_says_where_the_days_reach_beyond_the_ledger(three_units):
    three_units.add("inspections", visit("0", three_units.day("2019-08-20")))
    values = {decision.code: decision.values for decision in ask(three_units).decisions}
    assert values["window_before_data"] == {"first_day": "2019-08-20"}
    assert values["day_after_data"] == {"data_until": "2019-08-20"}


def test_every_decision_is_known_with_its_values(three_units):
    for decision in ask(three_units).decisions:
        assert set(decision.values) == set(DECISIONS[decision.code])


def test_an_answer_is_json(three_units):
    answer = ask(three_units)
    assert json.loads(json.dumps(answer.as_dict(), allow_nan=False)) == answer.as_dict()


def test_a_grid_that_is_not_there_is_not_found(three_units):
    with pytest.raises(NotFoundError, match="'nowhere'"):
        ask(three_units, CoverageQuestion("nowhere"))


def test_a_store_without_a_city_says_so(session):
    with pytest.raises(NoCityError):
        coverage(session, WHOLE_CITY, ON_DAY)


def test_a_window_of_no_days_is_refused(three_units):
    with pytest.raises(WrongValueError, match="window"):
        ask(three_units, CoverageQuestion("g", window_days=0))
