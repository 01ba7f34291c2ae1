"""The work on 396 dark streets: found, handed over, relit; with setbacks, and 57 left out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.samples.city import PlannedDeed
from data.samples.zhengzhou import names
from data.samples.zhengzhou.darkness import RAIN
from data.samples.zhengzhou.deeds import Script
from data.samples.zhengzhou.plan import (
    CALENDAR,
    FIRST_PHASE_ENDS,
    SURVEY_ENDS,
    codes,
    day_number,
    day_of,
    written_down,
)
from data.samples.zhengzhou.streets import Streets

BATCHES = (("L1", date(2019, 7, 2), date(2019, 8, 20)), ("L2", date(2019, 7, 8), FIRST_PHASE_ENDS))
"""Hand-over batches of streets (assumed): number, day, and the day all must be done."""

N_FAILED, N_REOPENED, N_RETURNED = 24, 14, 12
SHARE_EXTENDED = 0.6
FAILED_FROM = date(2019, 7, 26)
REOPENED_UNTIL = date(2019, 8, 6)
EXTENDED_ON = date(2019, 8, 18)
TOLD_ON = date(2019, 8, 22)
DAY = timedelta(days=1)
LIT = "lit"


@dataclass(frozen=True)
class Street:
    """A dark street: what is decided about it before anybody acts."""

    code: str
    district: str
    group: str | None
    cause: str
    found: date
    batch: int
    relit: date | None
    fate: str
    again: date | None
    is_extended: bool
    pace: int

    @property
    def person(self) -> str:
        """The role of who must fix it."""
        return names.responsible(self.district)


def dark_streets(rng: np.random.Generator, laid: Streets, boxes: pd.DataFrame) -> list[Street]:
    """Decide on every dark street; `again` is when one that was reopened is relit for good."""
    rows = laid.segments[["external_code", "box_code"]].merge(boxes, on="box_code")
    rows = rows.sort_values("external_code", ignore_index=True)
    fates = _fates(rng, rows)
    night = rng.integers(0, day_number(SURVEY_ENDS) + 1, len(boxes))
    found = rows["box_code"].map(dict(zip(boxes["box_code"], night, strict=True)))
    again = rng.integers(day_number(date(2019, 8, 17)), day_number(date(2019, 8, 29)), len(rows))
    is_extended = rng.random(len(rows)) < SHARE_EXTENDED
    pace = rng.integers(1, 4, len(rows))
    return [
        Street(
            code=row["external_code"],
            district=row["district"],
            group=row["group"] if isinstance(row["group"], str) else None,
            cause=row["cause"],
            found=day_of(found[number]),
            batch=number % 2,
            relit=None if row["is_exempt"] else day_of(row["relit"]),
            fate=fates[number],
            again=day_of(again[number]) if fates[number] == "reopened" else None,
            is_extended=bool(is_extended[number]),
            pace=int(pace[number]),
        )
        for number, row in enumerate(rows.to_dict("records"))
    ]


def _fates(rng: np.random.Generator, rows: pd.DataFrame) -> list[str]:
    """Choose who meets a setback; the named roads do not."""
    fate = np.where(rows["is_exempt"], "exempt", "straight").astype(object)
    relit = rows["relit"].fillna(-1).to_numpy(dtype=int)
    plain = rows["group"].isna().to_numpy() & ~rows["is_exempt"].to_numpy()
    for name, n, may in (
        ("reopened", N_REOPENED, (relit <= day_number(REOPENED_UNTIL))),
        ("failed", N_FAILED, (relit >= day_number(FAILED_FROM))),
        ("returned", N_RETURNED, relit > 0),
    ):
        free = np.flatnonzero(plain & may & (fate == "straight"))
        fate[rng.permutation(free)[:n]] = name
    return list(fate)


def spells(streets: list[Street]) -> pd.DataFrame:
    """Return each time a street was dark, `since` and `relit` as numbers of days."""
    first = [(s.code, s.cause, s.found, s.relit) for s in streets]
    second = [(s.code, s.cause, RAIN[0], s.again) for s in streets if s.again]
    table = pd.DataFrame([*first, *second], columns=["segment_code", "cause", "since", "relit"])
    table["since"] = table["since"].map(day_number)
    table["relit"] = table["relit"].map(day_number, na_action="ignore").astype("Int64")
    return table


def items(streets: list[Street]) -> pd.DataFrame:
    """Return the work items as they were found; all that follows is done to them."""
    found_at = CALENDAR.moments([day_number(street.found) for street in streets], 22.0)
    return pd.DataFrame(
        {
            "external_code": codes("RL", len(streets), 4),
            "segment_code": [street.code for street in streets],
            "found_at": found_at,
            "recorded_at": written_down(found_at),
        }
    )


def deeds(streets: list[Street]) -> list[PlannedDeed]:
    """Return everything that is done to the items."""
    return [
        deed
        for code, street in zip(codes("RL", len(streets), 4), streets, strict=True)
        for deed in _life(Script(code), street).deeds
    ]


def _life(script: Script, street: Street) -> Script:
    _begin(script, street)
    if street.relit is None:
        _exempt(script, street)
        return script
    if street.fate == "failed":
        _fail(script, street, street.relit - 3 * DAY)
    _delay(script, street, street.relit)
    _finish(script, street, street.relit)
    if street.again is not None:
        _reopen(script, street, street.again)
    return script


def _begin(script: Script, street: Street) -> None:
    """Register it, hand it over in its batch and let it be claimed (认领) and begun."""
    batch, handed_on, due_on = BATCHES[street.batch]
    script.do(
        *("register", street.found + DAY, "10:00"),
        by=names.REGISTRAR,
        cause=street.cause,
        origin="government",
    )
    plan: dict[str, Any] = {
        "lead_party": street.district,
        "helping_party": _helper(street.cause),
        "person": street.person,
        "measure": names.SMART_MEASURE if street.group == "smart" else names.MEASURES[street.cause],
    }
    handed: dict[str, Any] = plan | {"due_on": due_on, "handover_batch": batch}
    script.do("hand_over", handed_on, "15:00", by=names.REGISTRAR, **handed)
    day = handed_on
    if street.fate == "returned":
        script.do("return", day + DAY, "15:00", by=street.person, reason=names.NOT_OURS)
        day += 2 * DAY
        script.do("reassign", day, "10:00", by=names.REGISTRAR, reason=names.REASSIGNED, **plan)
    script.do("claim", day + street.pace * DAY, "09:00", by=street.person)
    if street.relit is not None:
        script.do("start", day + (street.pace + 1) * DAY, "09:00", by=street.person)


def _helper(cause: str) -> str:
    helpers = {"under_construction": names.BUILDING_BUREAU, "no_power": names.POWER_COMPANY}
    return helpers.get(cause, names.LIGHTING_OFFICE)


def _fail(script: Script, street: Street, day: date) -> None:
    """Report it fixed while it is still dark: what only paper says does not pass (纸面整改)."""
    script.do("report_fixed", day, "17:00", by=street.person, shows=LIT)
    dark = names.STILL_DARK
    script.do("fail_recheck", day, "21:30", by=names.RECHECKER, reason=dark)
    script.do("start", day + DAY, "09:00", by=street.person)


def _delay(script: Script, street: Street, relit: date) -> None:
    """Extend the deadline in time, or be told of in the bulletin when it has passed."""
    _, _, due_on = BATCHES[street.batch]
    if relit <= due_on:
        return
    if street.is_extended:
        script.do(
            *("extend", EXTENDED_ON, "16:00"),
            by=names.REGISTRAR,
            reason=names.LATE_REASON,
            due_on=FIRST_PHASE_ENDS,
        )
    elif relit > TOLD_ON:
        reason = names.OVERDUE_REASON
        script.do("escalate", TOLD_ON, "16:00", reason=reason, escalation="bulletin")


def _finish(script: Script, street: Street, relit: date) -> None:
    script.do("report_fixed", relit, "20:30", by=street.person, shows=LIT)
    script.do("recheck", relit, "21:15", by=names.RECHECKER)
    script.do("close", relit, "21:45", by=names.REGISTRAR)


def _reopen(script: Script, street: Street, again: date) -> None:
    day = RAIN[0] + DAY
    script.do("reopen", day, "08:00", by=names.RECHECKER, reason=names.RAIN_REASON)
    script.do("hand_over", day + DAY, "15:00", by=names.REGISTRAR, due_on=FIRST_PHASE_ENDS)
    script.do("claim", day + 2 * DAY, "09:00", by=street.person)
    script.do("start", day + 3 * DAY, "09:00", by=street.person)
    _finish(script, street, again)


def _exempt(script: Script, street: Street) -> None:
    """Leave it out once both sides confirm that it is under construction (双向核实)."""
    day = date(2019, 8, 14) + 4 * street.pace * DAY
    city, builder = names.CITY_CONFIRMS, names.BUILDER_CONFIRMS
    script.do(
        *("confirm_exemption", day, "10:00"),
        by=city,
        exempt_confirmed_by_city=city,
        exempt_reason=names.EXEMPT_REASON,
    )
    script.do("exempt", day + 2 * DAY, "16:00", by=builder, exempt_confirmed_by_builder=builder)
