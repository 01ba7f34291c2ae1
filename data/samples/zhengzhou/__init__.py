"""Zhengzhou 2019, simulated: the campaign that the reports tell of, replayed day by day.

Two newspaper features of about the end of August 2019 and a report of 20 November 2019 give the
totals; here are rows that add up to them. Lamps, outages, visits, hazards, sanctions and what is
done to work items are made from a seed; no figure, status or rate is.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.samples.city import Ledger, PlannedDeed, SampleCity
from data.samples.simulate import metres
from data.samples.zhengzhou import names, relighting
from data.samples.zhengzhou.campaigns import campaigns
from data.samples.zhengzhou.correcting import correct
from data.samples.zhengzhou.darkness import dark_boxes
from data.samples.zhengzhou.districts import Districts, district_grid, districts, fine_grid
from data.samples.zhengzhou.handovers import handovers
from data.samples.zhengzhou.hazards import danger, hazards
from data.samples.zhengzhou.lights import lights
from data.samples.zhengzhou.plan import (
    CODE,
    LAST_DAY,
    MID_AUTUMN_SOURCE,
    NATIONAL_DAY_SOURCE,
    NOTES,
    SEED,
    SOURCE,
    SRID,
    TIMEZONE,
    written_down,
)
from data.samples.zhengzhou.register import units
from data.samples.zhengzhou.reporting import submissions
from data.samples.zhengzhou.sanctions import sanctions
from data.samples.zhengzhou.streets import streets
from data.samples.zhengzhou.visits import visits

SOURCES = {
    "campaign": SOURCE,
    "mid_autumn": MID_AUTUMN_SOURCE,
    "national_day": NATIONAL_DAY_SOURCE,
}
OF_THE_SAMPLE = ["district", "sector", "is_planned"]
"""Columns of hazards that no ledger has."""


@dataclass(frozen=True)
class Half:
    """What is laid down for one half of the city: see `SampleCity`."""

    ledgers: list[Ledger] = field(default_factory=list)
    sequels: list[Ledger] = field(default_factory=list)
    sanctions: list[Ledger] = field(default_factory=list)
    deeds: list[PlannedDeed] = field(default_factory=list)
    submissions: list[pd.DataFrame] = field(default_factory=list)


def read(_folder: Path | None = None) -> SampleCity:
    """Replay the campaign from its seed."""
    known = districts()
    halves = (inspected(known, SEED), lighted(known, SEED))
    register = halves[0].ledgers[0].rows
    return SampleCity(
        code=CODE,
        name=names.CITY,
        timezone=TIMEZONE,
        metric_srid=SRID,
        default_as_of=LAST_DAY,
        attribution=names.ATTRIBUTION,
        grids=(district_grid(known), fine_grid(known, register)),
        ledgers=tuple(one for half in halves for one in half.ledgers),
        simulated=True,
        notes=NOTES,
        sequels=tuple(one for half in halves for one in half.sequels),
        sanctions=tuple(one for half in halves for one in half.sanctions),
        campaigns=campaigns(),
        submissions=halves[0].submissions[0],
        deeds=tuple(one for half in halves for one in half.deeds),
    )


def inspected(known: Districts, seed: int) -> Half:
    """Return units, visits, hazards, sanctions and the work on hazards, the same for one seed."""
    rng, half = np.random.default_rng([seed, 1]), Half()
    register = units(rng, known)
    half.ledgers.append(Ledger("units", SOURCE, register))
    xy = metres(register["geom"], SRID)
    made = visits(rng, register, xy)
    for name, source in SOURCES.items():
        rows = getattr(made, name).drop(columns="unit")
        half.ledgers.append(Ledger("inspections", source, rows))
    found = hazards(rng, made, register, danger(rng, xy))
    for name, source in SOURCES.items():
        _correct(rng, source, found[name], half)
    everything = pd.concat(found.values(), ignore_index=True)
    half.submissions.append(submissions(rng, known, everything))
    rows = sanctions(rng, everything)
    half.sanctions.append(Ledger("sanctions", SOURCE, rows))
    return half


def _correct(rng: np.random.Generator, source: str, found: pd.DataFrame, half: Half) -> None:
    """Lay down what was found, what was fixed on the spot or later, and the work on the rest."""
    prefix = {MID_AUTUMN_SOURCE: "RM", NATIONAL_DAY_SOURCE: "RN"}.get(source, "RC")
    work = correct(rng, prefix, found)
    found = found.assign(closed_at=found["closed_at"].fillna(work.closed_at))
    is_known = found["closed_at"] <= found["recorded_at"]
    ledger = found.drop(columns=OF_THE_SAMPLE)
    ending = ledger.loc[~is_known, ["external_code", "closed_at"]].dropna()
    ending = ending.assign(recorded_at=written_down(ending["closed_at"]))
    half.ledgers.extend(
        [
            Ledger("hazards", source, ledger[is_known]),
            Ledger("hazards", source, ledger[~is_known].drop(columns="closed_at")),
        ]
    )
    half.sequels.append(Ledger("hazards", source, ending))
    if len(work.items):
        half.ledgers.append(Ledger("rectifications", source, work.items))
        half.deeds.extend(work.deeds)


def lighted(known: Districts, seed: int) -> Half:
    """Return streets, lamps, outages and the work on dark streets, the same for one seed."""
    rng, half = np.random.default_rng([seed, 2]), Half()
    laid = streets(rng, known)
    dark = relighting.dark_streets(rng, laid, dark_boxes(rng, laid))
    lit = lights(rng, laid, relighting.spells(dark))
    register = handovers(np.random.default_rng([seed, 3]), laid, dark)
    segments: Any = laid.segments.drop(columns=["box_code", "line_m"])
    half.ledgers.extend(
        [
            Ledger(
                "segments",
                SOURCE,
                pd.concat([segments.assign(lamp_survey="surveyed"), laid.others]),
            ),
            Ledger("handovers", SOURCE, register),
            Ledger("boxes", SOURCE, lit.boxes),
            Ledger("lamps", SOURCE, lit.lamps),
            Ledger("outages", SOURCE, lit.outages),
            Ledger("rectifications", SOURCE, relighting.items(dark)),
        ]
    )
    half.sequels.append(Ledger("outages", SOURCE, lit.endings))
    half.deeds.extend(relighting.deeds(dark))
    return half
