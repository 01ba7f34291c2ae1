"""The work on major and larger hazards: handed over, listed, fixed, accepted, closed (销号)."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from data.samples.city import PlannedDeed
from data.samples.zhengzhou import names
from data.samples.zhengzhou.deeds import Script
from data.samples.zhengzhou.hazards import BATCHES_UNTIL
from data.samples.zhengzhou.plan import NATIONAL_DAY, codes

BATCHES = (("1", date(2019, 8, 12), date(2019, 8, 14)), ("2", BATCHES_UNTIL, date(2019, 8, 26)))
"""Hand-over batches of hazards (assumed): number, found until, and handed over on."""

DAY = timedelta(days=1)
DAYS_TO_DUE = 30
SHARE_FAILED = 0.12
FIXED = "fixed"


@dataclass(frozen=True)
class Corrected:
    """Work items, what is done to them, and when the hazards of each source came to their end."""

    items: pd.DataFrame
    deeds: tuple[PlannedDeed, ...]
    closed_at: pd.Series


@dataclass(frozen=True)
class Plan:
    """What is decided about one hazard before anybody acts."""

    is_major: bool
    district: str
    sector: str
    found: date
    days: int
    fails: bool
    yuan: int

    @property
    def person(self) -> str:
        """The role of who must fix it."""
        return names.unit_in_charge(self.sector)

    @property
    def batch(self) -> tuple[str | None, date]:
        """The batch, if it belongs to one, and the day it is handed over."""
        if self.district in names.BATCH_DISTRICTS and self.found <= BATCHES_UNTIL:
            return next((name, day) for name, until, day in BATCHES if self.found <= until)
        return None, self.found + 2 * DAY


def correct(rng: np.random.Generator, prefix: str, found: pd.DataFrame) -> Corrected:
    """Decide what is done about the hazards `found` whose end the workflow decides on."""
    planned = found[found["is_planned"]]
    n = len(planned)
    drawn = zip(
        codes(prefix, n, 4),
        rng.integers(5, 21, n),
        rng.random(n) < SHARE_FAILED,
        rng.integers(2, 300, n) * 1000,
        strict=True,
    )
    scripts = [
        _life(Script(code), _plan_of(row, int(days), bool(fails), int(yuan)))
        for (code, days, fails, yuan), row in zip(drawn, planned.to_dict("records"), strict=True)
    ]
    ended = [script.moment_of("close") for script in scripts]
    return Corrected(
        items=pd.DataFrame(
            {
                "external_code": [script.item for script in scripts],
                "hazard_code": planned["external_code"].to_numpy(),
                "found_at": planned["found_at"].array,
                "recorded_at": planned["recorded_at"].array,
            }
        ),
        deeds=tuple(deed for script in scripts for deed in script.deeds),
        closed_at=pd.Series(ended, index=planned.index, dtype=found["closed_at"].dtype),
    )


def _plan_of(row: Mapping[Hashable, Any], days: int, fails: bool, yuan: int) -> Plan:  # noqa: FBT001 - drawn
    return Plan(
        is_major=row["level"] == "major",
        district=row["district"],
        sector=row["sector"],
        found=row["found_at"].date(),
        days=days,
        fails=fails,
        yuan=yuan,
    )


def _life(script: Script, plan: Plan) -> Script:
    batch, handed_on = plan.batch
    in_holiday = NATIONAL_DAY[0] <= plan.found <= NATIONAL_DAY[1]
    script.do("register", plan.found + DAY, "08:30", by=names.CAMPAIGN_OFFICE)
    if in_holiday:
        return _at_once(script, plan)
    _hand_over(script, plan, handed_on, batch)
    fixed = handed_on + plan.days * DAY
    script.do("claim", handed_on + DAY, "09:00", by=plan.person)
    script.do("start", handed_on + 2 * DAY, "09:00", by=plan.person)
    if plan.fails:
        script.do("report_fixed", fixed - 2 * DAY, "11:00", by=plan.person, shows=FIXED)
        reason = names.STILL_DANGEROUS
        script.do("fail_recheck", fixed - DAY, "11:00", by=names.CAMPAIGN_CHECKER, reason=reason)
        script.do("start", fixed - DAY, "15:00", by=plan.person)
    script.do("report_fixed", fixed, "11:00", by=plan.person, shows=FIXED)
    script.do("recheck", fixed + DAY, "10:00", by=names.CAMPAIGN_CHECKER)
    if plan.is_major:
        script.do("self_assess", fixed + 2 * DAY, "10:00", by=plan.person, shows=FIXED)
        script.do("accept", fixed + 4 * DAY, "10:00", by=names.ACCEPTANCE)
    closed = fixed + (4 if plan.is_major else 1) * DAY
    script.do("close", closed, "16:00", by=names.CAMPAIGN_OFFICE)
    if plan.is_major:
        script.do("unlist", closed + DAY, "10:00", reason=names.DONE_REASON)
    return script


def _hand_over(script: Script, plan: Plan, day: date, batch: str | None) -> None:
    """Hand it over with the five items (五落实), and put a major one on the list (挂牌督办)."""
    due_on = day + DAYS_TO_DUE * DAY
    told: dict[str, Any] = {
        "lead_party": plan.district,
        "helping_party": names.SECTORS[plan.sector][0],
        "person": plan.person,
        "measure": names.HAZARD_MEASURE,
        "money_yuan": Decimal(plan.yuan),
        "due_on": due_on,
        "contingency": names.HAZARD_CONTINGENCY,
        "handover_batch": batch,
    }
    script.do("hand_over", day, "10:00", by=names.CAMPAIGN_OFFICE, **told)
    if plan.is_major:
        listed = {"leader": names.LEADER, "listed_until": due_on}
        script.do("list", day, "11:00", by=names.CAMPAIGN_OFFICE, more=listed)


def _at_once(script: Script, plan: Plan) -> Script:
    """Fix within the holiday what was found in it."""
    second, third, fourth = (plan.found + days * DAY for days in (1, 2, 3))
    _hand_over(script, plan, second, None)
    script.do("claim", second, "14:00", by=plan.person)
    script.do("start", second, "15:00", by=plan.person)
    script.do("report_fixed", third, "12:00", by=plan.person, shows=FIXED)
    script.do("recheck", third, "17:00", by=names.CAMPAIGN_CHECKER)
    script.do("self_assess", fourth, "09:00", by=plan.person, shows=FIXED)
    script.do("accept", fourth, "15:00", by=names.ACCEPTANCE)
    script.do("close", fourth, "16:00", by=names.CAMPAIGN_OFFICE)
    script.do("unlist", fourth + DAY, "10:00", reason=names.DONE_REASON)
    return script
