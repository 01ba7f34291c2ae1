"""Where has nobody looked? Coverage per cell."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame
from pandas.arrays import IntegerArray
from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.decisions import Decision, about_days, about_knowledge, counted
from data.answers.ground import Ground, ground_of
from data.answers.inspected import OUTSIDE, WITHOUT_POSITION, Inspected, KeptUnits, read_inspected
from data.answers.questions import CoverageQuestion
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
    grid = ground.grid_id(question.grid)
    read = read_inspected if kept is None or ground.known_at else kept.inspected
    inspected = read(session, scope, grid, ground)
    figures = _figures(inspected)
    totals = _totals(inspected, figures)
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
        rows=_rows(inspected, figures),
    )


def _figures(inspected: Inspected) -> dict[str, NDArray[Any]]:
    """Return the figures of the visible cells; without any visit those of visits mean nothing."""
    at = inspected.figures.index.get_indexer(inspected.cells.index)
    figures = {}
    for name in map(str, inspected.figures):
        of_no_units = np.nan if name == "coverage" else 0
        # A cell without units is at -1, the last one.
        figures[name] = np.append(inspected.figures[name].to_numpy(), of_no_units)[at]
    return figures


def _rows(inspected: Inspected, figures: Mapping[str, NDArray[Any]]) -> DataFrame:
    columns: dict[str, Any] = {name: inspected.cells[name] for name in ("code", "name")}
    for name, values in figures.items():
        is_known = inspected.has_visits or name not in FROM_VISITS
        columns[name] = _column(values, is_known=is_known)
    columns["officer"] = inspected.cells["officer"]
    return DataFrame(columns, inspected.cells.index, copy=False)


def _column(values: NDArray[Any], *, is_known: bool) -> NDArray[np.float64] | IntegerArray:
    if values.dtype.kind == "f":
        return values if is_known else np.full_like(values, np.nan)
    return IntegerArray(values, np.full(len(values), not is_known))


def _totals(inspected: Inspected, figures: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    n_units = figures["n_units"]
    counts = {name: int(figures[name].sum()) for name in COUNTS}
    totals = {
        **counts,
        "coverage": counts["n_inspected"] / counts["n_units"] if counts["n_units"] else None,
        "gap": float(figures["gap"].sum()),
        "n_cells": len(n_units),
        "n_cells_without_units": int((n_units == 0).sum()),
        "n_blank_cells": int(((n_units > 0) & (figures["n_inspected"] == 0)).sum()),
    }
    if inspected.has_visits or not len(n_units):
        return totals
    unknown = FROM_VISITS if not counts["n_units"] else [*FROM_VISITS, "n_blank_cells"]
    return totals | dict.fromkeys(unknown)


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
    if not inspected.has_visits:
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
