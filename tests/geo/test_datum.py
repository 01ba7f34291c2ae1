import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.datum import from_wgs84, is_projected, to_wgs84
from geo.errors import WrongValueError

GEOD = Geod(ellps="WGS84")
KRASOVSKY = Geod(a=6378245.0, es=0.00669342162296594323)
ZHENGZHOU = (113.6253, 34.7466)


def metres_between(one, other):
    return GEOD.inv(one[0], one[1], other[0], other[1])[2]


def test_gcj02_shifts_zhengzhou_by_a_few_hundred_metres_to_the_south_east():
    lon, lat = from_wgs84(*ZHENGZHOU, "gcj02")
    assert 500 < metres_between(ZHENGZHOU, (lon, lat)) < 600
    assert lon > ZHENGZHOU[0]
    assert lat < ZHENGZHOU[1]


def test_bd09_adds_about_a_kilometre_to_gcj02():
    gcj, bd = from_wgs84(*ZHENGZHOU, "gcj02"), from_wgs84(*ZHENGZHOU, "bd09")
    assert 850 < metres_between(gcj, bd) < 1000


def test_gcj02_agrees_with_the_formula_written_out_at_its_origin():
    # at 105 E, 35 N every wave is 0: 300 m east, 100 m south, on the Krasovsky ellipsoid
    lon, lat = from_wgs84(105.0, 35.0, "gcj02")
    east, north = (
        KRASOVSKY.inv(105, 35, *place)[2] for place in [(float(lon), 35), (105, float(lat))]
    )
    assert east == pytest.approx(300, abs=0.01)
    assert north == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("place", [(24.94, 60.17), (-87.6, 41.9), (151.2, -33.9), (0.0, 0.0)])
def test_gcj02_leaves_the_rest_of_the_world_alone(place):
    assert from_wgs84(*place, "gcj02") == place
    assert to_wgs84(*place, "gcj02") == place


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@given(st.floats(72.5, 137.5), st.floats(1.5, 55.5))
def test_a_round_trip_inside_china_ends_within_two_centimetres(datum, lon, lat):
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert metres_between((lon, lat), back) < 0.02


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_round_trip_anywhere_in_bd09_outside_the_shifted_box_ends_within_two_centimetres(
    lon, lat
):
    if not (71.9 < lon < 137.95 and 0.7 < lat < 55.95):
        back = to_wgs84(*from_wgs84(lon, lat, "bd09"), "bd09")
        np.testing.assert_allclose(back, (lon, lat), atol=2e-7)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "WGS84", " CGCS2000 "])
def test_wgs84_and_cgcs2000_are_taken_as_equal(datum):
    assert to_wgs84(*ZHENGZHOU, datum) == ZHENGZHOU
    assert from_wgs84(*ZHENGZHOU, datum) == ZHENGZHOU


def test_a_projected_code_is_read_with_x_first():
    lon, lat = to_wgs84([500_000], [3_847_000], "EPSG:4547")
    assert lon[0] == pytest.approx(114)
    assert 34 < lat[0] < 35


@pytest.mark.parametrize("datum", ["EPSG:4490", "epsg:4547", "EPSG:3857"])
def test_a_round_trip_through_an_epsg_code_returns(datum):
    back = to_wgs84(*from_wgs84(*ZHENGZHOU, datum), datum)
    np.testing.assert_allclose(back, ZHENGZHOU, atol=1e-8)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", "EPSG:4547"])
def test_what_is_not_finite_becomes_nan(datum):
    lon, lat = to_wgs84([np.inf, 113.6, np.nan], [34.0, np.nan, 34.0], datum)
    assert np.isnan(lon).all()
    assert np.isnan(lat).all()


def test_coordinates_that_a_projection_cannot_express_become_nan():
    assert np.isnan(from_wgs84([0.0], [91.0], "EPSG:32631")).all()


def test_arrays_keep_their_shape_and_are_not_changed():
    lon, lat = np.full((2, 3), 113.6), np.full((2, 3), 34.7)
    assert to_wgs84(lon, lat, "gcj02")[0].shape == (2, 3)
    assert (lon == 113.6).all()
    assert to_wgs84(lon, lat, "wgs84")[0] is not lon


@pytest.mark.parametrize(
    "datum",
    ["gcj-02", "", "EPSG:abc", "EPSG:99999", "+proj=longlat +nadgrids=/etc/passwd"],
)
def test_an_unknown_datum_is_refused_with_the_known_ones(datum):
    with pytest.raises(WrongValueError, match="none of wgs84, cgcs2000, gcj02, bd09"):
        to_wgs84(0, 0, datum)


def test_coordinates_of_different_shapes_are_refused():
    with pytest.raises(WrongValueError, match="lon has shape"):
        to_wgs84([1, 2], [1], "wgs84")


@pytest.mark.parametrize(
    ("datum", "answer"),
    [("GCJ02", False), ("EPSG:4490", False), ("EPSG:4547", True), ("EPSG:3435", True)],
)
def test_maps_in_metres_or_feet_are_told_from_degrees(datum, answer):
    assert is_projected(datum) is answer


def test_an_unknown_datum_is_neither():
    with pytest.raises(WrongValueError, match="none of wgs84"):
        is_projected("EPSG:99999")
