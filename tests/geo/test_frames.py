import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point

from geo.errors import GuatuError, MissingColumnError, WrongGeometryError, WrongValueError
from geo.frames import (
    LINES,
    index_of,
    require,
    require_geometries,
    require_numbers,
    require_positive,
)


def test_every_missing_column_is_named():
    with pytest.raises(MissingColumnError, match="missing: risk, cell; present: unit"):
        require(pd.DataFrame({"unit": []}), "unit", "risk", "cell")


def test_a_frame_without_columns_says_so():
    with pytest.raises(MissingColumnError, match="present: none"):
        require(pd.DataFrame(), "unit")


def test_only_what_lacks_is_named():
    with pytest.raises(MissingColumnError) as refusal:
        require(pd.DataFrame({"unit": [], "more": []}), "unit", "cell")
    assert "cell" in str(refusal.value).split("present")[0]
    assert "unit" not in str(refusal.value).split("present")[0]


def test_the_first_wrong_geometry_is_named():
    with pytest.raises(WrongGeometryError, match="geometry 1 is a Point, not a linestring"):
        require_geometries([LineString([(0, 0), (1, 1)]), Point(0, 0)], *LINES)


def test_missing_and_empty_geometries_are_of_every_type():
    assert len(require_geometries([None, Point()], *LINES)) == 2


def test_the_number_out_of_range_is_named():
    with pytest.raises(WrongValueError, match="gap_m: 0"):
        require_positive(length_m=1, gap_m=0)


def test_numbers_may_be_unknown_but_not_infinite():
    assert np.isnan(require_numbers([1, None, 3])[1])
    with pytest.raises(WrongValueError, match="one finite number"):
        require_numbers([-np.inf])


def test_values_without_an_index_count_from_zero():
    assert index_of([7, 8]).tolist() == [0, 1]
    assert index_of(pd.Series([7], index=["a"])).tolist() == ["a"]


@pytest.mark.parametrize(
    "error", [MissingColumnError, WrongGeometryError, WrongValueError], ids=lambda e: e.__name__
)
def test_every_refusal_is_of_one_family(error):
    assert issubclass(error, GuatuError)
