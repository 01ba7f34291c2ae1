"""Every transition against every flaw: refused where the design says so and nowhere else."""

import re
from datetime import date
from decimal import Decimal

import pytest

from data.models.rectifications import STATES
from data.workflow import TRANSITIONS, Transition
from data.workflow.table import refusals_of
from maps.words import reason
from tests.data.workflow.flaws import all_flaws
from tests.data.workflow.scenes import Flaw, ready

STEPS = [(step, state, way) for step in TRANSITIONS for state in step.sources for way in step.ways]
FLAWS = all_flaws()


@pytest.mark.parametrize(("step", "state", "way"), STEPS)
def test_nothing_is_refused_where_all_is_ready(step: Transition, state: str, way: str) -> None:
    assert refusals_of(step, ready(step, state, way).case) == []


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_a_flaw_is_refused_where_the_design_says_so_and_nowhere_else(flaw: Flaw) -> None:
    for step, state, way in STEPS:
        found = refusals_of(step, flaw.spoil(ready(step, state, way)).case)
        assert {one.field for one in found} == flaw.refused(step, state, way), (step.action, state)


@pytest.mark.parametrize("step", TRANSITIONS, ids=lambda step: f"{step.action}-{step.sources[0]}")
def test_every_guard_of_the_table_refuses_some_flaw(step: Transition) -> None:
    cases = [
        flaw.spoil(ready(step, state, way)).case
        for flaw in FLAWS
        for state in step.sources
        for way in step.ways
    ]
    assert [guard for guard in step.guards if not any(map(guard, cases))] == []


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_every_refusal_is_told_in_chinese(flaw: Flaw) -> None:
    for step, state, way in STEPS:
        for one in refusals_of(step, flaw.spoil(ready(step, state, way)).case):
            told = reason(one.reason, "zh")
            named = {step.action, "SHA"}
            assert set(re.findall(r"[a-zA-Z_]{3,}", told)) <= named, told
            assert re.search(r"[\u4e00-\u9fff]", told)


EXEMPTED = {
    "exempt_reason": "built again",
    "exempt_confirmed_by_city": "Zhou",
    "exempt_confirmed_by_builder": "Wu",
}
PLAN = {
    "lead_party": "east",
    "helping_party": "power",
    "person": "Li",
    "measure": "a new cable",
    "money_yuan": Decimal(1200),
    "due_on": date(2019, 8, 31),
    "contingency": "a mobile lamp",
    "handover_batch": "2",
    "cause": "cable_cut",
    "origin": "government",
}
TOLD = dict.fromkeys(("register", "hand_over", "reassign", "start", "plan"), PLAN) | dict.fromkeys(
    ("exempt", "confirm_exemption"), EXEMPTED
)


@pytest.mark.parametrize("action", TOLD)
def test_what_a_step_is_for_may_be_told_with_it(action: str) -> None:
    for step, state, way in STEPS:
        if step.action == action:
            assert (
                refusals_of(step, ready(step, state, way).bringing(columns=TOLD[action]).case) == []
            )


NOT_FIXED = {"found", "registered", "returned", "reopened", "handed_over", "claimed", "fixing"}
ENDED = {"closed", "exempt", "transferred"}
HANDED = set(STATES) - ENDED - {"found", "registered"}
STAYING = {
    "plan": NOT_FIXED | {"recheck_failed"},
    "confirm_exemption": NOT_FIXED | {"recheck_failed"},
    "extend": {"returned", "handed_over", "claimed", "fixing", "recheck_failed"},
    "show": set(STATES) - ENDED,
    "escalate": HANDED,
    "list": HANDED - {"fixed_on_site"},
    "unlist": set(STATES),
    "sanction": HANDED | {"closed"},
    "resume": {"rechecked", "self_assessed", "accepted", "closed"},
}
"""Actions that leave an item in its state, and when they may be taken."""


def test_what_leaves_the_state_may_be_done_in_these_states_only() -> None:
    staying = [step for step in TRANSITIONS if step.target is None]
    assert {step.action: set(step.sources) for step in staying} == STAYING
