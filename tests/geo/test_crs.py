import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import LineString, Point

from geo.crs import metric_srid_for, srid_of, to_degrees, to_metric
from geo.errors import WrongCrsError, WrongGeometryError, WrongValueError


@pytest.mark.parametrize(
    ("place", "lon", "lat", "srid"),
    [
        ("Zhengzhou", 113.62, 34.75, 4547),
        ("Beijing", 116.4, 39.9, 4548),
        ("western end", 73.5, 39.5, 4534),
        ("eastern end", 135.0, 48.4, 4554),
        ("Chicago", -87.63, 41.88, 32616),
        ("Helsinki", 24.94, 60.17, 32635),
        ("London", -0.14, 51.51, 32630),
        ("Sydney", 151.2, -33.9, 32756),
        ("180 east", 180.0, 10.0, 32660),
    ],
)
def test_the_metric_zone_of(place, lon, lat, srid):
    assert metric_srid_for(lon, lat) == srid, place


@pytest.mark.parametrize(("lon", "lat"), [(0, 84.5), (0, -81), (181, 0), (np.nan, 0), (0, np.inf)])
def test_a_place_without_a_metric_zone_is_refused(lon, lat):
    with pytest.raises(WrongValueError, match="no metric zone"):
        metric_srid_for(lon, lat)


def test_a_place_on_the_central_meridian_has_the_false_easting():
    (moved,) = to_metric([Point(114, 34.75)], 4547)
    assert moved.x == pytest.approx(500_000)


def test_x_is_east_and_y_is_north_whatever_the_axis_order_of_the_code():
    (moved,) = to_metric([LineString([(114, 30), (114.1, 30)])], 4547)
    (_, first_y), (last_x, last_y) = moved.coords
    assert last_x - 500_000 == pytest.approx(9_650, abs=10)
    assert last_y - first_y < 10


def test_a_third_dimension_is_dropped():
    assert not to_metric([Point(114, 30, 80)], 4547)[0].has_z


def test_missing_and_empty_geometries_stay_as_they_are():
    missing, empty = to_metric([None, Point()], 4547)
    assert missing is None
    assert empty.is_empty


def test_the_input_is_not_changed():
    places = np.array([Point(114, 30)])
    to_metric(places, 4547)
    assert places[0].equals(Point(114, 30))


def test_an_unknown_code_is_refused():
    with pytest.raises(WrongCrsError, match="EPSG:99999"):
        to_metric([Point(0, 0)], 99999)


def test_a_place_that_the_projection_cannot_express_is_refused():
    with pytest.raises(WrongGeometryError, match=r"\(0.0, 91.0\) cannot be expressed"):
        to_metric([Point(1, 1), Point(0, 91)], 32631)


@given(st.floats(-180, 179.9), st.floats(-79, 83))
def test_degrees_to_metres_and_back_is_the_same_place(lon, lat):
    srid = metric_srid_for(lon, lat)
    (back,) = to_degrees(to_metric([Point(lon, lat)], srid), srid)
    assert shapely.get_coordinates(back)[0] == pytest.approx((lon, lat), abs=1e-8)


@given(st.floats(-180, 179.9), st.floats(-79, 83), st.floats(0, 360))
def test_a_hundred_metres_measure_a_hundred_metres_within_a_thousandth(lon, lat, azimuth):
    far_lon, far_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth, 100)
    srid = metric_srid_for(lon, lat)
    one, other = to_metric([Point(lon, lat), Point(far_lon, far_lat)], srid)
    assert one.distance(other) == pytest.approx(100, rel=1e-3)


def test_a_crs_in_words_has_its_code():
    assert srid_of(CRS(4547).to_wkt("WKT1_ESRI")) == 4547


def test_words_that_are_no_crs_have_none():
    assert srid_of("PROJCS[nonsense") is None
