"""The conversions beside two libraries that others wrote from the same formula.

prcoords and coordTransform give their own numbers to the last digit going in; going back, prcoords
iterates until a step is below 1e-5 degrees of the last but one (0.02 m left in BD-09), while
coordTransform takes one step, which leaves up to 5 m.
"""

import warnings

import coordTransform
import numpy as np
import prcoords
import pytest
from pyproj import Geod

from geo.datum import from_wgs84, to_wgs84

N_POINTS = 20_000
GEOD = Geod(ellps="WGS84")
FORWARD = {"gcj02": prcoords.wgs_gcj, "bd09": prcoords.wgs_bd}
BACKWARD = {"gcj02": prcoords.gcj_wgs_bored, "bd09": prcoords.bd_wgs_bored}
OTHER_FORWARD = {
    "gcj02": coordTransform.wgs84_to_gcj02,
    "bd09": coordTransform.wgs84_to_bd09,
}
OTHER_BACKWARD = {
    "gcj02": coordTransform.gcj02_to_wgs84,
    "bd09": coordTransform.bd09_to_wgs84,
}


@pytest.fixture(scope="module")
def china():
    """Points over the box of China, inside the bounds that both libraries draw."""
    rng = np.random.default_rng(2019)
    return rng.uniform(74, 134.5, N_POINTS), rng.uniform(18, 53.5, N_POINTS)


def metres_between(one, other):
    return np.asarray(GEOD.inv(one[0], one[1], other[0], other[1])[2])


def by_prcoords(convert, places):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [convert(prcoords.Coords(lat, lon)) for lon, lat in zip(*places, strict=True)]
    return np.array([(place.lon, place.lat) for place in found]).T


def by_coord_transform(convert, places):
    return np.array([convert(lon, lat) for lon, lat in zip(*places, strict=True)]).T


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_twenty_thousand_points_over_china_come_back_within_two_centimetres(china, datum):
    back = to_wgs84(*from_wgs84(*china, datum), datum)
    assert metres_between(china, back).max() < 0.02


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_both_libraries_shift_as_we_do(china, datum):
    ours = from_wgs84(*china, datum)
    assert metres_between(ours, by_prcoords(FORWARD[datum], china)).max() < 1e-4
    assert metres_between(ours, by_coord_transform(OTHER_FORWARD[datum], china)).max() < 1e-4


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_the_iterating_library_goes_back_as_we_do(china, datum):
    given = from_wgs84(*china, datum)
    ours = to_wgs84(*given, datum)
    assert metres_between(ours, by_prcoords(BACKWARD[datum], given)).max() < 0.03


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_the_library_of_one_step_goes_back_within_five_metres(china, datum):
    given = from_wgs84(*china, datum)
    ours = to_wgs84(*given, datum)
    assert metres_between(ours, by_coord_transform(OTHER_BACKWARD[datum], given)).max() < 6
