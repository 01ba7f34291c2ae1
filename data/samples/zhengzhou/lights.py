"""Lamps along the streets, and when each gave no light."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.samples.zhengzhou.names import LIGHTING_OFFICE
from data.samples.zhengzhou.plan import (
    CALENDAR,
    FIRST_PHASE_ENDS,
    SRID,
    SURVEY_ENDS,
    codes,
    day_number,
    since_the_first_day,
    written_down,
)
from data.samples.zhengzhou.streets import Streets
from geo import crs

FEWEST_LAMPS, MOST_LAMPS = 24, 29
OFFSET_M = 8.0
FEWEST_SCATTERED, MOST_SCATTERED = 4_001, 4_700
LATER_OUTAGES_A_DAY = 9
MOST_DAYS_OUT = 6
NIGHT, RELIT_AT = 22.0, 20.0


@dataclass(frozen=True, eq=False)
class Lights:
    """Ledgers of boxes, lamps and outages, and of when the outages ended."""

    boxes: pd.DataFrame
    lamps: pd.DataFrame
    outages: pd.DataFrame
    endings: pd.DataFrame


def lights(rng: np.random.Generator, laid: Streets, dark: pd.DataFrame) -> Lights:
    """Stand the lamps and put them out; `dark` has a row for each time a street was dark.

    Its columns are `segment_code`, `cause`, `since` and `relit`, numbers of days (`relit` missing
    where it is dark still).
    """
    lamps, segment = _lamps(rng, laid)
    segment_code = laid.segments["external_code"].to_numpy()[segment]
    spells = pd.concat(
        [_of_streets(segment_code, dark), _scattered(rng, segment_code, dark)], ignore_index=True
    )
    outages = _outages(lamps, spells)
    is_over = outages["ended_at"].notna()
    endings = outages.loc[is_over, ["external_code", "ended_at"]]
    return Lights(
        boxes=laid.boxes[["box_code", "geom", "recorded_at"]].rename(
            columns={"box_code": "external_code"}
        ),
        lamps=_with_hand_over(lamps, segment_code, dark),
        outages=outages.drop(columns="ended_at"),
        endings=endings.assign(recorded_at=written_down(endings["ended_at"])),
    )


def _lamps(rng: np.random.Generator, laid: Streets) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the lamps, on both sides in turn, and the number of the street of each."""
    lines = laid.segments["line_m"].to_numpy()
    n_lamps = rng.integers(FEWEST_LAMPS, MOST_LAMPS + 1, len(lines))
    segment = np.repeat(np.arange(len(lines)), n_lamps)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(n_lamps) - n_lamps, n_lamps)
    share = (number + 0.5) / n_lamps[segment]
    start, end = (shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1))
    along = (end - start)[segment]
    aside = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
    side = np.where(number % 2 == 0, OFFSET_M, -OFFSET_M)
    xy = start[segment] + along * share[:, None] + aside * side[:, None]
    lamps = pd.DataFrame(
        {
            "external_code": codes("L", len(segment)),
            "road_name": laid.segments["name"].to_numpy()[segment],
            "box_code": laid.segments["box_code"].to_numpy()[segment],
            "owner": LIGHTING_OFFICE,
            "geom": crs.to_degrees(shapely.points(xy), SRID),
            "recorded_at": since_the_first_day(len(segment)),
        }
    )
    return lamps, segment


def _with_hand_over(
    lamps: pd.DataFrame, segment_code: NDArray[np.object_], dark: pd.DataFrame
) -> pd.DataFrame:
    """Say which lamps nobody handed over to the city; relit or not, they still are not."""
    foreign = dark.loc[dark["cause"] == "never_handed_over", "segment_code"]
    is_foreign = np.isin(segment_code, foreign.to_numpy())
    return lamps.assign(status=np.where(is_foreign, "not_handed_over", "in_service"))


def _of_streets(segment_code: NDArray[np.object_], dark: pd.DataFrame) -> pd.DataFrame:
    lamps = pd.DataFrame({"lamp": np.arange(len(segment_code)), "segment_code": segment_code})
    spells = lamps.merge(dark, on="segment_code")
    return spells[["lamp", "since", "relit", "cause"]]


def _scattered(
    rng: np.random.Generator, segment_code: NDArray[np.object_], dark: pd.DataFrame
) -> pd.DataFrame:
    """Put out single lamps of streets that have light: those the survey finds, and later ones."""
    lit = np.flatnonzero(~np.isin(segment_code, dark["segment_code"].to_numpy()))
    n_found = int(rng.integers(FEWEST_SCATTERED, MOST_SCATTERED + 1))
    nights = day_number(SURVEY_ENDS) + 1
    found = pd.DataFrame(
        {
            "lamp": rng.permutation(lit)[:n_found],
            "since": rng.integers(0, nights, n_found),
            "relit": rng.integers(nights + 7, day_number(FIRST_PHASE_ENDS), n_found),
        }
    )
    days = np.arange(day_number(FIRST_PHASE_ENDS) + 1, CALENDAR.n_days)
    since = np.repeat(days, LATER_OUTAGES_A_DAY)
    later = pd.DataFrame(
        {
            "lamp": rng.choice(lit, len(since), replace=False),
            "since": since,
            "relit": since + rng.integers(1, MOST_DAYS_OUT + 1, len(since)),
        }
    )
    return pd.concat([found, later]).assign(cause="other")


def _outages(lamps: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    spells = spells.sort_values(["since", "lamp"], ignore_index=True)
    lamp = spells["lamp"].to_numpy()
    never = CALENDAR.n_days
    started_at = CALENDAR.moments(spells["since"], NIGHT)
    return pd.DataFrame(
        {
            "external_code": codes("O", len(spells)),
            "lamp_code": lamps["external_code"].to_numpy()[lamp],
            "started_at": started_at,
            "ended_at": CALENDAR.moments(spells["relit"].astype("Int64").fillna(never), RELIT_AT),
            "cause": spells["cause"],
            "geom": lamps["geom"].to_numpy()[lamp],
            "recorded_at": written_down(started_at),
        }
    )
