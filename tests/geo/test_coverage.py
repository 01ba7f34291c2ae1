from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import (
    INTERVALS,
    cell_coverage,
    overdue_units,
    units_without_officer,
    visit_coverage,
)
from geo.errors import MissingColumnError, WrongValueError

AS_OF = date(2024, 6, 30)


def days(*ago):
    """Local days so many days before AS_OF; None is unknown."""
    known = [pd.NaT if n is None else pd.Timestamp(AS_OF) - pd.Timedelta(days=n) for n in ago]
    return pd.Series(known, dtype="datetime64[s]")


def units(*rows):
    """Units from (cell, risk, registered days ago, closed days ago), numbered from 1."""
    cell, risk, registered, closed = zip(*rows, strict=True)
    columns = {"unit": range(1, len(rows) + 1), "cell": cell, "risk": risk}
    return pd.DataFrame(columns).assign(registered_on=days(*registered), closed_on=days(*closed))


def visits(*rows):
    """Visits from (unit, days ago)."""
    return pd.DataFrame({"unit": [u for u, _ in rows], "visited_on": days(*[d for _, d in rows])})


OPEN_LOW = (7, "low", 1000, None)


def cell(units_frame, visits_frame, window=365, **options):
    return cell_coverage(units_frame, visits_frame, AS_OF, window, **options).loc[7]


def test_one_of_two_units_inspected_is_a_coverage_of_one_half():
    row = cell(units(OPEN_LOW, OPEN_LOW), visits((1, 10)))
    assert (row["n_units"], row["n_inspected"], row["coverage"]) == (2, 1, 0.5)


def test_two_visits_to_one_unit_inspect_one_unit():
    row = cell(units(OPEN_LOW), visits((1, 10), (1, 20)))
    assert (row["n_inspected"], row["n_visits"]) == (1, 2)


@pytest.mark.parametrize(("ago", "inspected"), [(0, 1), (29, 1), (30, 0), (-1, 0)])
def test_the_window_holds_the_day_looked_at_and_the_days_before_it(ago, inspected):
    assert cell(units(OPEN_LOW), visits((1, ago)), window=30)["n_inspected"] == inspected


def test_a_unit_closed_on_the_day_is_gone_and_one_closed_the_day_after_is_not():
    frame = units((7, "low", 1000, 0), (7, "low", 1000, -1))
    assert cell(frame, visits())["n_units"] == 1


def test_a_unit_registered_on_the_day_counts_and_one_registered_the_day_after_does_not():
    frame = units((7, "low", 0, None), (7, "low", -1, None))
    assert cell(frame, visits())["n_units"] == 1


@pytest.mark.parametrize("nowhere", [np.nan, -1])
def test_a_unit_without_a_cell_is_left_out(nowhere):
    result = cell_coverage(units((nowhere, "low", 9, None), OPEN_LOW), visits((1, 1)), AS_OF, 365)
    assert result.index.tolist() == [7]
    assert result["n_inspected"].tolist() == [0]


def test_cells_come_in_ascending_order_as_whole_numbers():
    frame = units((9, "low", 9, None), (2, "low", 9, None), (np.nan, "low", 9, None))
    assert cell_coverage(frame, visits(), AS_OF, 365).index.tolist() == [2, 9]


@pytest.mark.parametrize(("risk", "interval"), [*INTERVALS.items(), (None, 365)])
def test_a_unit_is_overdue_the_day_after_its_interval_ends(risk, interval):
    frame = units((7, risk, 1000, None))
    assert cell(frame, visits((1, interval)))["n_overdue"] == 0
    assert cell(frame, visits((1, interval + 1)))["n_overdue"] == 1


def test_a_unit_never_visited_is_never_and_not_overdue():
    row = cell(units(OPEN_LOW), visits())
    assert (row["n_never"], row["n_overdue"], row["coverage"]) == (1, 0, 0)


def test_a_visit_after_the_day_looked_at_is_not_known_yet():
    assert cell(units(OPEN_LOW), visits((1, -1)))["n_never"] == 1


def test_the_gap_is_the_weight_times_the_share_of_the_interval_that_is_overdue():
    frame = units((7, "major", 1000, None))
    assert cell(frame, visits((1, 30)))["gap"] == 0
    assert cell(frame, visits((1, 45)))["gap"] == 8 * 15 / 30


def test_the_gap_of_one_unit_never_exceeds_its_weight():
    assert cell(units((7, "larger", 5000, None)), visits((1, 4000)))["gap"] == 4


def test_the_gap_of_a_unit_never_visited_counts_from_its_registration():
    assert cell(units((7, "general", 270, None)), visits())["gap"] == 2 * 90 / 180


def test_gaps_of_the_units_of_a_cell_add_up():
    frame = units((7, "major", 45, None), (7, "general", 270, None), (7, "low", 0, None))
    assert cell(frame, visits())["gap"] == 8 * 0.5 + 2 * 0.5


def test_intervals_and_weights_can_be_set():
    row = cell(units((7, "low", 15, None)), visits(), intervals={"low": 10}, weights={"low": 6.0})
    assert row["gap"] == 6 * 5 / 10


def test_a_unit_without_a_registration_day_exists_since_the_first_day_of_the_data():
    frame = units((7, "general", None, None), (8, "low", 0, None))
    assert cell(frame, visits((2, 270)))["gap"] == 2 * 90 / 180


def test_the_first_day_can_be_given_when_the_frames_hold_a_part_of_the_data():
    frame = units((7, "general", None, None))
    assert cell(frame, visits(), first_day=date(2023, 10, 4))["gap"] == 2 * 90 / 180


def test_without_any_day_in_the_data_a_unit_exists_since_the_day_looked_at():
    row = cell(units((7, "general", None, None)), visits())
    assert (row["n_units"], row["gap"]) == (1, 0)


def test_a_unit_without_a_registration_day_is_absent_before_the_first_day():
    frame = units((7, "low", None, None))
    assert cell_coverage(frame, visits((1, -1)), AS_OF, 365).empty


def test_visits_to_units_of_elsewhere_are_ignored():
    assert cell(units(OPEN_LOW), visits((99, 1)))["n_visits"] == 0


def test_no_units_give_no_cells():
    result = cell_coverage(units(OPEN_LOW).iloc[:0], visits(), AS_OF, 365)
    assert result.empty
    assert list(result.columns) == [
        *("n_units", "n_inspected", "n_visits", "n_never", "n_overdue", "coverage", "gap")
    ]


def test_the_list_of_units_keeps_their_index_and_says_how_long_each_is_overdue():
    frame = units(OPEN_LOW, (7, "major", 1000, None), (7, "low", 1000, 5)).set_axis([4, 8, 6])
    listed = overdue_units(frame, visits((2, 45)), AS_OF)
    assert listed["days_overdue"].to_dict() == {4: 635, 8: 15}
    assert listed["never"].to_dict() == {4: True, 8: False}
    assert listed.loc[8, "last_visit"] == pd.Timestamp(2024, 5, 16)


def test_rows_that_share_an_index_are_told_apart():
    frame = units(OPEN_LOW, (7, "major", 40, None)).set_axis([0, 0])
    seen = visits((1, 10), (1, 400), (2, -5)).set_axis([0, 0, 0])
    row = cell(frame, seen)
    assert (row["n_units"], row["n_inspected"], row["n_visits"], row["n_never"]) == (2, 1, 1, 1)


def test_certain_visits_inspect_a_share_of_the_active_units():
    frame = units(OPEN_LOW, OPEN_LOW, (7, "low", 1000, 1), (9, "low", 9, None))
    result = visit_coverage(frame, visits((1, 10), (1, 800), (3, 10), (99, 1)), AS_OF)
    assert result.loc[7].tolist() == [2, 1, 2, 0.5]
    assert result.loc[9].tolist() == [1, 0, 0, 0]


def test_units_whose_cell_has_no_officer_are_listed():
    frame = units((1, "low", 9, None), (2, "low", 9, None), (3, "low", 9, None), (4, *OPEN_LOW[1:]))
    officers = pd.Series(["Li", None, "  "], index=[1, 2, 3])
    assert units_without_officer(frame, officers, visits(), AS_OF)["unit"].tolist() == [2, 3, 4]


def test_a_unit_without_a_cell_has_no_officer_and_a_closed_one_needs_none():
    frame = units((np.nan, "low", 9, None), (-1, "low", 9, None), (2, "low", 9, 1))
    officers = pd.Series(["Li"], index=[-1])
    assert units_without_officer(frame, officers, visits(), AS_OF)["unit"].tolist() == [1, 2]


def test_the_inputs_are_not_changed():
    frame, seen = units(OPEN_LOW, (7, None, None, None)), visits((1, 10))
    before = frame.copy(), seen.copy()
    cell_coverage(frame, seen, AS_OF, 365)
    pd.testing.assert_frame_equal(frame, before[0])
    pd.testing.assert_frame_equal(seen, before[1])


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnError, match="missing: cell; present: unit, risk"):
        cell_coverage(units(OPEN_LOW)[["unit", "risk"]], visits(), AS_OF, 365)


def test_a_risk_outside_the_table_is_refused():
    with pytest.raises(WrongValueError, match="risk 'high' is none of major, larger"):
        cell(units((7, "high", 9, None)), visits())


def test_a_unit_listed_twice_is_refused():
    twice = pd.concat([units(OPEN_LOW), units(OPEN_LOW)])
    with pytest.raises(WrongValueError, match="unit 1 repeats"):
        cell(twice, visits())


def test_moments_with_a_time_zone_are_refused():
    seen = visits((1, 1))
    seen["visited_on"] = seen["visited_on"].dt.tz_localize("UTC")
    with pytest.raises(WrongValueError, match="visited_on: give local days"):
        cell(units(OPEN_LOW), seen)


def test_a_window_of_no_days_is_refused():
    with pytest.raises(WrongValueError, match="window: 0"):
        cell(units(OPEN_LOW), visits(), window=0)


ago = st.integers(-40, 500)
unit_rows = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, -1]),
        st.sampled_from([*INTERVALS, None]),
        ago | st.none(),
        ago | st.none(),
    ),
    min_size=1,
    max_size=12,
)
visit_rows = st.lists(st.tuples(st.integers(1, 14), ago), max_size=30)


@settings(max_examples=40)
@given(unit_rows, visit_rows, st.integers(1, 400))
def test_counts_of_every_cell_fit_together(rows, seen, window):
    result = cell_coverage(units(*rows), visits(*seen), AS_OF, window)
    assert (result["n_inspected"] + result["n_never"] <= result["n_units"]).all()
    assert (result["n_never"] + result["n_overdue"] <= result["n_units"]).all()
    assert (result["n_visits"] >= result["n_inspected"]).all()
    assert (result["coverage"] == result["n_inspected"] / result["n_units"]).all()
    assert result["gap"].between(0, 8 * result["n_units"]).all()


@settings(max_examples=40)
@given(unit_rows, visit_rows, st.integers(1, 400))
def test_cells_add_up_to_the_active_units_that_have_a_cell(rows, seen, window):
    frame, visited = units(*rows), visits(*seen)
    result = cell_coverage(frame, visited, AS_OF, window)
    active = overdue_units(frame, visited, AS_OF)
    assert result["n_units"].sum() == (frame.loc[active.index, "cell"] != -1).sum()


@settings(max_examples=40)
@given(unit_rows, visit_rows, st.integers(1, 400))
def test_the_visits_of_a_window_cover_what_the_window_covers(rows, seen, window):
    frame, visited = units(*rows), visits(*seen)
    age = (pd.Timestamp(AS_OF) - visited["visited_on"]).dt.days
    first = pd.concat([frame["registered_on"], visited["visited_on"]]).min()
    first_day = None if pd.isna(first) else first.date()
    chosen = visit_coverage(frame, visited[age.between(0, window - 1)], AS_OF, first_day=first_day)
    whole = cell_coverage(frame, visited, AS_OF, window)
    pd.testing.assert_frame_equal(chosen, whole[chosen.columns])
