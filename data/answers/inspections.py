"""Where has nobody looked? Coverage per cell."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame
from pandas.arrays import IntegerArray
from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.decisions import Decision, about_days, about_knowledge, counted
from data.answers.ground import Ground, ground_of
from data.answers.inspected import OUTSIDE, WITHOUT_POSITION, Inspected, KeptUnits, read_inspected
from data.answers.questions import CoverageQuestion
from data.queries.places import grid_id
from data.scope import Scope
from geo.coverage import INTERVALS, WEIGHTS

COUNTS = ["n_units", "n_inspected", "n_visits", "n_never", "n_overdue"]
FROM_VISITS = ["n_inspected", "n_visits", "n_never", "n_overdue", "coverage", "gap"]


def coverage(
    session: Session,
    scope: Scope,
    question: CoverageQuestion,
    kept: KeptUnits | None = None,
    ground: Ground | None = None,
) -> Answer:
    """Return inspected, never inspected and overdue units of every cell of the grid.

    With `kept` only the units that changed since it was asked last are read anew, but for what was
    known at another moment. `ground` is given by who has it.
    """
    ground = ground or ground_of(session, question)
    period = ground.period
    grid = grid_id(session, question.grid)
    read = read_inspected if kept is None or ground.known_at else kept.inspected
    inspected = read(session, scope, grid, ground)
    rows = _rows(inspected)
    totals = _totals(rows)
    return Answer(
        subject="coverage",
        grid=question.grid,
        as_of=period.as_of,
        window_days=period.window_days,
        revisions=ground.revisions,
        parameters={"intervals": dict(INTERVALS), "weights": dict(WEIGHTS)},
        decisions=(
            *about_knowledge(question.known_at, question.grid),
            *about_days(period, inspected.days),
            *_decisions(inspected, totals),
        ),
        totals=totals,
        outside=_outside(inspected, scope),
        data_until=inspected.days.last,
        simulated=ground.city.simulated,
        rows=rows,
    )


def _rows(inspected: Inspected) -> DataFrame:
    figures, cells = inspected.figures, inspected.cells
    at = figures.index.get_indexer(cells.index)
    are_visits_known = inspected.days.first is not None
    columns: dict[str, Any] = {"code": cells["code"], "name": cells["name"]}
    for name in map(str, figures):
        of_no_units = np.nan if name == "coverage" else 0
        values = np.append(figures[name].to_numpy(), of_no_units)[at]  # -1 is the last one
        columns[name] = _column(values, is_known=are_visits_known or name not in FROM_VISITS)
    return DataFrame(columns, cells.index, copy=False)


def _column(values: NDArray[Any], *, is_known: bool) -> NDArray[np.float64] | IntegerArray:
    if values.dtype.kind == "f":
        return values if is_known else np.full_like(values, np.nan)
    return IntegerArray(values, np.full(len(values), not is_known))


def _totals(rows: DataFrame) -> dict[str, Any]:
    counts = {name: _sum(rows[name]) for name in COUNTS}
    inspected, units = counts["n_inspected"], counts["n_units"]
    return {
        **counts,
        "coverage": inspected / units if units and inspected is not None else None,
        "gap": None if rows["gap"].isna().any() else float(rows["gap"].sum()),
        "n_cells": len(rows),
        "n_cells_without_units": int((rows["n_units"] == 0).sum()),
        "n_blank_cells": _sum((rows["n_units"] > 0) & (rows["n_inspected"] == 0)),
    }


def _sum(column: "pd.Series[Any]") -> int | None:
    total: Any = column.sum(skipna=False)
    return None if pd.isna(total) else int(total)


def _outside(inspected: Inspected, scope: Scope) -> dict[str, int | None]:
    if scope.cell_ids is not None:
        return {"outside": None, "without_position": None}
    n_units = inspected.figures["n_units"]
    return {
        "outside": int(n_units.get(OUTSIDE, 0)),
        "without_position": int(n_units.get(WITHOUT_POSITION, 0)),
    }


def _decisions(inspected: Inspected, totals: Mapping[str, Any]) -> Iterator[Decision]:
    yield Decision("coverage_intervals", dict(INTERVALS))
    yield Decision("coverage_weights", dict(WEIGHTS))
    if inspected.days.first is None:
        yield Decision("no_inspections")
    doubts = inspected.doubts
    yield from counted(
        {
            "units_without_registration": doubts["unregistered"],
            "units_without_risk": doubts["unrated"],
            "units_closed_undated": doubts["closed_undated"],
            "cells_without_units": totals["n_cells_without_units"],
        }
    )
