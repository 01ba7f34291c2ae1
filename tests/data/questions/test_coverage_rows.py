"""The rows and totals of coverage, beside a join of frames."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers.inspected import Inspected
from data.answers.inspections import COUNTS, FROM_VISITS, _figures, _rows, _totals
from data.queries.places import LedgerDays
from geo.coverage import figures_of_cells

SUMS = ["n_units", "n_inspected", "n_visits", "n_never", "n_overdue", "gap_e11"]
BY_CELL = st.dictionaries(st.integers(-3, 9), st.tuples(*[st.integers(0, 3)] * len(SUMS)))
CELLS = st.lists(st.integers(0, 9), unique=True)


def inspected_of(by_cell, cells, *, has_visits):
    day = date(2019, 8, 31) if has_visits else None
    sums = pd.DataFrame(by_cell.values(), list(by_cell), SUMS, dtype=np.int64)
    said = {"code": map(str, cells), "name": "n", "officer": [None] * len(cells)}
    named = pd.DataFrame(said, pd.Index(cells, dtype=np.int64))
    return Inspected(named, {}, figures_of_cells(sums.index, sums), LedgerDays(day, day))


def joined(inspected):
    named, officer = inspected.cells[["code", "name"]], inspected.cells["officer"]
    rows = named.join(inspected.figures).join(officer)
    rows[COUNTS] = rows[COUNTS].fillna(0).astype("Int64")
    rows["gap"] = rows["gap"].fillna(0.0)
    rows[FROM_VISITS] = rows[FROM_VISITS].where(pd.Series(inspected.has_visits, rows.index))
    return rows


@settings(max_examples=30)
@given(by_cell=BY_CELL, cells=CELLS, has_visits=st.booleans())
def test_every_visible_cell_has_its_figures_and_the_totals_are_their_sums(
    by_cell, cells, has_visits
):
    inspected = inspected_of(by_cell, cells, has_visits=has_visits)
    figures = _figures(inspected)
    rows, totals = _rows(inspected, figures), _totals(inspected, figures)
    pd.testing.assert_frame_equal(rows, joined(inspected))
    for name in COUNTS:
        is_known = has_visits or name not in FROM_VISITS or not cells
        assert totals[name] == (rows[name].sum() if is_known else None)
    assert totals["n_cells"] == len(cells)
    assert totals["n_cells_without_units"] == (rows["n_units"] == 0).sum()
