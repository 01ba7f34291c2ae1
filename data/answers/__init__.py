"""The four questions at a day: read, call geo, answer with what the figures depend on."""

from data.answers.answer import Answer
from data.answers.changes import BURDENS, compare
from data.answers.decisions import DECISIONS, Decision
from data.answers.hazards import hotspots
from data.answers.inspections import coverage
from data.answers.kept import KeptAnswers, answer
from data.answers.questions import (
    HOTSPOT_VALUES,
    CoverageQuestion,
    HotspotQuestion,
    OutageQuestion,
    Question,
    RectificationQuestion,
)
from data.answers.rectifications import rectifications
from data.answers.shapes import row_geometries
from data.answers.streetlights import outages
from data.queries.places import resolve_period, revisions

__all__ = [
    "BURDENS",
    "DECISIONS",
    "HOTSPOT_VALUES",
    "Answer",
    "CoverageQuestion",
    "Decision",
    "HotspotQuestion",
    "KeptAnswers",
    "OutageQuestion",
    "Question",
    "RectificationQuestion",
    "answer",
    "compare",
    "coverage",
    "hotspots",
    "outages",
    "rectifications",
    "resolve_period",
    "revisions",
    "row_geometries",
]
