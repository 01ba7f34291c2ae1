import numpy as np
import pandas as pd
import pytest

from geo.changes import CHANGES, changes


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (0, 2, "new"),
        (2, 3, "worse"),
        (2, 2, "still"),
        (3, 2, "still"),
        (2, 0, "fixed"),
        (0, 0, "clear"),
        (np.nan, 2, "unknown"),
        (2, np.nan, "unknown"),
        (-3, -2, "clear"),
        (-1, 1, "new"),
    ],
)
def test_a_change_is_named_by_what_was_there_and_what_is(before, after, name):
    found = changes(pd.Series([before], dtype=float), pd.Series([after], dtype=float))
    assert found.tolist() == [name]
    assert name in CHANGES


def test_the_rows_keep_their_index():
    found = changes(pd.Series([0.0, 1.0], index=[7, 3]), pd.Series([1.0, 0.0], index=[7, 3]))
    assert found.to_dict() == {7: "new", 3: "fixed"}
