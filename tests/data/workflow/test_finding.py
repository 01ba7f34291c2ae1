"""Who may make a hazard somebody's work, and when not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.cities import create_city
from data.clock import tell_time
from data.errors import ActRefusedError, NotFoundError
from data.models import Event, Hazard, Rectification
from data.workflow import find
from tests.data.workflow.scenes import FOUND

pytestmark = pytest.mark.db

NOW = datetime(2019, 8, 2, 1, tzinfo=UTC)


@pytest.fixture
def hazard(session: Session) -> int:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    tell_time(session, NOW)
    hazard = Hazard(source="t", external_code="h", found_at=FOUND)
    session.add(hazard)
    session.flush()
    return hazard.id


def test_what_is_not_there_is_nobodys_work(session: Session, hazard: int) -> None:
    with pytest.raises(NotFoundError, match="none of that id"):
        find(session, "segment", hazard, "Li", None, "test")


@pytest.mark.parametrize(
    ("late", "taken", "fields"),
    [(True, False, ["at"]), (False, True, ["hazard"]), (True, True, ["at", "hazard"])],
)
def test_nothing_is_found_in_the_future_or_twice(
    session: Session, hazard: int, *, late: bool, taken: bool, fields: list[str]
) -> None:
    if taken:
        find(session, "hazard", hazard, "Li", None, "test")
    before = session.scalars(select(Event.id)).all()
    with pytest.raises(ActRefusedError) as caught:
        find(session, "hazard", hazard, "Li", NOW + timedelta(seconds=late), "test")
    assert [one.field for one in caught.value.refusals] == fields
    assert session.scalars(select(Event.id)).all() == before


def test_what_was_ended_may_be_found_again_under_the_next_code(
    session: Session, hazard: int
) -> None:
    first, _ = find(session, "hazard", hazard, "Li", None, "test")
    session.get_one(Rectification, first).state = "exempt"
    find(session, "hazard", hazard, "Li", None, "test")
    codes = session.scalars(select(Rectification.external_code).order_by(Rectification.id))
    assert list(codes) == [f"hazard-{hazard}-1", f"hazard-{hazard}-2"]
