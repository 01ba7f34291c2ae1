"""What is acted out at once is what would be there had everything been done one by one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data.cities import create_city
from data.clock import tell_time
from data.errors import ActRefusedError, NotFoundError, WrongStateError
from data.models import (
    Event,
    Evidence,
    Extension,
    Hazard,
    Party,
    Rectification,
    RowHistory,
    Sanction,
    Supervision,
)
from data.workflow import Brought, Seen, act
from data.workflow.replaying import Deed, replay
from geo.errors import WrongValueError
from tests.data.workflow.scenes import FILE, SINCE, Scene, stage

pytestmark = pytest.mark.db

START = datetime(2019, 8, 6, 1, tzinfo=UTC)
FOUND = {"state": "found", "found_at": SINCE, "recorded_at": SINCE, "lead_party": None}
PLAN = {
    "lead_party": "east",
    "helping_party": "power",
    "person": "Li",
    "measure": "a new cable",
    "money_yuan": Decimal("1200.50"),
    "due_on": date(2019, 8, 20),
    "contingency": "a mobile lamp",
}
LIFE: tuple[tuple[str, Brought], ...] = (
    ("register", Brought(by="Wu")),
    ("hand_over", Brought(columns=PLAN)),
    ("list", Brought(more={"leader": "Sun", "listed_until": date(2019, 9, 1)})),
    ("claim", Brought()),
    ("sanction", Brought(more={"kind": "suspension", "issued_on": date(2019, 8, 6)})),
    ("start", Brought()),
    ("extend", Brought(reason="rain", columns={"due_on": date(2019, 8, 30)})),
    ("report_fixed", Brought(by="Li", evidence=(FILE,))),
    ("fail_recheck", Brought(by="Wang", reason="still dark")),
    ("start", Brought()),
    ("report_fixed", Brought(by="Li", evidence=(FILE,))),
    ("recheck", Brought(by="Wang")),
    ("self_assess", Brought(by="Li", evidence=(FILE,))),
    ("accept", Brought(by="Zhou")),
    ("resume", Brought(by="Wang")),
    ("close", Brought()),
    ("unlist", Brought(reason="done")),
    ("reopen", Brought(by="Wang", reason="dark again")),
    ("show", Brought(by="Li", evidence=(FILE,))),
)
KEPT = (Hazard, Rectification, Evidence, Extension, Supervision, Sanction, RowHistory, Event)
OF_THE_RUN = ("id", "row_id", "previous_hash", "hash", "subject_id", "rectification_id")


def deeds_of(number: int) -> list[Deed]:
    return [
        Deed(number, action, replace(brought, at=START + timedelta(hours=hour)))
        for hour, (action, brought) in enumerate(LIFE)
    ]


@pytest.fixture
def city(session: Session) -> Session:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    return session


@pytest.fixture
def item(city: Session) -> Rectification:
    city.add_all(Party(code=code, name=code) for code in ("east", "power"))
    return stage(city, Scene(FOUND, Brought(), "major", is_shown=False))


def act_one_by_one(session: Session, deeds: list[Deed]) -> None:
    for deed in deeds:
        state = session.execute(
            select(Rectification.state).where(Rectification.id == deed.item)
        ).scalar_one()
        tell_time(session, deed.at)
        act(session, deed.item, deed.action, Seen(state), deed.brought, "player")


def stored(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Everything that actions leave, without the numbers the store gives."""
    session.expire_all()
    kept = {}
    for model in KEPT:
        name = model.__tablename__
        order = "table_name, id" if model is RowHistory else "id"
        rows = session.scalars(text(f"SELECT to_jsonb(t) FROM {name} t ORDER BY {order}"))  # noqa: S608 - a table of ours
        kept[name] = [strip(row) for row in rows]
    return kept


def strip(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in OF_THE_RUN}
    return kept | ({"data": strip(row["data"])} if "data" in row else {})


def test_acting_at_once_leaves_what_acting_one_by_one_leaves(city, item):
    deeds = deeds_of(item.id)
    with city.begin_nested() as before:
        act_one_by_one(city, deeds)
        expected = stored(city)
        before.rollback()
    assert replay(city, reversed(deeds), "player") == len(LIFE)
    assert stored(city) == expected
    assert [len(rows) for rows in expected.values()] == [1, 1, 4, 1, 1, 1, 22, 19]


def test_each_event_is_dated_by_its_deed_and_the_chain_holds(city, item):
    deeds = deeds_of(item.id)
    replay(city, deeds, "player")
    events = city.scalars(select(Event).order_by(Event.id)).all()
    assert [one.happened_at for one in events] == [deed.at for deed in deeds]
    assert [one.previous_hash for one in events[1:]] == [one.hash for one in events[:-1]]
    assert [one.hash for one in events] == city.scalars(
        text("SELECT guatu_event_hash(event) FROM event ORDER BY id")
    ).all()


def test_a_guard_refuses_in_a_replay_too(city, item):
    with pytest.raises(ActRefusedError, match="hand_over: due_on is missing"):
        replay(city, [Deed(item.id, "register", Brought(at=START)), late(item, "hand_over")], "x")


def test_what_is_not_for_a_state_is_refused_in_a_replay_too(city, item):
    with pytest.raises(WrongStateError, match=r"^close is not for major items that are found"):
        replay(city, [late(item, "close")], "x")


def test_a_replay_names_the_item_that_is_not_there(city, item):
    with pytest.raises(NotFoundError, match=f"rectification {item.id + 1}: there is none"):
        replay(city, [Deed(item.id + 1, "register", Brought(at=START))], "x")


def test_a_deed_without_a_moment_is_refused(city, item):
    with pytest.raises(WrongValueError, match="register has no moment"):
        replay(city, [Deed(item.id, "register", Brought())], "x")


def test_the_past_of_a_real_city_cannot_be_acted_out(session):
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    with pytest.raises(WrongValueError, match="only in a simulated city"):
        replay(session, [], "x")


def test_no_deeds_write_nothing(city):
    assert replay(city, [], "x") == 0
    assert city.execute(select(func.count()).select_from(Event)).scalar_one() == 0


def late(item: Rectification, action: str) -> Deed:
    return Deed(item.id, action, Brought(at=START + timedelta(hours=1)))
