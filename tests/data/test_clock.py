"""A simulated city may be told the time; a real one may not."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.cities import create_city
from data.clock import tell_time
from data.loading import load
from data.models import Event, Rectification, RowHistory, Unit
from data.workflow import Brought
from tests.data.workflow.scenes import SINCE, Scene, stage, take

pytestmark = pytest.mark.db

TOLD = datetime(2019, 8, 19, 14, tzinfo=UTC)
HANDED_OVER = {
    "state": "handed_over",
    "found_at": SINCE,
    "recorded_at": SINCE,
    "person": "Li",
    "lead_party": None,
}


def claim_at_told_time(session: Session, scene: Scene) -> Rectification:
    item = stage(session, scene)
    tell_time(session, TOLD)
    take(session, item, "claim", scene.brought)
    session.refresh(item)
    return item


@pytest.fixture
def scene() -> Scene:
    return Scene(HANDED_OVER, Brought(by="Li", at=TOLD))


def test_a_simulated_city_records_at_the_time_it_is_told(session, scene):
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    item = claim_at_told_time(session, scene)
    event = session.scalars(select(Event)).one()
    before = session.scalars(select(RowHistory)).one()
    assert item.recorded_at == event.happened_at == before.replaced_at == TOLD
    assert before.recorded_at == SINCE


def test_a_city_that_is_not_simulated_takes_no_notice(session, scene):
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    item = claim_at_told_time(session, scene)
    event = session.scalars(select(Event)).one()
    before = session.scalars(select(RowHistory)).one()
    assert min(item.recorded_at, event.happened_at, before.replaced_at) > TOLD


def test_a_row_that_says_when_it_is_recorded_replaces_the_one_before_then(session):
    create_city(session, "test", name="Test", timezone="Asia/Shanghai", simulated=True)
    for name, moment in (("Mill", SINCE), ("Old mill", TOLD), ("Old mill", TOLD)):
        row = {"external_code": ["u"], "name": [name], "recorded_at": [pd.Timestamp(moment)]}
        load(session, "units", pd.DataFrame(row), source="t")
    unit = session.scalars(select(Unit)).one()
    before = session.scalars(select(RowHistory)).one()
    assert (unit.name, unit.recorded_at) == ("Old mill", TOLD)
    assert (before.data["name"], before.recorded_at, before.replaced_at) == ("Mill", SINCE, TOLD)
