"""Bulletins from draft to issue, and what stays of them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest
import shapely
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from data.answers.bulletins import BulletinQuestion
from data.cities import create_city, the_city
from data.clock import tell_time
from data.errors import NotFoundError, WrongStateError
from data.loading import load
from data.models import Event, Publication
from data.publishing import (
    Draft,
    advance,
    comes_out_again,
    draft,
    publications,
    published,
)
from geo.errors import WrongValueError

pytestmark = pytest.mark.db

FOUND = pd.Timestamp("2019-08-01T09:00+08:00")
RANKING = Draft(BulletinQuestion("ranking", date(2019, 8, 31)), "Zhang", "office")
STEPS = (("check", "Li"), ("sign", "Wang"), ("issue", "Zhang"))


@pytest.fixture
def store(session):
    """A city with two items of one party, the first of them closed."""
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    line = shapely.LineString([(113.6, 34.7), (113.61, 34.7)])
    segments = pd.DataFrame({"external_code": ["s1"], "geom": [line]})
    load(session, "segments", segments, source="t")
    write(session, ["closed", "handed_over"], [FOUND, pd.NaT])
    return session


def write(session, states, closed):
    items = {"external_code": ["r1", "r2"], "segment_code": "s1", "found_at": FOUND}
    told = {"state": states, "closed_at": closed, "lead_party": "east"}
    load(session, "rectifications", pd.DataFrame(items | told), source="t")


def issue(session, number=1):
    return [advance(session, "ranking", number, step, by, "test") for step, by in STEPS]


def test_a_bulletin_is_drafted_checked_signed_and_issued(store):
    assert draft(store, RANKING, "test").number == 1
    assert issue(store) == ["checked", "signed", "issued"]
    told = published(store, "ranking", 1)
    names = ("drafted_by", "checked_by", "signed_by", "office", "state")
    assert [told[name] for name in names] == ["Zhang", "Li", "Wang", "office", "issued"]
    assert told["facts"]["totals"]["n_closed"] == 1


def test_every_step_is_an_event(store):
    draft(store, RANKING, "test")
    issue(store)
    statement = select(Event.action, Event.after).where(Event.subject == "publication")
    assert [
        (action, after["by"]) for action, after in store.execute(statement.order_by(Event.id))
    ] == [
        ("draft", "Zhang"),
        *STEPS,
    ]


def test_steps_are_taken_in_their_order(store):
    draft(store, RANKING, "test")
    with pytest.raises(WrongStateError, match="ranking 1 is drafted; issue is for one that is sig"):
        advance(store, "ranking", 1, "issue", "Li", "test")


@pytest.mark.parametrize("step", ["check", "sign"])
def test_who_drafted_it_neither_checks_nor_signs_it(store, step):
    draft(store, RANKING, "test")
    if step == "sign":
        advance(store, "ranking", 1, "check", "Li", "test")
    with pytest.raises(WrongValueError, match="has drafted it"):
        advance(store, "ranking", 1, step, " ZHANG ", "test")


def test_somebody_is_named(store):
    with pytest.raises(WrongValueError, match="nobody is named"):
        draft(store, replace(RANKING, by="  "), "test")


def test_numbers_run_by_kind(store):
    daily = replace(RANKING, question=replace(RANKING.question, kind="daily"))
    made = [draft(store, one, "test") for one in (RANKING, RANKING, daily)]
    assert [(one.kind, one.number) for one in made] == [
        ("ranking", 1),
        ("ranking", 2),
        ("daily", 1),
    ]


def test_what_is_corrected_later_leaves_the_issue_as_it_was(store):
    draft(store, RANKING, "test")
    issue(store)
    frozen = published(store, "ranking", 1)["facts"]
    tell_time(store, datetime(2040, 1, 1, tzinfo=UTC))
    write(store, ["closed", "closed"], [FOUND, FOUND])
    assert comes_out_again(store, "ranking", 1)
    store.execute(text("SET LOCAL search_path TO public"))
    assert draft(store, RANKING, "test").figures["facts"]["totals"]["n_closed"] == 2
    assert published(store, "ranking", 1)["facts"] == frozen


def test_a_correction_names_the_issue_it_puts_right(store):
    draft(store, RANKING, "test")
    issue(store)
    draft(store, replace(RANKING, corrects=1), "test")
    assert [(one["number"], one["corrects"], one["state"]) for one in publications(store)] == [
        (2, 1, "drafted"),
        (1, None, "issued"),
    ]
    assert published(store, "ranking", 2)["corrects"] == 1


def test_only_what_was_issued_is_corrected(store):
    draft(store, RANKING, "test")
    with pytest.raises(WrongStateError, match="was not issued"):
        draft(store, replace(RANKING, corrects=1), "test")
    with pytest.raises(NotFoundError, match="no bulletin of that number"):
        draft(store, replace(RANKING, corrects=7), "test")


def test_a_moment_is_frozen_as_the_moment_that_it_is(store):
    moment = datetime(2019, 8, 31, 10, tzinfo=UTC)
    question = replace(RANKING.question, as_of=moment, known_at=datetime(2030, 1, 1, tzinfo=UTC))
    made = draft(store, replace(RANKING, question=question), "test")
    assert made.cut_off_at == moment
    assert comes_out_again(store, "ranking", 1)


def test_the_day_is_the_citys_own_where_none_is_asked_for(store):
    the_city(store).default_as_of = date(2019, 8, 30)
    made = draft(store, replace(RANKING, question=BulletinQuestion("ranking")), "test")
    assert made.figures["asked"]["as_of"] == "2019-08-30"


@pytest.mark.parametrize(
    "change",
    [
        update(Publication).values(signed_by="Somebody"),
        delete(Publication),
    ],
)
def test_the_database_keeps_what_is_issued(store, change):
    draft(store, RANKING, "test")
    issue(store)
    with pytest.raises(DBAPIError, match="is issued and stays as it is"):
        store.execute(change)


def test_the_database_keeps_the_figures_of_a_draft_which_may_be_thrown_away(store):
    draft(store, RANKING, "test")
    with pytest.raises(DBAPIError, match="keeps its figures"), store.begin_nested():
        store.execute(update(Publication).values(figures={}))
    store.execute(delete(Publication))
    assert publications(store) == []
