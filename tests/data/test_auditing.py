"""Whoever may write to the chain of events as its owner is found out."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, text
from sqlalchemy.orm import Session

from data.auditing import Anchor, Anchors, verify
from data.cities import create_city
from data.engine import make_engine, snapshot, transaction
from data.errors import UnreadableAnchorsError
from data.models import Event

pytestmark = pytest.mark.db

N_EVENTS = 6
RENEWED = """
    DO $$ DECLARE one event; last bytea := ''; BEGIN
        UPDATE event SET actor = 'Wang' WHERE id = {};
        FOR one IN SELECT * FROM event ORDER BY id LOOP
            one.previous_hash := last;
            UPDATE event SET previous_hash = last, hash = guatu_event_hash(one) WHERE id = one.id;
            last := guatu_event_hash(one);
        END LOOP;
    END $$
"""
"""Edit an event and forge every link anew, as who knows how it is made would do."""

CRIMES = {
    "edited": ("UPDATE event SET actor = 'Wang' WHERE id = 3", {3}),
    "edited and forged": (RENEWED.format(3), {4, 6}),
    "forged from the first on": (RENEWED.format(1), {4, 6}),
    "deleted": ("DELETE FROM event WHERE id = 3", {4}),
    "deleted and renumbered": (
        "DELETE FROM event WHERE id = 3; UPDATE event SET id = id - 1 WHERE id > 3",
        {3, 4, 5, 6},
    ),
    "reordered": (
        "UPDATE event SET id = 99 WHERE id = 2; UPDATE event SET id = 2 WHERE id = 3;"
        " UPDATE event SET id = 3 WHERE id = 99",
        {2, 3, 4},
    ),
    "cut": ("DELETE FROM event WHERE id > 4", {6}),
    "emptied": ("DELETE FROM event", {4, 6}),
    "cut, and the city made later": (
        "UPDATE city SET created_at = now() + interval '1 day'; DELETE FROM event WHERE id > 4",
        {6},
    ),
    "cut, and the city renamed": (
        "UPDATE city SET code = 'other'; DELETE FROM event WHERE id > 4",
        {6},
    ),
}
"""What is done to the chain -> at which events it shows; the fourth and the last are anchored."""


@pytest.fixture
def owner(clean_url: URL, clean_engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A chain of six events with two anchors, in the hands of the owner of the database."""
    with transaction(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        add_events(session, 4)
    anchor(clean_engine, tmp_path)
    with transaction(clean_engine) as session:
        add_events(session, N_EVENTS - 4)
    anchor(clean_engine, tmp_path)
    engine = make_engine(clean_url, role=None)
    yield engine
    engine.dispose()


def add_events(session: Session, n_events: int) -> None:
    for number in range(n_events):
        session.add(
            Event(actor="李", action="close", subject="t", after={"n": number, "é": "销号"})
        )
        session.flush()


def anchor(engine: Engine, folder: Path) -> Anchor | None:
    with snapshot(engine) as session:
        return Anchors(folder, session).add(session)


def faults(engine: Engine, folder: Path) -> set[int]:
    with snapshot(engine) as session:
        return {one.event for one in verify(session, Anchors(folder, session).read()).faults}


def test_an_untouched_chain_is_whole(owner: Engine, tmp_path: Path) -> None:
    with snapshot(owner) as session:
        session.execute(text("SET LOCAL timezone = 'America/Chicago'"))
        found = verify(session, Anchors(tmp_path, session).read())
    assert (found.n_events, found.n_anchors, found.is_whole) == (N_EVENTS, 2, True)


@pytest.mark.parametrize("crime", CRIMES)
def test_a_crime_shows_where_it_was_done(owner: Engine, tmp_path: Path, crime: str) -> None:
    statement, events = CRIMES[crime]
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.exec_driver_sql(statement)
    assert faults(owner, tmp_path) == events


def test_what_is_anchored_is_not_anchored_again(owner: Engine, tmp_path: Path) -> None:
    assert anchor(owner, tmp_path) is None


def test_anchors_of_a_file_named_by_when_the_city_was_made_are_found(
    owner: Engine, tmp_path: Path
) -> None:
    (file,) = tmp_path.glob("*.jsonl")
    file.rename(tmp_path / "test-20261126T190000123456.jsonl")
    with snapshot(owner) as session:
        assert [one.event for one in Anchors(tmp_path, session).read()] == [4, 6]


def test_anchors_of_another_city_are_not_held_against_this_one(
    owner: Engine, tmp_path: Path
) -> None:
    (file,) = tmp_path.glob("*.jsonl")
    line = json.loads(file.read_text().splitlines()[0]) | {"hash": "00" * 32}
    (tmp_path / f"test-2-{'ab' * 32}.jsonl").write_text(json.dumps(line) + "\n")
    assert faults(owner, tmp_path) == set()


def test_a_chain_without_anchors_is_only_whole_in_itself(owner: Engine, tmp_path: Path) -> None:
    for file in tmp_path.glob("*.jsonl"):
        shutil.move(file, file.with_suffix(".away"))
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.exec_driver_sql("DELETE FROM event WHERE id > 4")
    assert faults(owner, tmp_path) == set()


def test_a_line_without_an_end_is_written_over(owner: Engine, tmp_path: Path) -> None:
    (file,) = tmp_path.glob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert anchor(owner, tmp_path) is not None
    assert [json.loads(line)["event"] for line in file.read_bytes().splitlines()] == [4, 6]


def test_an_event_is_what_it_was_when_it_was_anchored_first(owner: Engine, tmp_path: Path) -> None:
    (file,) = tmp_path.glob("*.jsonl")
    forged = json.loads(file.read_text().splitlines()[0]) | {"hash": "00" * 32}
    file.write_text(file.read_text() + json.dumps(forged) + "\n")
    assert faults(owner, tmp_path) == set()


def test_a_line_that_is_no_anchor_is_told(owner: Engine, tmp_path: Path) -> None:
    (file,) = tmp_path.glob("*.jsonl")
    file.write_text(file.read_text() + "{}\n")
    with pytest.raises(UnreadableAnchorsError, match=file.name):
        anchor(owner, tmp_path)
