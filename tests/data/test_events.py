from collections.abc import Iterator

import pytest
from sqlalchemy import URL, Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.engine import make_engine
from data.models import Event

pytestmark = pytest.mark.db

BROKEN_LINKS = text(
    "SELECT id FROM (SELECT e, id, hash, previous_hash, lag(hash, 1, ''::bytea) OVER (ORDER BY id)"
    " AS before FROM event e) AS chain"
    " WHERE hash <> guatu_event_hash(e) OR previous_hash <> before ORDER BY id"
)


@pytest.fixture
def clean_owner(clean_url: URL) -> Iterator[Engine]:
    engine = make_engine(clean_url, role=None)
    yield engine
    engine.dispose()


def add_events(session: Session, n_events: int) -> list[Event]:
    events = [
        Event(actor="Li", action="import", subject="unit", after={"name": f"unit {i}"})
        for i in range(n_events)
    ]
    session.add_all(events)
    session.flush()
    return events


def test_each_event_carries_the_hash_of_the_one_before(session: Session) -> None:
    add_events(session, 3)
    first, second, third = session.scalars(select(Event).order_by(Event.id))
    assert (first.previous_hash, second.previous_hash, third.previous_hash) == (
        b"",
        first.hash,
        second.hash,
    )


def test_an_unbroken_chain_verifies_in_any_time_zone(session: Session) -> None:
    add_events(session, 3)
    session.execute(text("SET LOCAL timezone = 'America/Chicago'"))
    assert session.scalars(BROKEN_LINKS).all() == []


def test_a_hash_or_a_time_that_is_given_counts_for_nothing(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO event (id, happened_at, actor, action, subject, previous_hash, hash)"
            " VALUES (99, '1999-01-01', 'Li', 'import', 'unit', 'x', 'x')"
        )
    )
    written = session.execute(text("SELECT id, extract(year FROM happened_at) FROM event")).one()
    assert written.id == 1
    assert written[1] > 1999


def test_a_changed_event_breaks_the_chain(clean_engine: Engine, clean_owner: Engine) -> None:
    with Session(clean_engine) as session, session.begin():
        add_events(session, 3)
    with clean_owner.begin() as owner:
        owner.execute(text("ALTER TABLE event DISABLE TRIGGER keep"))
        owner.execute(text("UPDATE event SET actor = 'Wang' WHERE id = 2"))
        assert owner.scalars(BROKEN_LINKS).all() == [2]


def test_even_the_owner_changes_no_event_by_accident(
    clean_engine: Engine, clean_owner: Engine
) -> None:
    with Session(clean_engine) as session, session.begin():
        add_events(session, 1)
    with clean_owner.connect() as owner, pytest.raises(DBAPIError, match="only ever added"):
        owner.execute(text("DELETE FROM event"))
