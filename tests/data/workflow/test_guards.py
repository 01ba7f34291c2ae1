"""Every transition against every flaw: refused where the design says so and nowhere else."""

import re

import pytest

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
