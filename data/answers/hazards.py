"""Where are the hazards? Values, hotspots and clusters per cell."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series
from scipy.sparse import csr_array
from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.decisions import Decision, about_days, about_knowledge, counted
from data.answers.emerging import about_steps, patterns_of, steps_of
from data.answers.ground import Ground, ground_of, to_planar
from data.answers.inspected import read_inspected
from data.answers.questions import HotspotQuestion
from data.models import LEVELS
from data.queries.hazards import (
    OUTSIDE,
    UNGRADED,
    WITHOUT_POSITION,
    days_of_hazards,
    hazards_by_cell,
)
from data.queries.places import LedgerDays, cell_polygons, cells_of
from data.scope import WHOLE_CITY, Scope
from geo.hotspots import TOO_FEW, crude_rates, eb_rates, gi_star
from geo.moran import local_moran, morans_i, significant_quadrants
from geo.neighbors import neighbors

BASES = {"per-unit": "n_units", "eb": "n_units", "per-100-visits": "n_visits"}
"""The column of the coverage figures that each rate is divided by."""

GI = ["gi_z", "gi_p", "gi_bin"]
MORAN = ["moran_i", "moran_z", "moran_p", "quadrant"]
MORAN_ALPHA = 0.05
"""Share of false ones among the clusters that are told (our default)."""


def hotspots(session: Session, scope: Scope, question: HotspotQuestion) -> Answer:
    """Return the value of every cell of the grid and how it stands among its neighbors.

    Everything is computed for the whole city, then cut to what the reader may see.
    """
    ground = ground_of(session, question)
    period = ground.period
    grid = ground.grid_id(question.grid)
    days = days_of_hazards(session, period.timezone, question.source)
    cells = cells_of(session, WHOLE_CITY, grid, period.day)[["code", "name"]]
    steps = steps_of(period, days)
    chosen = question.hazards
    counts = hazards_by_cell(session, grid, period, chosen, steps.starts)
    values = _values(counts, _base(session, grid, ground, question), cells.index, question)
    if days.first is None:
        values[["n_hazards", "numerator", "value"]] = np.nan
    touching = _neighbors(session, cells.index, ground.city.metric_srid)
    statistics = _statistics(values["value"], touching, question)
    history = patterns_of(counts, cells.index, touching, steps)
    all_rows = cells.join([values, statistics, history])
    rows = _visible(all_rows, scope)
    return Answer(
        subject="hotspots",
        grid=question.grid,
        as_of=period.as_of,
        window_days=period.window_days,
        revisions=ground.revisions,
        parameters=_parameters(question),
        decisions=(
            *about_knowledge(question.known_at, question.grid),
            *about_days(period, days),
            *_decisions(question, days, all_rows, touching),
            *(() if days.first is None else about_steps(steps)),
            *_doubts(question, counts),
        ),
        totals=_totals(rows, counts, question) | _global(all_rows["value"], touching, scope),
        outside=_outside(counts, scope),
        data_until=days.last,
        simulated=ground.city.simulated,
        rows=rows,
    )


def _visible(rows: DataFrame, scope: Scope) -> DataFrame:
    return rows if scope.cell_ids is None else rows[rows.index.isin(scope.cell_ids)]


def _base(
    session: Session, grid: int, ground: Ground, question: HotspotQuestion
) -> "Series[Any] | None":
    if question.value not in BASES:
        return None
    return read_inspected(session, WHOLE_CITY, grid, ground).figures[BASES[question.value]]


def _values(
    counts: DataFrame, base: "Series[Any] | None", cells: pd.Index, question: HotspotQuestion
) -> DataFrame:
    found = counts.groupby("cell")[["n", "n_visited"]].sum().reindex(cells, fill_value=0)
    summed = found["n_visited" if question.value == "per-100-visits" else "n"]
    values = DataFrame({"n_hazards": found["n"], "numerator": summed})
    if base is None:
        return values.assign(base=Series(pd.NA, cells, dtype="Int64"), value=summed.astype(float))
    divisor = base.reindex(cells, fill_value=0)
    return values.assign(base=divisor, value=_rates(summed, divisor, question))


def _rates(
    found: "Series[Any]", base: "Series[Any]", question: HotspotQuestion
) -> NDArray[np.float64]:
    if question.value == "eb":
        return eb_rates(found, base)
    return crude_rates(found, base) * (100 if question.value == "per-100-visits" else 1)


def _neighbors(session: Session, cells: pd.Index, metric_srid: int | None) -> csr_array:
    return neighbors(to_planar(cell_polygons(session, WHOLE_CITY, cells), metric_srid))


def _statistics(values: "Series[Any]", touching: csr_array, question: HotspotQuestion) -> DataFrame:
    if values.notna().sum() < TOO_FEW:
        unknown = DataFrame(index=values.index, columns=[*GI, *MORAN, "cluster"], dtype=object)
        return unknown.assign(gi_bin=_bins_of_known(0, values))
    gi = gi_star(values, touching)
    local = local_moran(values, touching, permutations=question.permutations, seed=question.seed)
    clusters = significant_quadrants(local, MORAN_ALPHA)
    return gi.assign(gi_bin=_bins_of_known(gi["gi_bin"], values)).join([local[MORAN], clusters])


def _bins_of_known(bins: "Series[Any] | int", values: "Series[Any]") -> "Series[Any]":
    return Series(bins, values.index, dtype="Int64").where(values.notna())


def _parameters(question: HotspotQuestion) -> dict[str, Any]:
    return {
        "value": question.value,
        "level": question.level,
        "source": question.source,
        "sector": question.sector,
        "state": question.state,
        "permutations": question.permutations,
        "seed": question.seed,
    }


def _decisions(
    question: HotspotQuestion, days: LedgerDays, rows: DataFrame, touching: csr_array
) -> Iterator[Decision]:
    yield Decision(f"value_{question.value.replace('-', '_')}")
    if question.level is not None:
        yield Decision("only_level", {"level": question.level})
    if question.source is not None:
        yield Decision("only_source", {"source": question.source})
    if question.sector is not None:
        yield Decision("only_sector", {"sector": question.sector})
    if question.state is not None:
        yield Decision("only_state", {"state": question.state})
    known = rows["value"].dropna()
    if days.first is None:
        yield Decision("no_hazards")
    elif len(known) < TOO_FEW:
        yield Decision("too_few_cells", {"n": len(known), "needed": TOO_FEW})
    elif known.nunique() == 1:
        yield Decision("constant_values")
    else:
        yield Decision("gi_star", {"n": len(known)})
        yield Decision(
            "local_moran", {"permutations": question.permutations, "seed": question.seed}
        )
        yield Decision("moran_clusters", {"share": MORAN_ALPHA})
    alone = int((np.asarray(touching.sum(axis=1)) == 0).sum())
    yield from counted(
        {
            "cells_without_value": len(rows) - len(known),
            "cells_without_neighbors": alone,
        }
    )


def _doubts(question: HotspotQuestion, counts: DataFrame) -> Iterator[Decision]:
    sums = counts[["n", "n_visited", "n_closing_unknown"]].sum()
    by_visits = question.value == "per-100-visits"
    yield from counted(
        {
            "hazards_without_visit": int(sums["n"] - sums["n_visited"]) if by_visits else 0,
            "hazards_closing_unknown": int(sums["n_closing_unknown"]),
        }
    )


def _totals(rows: DataFrame, counts: DataFrame, question: HotspotQuestion) -> dict[str, Any]:
    inside = counts[counts["cell"].isin(rows.index)]
    by_level = inside.groupby("level")["n"].sum()
    bins = rows["gi_bin"].value_counts()
    return {
        "value": _overall(rows, question),
        "n_hazards": None if rows["n_hazards"].isna().any() else int(rows["n_hazards"].sum()),
        "by_level": {level: int(by_level.get(level, 0)) for level in (*LEVELS, UNGRADED)},
        "n_open": int(inside["n_open"].sum()),
        "n_closing_unknown": int(inside["n_closing_unknown"].sum()),
        "n_cells": len(rows),
        "n_hot": int(sum(bins.get(bin_, 0) for bin_ in (1, 2, 3))),
        "n_cold": int(sum(bins.get(bin_, 0) for bin_ in (-1, -2, -3))),
    }


def _overall(rows: DataFrame, question: HotspotQuestion) -> float | None:
    known = rows[rows["value"].notna()]
    if known.empty:
        return None
    found = int(known["numerator"].sum())
    if question.value not in BASES:
        return found
    return found / int(known["base"].sum()) * (100 if question.value == "per-100-visits" else 1)


def _global(values: "Series[Any]", touching: csr_array, scope: Scope) -> dict[str, float | None]:
    found = {"morans_i": np.nan, "morans_z": np.nan, "morans_p": np.nan}
    if scope.cell_ids is None and values.notna().sum() >= TOO_FEW:
        moran = morans_i(values, touching)
        found = {
            "morans_i": moran.morans_i,
            "morans_z": moran.z_rand,
            "morans_p": moran.p_rand,
        }
    return {name: None if np.isnan(figure) else figure for name, figure in found.items()}


def _outside(counts: DataFrame, scope: Scope) -> dict[str, int | None]:
    if scope.cell_ids is not None:
        return {"outside": None, "without_position": None}
    found = counts.groupby("cell")["n"].sum()
    return {
        "outside": int(found.get(OUTSIDE, 0)),
        "without_position": int(found.get(WITHOUT_POSITION, 0)),
    }
