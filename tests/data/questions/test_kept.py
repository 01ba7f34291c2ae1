from datetime import date

import pytest
from sqlalchemy.orm import Session

from data.answers import (
    CoverageQuestion,
    HotspotQuestion,
    KeptAnswers,
    OutageQuestion,
    RectificationQuestion,
    answer,
    resolve_period,
    revisions,
)
from data.engine import transaction
from data.models import City
from data.scope import WHOLE_CITY

pytestmark = pytest.mark.db

DAY = date(2019, 8, 31)
QUESTION = CoverageQuestion("g", as_of=DAY)


@pytest.fixture
def small(town):
    town.grid(2)
    town.add("units", {"name": "u", "geom": town.at(0)})
    return town


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        HotspotQuestion("g", DAY),
        OutageQuestion("g", DAY),
        RectificationQuestion("g", DAY),
    ],
)
def test_any_question_finds_its_answer(small, question):
    found = answer(small.session, WHOLE_CITY, question)
    assert found.grid == "g"
    assert set(found.revisions) == set(question.subjects)
    assert found.revision == sum(found.revisions.values())


def test_a_kept_answer_is_the_same_object(small):
    kept = KeptAnswers()
    first = kept.answer(small.session, WHOLE_CITY, QUESTION)
    assert kept.answer(small.session, WHOLE_CITY, QUESTION) is first


def test_the_citys_own_day_asked_for_by_name_is_the_same_answer(small):
    small.session.get(City, 1).default_as_of = DAY
    kept = KeptAnswers()
    first = kept.answer(small.session, WHOLE_CITY, CoverageQuestion("g"))
    assert kept.answer(small.session, WHOLE_CITY, QUESTION) is first


def test_another_scope_is_another_answer(small):
    kept = KeptAnswers()
    whole = kept.answer(small.session, WHOLE_CITY, QUESTION)
    seen = kept.answer(small.session, small.scope("0-1"), QUESTION)
    assert (len(whole.rows), len(seen.rows)) == (2, 1)


def test_the_answer_asked_for_longest_ago_is_let_go(small):
    kept = KeptAnswers(size=1)
    first = kept.answer(small.session, WHOLE_CITY, QUESTION)
    kept.answer(small.session, WHOLE_CITY, OutageQuestion(as_of=DAY))
    assert kept.answer(small.session, WHOLE_CITY, QUESTION) is not first


def test_a_write_makes_a_new_answer(clean_engine, make_town):
    kept = KeptAnswers()
    with transaction(clean_engine, moves=["grids"]) as session:
        town = make_town(session)
        town.grid(2)
    with Session(clean_engine) as session:
        before = kept.answer(session, WHOLE_CITY, QUESTION)
    with transaction(clean_engine, moves=["ledgers"]) as session:
        town.session = session
        town.add("units", {"name": "u", "geom": town.at(0)})
    with Session(clean_engine) as session:
        after = kept.answer(session, WHOLE_CITY, QUESTION)
    assert (before.totals["n_units"], after.totals["n_units"]) == (0, 1)
    assert after.revision == before.revision + 1


def test_revisions_are_those_of_the_subjects(session):
    assert revisions(session, ["ledgers", "grids"]) == {"grids": 0, "ledgers": 0}


def test_a_period_ends_with_the_day_by_the_citys_clock(small):
    period = resolve_period(small.session, DAY, window_days=1)
    assert (period.start, period.end) == (small.day("2019-08-31"), small.day("2019-09-01"))
