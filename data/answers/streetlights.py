"""Which streets are dark, and why? Figures per segment."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd
from pandas import DataFrame, Series
from sqlalchemy.orm import Session

from data.answers.answer import Answer, records
from data.answers.chosen_streets import STATUSES
from data.answers.decisions import Decision, about_days, about_knowledge, counted
from data.answers.ground import ground_of, to_planar
from data.answers.questions import OutageQuestion
from data.answers.street_works import work_on
from data.models.streetlights import STANDINGS
from data.queries.handovers import register
from data.queries.places import LedgerDays, grid_id, known_moment
from data.queries.streetlights import (
    OFF_SEGMENTS,
    WITHOUT_POSITION,
    box_codes,
    days_of_outages,
    lamps,
    outages_by_segment,
    rectifications,
    segment_lines,
    segments,
)
from data.scope import WHOLE_CITY, Scope
from geo.causes import root_causes
from geo.linref import junctions
from geo.outages import (
    DarkWalk,
    dark_runs,
    dark_walk,
    outage_density,
    rates,
    segment_figures,
)
from geo.periods import Period

FROM_LAMPS = ["n_lamps", "dark_m", "lit_m", "unserved_m", "dark_share", "longest_run_m"]
"""Figures that are unknown where nobody surveyed the lamps."""

FROM_OUTAGES = [
    *("n_out", "n_without_lamp", "n_begun"),
    *("dark_m", "lit_m", "dark_share", "longest_run_m"),
]
"""Figures that are unknown while nobody ever recorded an outage."""


@dataclass(frozen=True, eq=False)
class Streets:
    """The visible segments, the lamps along them, and what was reported and done about them.

    `standing` is what the hand-over register says of each segment.
    """

    segments: DataFrame
    lamps: DataFrame
    outages: DataFrame
    works: DataFrame
    standing: "Series[str]"
    days: LedgerDays

    @property
    def recorded(self) -> bool:
        """Whether anybody ever recorded an outage: only then a lamp without one gives light."""
        return self.days.first is not None

    @property
    def along(self) -> DataFrame:
        """The lamps on visible segments whose lamps were surveyed."""
        surveyed = self.segments.index[self.segments["lamp_survey"] == "surveyed"]
        return self.lamps[self.lamps["segment"].isin(surveyed)]

    def only(self, segments: pd.Index) -> "Streets":
        """Return some of the segments, with what lies along them and nothing else."""
        return replace(
            self,
            segments=self.segments.loc[segments],
            lamps=self.lamps[self.lamps["segment"].isin(segments)],
            outages=self.outages[self.outages.index.isin(segments)],
            works=self.works[self.works.index.isin(segments)],
        )


def outages(session: Session, scope: Scope, question: OutageQuestion) -> Answer:
    """Return what is dark along every segment, the three rates and the longest dark walk."""
    ground = ground_of(session, question)
    period = ground.period
    found = _read(session, scope, question, period)
    all_rows = _rows(found, question, period)
    rows = question.streets.among(all_rows)
    streets = found.only(rows.index) if question.streets.asked else found
    dark = _dark(session, streets, question, ground.city.metric_srid)
    return Answer(
        subject="outages",
        grid=question.grid,
        as_of=period.as_of,
        window_days=period.window_days,
        revisions=ground.revisions,
        parameters={"max_gap_m": question.max_gap_m, "dark_threshold": question.dark_threshold},
        decisions=(
            *about_knowledge(question.known_at, question.grid),
            *about_days(period, streets.days),
            *_decisions(found, question),
            *_doubts(streets, rows, scope),
        ),
        totals=_totals(rows, streets),
        outside=_outside(streets, scope),
        data_until=streets.days.last,
        simulated=ground.city.simulated,
        rows=rows,
        extra={
            "rates": _rates(rows, streets),
            **_longest_walk(streets, dark),
            "incidents": _incidents(session, found, rows["code"]),
            "boxes": _boxes(session, streets) if question.streets.asked else None,
        },
        drawn={} if dark is None else {"dark_runs": dark[0]},
    )


def _read(session: Session, scope: Scope, question: OutageQuestion, period: Period) -> Streets:
    grid = None if question.grid is None else grid_id(session, question.grid)
    return Streets(
        segments=segments(session, scope, grid, period),
        lamps=lamps(session, scope, period),
        outages=outages_by_segment(session, period),
        works=rectifications(session, period, known_moment(question.known_at, period.timezone)),
        standing=register(session, scope, period)["standing"],
        days=days_of_outages(session, period.timezone),
    )


def _rows(streets: Streets, question: OutageQuestion, period: Period) -> DataFrame:
    figures = segment_figures(
        streets.along, streets.segments, question.max_gap_m, question.dark_threshold
    )
    reported = streets.outages.reindex(streets.segments.index, fill_value=0).astype("Int64")
    surveyed = (streets.segments["lamp_survey"] == "surveyed") & (figures["n_lamps"] > 0)
    rows = streets.segments[["code", "name", "cell"]].join(figures)
    rows["n_lamps"] = rows["n_lamps"].astype("Int64")
    rows["n_out"] = figures["n_out"].astype("Int64").where(surveyed, reported["n_open"])
    rows[FROM_LAMPS] = rows[FROM_LAMPS].where(surveyed)
    rows["n_without_lamp"] = reported["n_open"]
    rows["n_begun"] = reported["n_begun"]
    recorded = Series(streets.recorded, rows.index)
    rows[FROM_OUTAGES] = rows[FROM_OUTAGES].where(recorded)
    rows["status"] = rows["status"].where(recorded | ~surveyed, "not_surveyed")
    rows["length_m"] = streets.segments["length_m"]
    rows = rows.join(outage_density(rows["n_out"], rows["n_lamps"], rows["length_m"]))
    rows["handover"] = streets.standing.reindex(rows.index)
    rows["cause"] = _causes(streets, rows)
    rows["exempt"] = rows.index.isin(streets.works.index[streets.works["exempt"]])
    rows["relit"] = rows.index.isin(streets.works.index[streets.works["relit"]])
    return rows.join(work_on(streets.works, rows.index, period.day))


def _causes(streets: Streets, rows: DataFrame) -> "Series[str]":
    """Return the cause that the work names, or else the one that the register shows.

    A dark street that was never handed over (未移交) is dark because nobody has to light it.
    """
    told = streets.works["cause"].reindex(rows.index)
    foreign = (rows["status"] == "dark") & (rows["handover"] == "never_handed_over")
    return told.mask(told.isna() & foreign, "never_handed_over")


def _totals(rows: DataFrame, streets: Streets) -> dict[str, Any]:
    known = rows[rows["n_lamps"].notna()]
    dark_m, lit_m = _total(known["dark_m"]), _total(known["lit_m"])
    of_lamps = {
        "n_lamps": _total(known["n_lamps"]),
        "n_lamps_out": _total(known["n_out"]),
        "dark_m": dark_m,
        "lit_m": lit_m,
        "unserved_m": _total(known["unserved_m"]),
        "dark_share": dark_m / (dark_m + lit_m) if dark_m or lit_m else None,
    }
    ended = streets.outages["n_ended"].reindex(rows.index, fill_value=0)
    status = rows["status"].value_counts()
    return {
        "n_segments": len(rows),
        "length_m": _total(rows["length_m"]),
        **(of_lamps if len(known) else dict.fromkeys(of_lamps)),
        "n_out": _total(rows["n_out"]),
        "n_begun": _total(rows["n_begun"]),
        "n_ended": _total(ended) if streets.recorded else None,
        "by_status": {name: int(status.get(name, 0)) for name in STATUSES},
        "by_handover": _by_handover(rows) if len(streets.standing) else None,
    }


def _by_handover(rows: DataFrame) -> dict[str, int]:
    """Return how many segments stand how in the register, and how many are not in it."""
    counts = rows["handover"].value_counts()
    known = {name: int(counts.get(name, 0)) for name in STANDINGS}
    return {**known, "unregistered": int(rows["handover"].isna().sum())}


def _total(column: "Series[Any]") -> Any:
    return None if column.isna().any() else sum(column.tolist())


def _outside(streets: Streets, scope: Scope) -> dict[str, int | None]:
    if scope.cell_ids is not None or not streets.recorded:
        return {"outside": None, "without_position": None}
    n_open = streets.outages["n_open"]
    return {
        "outside": int(n_open.get(OFF_SEGMENTS, 0)),
        "without_position": int(n_open.get(WITHOUT_POSITION, 0)),
    }


def _rates(rows: DataFrame, streets: Streets) -> list[dict[str, Any]]:
    works = streets.works[streets.works.index.isin(rows.index)]
    unsurveyed = rows.index[rows["status"] == "not_surveyed"]
    surveyed = streets.recorded & ~streets.lamps["segment"].isin(unsurveyed)
    counted_lamps = streets.lamps[streets.lamps["in_service"] & surveyed]
    found = rates(
        found=set(works.index),
        relit=set(works.index[works["relit"]]),
        exempt=set(works.index[works["exempt"]]),
        lamps_in_service=len(counted_lamps),
        lamps_lit=int((~counted_lamps["is_out"]).sum()),
    )
    return [asdict(rate) for rate in found]


def _dark(
    session: Session, streets: Streets, question: OutageQuestion, metric_srid: int | None
) -> tuple[DataFrame, DarkWalk] | None:
    """Return the dark runs, `in_walk` of those of the longest dark walk, and the walk itself.

    ``None`` while nobody knows which lamps there are, or which of them are out.
    """
    if streets.along.empty or not streets.recorded:
        return None
    runs = dark_runs(streets.along, streets.segments, question.max_gap_m)
    lines = to_planar(segment_lines(session, WHOLE_CITY, streets.segments.index), metric_srid)
    nodes = junctions(Series(lines, index=streets.segments.index))
    walk = dark_walk(runs, streets.segments.join(nodes), question.max_gap_m)
    return runs.assign(in_walk=runs.index.isin(walk.runs)), walk


def _longest_walk(streets: Streets, dark: tuple[DataFrame, DarkWalk] | None) -> Mapping[str, Any]:
    if dark is None:
        return {"longest_dark_walk_m": None, "dark_walk_segments": [], "dark_walk_runs": []}
    runs, walk = dark
    codes = streets.segments["code"].reindex(walk.segments)
    walked = runs.loc[list(walk.runs), ["segment", "from_m", "to_m", "length_m"]]
    named = walked.join(streets.segments[["code", "name"]], on="segment")
    return {
        "longest_dark_walk_m": walk.length_m,
        "dark_walk_segments": codes.tolist(),
        "dark_walk_runs": records(named.drop(columns="segment")),
    }


def _incidents(session: Session, streets: Streets, chosen: "Series[str]") -> list[dict[str, Any]]:
    """Return the common causes: power boxes, and streets of lamps whose box is not known.

    Of `streets`, those that any of the `chosen` segments is dark by.
    """
    box = streets.lamps["power_box"].astype("Int64")
    street = streets.lamps["segment"].map(streets.segments["name"])
    causes = root_causes(streets.lamps.assign(power_box=box.mask(box == -1), street=street))
    boxes = box_codes(session, causes["power_box"].dropna().tolist())
    code = streets.segments["code"]
    incidents = [
        {
            "power_box": boxes.get(cause["power_box"]),
            "street": None if pd.isna(cause["street"]) else cause["street"],
            "n_lamps": cause["n_lamps"],
            "n_out": cause["n_out"],
            "segments": code.reindex(cause["segments"]).dropna().tolist(),
        }
        for cause in causes.to_dict("records")
    ]
    if len(chosen) == len(streets.segments):
        return incidents
    known = set(chosen)
    return [one for one in incidents if not known.isdisjoint(one["segments"])]


def _boxes(session: Session, streets: Streets) -> list[str]:
    """Return the codes of the power boxes that feed a lamp along the streets."""
    known = streets.lamps["power_box"].unique().tolist()
    return sorted(box_codes(session, known).values())


def _decisions(streets: Streets, question: OutageQuestion) -> Iterator[Decision]:
    yield Decision(
        "lamp_stretches",
        {"max_gap_m": question.max_gap_m, "dark_threshold": question.dark_threshold},
    )
    if streets.lamps.empty:
        yield Decision("no_lamps")
    if not streets.recorded:
        yield Decision("no_outages")
    if streets.works.empty:
        yield Decision("no_rectifications")
    for name, value in question.streets.asked.items():
        yield Decision(f"only_{name}", {name: value})


def _doubts(streets: Streets, rows: DataFrame, scope: Scope) -> Iterator[Decision]:
    yield from counted(
        {
            "segments_not_surveyed": int((rows["status"] == "not_surveyed").sum()),
            "lamps_off_segments": int((streets.lamps["segment"] == OFF_SEGMENTS).sum()),
            "outages_without_lamp": _total(rows["n_without_lamp"]) or 0,
            "outages_off_segments": _outside(streets, scope)["outside"] or 0,
            "exempt_segments": int(rows["exempt"].sum()),
        }
    )
