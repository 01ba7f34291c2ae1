"""The three questions at a day: read, call geo, answer with what the figures depend on."""

from data.answers.answer import Answer
from data.answers.decisions import DECISIONS, Decision
from data.answers.inspections import coverage
from data.answers.questions import (
    HOTSPOT_VALUES,
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    Question,
)
from data.queries.places import resolve_period, revisions

__all__ = [
    "DECISIONS",
    "HOTSPOT_VALUES",
    "Answer",
    "CoverageQuestion",
    "Decision",
    "HotspotQuestion",
    "OutageQuestion",
    "Question",
    "coverage",
    "resolve_period",
    "revisions",
]
