"""Coverage kept in the process and brought up to date, beside coverage read from scratch."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, text

from benchmarks.changes import of_frame, of_rows, sums
from data.answers import CoverageQuestion, coverage
from data.answers import inspected as module
from data.answers.inspected import KeptUnits
from data.engine import snapshot, transaction
from data.scope import WHOLE_CITY
from geo.periods import Period
from geo.sums import GroupSums

pytestmark = pytest.mark.db

QUESTION = CoverageQuestion("g", as_of=date(2019, 8, 31), window_days=60)
CHANGES = {
    "a visit": "INSERT INTO inspection (source, external_code, unit_id, inspected_at)"
    " VALUES ('t', 'new', {unit}, '2019-08-20 10:00+08')",
    "a visit that moves to another day": "UPDATE inspection"
    " SET inspected_at = '2019-01-05 10:00+08' WHERE unit_id = {unit}",
    "a visit that goes over to another unit": "UPDATE inspection SET unit_id = {other}"
    " WHERE unit_id = {unit}",
    "a visit that is taken out": "DELETE FROM inspection WHERE unit_id = {unit}",
    "a unit that closes": "UPDATE unit SET closed_on = '2019-08-30' WHERE id = {unit}",
    "a unit of another risk": "UPDATE unit SET risk = 'major' WHERE id = {unit}",
    "a unit that goes": "DELETE FROM unit WHERE id = {unit}",
    "a unit moved by hand": "UPDATE placement SET override_reason = 'x', override_cell_id ="
    " (SELECT min(id) FROM cell) WHERE unit_id = {unit}",
    "a unit that loses its cell": "UPDATE placement SET computed_cell_id = NULL"
    " WHERE unit_id = {unit}",
}


@pytest.fixture
def city(clean_engine: Engine, make_town) -> Engine:
    rng = np.random.default_rng(4)
    with transaction(clean_engine, moves=["ledgers", "grids"]) as session:
        town = make_town(session)
        town.grid(4, 3)
        town.add("units", *(unit(town, rng) for _ in range(60)))
        town.add("inspections", *(visit(town, rng) for _ in range(90)))
    return clean_engine


def unit(town, rng):
    place = town.at(rng.integers(0, 5), rng.integers(0, 3))
    registered = rng.choice([None, "2018-03-01", "2019-07-01"])
    return {
        "name": "u",
        "geom": place if rng.random() < 0.9 else None,
        "risk": rng.choice([None, "major", "low"]),
        "registered_on": None if registered is None else pd.Timestamp(registered),
    }


def visit(town, rng):
    day = date(2019, 8, 31) - timedelta(days=int(rng.integers(0, 400)))
    return {"unit_code": str(rng.integers(0, 50)), "inspected_at": town.day(day.isoformat(), 9)}


def change(engine, statement):
    with transaction(engine, moves=["ledgers"]) as session:
        ids = session.scalars(text("SELECT DISTINCT unit_id FROM inspection ORDER BY 1")).all()
        session.execute(text(statement.format(unit=ids[3], other=ids[7])))


def assert_equal_to_scratch(engine, kept, question=QUESTION):
    with snapshot(engine) as session:
        found = coverage(session, WHOLE_CITY, question, kept)
        scratch = coverage(session, WHOLE_CITY, question)
    pd.testing.assert_frame_equal(found.rows, scratch.rows, check_exact=True)
    assert found.as_dict() == scratch.as_dict()


@pytest.mark.parametrize("name", CHANGES)
def test_after_a_change_what_was_kept_equals_what_is_read_from_scratch(city, name):
    kept = KeptUnits()
    assert_equal_to_scratch(city, kept)
    change(city, CHANGES[name])
    assert_equal_to_scratch(city, kept)


def test_after_every_change_in_turn_and_a_new_unit_nothing_has_drifted(city):
    kept = KeptUnits()
    assert_equal_to_scratch(city, kept)
    for statement in CHANGES.values():
        change(city, statement)
    with transaction(city, moves=["ledgers"]) as session:
        session.execute(
            text("INSERT INTO unit (source, external_code, name) VALUES ('t', 'n', 'n')")
        )
    assert_equal_to_scratch(city, kept)


def test_after_random_changes_every_day_and_window_equals_what_is_read_from_scratch(city):
    kept, rng = KeptUnits(), np.random.default_rng(7)
    windows = {date(2019, 8, 31): 60, date(2019, 8, 30): 1, date(2018, 12, 31): 200}
    questions = [CoverageQuestion("g", as_of=day, window_days=n) for day, n in windows.items()]
    for number in range(20):
        statement = rng.choice([*CHANGES.values()]).replace("'new'", f"'new {number}'")
        with transaction(city, moves=["ledgers"]) as session:
            ids = session.scalars(text("SELECT id FROM unit")).all()
            unit, other = rng.choice(ids, 2, replace=False)
            session.execute(text(statement.format(unit=unit, other=other)))
        assert_equal_to_scratch(city, kept, questions[rng.integers(0, len(questions))])
    for question in questions:
        assert_equal_to_scratch(city, kept, question)
        assert_equal_to_counting_in_sql(city, kept, question)


def assert_equal_to_counting_in_sql(engine, kept, question):
    period = Period(question.as_of, question.window_days, "Asia/Shanghai")
    with snapshot(engine) as session:
        found = coverage(session, WHOLE_CITY, question, kept).rows
        counted = session.execute(text(sums(period))).all()
    np.testing.assert_allclose(of_frame(found), of_rows(counted), rtol=0, atol=1e-9)


def test_an_update_of_a_thousand_rows_names_its_units_and_one_of_more_does_not(city):
    insert = (
        "INSERT INTO unit (source, external_code, name)"
        " SELECT 't', 'm' || n, 'n' FROM generate_series(1, 1001) AS n"
    )
    update = (
        "UPDATE unit SET name = 'x'"
        " WHERE external_code IN (SELECT 'm' || n FROM generate_series(1, :most) AS n)"
    )
    with transaction(city) as session:
        session.execute(text(insert))
        for most in (1000, 1001):
            session.execute(text(update), {"most": most})
    with transaction(city) as session:
        noted = session.scalars(
            text("SELECT cardinality(unit_ids) FROM unit_change ORDER BY id DESC LIMIT 2")
        )
        assert noted.all() == [None, 1000]


def test_only_the_units_that_changed_are_read_again(city, monkeypatch):
    kept, found = KeptUnits(), []
    assert_equal_to_scratch(city, kept)
    read = module.changes_since
    monkeypatch.setattr(
        module, "changes_since", lambda *args: (found.append(read(*args)), found[-1])[1]
    )
    monkeypatch.setattr(module, "units_by_cell", lambda *_: pytest.fail("all units are read"))
    change(city, CHANGES["a visit"])
    with snapshot(city) as session:
        coverage(session, WHOLE_CITY, QUESTION, kept)
        coverage(session, WHOLE_CITY, QUESTION, kept)
    assert [len(changes.rows["unit"]) for changes in found] == [1, 0]
    assert set(found[0].visits["unit"]) == set(found[0].units)


def test_a_change_that_is_not_committed_is_not_seen_and_one_that_is_seen_at_once(city):
    kept = KeptUnits()
    with transaction(city, moves=["ledgers"]) as other:
        other.execute(text(CHANGES["a visit that is taken out"].format(unit=1)))
        assert_equal_to_scratch(city, kept)
    assert_equal_to_scratch(city, kept)


def test_an_older_state_is_answered_from_that_state(city):
    kept = KeptUnits()
    with snapshot(city) as old:
        before = coverage(old, WHOLE_CITY, QUESTION).as_dict()
        change(city, CHANGES["a visit that is taken out"])
        assert_equal_to_scratch(city, kept)
        assert coverage(old, WHOLE_CITY, QUESTION, kept).as_dict() == before


def test_many_changes_at_once_are_one_full_reading(city):
    kept = KeptUnits()
    assert_equal_to_scratch(city, kept)
    with transaction(city, moves=["ledgers"]) as session:
        session.execute(
            text(
                "INSERT INTO unit (source, external_code, name)"
                " SELECT 't', 'm' || n, 'n' FROM generate_series(1, 1001) AS n"
            )
        )
    assert_equal_to_scratch(city, kept)


def test_the_log_of_changes_goes_back_for_a_day(city):
    with transaction(city) as session:
        session.execute(text("UPDATE unit_change SET noted_at = now() - interval '25 hours'"))
    change(city, CHANGES["a visit"])
    with transaction(city) as session:
        assert session.scalar(text("SELECT count(*) FROM unit_change")) == 1


def test_what_was_kept_for_long_is_read_from_scratch(city, monkeypatch):
    kept = KeptUnits()
    assert_equal_to_scratch(city, kept)
    monkeypatch.setattr(module, "_LONGEST_KEPT", timedelta(0))
    monkeypatch.setattr(GroupSums, "replace", lambda *_: pytest.fail("brought up to date"))
    assert_equal_to_scratch(city, kept)
