"""How hotspots came and went over the window, and the clusters of like cells."""

from datetime import date

import pytest

from data.answers import HotspotQuestion, hotspots
from data.answers.emerging import N_STEPS, steps_of
from data.queries.places import LedgerDays
from data.scope import WHOLE_CITY
from geo.periods import Period

DAY = date(2019, 8, 31)
WINDOW = 36  # twelve steps of three days, the first from 27 July


def test_steps_are_equal_whole_days_that_end_with_the_window():
    steps = steps_of(Period(DAY, 38, "Asia/Shanghai"), LedgerDays(date(2019, 1, 1), DAY))
    assert (steps.days, len(steps.starts)) == (3, N_STEPS)
    assert steps.starts[0].isoformat() == "2019-07-27T00:00:00+08:00"
    assert steps.starts[-1].isoformat() == "2019-08-29T00:00:00+08:00"


def test_days_before_the_ledger_are_in_no_step():
    steps = steps_of(Period(DAY, 365, "Asia/Shanghai"), LedgerDays(date(2019, 7, 27), DAY))
    assert (steps.n_days, steps.days) == (36, 3)
    assert steps.starts[0].date() == date(2019, 7, 27)


def test_a_ledger_of_fewer_days_than_steps_has_none():
    steps = steps_of(Period(DAY, 365, "Asia/Shanghai"), LedgerDays(date(2019, 8, 21), DAY))
    assert (steps.n_days, steps.days, steps.starts) == (11, 0, ())


def test_steps_begin_at_midnight_when_the_clocks_change():
    steps = steps_of(
        Period(date(2025, 4, 5), 12, "Europe/Helsinki"), LedgerDays(date(2025, 1, 1), DAY)
    )
    assert {start.hour for start in steps.starts} == {0}
    assert {start.utcoffset().seconds for start in steps.starts} == {7200, 10800}


@pytest.fixture
def corner(town):
    """Thirty-six cells whose corner is hot every third day, and whose middle only at the end."""
    town.grid(6, 6)
    every_step = [f"2019-07-{n}" for n in (28, 31)] + [f"2019-08-{n:02}" for n in range(3, 32, 3)]
    places = [(0, 0), (0, 1), (1, 0), (1, 1)]
    town.add(
        "hazards",
        *(
            {"geom": town.at(*place), "found_at": town.day(day), "count": 9}
            for place in places
            for day in every_step
        ),
        {"geom": town.at(4, 4), "found_at": town.day("2019-08-31"), "count": 40},
        {"geom": town.at(5, 0), "found_at": town.day("2019-07-26"), "count": 999},
    )
    return town


def ask(town, window=WINDOW):
    asked = HotspotQuestion("g", as_of=DAY, window_days=window, permutations=9_999)
    answer = hotspots(town.session, WHOLE_CITY, asked)
    return answer, {cell["code"]: cell for cell in answer.as_dict()["cells"]}


@pytest.mark.db
def test_a_corner_that_is_always_hot_persists_and_a_burst_is_new(corner):
    _, cells = ask(corner)
    assert cells["0-0"]["pattern"] == "persistent_hotspot"
    assert cells["0-0"]["n_hot_periods"] == N_STEPS
    assert cells["4-4"]["pattern"] == "new_hotspot"
    assert cells["2-5"]["pattern"] == "no_pattern"


@pytest.mark.db
def test_what_was_found_before_the_first_step_counts_in_no_period(corner):
    _, cells = ask(corner, window=37)
    assert cells["0-5"]["value"] == 999
    assert cells["0-5"]["n_hot_periods"] == 0


@pytest.mark.db
def test_the_decision_log_says_how_the_window_was_cut(corner):
    answer, _ = ask(corner)
    said = {decision.code: dict(decision.values) for decision in answer.decisions}
    assert said["emerging"] == {"n": 12, "days": 3, "first_day": "2019-07-27", "share": 0.9}


@pytest.mark.db
def test_a_window_of_a_week_tells_no_pattern_and_says_why(corner):
    answer, cells = ask(corner, window=7)
    assert {cell["pattern"] for cell in cells.values()} == {None}
    said = {decision.code: dict(decision.values) for decision in answer.decisions}
    assert said["too_few_days"] == {"n": 7, "needed": 12}


@pytest.mark.db
def test_only_clusters_beyond_chance_are_told(corner):
    _, cells = ask(corner)
    assert cells["0-0"]["cluster"] == "HH"
    assert cells["2-5"]["cluster"] == "none"
    assert cells["2-5"]["quadrant"] == "LL"
