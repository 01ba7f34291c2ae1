import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import from_wgs84, to_wgs84
from geo.zones import ASK, are_metres, easting_first, is_chinese_grid, zone_codes

ZHENGZHOU = (112.7, 34.2, 114.3, 35.0)
PLACE = (113.44, 34.75)


def written(code, lon=PLACE[0], lat=PLACE[1]):
    """Return easting and northing of a place in one zone."""
    return from_wgs84([lon], [lat], f"EPSG:{code}")


@pytest.mark.parametrize(
    ("code", "digits"), [(4526, "38"), (4525, "37"), (4509, "19"), (4547, "4"), (4497, "19")]
)
def test_the_codes_are_those_of_the_register(code, digits):
    easting = f"{written(code)[0][0]:.0f}"
    bare = code in range(4502, 4513) or code in range(4534, 4555)
    assert len(easting) == (6 if bare else 8)
    assert bare or easting.startswith(digits)


@pytest.mark.parametrize("code", [4526, 4525, 4527, 4497, 4498])
def test_a_prefix_names_the_zone(code):
    assert zone_codes(*written(code), None).tolist() == [code]


@given(st.floats(74, 135), st.floats(18, 53))
def test_a_prefix_brings_every_place_in_china_back(lon, lat):
    code = 4513 + round(lon / 3) - 25
    easting, northing = written(code, lon, lat)
    assert zone_codes(easting, northing, None).tolist() == [code]
    np.testing.assert_allclose(to_wgs84(easting, northing, f"EPSG:{code}"), [[lon], [lat]], 1e-7)


def test_without_prefix_the_city_chooses_the_zone():
    assert zone_codes(*written(4547), ZHENGZHOU).tolist() == [4547]


def test_the_six_degree_zone_is_recognized_by_the_city_as_well():
    # 111 east is the middle of the 6-degree zone 19 and of the 3-degree zone 37
    easting, northing = written(4508)
    assert zone_codes(easting, northing, ZHENGZHOU).tolist() == [4546]
    np.testing.assert_allclose(to_wgs84(easting, northing, "EPSG:4546"), [[113.44], [34.75]])


def test_without_prefix_and_city_the_zone_must_be_asked():
    assert zone_codes(*written(4547), None).tolist() == [ASK]


def test_what_lies_near_the_city_in_no_zone_must_be_asked():
    assert zone_codes(*written(4547), (-88.0, 41.0, -87.0, 42.0)).tolist() == [ASK]
    assert zone_codes(*written(4547), (113.0, 50.0, 114.0, 51.0)).tolist() == [ASK]


def test_an_impossible_prefix_must_be_asked():
    assert zone_codes(np.array([50_448_689.0]), np.array([3_847_123.0]), None).tolist() == [ASK]


def test_a_number_too_large_for_any_place_has_no_zone():
    huge = np.array([1e300, -1e300, np.inf])
    assert zone_codes(huge, huge, None).tolist() == [ASK] * 3


def test_a_missing_place_has_no_zone():
    assert zone_codes(np.array([np.nan]), np.array([np.nan]), ZHENGZHOU).tolist() == [ASK]


def test_the_northing_may_stand_first():
    easting, northing = written(4526)
    np.testing.assert_array_equal(easting_first(northing, easting), (easting, northing))
    np.testing.assert_array_equal(easting_first(easting, northing), (easting, northing))


def test_degrees_keep_their_order():
    np.testing.assert_array_equal(
        easting_first(np.array([34.7]), np.array([113.6])), [[34.7], [113.6]]
    )


def test_metres_are_told_from_degrees():
    x, y = np.array([113.6, 448_689.0, 34.7, np.nan]), np.array([34.7, 3_847_123.0, 113.6, np.nan])
    assert are_metres(x, y).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("srid", "is_one"), [(4547, True), (2363, True), (4490, False), (32650, False)]
)
def test_only_chinese_grids_put_the_northing_first(srid, is_one):
    assert is_chinese_grid(srid) is is_one
