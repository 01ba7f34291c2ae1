"""Every transition taken in a real store, and what each leaves there."""

from collections import Counter

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data.cities import create_city
from data.errors import ActRefusedError, NotFoundError, OvertakenError, WrongStateError
from data.models import (
    Event,
    Extension,
    Party,
    Rectification,
    RowHistory,
    Sanction,
    Supervision,
    Unit,
)
from data.models.rectifications import STATES
from data.workflow import ACTIONS, TRANSITIONS, Brought, Seen, Transition, act, actions_in
from data.workflow.table import BOTH
from geo.errors import WrongValueError
from tests.data.workflow.scenes import DUE, FILE, SINCE, Scene, ready, stage, take

pytestmark = pytest.mark.db

STEPS = [
    pytest.param(step, state, way, id=f"{step.action}-{state}-{way}")
    for step in TRANSITIONS
    for state in step.sources
    for way in step.ways
]


@pytest.fixture
def city(session: Session) -> Session:
    create_city(session, "test", name="Test", timezone="Asia/Shanghai")
    return session


@pytest.fixture
def claimed(city: Session) -> Rectification:
    return stage(city, scene_of("claim", "handed_over").with_row(state="claimed"))


def scene_of(action: str, state: str, way: str = "ordinary") -> Scene:
    (step,) = [
        one
        for one in TRANSITIONS
        if one.action == action and state in one.sources and way in one.ways
    ]
    return ready(step, state, way)


def n_events(session: Session) -> int:
    return session.execute(select(func.count()).select_from(Event)).scalar_one()


@pytest.mark.parametrize(("step", "state", "way"), STEPS)
def test_what_is_ready_is_done_with_one_event(
    city: Session, step: Transition, state: str, way: str
) -> None:
    scene = ready(step, state, way)
    item = stage(city, scene)
    done = take(city, item, step.action, scene.brought)
    city.refresh(item)
    assert item.state == done.state == (step.target or state)
    assert item.version == done.version == 1
    (event,) = city.scalars(select(Event))
    assert (event.id, event.action, event.subject_id) == (done.event, step.action, item.id)
    assert (event.before or {})["state"] == state
    assert (event.after or {})["state"] == item.state


@pytest.mark.parametrize("way", BOTH)
@pytest.mark.parametrize("state", STATES)
def test_what_is_not_in_the_table_changes_nothing(city: Session, state: str, way: str) -> None:
    row = scene_of("register", "found").row | {"state": state, "closed_at": SINCE}
    item = stage(city, Scene(row, Brought(), "major" if way == "major" else "larger"))
    for action in set(ACTIONS) - set(actions_in(state, way)):
        with pytest.raises(WrongStateError, match=f"^{action} is not for {way} items"):
            take(city, item, action, Brought())
    assert (item.state, n_events(city)) == (state, 0)


def test_an_ordinary_item_goes_from_found_to_closed(city: Session) -> None:
    item = stage(city, scene_of("register", "found").with_row(reported_fixed_by=None))
    for action in ("register", "hand_over", "claim", "start"):
        take(city, item, action, Brought())
    take(city, item, "report_fixed", Brought(by="Li", evidence=(FILE,)))
    take(city, item, "recheck", Brought(by="Wang"))
    take(city, item, "close", Brought())
    city.refresh(item)
    assert (item.state, item.version, n_events(city)) == ("closed", 7, 7)
    assert item.closed_at == item.state_at
    assert (item.rechecked_by, item.recheck_verified) == ("Wang", False)


def test_a_major_item_is_closed_after_self_assessment_and_acceptance_only(city: Session) -> None:
    item = stage(city, scene_of("self_assess", "rechecked", "major"))
    with pytest.raises(WrongStateError, match="self_assess"):
        take(city, item, "close", Brought())
    take(city, item, "self_assess", Brought(by="Li", evidence=(FILE,)))
    with pytest.raises(WrongStateError):
        take(city, item, "close", Brought())
    take(city, item, "accept", Brought(by="Zhou"))
    assert take(city, item, "close", Brought()).state == "closed"


def test_a_refusal_names_each_missing_item_of_the_five(city: Session) -> None:
    scene = scene_of("hand_over", "registered", "major")
    item = stage(city, scene.with_row(measure=None, money_yuan=None))
    with pytest.raises(ActRefusedError, match="money_yuan is missing: a major") as caught:
        take(city, item, "hand_over", Brought())
    assert [one.field for one in caught.value.refusals] == ["measure", "money_yuan"]


def test_what_is_refused_has_written_nothing(city: Session, claimed: Rectification) -> None:
    with pytest.raises(ActRefusedError):
        take(city, claimed, "extend", Brought(evidence=(FILE,), columns={"due_on": DUE}))
    assert n_events(city) == 0
    assert city.execute(text("SELECT count(*) FROM row_history")).scalar_one() == 0


def test_what_an_action_brings_may_complete_the_five(city: Session) -> None:
    scene = scene_of("hand_over", "registered", "major")
    item = stage(city, scene.with_row(measure=None, lead_party=None))
    told = {"measure": "a new pole", "lead_party": "lighting", "helping_party": None}
    take(city, item, "hand_over", Brought(columns=told))
    city.refresh(item)
    assert (item.measure, item.lead_party_id is None) == ("a new pole", False)


def test_a_hazard_of_unknown_level_goes_the_ordinary_way(city: Session) -> None:
    item = stage(city, scene_of("close", "rechecked"))
    city.execute(text("UPDATE hazard SET level = NULL"))
    assert take(city, item, "close", Brought()).state == "closed"


def test_an_extension_keeps_the_old_deadline(city: Session, claimed: Rectification) -> None:
    later = DUE.replace(month=9, day=15)
    take(city, claimed, "extend", Brought(reason="rain", columns={"due_on": later}))
    city.refresh(claimed)
    (kept,) = city.scalars(select(Extension))
    assert (claimed.due_on, kept.old_due_on, kept.new_due_on) == (later, DUE, later)


def test_reopening_keeps_everything_and_asks_for_new_evidence(city: Session) -> None:
    item = stage(city, scene_of("reopen", "closed"))
    take(city, item, "reopen", Brought(by="Wang", reason="dark again"))
    city.refresh(item)
    assert (item.n_reopened, item.closed_at, item.rechecked_by) == (1, None, None)
    (event,) = city.scalars(select(Event))
    assert (event.before or {})["closed_at"] == SINCE.isoformat()
    kept = city.execute(text("SELECT data->>'rechecked_by' FROM row_history")).scalar_one()
    assert kept == "Wang"
    city.execute(text("UPDATE rectification SET state = 'rechecked', rechecked_by = 'Wang'"))
    with pytest.raises(ActRefusedError, match="nothing is closed without a file"):
        take(city, item, "close", Brought())


def test_reopening_an_exempt_item_ends_the_exemption(city: Session) -> None:
    item = stage(city, scene_of("reopen", "exempt"))
    take(city, item, "reopen", Brought(by="Wang", reason="built"))
    city.refresh(item)
    assert (item.exempt_reason, item.exempt_confirmed_by_city) == (None, None)


def test_a_failed_recheck_takes_the_earlier_one_away(city: Session) -> None:
    item = stage(city, scene_of("fail_recheck", "rechecked"))
    take(city, item, "fail_recheck", Brought(by="Wang", reason="dark"))
    city.refresh(item)
    assert (item.rechecked_by, item.recheck_verified) == (None, None)


def test_supervision_is_listed_and_taken_off_by_local_days(city: Session) -> None:
    item = stage(city, scene_of("list", "fixing"))
    night = SINCE.replace(day=30, hour=16)  # midnight of the 31st in Shanghai
    take(city, item, "list", Brought(at=night, more={"leader": "Sun", "listed_by": "office"}))
    take(city, item, "unlist", Brought(at=night, reason="done"))
    (kept,) = city.scalars(select(Supervision))
    assert (kept.leader, kept.due_on, kept.listed_on) == ("Sun", None, DUE)
    assert (kept.removed_on, item.state) == (DUE, "fixing")
    # Recorded now, whenever it was done.
    assert kept.removal_recorded_at == kept.recorded_at > item.state_at
    assert city.get_one(Party, kept.party_id).code == "office"


def test_a_sanction_falls_on_the_unit_of_the_hazard(city: Session) -> None:
    scene = scene_of("sanction", "fixing")
    item = stage(city, scene)
    take(city, item, "sanction", scene.brought)
    (kept,) = city.scalars(select(Sanction))
    assert (kept.rectification_id, kept.kind, str(kept.fine_yuan)) == (item.id, "fine", "2000.50")
    (event,) = city.scalars(select(Event))
    assert (event.after or {})["fine_yuan"] == "2000.50"


def test_what_is_resumed_ends_the_suspension_and_leaves_the_fine(city: Session) -> None:
    item = stage(city, scene_of("resume", "closed"))
    unit = city.scalars(select(Unit.id)).one()
    fine = {"kind": "fine", "issued_on": SINCE.date(), "unit_id": unit}
    city.add(Sanction(source="t", external_code="f", rectification_id=item.id, **fine))
    midnight = SINCE.replace(day=30, hour=16)  # of the 31st in Shanghai
    take(city, item, "resume", Brought(by="Wang", at=midnight))
    kept = city.execute(select(Sanction.kind, Sanction.resumed_on).order_by(Sanction.kind)).all()
    assert kept == [("fine", None), ("suspension", DUE)]
    before = city.scalars(select(RowHistory).where(RowHistory.table_name == "sanction")).one()
    assert (before.data["kind"], before.data["resumed_on"]) == ("suspension", None)
    (event,) = city.scalars(select(Event))
    assert (event.after or {})["resumed_on"] == DUE.isoformat()
    with pytest.raises(ActRefusedError, match="no sealing or suspension is in force"):
        take(city, item, "resume", Brought(by="Wang"))


def test_the_evidence_is_kept_with_the_event(city: Session) -> None:
    item = stage(city, scene_of("report_fixed", "fixing"))
    take(city, item, "report_fixed", Brought(by="Li", evidence=(FILE,)))
    (event,) = city.scalars(select(Event))
    assert (event.evidence or {})["files"][0]["sha256"] == FILE.sha256
    shown = city.execute(text("SELECT note FROM evidence")).scalars()
    assert Counter(shown) == {"dark": 1, FILE.note: 1}


def test_an_action_on_what_is_not_there_is_refused(city: Session) -> None:
    with pytest.raises(NotFoundError, match="rectification 7"):
        act(city, 7, "claim", Seen("handed_over"), Brought(), "tester")


def test_an_unknown_action_is_refused(city: Session, claimed: Rectification) -> None:
    with pytest.raises(WrongValueError, match="'dance' is none of register"):
        take(city, claimed, "dance", Brought())


@pytest.mark.parametrize(
    ("seen", "told"),
    [(Seen("fixing"), "no longer fixing"), (Seen("claimed", 9), "no longer claimed at version 9")],
)
def test_an_item_that_is_not_as_it_was_seen_is_left_alone(
    city: Session, claimed: Rectification, seen: Seen, told: str
) -> None:
    with pytest.raises(OvertakenError, match=told):
        act(city, claimed.id, "start", seen, Brought(), "tester")
    assert n_events(city) == 0


def test_a_state_without_version_is_enough(city: Session, claimed: Rectification) -> None:
    done = act(city, claimed.id, "start", Seen("claimed"), Brought(), "tester")
    assert done.state == "fixing"


def test_any_write_moves_the_version(city: Session, claimed: Rectification) -> None:
    city.execute(text("UPDATE rectification SET measure = 'x'"))
    with pytest.raises(OvertakenError, match="at version 1"):
        act(city, claimed.id, "start", Seen("claimed", 0), Brought(), "tester")
