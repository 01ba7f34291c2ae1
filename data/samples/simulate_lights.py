"""Outages that never were, drawn from a seed over real lamps, and the work to end them.

Three things make lamps go out: each by itself, a power box with all it feeds, a cable along a
street. The last two become work items; some stretches are exempt because they are dug up.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from data.samples.simulate import YEAR_DAYS, Calendar, Floats, draw
from geo.crs import to_degrees

LAMPS_PER_BOX = 20
OUTAGES_PER_LAMP_YEAR = 0.5
MEAN_DAYS_OUT = 10
BOX_OFFSET_M = 8.0
N_BOX_INCIDENTS = 5
N_CABLE_CUTS = 30
MIN_LAMPS_OF_A_CUT = 3
MEAN_DAYS_TO_FIX = 25
DAYS_TO_DUE = 30
FATES = {"fixed": 0.5, "open": 0.15, "exempt": 0.25, "exempt_by_city_only": 0.1}
"""What becomes of a cut cable."""
N_OPEN_BOX_INCIDENTS = 2
UNDER_CONSTRUCTION = "under_construction"


@dataclass(frozen=True)
class Lights:
    """Lamps with the box that feeds each, the boxes, the outages and the work items."""

    boxes: pd.DataFrame
    lamps: pd.DataFrame
    outages: pd.DataFrame
    rectifications: pd.DataFrame


@dataclass(frozen=True)
class Incident:
    """Lamps (their rows) that went out together on the day `start`, lit again on `end` if fixed."""

    lamps: np.ndarray
    cause: str
    fate: str
    start: int
    end: int


def lights(
    rng: np.random.Generator,
    lamps: pd.DataFrame,
    xy: Floats,
    metric_srid: int,
    calendar: Calendar,
) -> Lights:
    """Draw everything about the lamps; `lamps` says in `segment_code` on which street each is."""
    box, boxes = _boxes(rng, xy, metric_srid)
    incidents = [*_box_incidents(rng, box, calendar), *_cable_cuts(rng, lamps, calendar)]
    fed = lamps.assign(box_code=boxes["external_code"].to_numpy()[box])
    return Lights(
        boxes=boxes,
        lamps=fed.drop(columns="segment_code"),
        outages=_outages(rng, lamps, incidents, calendar),
        rectifications=_rectifications(rng, lamps, incidents, calendar),
    )


def _boxes(
    rng: np.random.Generator, xy: Floats, metric_srid: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Stand boxes beside some lamps; return the box of each lamp, the nearest, and the boxes."""
    sites = rng.choice(len(xy), max(1, len(xy) // LAMPS_PER_BOX), replace=False)
    places = xy[np.sort(sites)] + BOX_OFFSET_M
    codes = [f"BOX-{number:03d}" for number in range(1, len(places) + 1)]
    geom = to_degrees(np.asarray(shapely.points(places)), metric_srid)
    box = np.asarray(cKDTree(places).query(xy)[1])
    return box, pd.DataFrame({"external_code": codes, "name": codes, "geom": geom})


def _box_incidents(rng: np.random.Generator, box: np.ndarray, calendar: Calendar) -> list[Incident]:
    numbers = rng.permutation(np.unique(box))[:N_BOX_INCIDENTS]
    fates = ["fixed"] * (len(numbers) - N_OPEN_BOX_INCIDENTS) + ["open"] * N_OPEN_BOX_INCIDENTS
    return [
        _incident(rng, np.flatnonzero(box == number), "no_power", fate, calendar)
        for number, fate in zip(numbers, fates, strict=False)
    ]


def _cable_cuts(
    rng: np.random.Generator, lamps: pd.DataFrame, calendar: Calendar
) -> list[Incident]:
    n_lamps = lamps["segment_code"].value_counts().sort_index()
    long = n_lamps.index[n_lamps >= MIN_LAMPS_OF_A_CUT].to_numpy()
    cut = rng.permutation(long)[:N_CABLE_CUTS]
    fates = draw(rng, FATES, len(cut))
    broken = rng.choice(["cable_cut", "aged_line"], len(cut))
    causes = np.where(np.char.startswith(fates, "exempt"), UNDER_CONSTRUCTION, broken)
    return [
        _incident(rng, np.flatnonzero(lamps["segment_code"] == code), cause, fate, calendar)
        for code, cause, fate in zip(cut, causes, fates, strict=True)
    ]


def _incident(
    rng: np.random.Generator, lamps: np.ndarray, cause: str, fate: str, calendar: Calendar
) -> Incident:
    start = int(rng.integers(calendar.n_days // 2, calendar.n_days - 3))
    fixed = start + 1 + int(rng.exponential(MEAN_DAYS_TO_FIX))
    end = min(fixed, calendar.n_days - 1) if fate == "fixed" else calendar.n_days
    return Incident(lamps, cause, fate, start, end)


def _outages(
    rng: np.random.Generator, lamps: pd.DataFrame, incidents: list[Incident], calendar: Calendar
) -> pd.DataFrame:
    singles = rng.poisson(OUTAGES_PER_LAMP_YEAR * calendar.n_days / YEAR_DAYS, len(lamps))
    lamp = np.repeat(np.arange(len(lamps)), singles)
    start = rng.integers(0, calendar.n_days, len(lamp))
    end = start + 1 + rng.exponential(MEAN_DAYS_OUT, len(lamp)).astype(int)
    cause = np.full(len(lamp), "other", dtype=object)
    for one in incidents:
        n_lamps = len(one.lamps)
        lamp = np.append(lamp, one.lamps)
        start = np.append(start, np.full(n_lamps, one.start))
        end = np.append(end, np.full(n_lamps, one.end))
        cause = np.append(cause, np.full(n_lamps, one.cause, dtype=object))
    return pd.DataFrame(
        {
            "external_code": [f"O{number:05d}" for number in range(1, len(lamp) + 1)],
            "lamp_code": lamps["external_code"].to_numpy()[lamp],
            "started_at": calendar.moments(start, 18.0),
            "ended_at": calendar.moments(end, 18.0),
            "cause": cause,
            "geom": lamps["geom"].to_numpy()[lamp],
        }
    )


def _rectifications(
    rng: np.random.Generator, lamps: pd.DataFrame, incidents: list[Incident], calendar: Calendar
) -> pd.DataFrame:
    """Make one work item for each street an incident darkened, for the latest incident there."""
    segment = lamps["segment_code"].to_numpy()
    touched = pd.DataFrame(
        [
            (code, one.start, one.end, one.cause, one.fate)
            for one in incidents
            for code in sorted({code for code in segment[one.lamps] if isinstance(code, str)})
        ],
        columns=["segment_code", "start", "end", "cause", "fate"],
    )
    latest = touched.sort_values(["segment_code", "start"])
    latest = latest.drop_duplicates("segment_code", keep="last")
    items = latest.sort_values(["start", "segment_code"], ignore_index=True)
    fate = items["fate"].to_numpy()
    at_work = rng.choice(["handed_over", "claimed", "fixing", "reported_fixed"], len(items))
    number = np.arange(1, len(items) + 1)
    return pd.DataFrame(
        {
            "external_code": [f"R{one:04d}" for one in number],
            "segment_code": items["segment_code"],
            "state": np.select([fate == "fixed", fate == "exempt"], ["closed", "exempt"], at_work),
            "found_at": calendar.moments(items["start"], 22.0),
            "closed_at": calendar.moments(items["end"], 22.0),
            "due_on": calendar.dates(items["start"] + DAYS_TO_DUE),
            "cause": items["cause"],
            "handover_batch": np.where(number <= len(items) // 2, "1", "2"),
            "exempt_confirmed_by_city": _signed(
                np.char.startswith(fate.astype(str), "exempt"), "city lighting office"
            ),
            "exempt_confirmed_by_builder": _signed(fate == "exempt", "builder"),
        }
    )


def _signed(confirmed: np.ndarray, name: str) -> list[str | None]:
    return [name if one else None for one in confirmed]
