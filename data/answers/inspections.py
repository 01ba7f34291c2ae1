"""Where has nobody looked? Coverage per cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame
from sqlalchemy.orm import Session

from data.answers.answer import Answer
from data.answers.decisions import Decision, about_days, counted
from data.answers.ground import ground_of
from data.answers.questions import CoverageQuestion
from data.queries.inspections import (
    days_of_inspections,
    first_registration,
    units_by_cell,
    visits_until,
)
from data.queries.places import LedgerDays, cells_of, grid_id
from data.scope import Scope
from geo.coverage import INTERVALS, WEIGHTS, cell_coverage
from geo.periods import Period

COUNTS = ["n_units", "n_inspected", "n_visits", "n_never", "n_overdue"]
FROM_VISITS = ["n_inspected", "n_visits", "n_never", "n_overdue", "coverage", "gap"]


@dataclass(frozen=True, eq=False)
class Inspected:
    """The units in the cells of one grid, and the visits to them until the end of a period."""

    units: DataFrame
    visits: DataFrame
    days: LedgerDays
    first_day: date | None

    def cell_figures(self, period: Period) -> DataFrame:
        """Return the figures of `geo.coverage` by cell; a unit closed nobody knows when is out."""
        known = self.units[~self.units["closed_undated"]]
        return cell_coverage(
            known,
            self.visits,
            period.day,
            period.window_days,
            first_day=self.first_day,
        )

    def unplaced(self) -> "Inspected":
        """Return the units in no cell, by whether they have a position (cell 0) or not (1)."""
        units = self.units[self.units["cell"] == -1]
        without_position = units["without_position"].astype(np.int64)
        return Inspected(
            units.assign(cell=without_position), self.visits, self.days, self.first_day
        )


def coverage(session: Session, scope: Scope, question: CoverageQuestion) -> Answer:
    """Return inspected, never inspected and overdue units of every cell of the grid."""
    ground = ground_of(session, question)
    period = ground.period
    grid = grid_id(session, question.grid)
    inspected = read_inspected(session, scope, grid, period)
    cells = cells_of(session, scope, grid, period.day)
    rows = _rows(cells, inspected, period)
    return Answer(
        subject="coverage",
        grid=question.grid,
        as_of=period.as_of,
        window_days=period.window_days,
        revisions=ground.revisions,
        parameters={"intervals": dict(INTERVALS), "weights": dict(WEIGHTS)},
        decisions=(*about_days(period, inspected.days), *_decisions(inspected, rows)),
        totals=_totals(rows),
        outside=_outside(inspected, period, scope),
        data_until=inspected.days.last,
        simulated=ground.city.simulated,
        rows=rows,
    )


def read_inspected(session: Session, scope: Scope, grid: int, period: Period) -> Inspected:
    """Read what coverage is computed from."""
    days = days_of_inspections(session, period.timezone)
    known = [day for day in (days.first, first_registration(session)) if day is not None]
    return Inspected(
        units=units_by_cell(session, scope, grid, period),
        visits=visits_until(session, period),
        days=days,
        first_day=min(known, default=None),
    )


def _rows(cells: DataFrame, inspected: Inspected, period: Period) -> DataFrame:
    rows = cells.join(inspected.cell_figures(period))
    rows[COUNTS] = rows[COUNTS].fillna(0).astype("Int64")
    rows["gap"] = rows["gap"].fillna(0.0)
    visited = pd.Series(inspected.days.first is not None, rows.index)
    rows[FROM_VISITS] = rows[FROM_VISITS].where(visited)
    return rows


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
    return None if column.isna().any() else int(column.sum())


def _outside(inspected: Inspected, period: Period, scope: Scope) -> dict[str, int | None]:
    if scope.cell_ids is not None:
        return {"outside": None, "without_position": None}
    n_units = inspected.unplaced().cell_figures(period)["n_units"]
    return {"outside": int(n_units.get(0, 0)), "without_position": int(n_units.get(1, 0))}


def _decisions(inspected: Inspected, rows: DataFrame) -> Iterator[Decision]:
    yield Decision("coverage_intervals", dict(INTERVALS))
    yield Decision("coverage_weights", dict(WEIGHTS))
    if inspected.days.first is None:
        yield Decision("no_inspections")
    units = inspected.units
    yield from counted(
        {
            "units_without_registration": int(units["registered_on"].isna().sum()),
            "units_without_risk": int(units["risk"].isna().sum()),
            "units_closed_undated": int(units["closed_undated"].sum()),
            "cells_without_units": int((rows["n_units"] == 0).sum()),
        }
    )
