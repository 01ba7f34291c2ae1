"""Sums by group that follow their members, beside adding up anew."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.sums import GroupSums

MEMBERS = st.dictionaries(
    st.integers(0, 9), st.tuples(st.integers(-2, 3), st.integers(0, 50), st.integers(-9, 9))
)


def frame(members):
    rows = [(name, *members[name]) for name in members]
    return pd.DataFrame(rows, columns=["unit", "cell", "n_visits", "gap"], dtype=np.int64)


def sums_of(members):
    return GroupSums(frame(members), "unit", "cell")


def found(sums):
    groups, columns = sums.sums()
    return pd.DataFrame(columns, groups)


def anew(members):
    return frame(members).drop(columns="unit").groupby("cell").sum()


@given(first=MEMBERS, changes=st.lists(MEMBERS, max_size=5), gone=st.sets(st.integers(0, 9)))
def test_after_any_changes_the_sums_are_those_of_all_members(first, changes, gone):
    sums, members = sums_of(first), dict(first)
    for change in changes:
        left = gone - set(change)
        sums.replace([*change, *left], frame(change))
        members = {name: row for name, row in (members | change).items() if name not in left}
    pd.testing.assert_frame_equal(found(sums), anew(members), check_index_type=False)


def test_a_group_that_lost_its_last_member_is_gone_and_comes_back_with_a_new_one():
    sums = sums_of({1: (5, 2, 0), 2: (6, 3, 0)})
    sums.replace([1], frame({}))
    assert list(found(sums).index) == [6]
    sums.replace([3], frame({3: (5, 4, 0)}))
    assert found(sums)["n_visits"].to_dict() == {5: 4, 6: 3}


def test_the_sums_that_were_given_out_stay_as_they_were():
    sums = sums_of({1: (5, 2, 0)})
    before = found(sums)
    sums.replace([1], frame({1: (5, 9, 0)}))
    assert before.loc[5, "n_visits"] == 2
