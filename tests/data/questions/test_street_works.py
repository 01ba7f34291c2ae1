from datetime import date

import pandas as pd
import pytest

from data.answers import OutageQuestion, RectificationQuestion, outages, rectifications
from data.answers.street_works import OPEN_STAGES, STAGES, work_on
from data.models.rectifications import STATES
from data.scope import WHOLE_CITY
from tests.data.questions.test_rectifications import add_items, item

DAY = date(2019, 8, 31)
WORK = ("work", "days_left", "days_overdue")


def works(**columns):
    row = {"item": 7, "state": "fixing", "exempt": False, "owner": "A", "person": None}
    frame = pd.DataFrame([row | {"due_on": None} | columns], index=[1])
    frame["due_on"] = pd.to_datetime(frame["due_on"])
    return frame


def stage(**columns):
    return work_on(works(**columns), pd.Index([1]), DAY).loc[1]


@pytest.mark.parametrize(
    ("state", "named"),
    [
        ("registered", "found"),
        ("returned", "found"),
        ("claimed", "handed_over"),
        ("recheck_failed", "fixing"),
        ("closed", "relit"),
        ("transferred", "transferred"),
        ("exempt", "found"),
    ],
)
def test_a_state_is_told_by_its_stage(state, named):
    assert stage(state=state)["work"] == named


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_an_item_has_a_stage(state):
    assert stage(state=state)["work"] in STAGES


@pytest.mark.parametrize(
    ("due_on", "told"),
    [
        ("2019-08-30", ("overdue", -1, 1)),
        ("2019-08-31", ("fixing", 0, 0)),
        ("2019-09-05", ("fixing", 5, 0)),
    ],
)
def test_an_open_item_is_overdue_from_the_day_after_its_limit(due_on, told):
    assert tuple(stage(due_on=due_on)[list(WORK)]) == told


def test_an_item_that_is_ended_is_never_overdue():
    ended = stage(state="closed", due_on="2019-08-01")
    assert (ended["work"], ended["days_overdue"]) == ("relit", 0)
    assert ended["days_left"] is pd.NA


def test_what_both_sides_confirmed_is_exempt_whatever_its_state():
    assert stage(exempt=True, due_on="2019-08-01")["work"] == "exempt"


@pytest.mark.db
@pytest.mark.parametrize("confirmed", [1, 2])
def test_the_map_calls_open_what_the_figures_count_as_open(town, confirmed):
    sides = ("exempt_confirmed_by_city", "exempt_confirmed_by_builder")[:confirmed]
    signed = dict.fromkeys(sides, "office")
    add_items(town, item("B1", **signed) | {"state": "exempt"})
    (row,) = outages(town.session, WHOLE_CITY, OutageQuestion(as_of=DAY)).as_dict()["segments"]
    totals = rectifications(town.session, WHOLE_CITY, RectificationQuestion(as_of=DAY)).totals
    assert int(row["work"] in OPEN_STAGES) == totals["n_open"] == 2 - confirmed


def test_a_street_without_an_item_has_no_work_and_nothing_overdue():
    row = work_on(works(), pd.Index([2]), DAY).loc[2]
    assert row[["work", "work_item", "due_on"]].isna().all()
    assert row["days_overdue"] == 0


def test_without_a_ledger_of_items_nobody_knows_what_is_overdue():
    assert work_on(works().iloc[:0], pd.Index([1]), DAY)["days_overdue"].isna().all()


def test_the_open_stages_are_stages():
    assert set(OPEN_STAGES) < set(STAGES)


@pytest.mark.db
def test_a_segment_names_who_must_relight_it_and_by_when(town):
    town.grid(1)
    add_items(town, item("B1", due="2019-08-28", person="Li"))
    (row,) = outages(town.session, WHOLE_CITY, OutageQuestion(as_of=DAY)).as_dict()["segments"]
    told = {name: row[name] for name in ("work", "owner", "person", "due_on", "days_left")}
    assert told == {
        "work": "overdue",
        "owner": "B1",
        "person": "Li",
        "due_on": "2019-08-28",
        "days_left": -3,
    }
