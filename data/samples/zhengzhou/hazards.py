"""What the visits found (隐患), and when each was fixed: most on the spot, some weeks later."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.samples.simulate import Floats, bumps, draw
from data.samples.zhengzhou import names
from data.samples.zhengzhou.plan import (
    CALENDAR,
    FIRST_PHASE_ENDS,
    GENERAL_TO_AUGUST,
    GENERAL_TO_OCTOBER,
    LAST_DAY,
    MAJOR_TO_AUGUST,
    MAJOR_TO_OCTOBER,
    NATIONAL_DAY,
    codes,
    day_number,
)
from data.samples.zhengzhou.visits import Visits

REACH_M = 5_000.0
QUIET, DANGEROUS = 0.4, 3.0
SHARE_ON_THE_SPOT = 0.86
MEAN_DAYS_TO_FIX = 12.0
MID_AUTUMN_FOUND, MID_AUTUMN_ON_THE_SPOT = 711, 705
NATIONAL_GENERAL, NATIONAL_FIXED, NATIONAL_MAJOR = 15_782, 15_506, 3
SHARE_ON_THE_SPOT_NATIONAL = 0.93
N_BATCHED_MAJOR, N_BATCHED_LARGER = 14, 28
BATCHES_UNTIL = date(2019, 8, 24)
NEVER = day_number(LAST_DAY) + 1

Days = NDArray[np.integer]
FixedOn = Callable[[np.random.Generator, Days], Days]
"""From the days of finding to the days of fixing; the same day means on the spot."""


class Finder:
    """Draws hazards from the visits of one drive, where it is dangerous more than elsewhere."""

    def __init__(self, rng: np.random.Generator, visits: pd.DataFrame, danger: Floats) -> None:
        self.rng = rng
        self.visits = visits
        self.weight = danger[visits["unit"]]
        first = pd.Timestamp(CALENDAR.first, tz=CALENDAR.timezone)
        self.day = (visits["inspected_at"] - first).dt.days.to_numpy()

    def find(self, n: int, level: str, fixed_on: FixedOn, where: NDArray[np.bool_]) -> pd.DataFrame:
        """Find `n` hazards on visits `where` it is so: `visit`, `level`, and `fixed`, a day."""
        weight = np.where(where, self.weight, 0.0)
        visit = self.rng.choice(len(self.visits), n, p=weight / weight.sum())
        fixed = fixed_on(self.rng, self.day[visit])
        return pd.DataFrame({"visit": visit, "level": level, "fixed": fixed})

    def between(self, first: date, last: date) -> NDArray[np.bool_]:
        """Tell which visits were on these days."""
        day: NDArray[np.bool_] = (self.day >= day_number(first)) & (self.day <= day_number(last))
        return day


def danger(rng: np.random.Generator, xy: Floats) -> Floats:
    """Return how much there is to find at each unit."""
    return QUIET + DANGEROUS * bumps(rng, xy, REACH_M)


def hazards(
    rng: np.random.Generator, visits: Visits, units: pd.DataFrame, risky: Floats
) -> dict[str, pd.DataFrame]:
    """Return the ledgers of the campaign, of Mid-Autumn and of National Day.

    Beside the columns of the ledger: `district`, `sector`, and `is_planned` where the workflow
    decides on the end; there `closed_at` is missing.
    """
    return {
        "campaign": _ledger(
            rng, "HC", visits.campaign, units, _campaign(rng, visits, units, risky)
        ),
        "mid_autumn": _ledger(rng, "HM", visits.mid_autumn, units, _mid_autumn(rng, visits, risky)),
        "national_day": _ledger(
            rng, "HN", visits.national_day, units, _national(rng, visits, risky)
        ),
    }


def _campaign(
    rng: np.random.Generator, visits: Visits, units: pd.DataFrame, risky: Floats
) -> pd.DataFrame:
    finder = Finder(rng, visits.campaign, risky)
    august = finder.between(CALENDAR.first, FIRST_PHASE_ENDS)
    district = units["address"].to_numpy()[visits.campaign["unit"]]
    batched = finder.between(CALENDAR.first, BATCHES_UNTIL) & np.isin(
        district, names.BATCH_DISTRICTS
    )
    n_holidays = MID_AUTUMN_FOUND + NATIONAL_GENERAL
    n_later = GENERAL_TO_OCTOBER - GENERAL_TO_AUGUST - n_holidays
    n_major = MAJOR_TO_OCTOBER - MAJOR_TO_AUGUST - NATIONAL_MAJOR
    return pd.concat(
        [
            finder.find(GENERAL_TO_AUGUST - N_BATCHED_LARGER, "general", _soon, august),
            finder.find(N_BATCHED_LARGER, "larger", _by_plan, batched),
            finder.find(N_BATCHED_MAJOR, "major", _by_plan, batched),
            finder.find(MAJOR_TO_AUGUST - N_BATCHED_MAJOR, "major", _by_plan, august & ~batched),
            finder.find(n_later, "general", _soon, ~august),
            finder.find(n_major, "major", _by_plan, ~august),
        ],
        ignore_index=True,
    )


def _mid_autumn(rng: np.random.Generator, visits: Visits, risky: Floats) -> pd.DataFrame:
    finder = Finder(rng, visits.mid_autumn, risky)
    everywhere = np.ones(len(visits.mid_autumn), dtype=bool)
    later = MID_AUTUMN_FOUND - MID_AUTUMN_ON_THE_SPOT
    return pd.concat(
        [
            finder.find(MID_AUTUMN_ON_THE_SPOT, "general", lambda _, day: day, everywhere),
            finder.find(
                later, "general", lambda rng, day: day + rng.integers(3, 11, len(day)), everywhere
            ),
        ],
        ignore_index=True,
    )


def _national(rng: np.random.Generator, visits: Visits, risky: Floats) -> pd.DataFrame:
    finder = Finder(rng, visits.national_day, risky)
    first, last = NATIONAL_DAY
    everywhere = np.ones(len(visits.national_day), dtype=bool)
    later = NATIONAL_GENERAL - NATIONAL_FIXED
    early = finder.between(first, date(2019, 10, 2))
    return pd.concat(
        [
            finder.find(NATIONAL_FIXED, "general", _within(last), everywhere),
            finder.find(later, "general", _after(last), everywhere),
            finder.find(NATIONAL_MAJOR, "major", _by_plan, early),
        ],
        ignore_index=True,
    )


def _soon(rng: np.random.Generator, day: Days) -> Days:
    """On the spot, or some days later."""
    later = 1 + rng.gamma(2.0, MEAN_DAYS_TO_FIX / 2, len(day)).astype(int)
    return np.where(rng.random(len(day)) < SHARE_ON_THE_SPOT, day, np.minimum(day + later, NEVER))


def _by_plan(_rng: np.random.Generator, day: Days) -> Days:
    return np.full(len(day), NEVER)


def _within(last: date) -> FixedOn:
    """On the spot, or until that day."""

    def fixed(rng: np.random.Generator, day: Days) -> Days:
        later = rng.integers(day, day_number(last) + 1)
        return np.where(rng.random(len(day)) < SHARE_ON_THE_SPOT_NATIONAL, day, later)

    return fixed


def _after(last: date) -> FixedOn:
    """On a day of the weeks after that day."""
    return lambda rng, day: day_number(last) + rng.integers(1, 19, len(day))


def _ledger(
    rng: np.random.Generator,
    prefix: str,
    visits: pd.DataFrame,
    units: pd.DataFrame,
    found: pd.DataFrame,
) -> pd.DataFrame:
    found = found.sort_values(["visit", "level", "fixed"], ignore_index=True)
    visit = visits.iloc[found["visit"]].reset_index(drop=True)
    unit = units.iloc[visit["unit"]].reset_index(drop=True)
    later = CALENDAR.moments(found["fixed"], 17.0)
    first = pd.Timestamp(CALENDAR.first, tz=CALENDAR.timezone)
    is_same_day = found["fixed"] == (visit["inspected_at"] - first).dt.days
    soon = visit["inspected_at"] + pd.Timedelta(minutes=30)
    return pd.DataFrame(
        {
            "external_code": codes(prefix, len(found)),
            "unit_code": visit["unit_code"],
            "inspection_code": visit["external_code"],
            "level": found["level"].replace("larger", "general"),
            "native_level": found["level"].map(names.NATIVE_LEVELS),
            "category": draw(rng, names.CATEGORIES, len(found)),
            "origin": visit["origin"],
            "found_at": visit["inspected_at"],
            "has_time": True,
            "closed_at": soon.where(is_same_day, later),
            "counting_word": names.UNIT_WORD,
            "geom": unit["geom"],
            "recorded_at": visit["recorded_at"],
            "district": unit["address"],
            "sector": unit["sector"],
            "is_planned": found["level"] != "general",
        }
    )
