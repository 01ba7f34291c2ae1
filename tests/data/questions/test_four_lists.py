import json
from datetime import date

import pytest
import shapely
from sqlalchemy import select, update

from data.answers.four_lists import LISTS, ListsQuestion, four_lists
from data.models import Evidence, Extension, Rectification, Supervision
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)


def ask(town, as_of=DAY, scope=WHOLE_CITY):
    return four_lists(town.session, scope, ListsQuestion(as_of))


@pytest.fixture
def working(town):
    """A major hazard that is late, a hazard just found, and a segment relit in time."""
    town.grid(2)
    town.add("units", {"name": "甲厂"})
    found = {"found_at": town.day("2019-08-01")}
    hazard = {"place": "仓库", "level": "major", "unit_code": "0", "geom": town.at(0)}
    town.add("hazards", found | hazard | {"origin": "expert"}, found | {"place": "后门"})
    line = shapely.LineString([town.at(1), shapely.Point(town.at(1).x + 1e-3, 0.005)])
    town.add("segments", {"external_code": "s0", "name": "岗东路", "geom": line})
    at_ten = {"found_at": town.day("2019-08-01", 10, 30), "lead_party": "east"}
    limit = {"due_on": date(2019, 8, 20)}
    closed = {"state": "closed", "closed_at": town.day("2019-08-20", 23)}
    town.add(
        "rectifications",
        at_ten | limit | {"hazard_code": "0", "state": "fixing", "money_yuan": "1200.50"},
        found | {"hazard_code": "1", "state": "found"},
        at_ten | limit | closed | {"segment_code": "s0"},
    )
    return town


def number_of(town, code):
    return town.session.scalar(select(Rectification.id).where(Rectification.external_code == code))


def test_an_item_is_on_the_lists_of_its_state(working):
    lists = ask(working)
    assert {name: [row["code"] for row in lists[name]] for name in LISTS} == {
        "hazards": ["0", "1", "2"],
        "handed_over": ["0", "2"],
        "leaders": ["0", "1", "2"],
        "closing": ["2"],
    }


def test_a_hazard_is_told_with_its_place_its_unit_and_who_found_it(working):
    row = ask(working)["hazards"][0]
    assert (row["place"], row["unit"], row["level"], row["origin"]) == (
        *("仓库", "甲厂", "major", "expert"),
    )
    assert (row["hazard_code"], row["segment_code"]) == ("0", None)
    assert (row["lead_party"], row["money_yuan"]) == ("east", "1200.50")


def test_moments_are_local_and_a_midnight_is_a_day(working):
    assert [row["found_at"] for row in ask(working)["hazards"]] == [
        *("2019-08-01 10:30", "2019-08-01", "2019-08-01 10:30"),
    ]


def test_open_items_are_late_and_closed_ones_were_in_time_or_not(working):
    late, _, closed = ask(working)["hazards"]
    assert (late["days_late"], late["in_time"]) == (11, None)
    assert (closed["days_late"], closed["in_time"]) == (None, True)


def test_nothing_is_on_the_lists_before_it_was_found(working):
    lists = ask(working, date(2019, 7, 31))
    assert [lists[name] for name in LISTS] == [[], [], [], []]


def test_evidence_extensions_and_supervision_count_from_their_day_on(working):
    number = number_of(working, "0")
    shown = {"round": 0, "action": "show", "file_name": "a", "sha256": bytes(32), "note": "n"}
    shown |= {"added_by": "Li", "added_at": working.day("2019-08-10")}
    working.session.add(Evidence(rectification_id=number, **shown))
    limits = {"old_due_on": date(2019, 8, 12), "new_due_on": date(2019, 8, 20), "reason": "r"}
    granted = {"granted_at": working.day("2019-08-11")}
    working.session.add(Extension(rectification_id=number, **limits, **granted))
    listed = {"leader": "Wang", "listed_on": date(2019, 8, 5), "removed_on": date(2019, 8, 25)}
    working.session.add(Supervision(rectification_id=number, **listed))
    working.session.flush()

    def told(day):
        row = ask(working, date(2019, 8, day))["handed_over"][0]
        names = ("n_evidence", "first_due_on", "leader", "listed_on", "removed_on")
        return [row[name] for name in names]

    assert told(4) == [0, None, None, None, None]
    assert told(10) == [1, None, "Wang", "2019-08-05", None]
    assert told(31) == [1, "2019-08-12", "Wang", "2019-08-05", "2019-08-25"]


def test_a_reader_sees_the_items_in_view(working):
    assert [row["code"] for row in ask(working, scope=working.scope("0-1"))["hazards"]] == ["2"]


def test_lists_are_plain_json(working):
    lists = ask(working)
    assert json.loads(json.dumps(lists)) == lists


def known(town, day):
    return four_lists(town.session, WHOLE_CITY, ListsQuestion(DAY, town.day(day)))


def test_what_was_recorded_later_was_not_known_before(working):
    number, recorded = number_of(working, "0"), {"recorded_at": working.day("2019-09-03")}
    rows = [
        Supervision(rectification_id=number, leader="孙", listed_on=date(2019, 8, 10), **recorded),
        Extension(
            rectification_id=number,
            old_due_on=date(2019, 8, 10),
            new_due_on=date(2019, 8, 20),
            reason="rain",
            granted_at=working.day("2019-08-09"),
            **recorded,
        ),
        Evidence(
            rectification_id=number,
            round=0,
            action="show",
            file_name="a.jpg",
            sha256=bytes(32),
            note="lit",
            added_by="Li",
            added_at=working.day("2019-08-09"),
            **recorded,
        ),
    ]
    working.session.add_all(rows)
    working.session.execute(update(Rectification).values(recorded_at=working.day("2019-08-01")))
    names = ("leader", "listed_on", "first_due_on", "n_evidence")

    def told(day):
        return [known(working, day)["hazards"][0][name] for name in names]

    assert told("2019-09-02") == [None, None, None, 0]
    assert told("2019-09-04") == ["孙", "2019-08-10", "2019-08-10", 1]


def test_a_removal_that_was_recorded_later_was_not_known_before(working):
    days = {"listed_on": date(2019, 8, 2), "removed_on": date(2019, 8, 30)}
    recorded = {
        "recorded_at": working.day("2019-08-02"),
        "removal_recorded_at": working.day("2019-09-03"),
    }
    number = number_of(working, "0")
    working.session.add(Supervision(rectification_id=number, leader="孙", **days, **recorded))
    working.session.execute(update(Rectification).values(recorded_at=working.day("2019-08-01")))
    removed = [
        known(working, day)["handed_over"][0]["removed_on"] for day in ("2019-09-02", "2019-09-04")
    ]
    assert removed == [None, "2019-08-30"]
