"""What is written while a bulletin is drafted: it is in its figures, or known only later."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from data import publishing
from data.answers.bulletins import BulletinQuestion, Facts, bulletin
from data.cities import create_city
from data.engine import loading, transaction, wait_for_loads
from data.errors import StillWrittenError
from data.loading import load
from data.models import Rectification, Segment
from data.publishing import Draft, comes_out_again, draft
from data.workflow import Brought, Seen, act, find
from tests.data.waiting import wait_for_a_waiter

pytestmark = pytest.mark.db

ABOUT_NOW = Draft(BulletinQuestion("ranking", date(2099, 1, 1)), "Zhang")


@pytest.fixture
def store(clean_engine: Engine) -> Engine:
    """A city with a street that is somebody's to light."""
    with loading(clean_engine) as session:
        create_city(session, "test", name="Test", timezone="Asia/Shanghai")
        line = shapely.LineString([(113.6, 34.7), (113.61, 34.7)])
        load(
            session, "segments", pd.DataFrame({"external_code": ["s"], "geom": [line]}), source="t"
        )
        load(session, "rectifications", items(["r1"]), source="t")
    return clean_engine


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def items(codes: list[str]) -> pd.DataFrame:
    found = pd.Timestamp("2019-08-01T09:00+08:00")
    told = {"external_code": codes, "segment_code": "s", "found_at": found, "lead_party": "east"}
    return pd.DataFrame(told)


def exempt(session: Session) -> None:
    confirmed = ("exempt_reason", "exempt_confirmed_by_city", "exempt_confirmed_by_builder")
    brought = Brought(by="Li", columns={name: name for name in confirmed})
    act(session, 1, "exempt", Seen("found"), brought, "test")


def count(engine: Engine) -> dict[str, int]:
    """Draft a bulletin and return its totals."""
    with transaction(engine) as session:
        totals: dict[str, int] = draft(session, ABOUT_NOW, "test").figures["facts"]["totals"]
        return totals


def is_reproduced(engine: Engine) -> bool:
    with transaction(engine) as session:
        return comes_out_again(session, "ranking", 1)


def test_a_draft_waits_for_an_act_in_flight(store: Engine, beside: ThreadPoolExecutor) -> None:
    with transaction(store) as session:
        exempt(session)
        drafted: Future[dict[str, int]] = beside.submit(count, store)
        wait_for_a_waiter(store)
    assert drafted.result()["n_exempt"] == 1
    assert is_reproduced(store)


def test_an_act_that_began_before_a_draft_and_is_written_after_it_is_known_later(
    store: Engine,
) -> None:
    with transaction(store) as session:
        session.execute(text("SELECT now()"))
        assert count(store)["n_exempt"] == 0
        exempt(session)
    assert is_reproduced(store)


def test_a_load_that_waited_for_a_draft_is_known_later(
    store: Engine, beside: ThreadPoolExecutor
) -> None:
    def load_late() -> None:
        with loading(store) as session:
            load(session, "rectifications", items(["r2"]), source="t")

    with transaction(store) as session:
        wait_for_loads(session)
        late = beside.submit(load_late)
        wait_for_a_waiter(store)
        draft(session, ABOUT_NOW, "test")
    late.result()
    assert is_reproduced(store)


def test_what_is_found_while_a_draft_is_written_is_known_later(
    store: Engine, beside: ThreadPoolExecutor
) -> None:
    with transaction(store) as session:
        exempt(session)

    def find_late() -> None:
        with transaction(store) as session:
            find(session, "segment", 1, "Li", None, "test")

    with transaction(store) as session:
        session.get(Segment, 1, with_for_update=True)
        late = beside.submit(find_late)
        wait_for_a_waiter(store)
        draft(session, ABOUT_NOW, "test")
    late.result()
    assert is_reproduced(store)


def test_an_act_waits_for_no_draft_that_is_being_computed(store: Engine) -> None:
    with transaction(store) as session:
        draft(session, ABOUT_NOW, "test")
        with transaction(store) as other:
            other.execute(text("SET LOCAL lock_timeout = '1s'"))
            other.execute(text("SELECT guatu_now()"))
            other.execute(update(Rectification).values(person="Li"))
    with transaction(store) as session:
        assert set(session.scalars(select(Rectification.person))) == {"Li"}


def test_what_is_done_while_a_draft_is_computed_is_known_later(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed_meanwhile(*asked: Any) -> Facts:
        with transaction(store) as other:
            exempt(other)
        return bulletin(*asked)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(publishing, "bulletin", computed_meanwhile)
        assert count(store)["n_exempt"] == 0
    assert is_reproduced(store)


@pytest.mark.parametrize(
    ("write", "told"),
    [(wait_for_loads, "an import is under way"), (exempt, "something is being written")],
)
def test_who_drafts_is_told_what_is_still_being_written(
    store: Engine, write: Callable[[Session], None], told: str
) -> None:
    with transaction(store) as session:
        write(session)
        with (
            pytest.raises(StillWrittenError, match=f"{told}, and a bulletin counts"),
            transaction(store) as other,
        ):
            draft(other, ABOUT_NOW, "test", patience_s=0.2)
    assert count(store)["n_exempt"] == int(write is exempt)
