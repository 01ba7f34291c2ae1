"""Do the figures fit together? Each check with the rows behind what does not.

The checks are those that reports of a real campaign failed: parts that do not add up to their
total, visits taken for units, a cause taken for an exemption, a total that falls, a jump of hazards
for each visit, a share without its universe.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any, Literal

from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.answer import records
from data.answers.ground import ground_of
from data.answers.questions import RectificationQuestion
from data.answers.rectifications import items_of
from data.queries import consistency as found
from data.queries.handovers import register
from data.scope import Scope
from geo.periods import Period

Finding = Literal["fits", "differs", "unknown"]

CHECKS: Mapping[str, tuple[str, ...]] = {
    "causes_are_known": ("n", "n_known"),
    "exemption_is_no_cause": ("n", "n_exempt"),
    "register_shows_causes": ("n", "n_registered"),
    "levels_are_mapped": ("n",),
    "visits_are_of_registered_units": ("n",),
    "totals_never_fall": ("n", "n_issued"),
    "hazards_per_visit_do_not_jump": ("n", "n_weeks", "usual"),
    "lamps_are_surveyed": ("n",),
    "no_lamp_is_not_an_outage": ("n",),
    "work_ends_with_its_hazard": ("n",),
    "sanctions_have_numbers": ("n",),
}
"""Every check, with the values its words need; `n` is how many rows do not fit."""

JUMP = 3.0
"""A week has a jump when its hazards per visit are so many times the usual ones, or so few."""

FEWEST_VISITS = 30
"""Weeks with fewer visits are not judged."""


@dataclass(frozen=True)
class Check:
    """One check: what was found, the values of its sentence, and the rows that do not fit."""

    code: str
    finding: Finding
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Consistency:
    """All checks, as of a day."""

    as_of: date
    revisions: Mapping[str, int]
    simulated: bool
    checks: tuple[Check, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "as_of": self.as_of.isoformat(),
            "revision": sum(self.revisions.values()),
            "simulated": self.simulated,
            "checks": [asdict(check) for check in self.checks],
        }


def consistency(session: Session, scope: Scope, as_of: date | None = None) -> Consistency:
    """Return what does and does not fit together of all that is stored, as of a day."""
    question = RectificationQuestion(as_of=as_of)
    ground = ground_of(session, question)
    items = items_of(session, scope, question, ground.period)
    checks = (
        *_of_work(items),
        _of_register(items, register(session, scope, ground.period)),
        *_of_rows(session, scope, ground.period),
        _totals(session, ground.period),
        _jumps(session, scope, ground.period),
    )
    order = {code: place for place, code in enumerate(CHECKS)}
    return Consistency(
        ground.period.as_of,
        ground.revisions,
        ground.city.simulated,
        tuple(sorted(checks, key=lambda check: order[check.code])),
    )


def _of_work(items: DataFrame) -> Iterator[Check]:
    """Hold causes, which say why, apart from exemptions, which say that nobody has to."""
    segments = items[items["about"] == "segment"]
    unknown = segments[segments["cause"].isna()]
    known = {"n_known": len(segments) - len(unknown)}
    yield _check(
        "causes_are_known", _told(unknown, "thing_code", "state"), known, is_known=len(segments)
    )
    exempt = segments[segments["is_exempt"]]
    others = exempt[exempt["cause"] != "under_construction"]
    values = {"n_exempt": len(exempt)}
    rows = _told(others, "thing_code", "cause")
    yield _check("exemption_is_no_cause", rows, values, is_known=len(exempt))


def _of_register(items: DataFrame, registered: DataFrame) -> Check:
    """Hold what is said of dark streets against the hand-over register.

    Never handed over is a fact that the register shows, and what it says is built is not exempt for
    being under construction.
    """
    works = items[items["about"] == "segment"].join(registered["standing"], on="thing")
    is_foreign = works["cause"] == "never_handed_over"
    unshown = is_foreign & (works["standing"] != "never_handed_over")
    is_built = works["standing"].notna() & (works["standing"] != "unbuilt")
    rows = _told(
        works[unshown | (works["is_exempt"] & is_built)], "thing_code", "cause", "standing"
    )
    values = {"n_registered": len(registered)}
    return _check("register_shows_causes", rows, values, is_known=len(registered))


def _of_rows(session: Session, scope: Scope, period: Period) -> Iterator[Check]:
    yield _check("levels_are_mapped", found.unmapped_levels(session, scope, period))
    visits = found.visits_to_the_unregistered(session, scope, period)
    yield _check("visits_are_of_registered_units", visits)
    yield _check("lamps_are_surveyed", found.unsurveyed_segments(session, scope))
    yield _check("no_lamp_is_not_an_outage", found.dark_without_lamps(session, scope, period))
    yield _check("work_ends_with_its_hazard", found.ended_apart(session, scope, period))
    unnumbered = found.unnumbered_sanctions(session, scope, period)
    yield _check("sanctions_have_numbers", unnumbered, is_known=found.any_sanctions(session))


def _totals(session: Session, period: Period) -> Check:
    """Let totals of everything that was ever found only grow from one bulletin to the next."""
    issued = found.issued_totals(session, period)
    fallen = [
        {**after, "before": before["n_items"]}
        for before, after in pairwise(issued)
        if before["kind"] == after["kind"] and after["n_items"] < before["n_items"]
    ]
    return _check("totals_never_fall", fallen, {"n_issued": len(issued)}, is_known=len(issued) > 1)


def _jumps(session: Session, scope: Scope, period: Period) -> Check:
    """Doubt weeks whose hazards per visit are far off: another scope, or another way to count."""
    weeks = [
        {**week, "per_visit": float(week["n_hazards"] / week["n_visits"])}
        for week in found.weeks_of_visits(session, scope, period)
        if week["n_visits"] >= FEWEST_VISITS
    ]
    usual = median(week["per_visit"] for week in weeks) if weeks else None
    jumps = [
        {**week, "n_hazards": int(week["n_hazards"]), "per_visit": round(week["per_visit"], 2)}
        for week in weeks
        if usual and not usual / JUMP <= week["per_visit"] <= usual * JUMP
    ]
    values = {"n_weeks": len(weeks), "usual": None if usual is None else round(usual, 2)}
    return _check("hazards_per_visit_do_not_jump", jumps, values, is_known=len(weeks) > 1)


def _check(
    code: str,
    rows: list[dict[str, Any]],
    values: Mapping[str, Any] | None = None,
    *,
    is_known: object = True,
) -> Check:
    """Return a check; where there is nothing to look at, nobody knows."""
    told = {"n": len(rows), **(values or {})}
    if not is_known:
        return Check(code, "unknown", told)
    return Check(code, "differs" if rows else "fits", told, tuple(rows))


def _told(items: DataFrame, *names: str) -> list[dict[str, Any]]:
    return records(items[["code", *names]])
