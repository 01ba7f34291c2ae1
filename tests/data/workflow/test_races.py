"""Many who act on one item at the same moment: one of them does, the others are told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from data.cities import create_city
from data.engine import transaction
from data.errors import ActRefusedError, OvertakenError
from data.models import Rectification
from data.workflow import Brought, Seen, act, find
from tests.data.waiting import wait_for_a_waiter

pytestmark = pytest.mark.db

N_RACES = 1_000
N_RUNNERS = 3

ITEMS = text("""
    WITH hazards AS (
        INSERT INTO hazard (source, external_code, found_at, level)
        SELECT 't', n::text, '2019-08-01', 'general' FROM generate_series(1, :n) AS n
        RETURNING id, external_code
    ), items AS (
        INSERT INTO rectification
            (source, external_code, hazard_id, found_at, state, reported_fixed_by, rechecked_by)
        SELECT 't', external_code, id, '2019-08-01', 'rechecked', 'Li', 'Wang' FROM hazards
        RETURNING id
    ), shown AS (
        INSERT INTO evidence (rectification_id, round, action, file_name, sha256, note, added_by)
        SELECT id, 0, 'report_fixed', 'a.jpg', sha256('a'), 'lit', 'Li' FROM items
    )
    SELECT id FROM items ORDER BY id
""")
AFTER = text("""
    SELECT DISTINCT r.state, r.version,
        (SELECT count(*) FROM event
         WHERE subject = 'rectification' AND subject_id = r.id) AS n_events,
        (SELECT count(*) FROM row_history
         WHERE table_name = 'rectification' AND row_id = r.id) AS n_kept
    FROM rectification AS r
""")


def make_items(engine: Engine, n: int) -> list[int]:
    with transaction(engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        return list(session.execute(ITEMS, {"n": n}).scalars())


def close(session: Session, number: int) -> None:
    act(session, number, "close", Seen("rechecked", 0), Brought(), "runner")


def run(engine: Engine, start: Barrier, number: int) -> str:
    start.wait()
    try:
        with transaction(engine) as session:
            close(session, number)
    except OvertakenError:
        return "overtaken"
    return "closed"


def test_of_a_thousand_races_to_close_each_has_one_winner_and_one_event(
    clean_engine: Engine,
) -> None:
    numbers = make_items(clean_engine, N_RACES)
    race = partial(run, clean_engine, Barrier(N_RUNNERS))
    with ThreadPoolExecutor(N_RUNNERS) as pool:
        ends = [tuple(sorted(pool.map(race, [number] * N_RUNNERS))) for number in numbers]
    assert Counter(ends) == {("closed", "overtaken", "overtaken"): N_RACES}
    with clean_engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(AFTER)] == [("closed", 1, 1, 1)]
        moved = text("SELECT value FROM revision WHERE subject = 'rectifications'")
        assert connection.scalar(moved) == N_RACES


def test_who_waits_for_another_is_told_that_the_other_was_faster(clean_engine: Engine) -> None:
    (number,) = make_items(clean_engine, 1)
    with ThreadPoolExecutor(1) as pool:
        with transaction(clean_engine) as session:
            close(session, number)
            late = pool.submit(run_alone, clean_engine, number)
            wait_for_a_waiter(clean_engine)
        with pytest.raises(OvertakenError, match="somebody else was faster"):
            late.result()


def test_who_waits_for_another_that_gives_up_acts(clean_engine: Engine) -> None:
    (number,) = make_items(clean_engine, 1)
    with ThreadPoolExecutor(1) as pool:
        with Session(clean_engine) as session:
            close(session, number)
            late = pool.submit(run_alone, clean_engine, number)
            wait_for_a_waiter(clean_engine)
            session.rollback()
        late.result()
    with clean_engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(AFTER)] == [("closed", 1, 1, 1)]


def ended(engine: Engine) -> tuple[int, int]:
    """Make a closed item; return it and its hazard."""
    (number,) = make_items(engine, 1)
    with transaction(engine) as session:
        close(session, number)
        item = session.get_one(Rectification, number)
        assert item.hazard_id is not None
        return number, item.hazard_id


def reopen(session: Session, number: int) -> None:
    again = Brought(by="Li", reason="dark again")
    act(session, number, "reopen", Seen("closed", 1), again, "runner")


def find_anew(session: Session, hazard: int) -> None:
    find(session, "hazard", hazard, "Li", None, "runner")


@pytest.mark.parametrize("is_reopened_first", [True, False])
def test_of_who_finds_and_who_reopens_at_once_the_later_is_refused(
    clean_engine: Engine, *, is_reopened_first: bool
) -> None:
    number, hazard = ended(clean_engine)
    acts = [lambda session: reopen(session, number), lambda session: find_anew(session, hazard)]
    first, second = acts if is_reopened_first else reversed(acts)

    def late() -> None:
        with transaction(clean_engine) as session:
            second(session)

    with ThreadPoolExecutor(1) as pool:
        with transaction(clean_engine) as session:
            first(session)
            waiting = pool.submit(late)
            wait_for_a_waiter(clean_engine)
        with pytest.raises(ActRefusedError):
            waiting.result()


def run_alone(engine: Engine, number: int) -> None:
    with transaction(engine) as session:
        close(session, number)
