"""The state machine of rectification (整改): one table of transitions, guards and the act."""

from data.workflow.acting import Acted, Seen, act
from data.workflow.finding import find
from data.workflow.guards import Refusal
from data.workflow.items import Brought, Item, Shown
from data.workflow.steps import ClosedStep, OpenStep, Steps, steps_of
from data.workflow.table import ACTIONS, OPEN, TRANSITIONS, Transition, actions_in, way_of

__all__ = [
    "ACTIONS",
    "OPEN",
    "TRANSITIONS",
    "Acted",
    "Brought",
    "ClosedStep",
    "Item",
    "OpenStep",
    "Refusal",
    "Seen",
    "Shown",
    "Steps",
    "Transition",
    "act",
    "actions_in",
    "find",
    "steps_of",
    "way_of",
]
