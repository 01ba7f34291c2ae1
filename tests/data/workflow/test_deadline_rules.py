"""By which rules of a city what is found and handed over is due."""

from datetime import UTC, date, datetime

import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.cities import create_city
from data.clock import tell_time
from data.errors import ActRefusedError
from data.models import Event, Hazard, Rectification, Segment
from data.workflow import Brought, Seen, act, find
from data.workflow.rules import (
    PROPOSED,
    Rule,
    Ruled,
    adopt_proposed,
    closest,
    rules_at,
    set_rule,
    told_rules,
)
from data.workflow.steps import RuledDay, steps_of
from geo.errors import WrongValueError

LATE = datetime(2019, 8, 1, 16, 30, tzinfo=UTC)
"""Half past midnight of 2 August in Shanghai."""


def rule(
    days: int | None, about: str = "hazard", level: str | None = None, kind: str | None = None
):
    return Rule(Ruled(about, level, kind), days, "office")


FIRE = Ruled("hazard", "major", "fire")


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        ([], None),
        ([rule(9, "segment")], None),
        ([rule(9, level="general")], None),
        ([rule(9, kind="gas")], None),
        ([rule(9)], 9),
        ([rule(9), rule(8, level="major")], 8),
        ([rule(7, kind="fire"), rule(8, level="major")], 7),
        ([rule(6, level="major", kind="fire"), rule(7, kind="fire"), rule(8)], 6),
        ([rule(None, kind="fire"), rule(9)], 9),
    ],
)
def test_the_closest_rule_counts(rules, days):
    found = closest(rules, FIRE)
    assert (found and found.days) == days


@pytest.fixture
def city(session: Session) -> Session:
    made = create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    assert made.simulated
    hazard = {"external_code": "h", "found_at": LATE, "level": "major", "category": "fire"}
    line = "SRID=4326;" + shapely.LineString([(113.6, 34.7), (113.61, 34.7)]).wkt
    session.add(Hazard(source="t", **hazard))
    session.add(
        Segment(source="t", external_code="s", ledger_code="s", geom=line, length_m=1, name="s")
    )
    session.flush()
    return session


def found(session: Session, about: str) -> Rectification:
    model = Hazard if about == "hazard" else Segment
    thing = session.scalars(select(model.id)).one()
    number, _ = find(session, about, thing, "officer", LATE, "test")
    return session.get_one(Rectification, number)


def handed_over(session: Session, item: Rectification, **columns) -> Rectification:
    for action in ("register", "hand_over"):
        session.refresh(item)
        brought = Brought(by="officer", at=LATE, columns=columns if action == "hand_over" else {})
        act(session, item.id, action, Seen(item.state), brought, "test")
    session.refresh(item)
    return item


@pytest.mark.db
def test_days_are_counted_from_the_local_day_and_the_event_tells_of_them(city):
    set_rule(city, rule(3, level="major"), "test")
    item = found(city, "hazard")
    assert item.due_on == date(2019, 8, 5)
    event = city.scalars(select(Event).where(Event.action == "find")).one()
    assert (event.after or {})["due_on"] == "2019-08-05"


@pytest.mark.db
def test_without_a_rule_nobody_is_bound(city):
    assert found(city, "hazard").due_on is None
    with pytest.raises(ActRefusedError, match="due_on is missing"):
        handed_over(city, found(city, "segment"), person="Li")


@pytest.mark.db
def test_what_is_handed_over_without_a_day_is_due_by_its_cause(city):
    item = found(city, "segment")
    set_rule(city, rule(10, "segment", kind="cable_cut"), "test")
    assert handed_over(city, item, person="Li", cause="cable_cut").due_on == date(2019, 8, 12)


@pytest.mark.db
def test_a_major_hazard_is_handed_over_with_a_day_by_rule_and_its_other_four_items(city):
    item = found(city, "hazard")
    set_rule(city, rule(10), "test")
    with pytest.raises(ActRefusedError) as caught:
        handed_over(city, item, person="Li")
    missing = {refusal.field for refusal in caught.value.refusals}
    assert missing == {"measure", "money_yuan", "contingency"}


@pytest.mark.db
def test_a_day_that_somebody_names_goes_before_the_rule(city):
    set_rule(city, rule(10, "segment"), "test")
    due_on = date(2019, 8, 4)
    assert handed_over(city, found(city, "segment"), person="Li", due_on=due_on).due_on == due_on


@pytest.mark.db
def test_a_rule_holds_from_when_it_was_set_and_until_it_is_taken_back(city):
    days = [datetime(2019, 8, number, tzinfo=UTC) for number in (1, 5, 9)]
    for moment, n in zip(days, (10, 20, None), strict=True):
        tell_time(city, moment)
        set_rule(city, rule(n), "test")
    asked = [datetime(2019, 8, number, tzinfo=UTC) for number in (2, 6, 10)]
    assert [[one.days for one in rules_at(city, moment)] for moment in asked] == [[10], [20], []]
    assert rules_at(city) == []


@pytest.mark.db
def test_a_rule_that_was_set_is_never_written_over(city):
    set_rule(city, rule(10), "test")
    with pytest.raises(DBAPIError, match="permission denied"):
        city.execute(text("UPDATE deadline_rule SET days = 11"))


@pytest.mark.db
def test_what_is_proposed_holds_once_it_is_adopted(city):
    assert {one["said_by"] for one in told_rules(city)} == {None}
    set_rule(city, rule(99, level="major"), "test")
    assert adopt_proposed(city, "office", "test") == len(PROPOSED) - 1
    days = {(one["about"], one["level"]): one["days"] for one in told_rules(city)}
    assert days == {**PROPOSED, ("hazard", "major"): 99}
    assert adopt_proposed(city, "office", "test") == 0


@pytest.mark.db
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (rule(1, "bridge"), "about"),
        (rule(1, level="severe"), "level"),
        (rule(1, "segment", level="major"), "level"),
        (rule(1, "segment", kind="ghosts"), "kind"),
        (rule(-1), "days"),
        (rule(3661), "days"),
        (Rule(FIRE, 1, " "), "by"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(city, wrong, told):
    with pytest.raises(WrongValueError, match=f"^{told}: "):
        set_rule(city, wrong, "test")


def test_a_step_tells_the_day_of_the_rule_and_then_asks_for_none(city):
    item = found(city, "hazard")
    city.execute(text("UPDATE rectification SET state = 'registered'"))
    tell_time(city, LATE)
    before = {step.action: step for step in steps_of(city, item.id).open}["hand_over"]
    assert (before.due, "due_on" in before.needs, before.fixed) == (None, True, ())
    set_rule(city, rule(30, level="major"), "test")
    step = {step.action: step for step in steps_of(city, item.id).open}["hand_over"]
    assert step.due == RuledDay("2019-09-01", 30, "major", None, "office")
    assert "due_on" not in step.needs


def test_a_deadline_somebody_has_to_keep_is_fixed(city):
    item = found(city, "segment")
    city.execute(text("UPDATE rectification SET state = 'claimed', due_on = '2019-09-01'"))
    steps = {step.action: step for step in steps_of(city, item.id).open}
    assert {name for name, step in steps.items() if step.fixed} == {"reassign", "start", "plan"}
