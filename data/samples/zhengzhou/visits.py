"""Visits to units (家次): those of the districts day by day, and two drives on holidays."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.samples.simulate import Floats, bumps, draw
from data.samples.zhengzhou import names
from data.samples.zhengzhou.plan import (
    CALENDAR,
    CAMPAIGN_BEGINS,
    FIRST_PHASE_ENDS,
    LAST_DAY,
    MID_AUTUMN,
    NATIONAL_DAY,
    VISITS_TO_AUGUST,
    VISITS_TO_OCTOBER,
    codes,
    day_number,
    written_down,
)

REACH_M = 4_000.0
NEGLECT = 0.97
SHARE_NEVER = 0.07
BY_RISK = {"low": 0.6, "general": 1.0, "larger": 2.0, "major": 4.0}
WEEKEND = 0.6
ORIGIN_SHARES = {"government": 0.78, "expert": 0.12, "enterprise": 0.10}
N_DISTRICT_TEAMS = 160
N_LEADER_VISITS = 29


@dataclass(frozen=True)
class Drive:
    """Teams sent out for a few days: how many visits, teams and people."""

    prefix: str
    team: str
    days: tuple[date, date]
    n_visits: int
    n_teams: int
    n_people: int


MID_AUTUMN_DRIVE = Drive("IM", names.HOLIDAY_TEAM, MID_AUTUMN, 861, 245, 778)
NATIONAL_DRIVE = Drive("IN", names.NATIONAL_TEAM, NATIONAL_DAY, 6_892, 428, 2_836)


@dataclass(frozen=True, eq=False)
class Visits:
    """Ledgers of visits, `unit` being the number of the row of each unit."""

    campaign: pd.DataFrame
    mid_autumn: pd.DataFrame
    national_day: pd.DataFrame


def visits(rng: np.random.Generator, units: pd.DataFrame, xy: Floats) -> Visits:
    """Draw the visits; parts of the city are neglected, and some units nobody ever sees."""
    wish = units["risk"].map(BY_RISK).to_numpy() * (1 - NEGLECT * bumps(rng, xy, REACH_M))
    wish[rng.random(len(units)) < SHARE_NEVER] = 0.0
    holidays = MID_AUTUMN_DRIVE.n_visits + NATIONAL_DRIVE.n_visits
    later = VISITS_TO_OCTOBER - VISITS_TO_AUGUST - holidays
    phases = (
        (CAMPAIGN_BEGINS, FIRST_PHASE_ENDS, VISITS_TO_AUGUST),
        (date(2019, 9, 1), LAST_DAY, later),
    )
    day = np.concatenate([_days(rng, *phase) for phase in phases])
    return Visits(
        campaign=_campaign(rng, units, wish, day),
        mid_autumn=_drive(rng, units, wish, MID_AUTUMN_DRIVE),
        national_day=_led(rng, units, _drive(rng, units, wish, NATIONAL_DRIVE)),
    )


def _days(rng: np.random.Generator, first: date, last: date, n: int) -> NDArray[np.intp]:
    """Draw days, more of them later in the phase and fewer on weekends."""
    days = np.arange(day_number(first), day_number(last) + 1)
    weekday = (CALENDAR.first.weekday() + days) % 7
    weights = np.linspace(0.6, 1.4, len(days)) * np.where(weekday >= 5, WEEKEND, 1.0)
    drawn: NDArray[np.intp] = rng.choice(days, n, p=weights / weights.sum())
    return drawn


def _campaign(
    rng: np.random.Generator, units: pd.DataFrame, wish: Floats, day: NDArray[np.intp]
) -> pd.DataFrame:
    n = len(day)
    unit = rng.choice(len(units), n, p=wish / wish.sum())
    manner = draw(rng, names.MANNERS, n)
    hour = np.where(manner == names.NIGHT, rng.uniform(20, 23, n), rng.uniform(9, 17.5, n))
    team = rng.integers(1, N_DISTRICT_TEAMS + 1, n)
    return _ledger(
        units,
        unit,
        CALENDAR.moments(day, hour),
        "IC",
        team=[names.team_name(names.DISTRICT_TEAM, one) for one in team],
        team_size=2 + team % 3,
        manner=manner,
        origin=draw(rng, ORIGIN_SHARES, n),
    )


def _drive(
    rng: np.random.Generator, units: pd.DataFrame, wish: Floats, drive: Drive
) -> pd.DataFrame:
    """Send every team to at least one unit, and nobody to one that was visited already."""
    n = drive.n_visits
    unit = rng.choice(len(units), n, replace=False, p=wish / wish.sum())
    first, last = (day_number(day) for day in drive.days)
    moments = CALENDAR.moments(rng.integers(first, last + 1, n), rng.uniform(9, 17.5, n))
    team = rng.permutation(np.arange(n) % drive.n_teams)
    small, n_larger = divmod(drive.n_people, drive.n_teams)
    return _ledger(
        units,
        unit,
        moments,
        drive.prefix,
        team=[names.team_name(drive.team, one + 1) for one in team],
        team_size=small + (team < n_larger),
        manner=draw(rng, names.MANNERS, n),
        origin="government",
        properties=[{"system": names.SYSTEM}] * n if drive is MID_AUTUMN_DRIVE else [{}] * n,
    )


def _led(rng: np.random.Generator, units: pd.DataFrame, drive: pd.DataFrame) -> pd.DataFrame:
    """Let leaders lead some of the visits, one in each district first."""
    shuffled = drive.iloc[rng.permutation(len(drive))]
    district = units["address"].to_numpy()[shuffled["unit"]]
    is_first = ~pd.Series(district, index=shuffled.index).duplicated()
    first, others = shuffled.index[is_first], shuffled.index[~is_first]
    led = first.append(others)[:N_LEADER_VISITS]
    return drive.assign(manner=drive["manner"].where(~drive.index.isin(led), names.LED))


def _ledger(
    units: pd.DataFrame,
    unit: NDArray[np.intp],
    inspected_at: pd.Series,
    prefix: str,
    **columns: Any,
) -> pd.DataFrame:
    rows = pd.DataFrame({"unit": unit, "inspected_at": inspected_at, "has_time": True, **columns})
    rows = rows.sort_values(["inspected_at", "unit"], ignore_index=True)
    return rows.assign(
        unit_code=units["external_code"].to_numpy()[rows["unit"]],
        external_code=codes(prefix, len(rows)),
        recorded_at=written_down(rows["inspected_at"]),
    )
