import numpy as np
import pandas as pd
import pytest
import shapely

from data.importers.datums import Datum, datum_of
from data.importers.positions import Positions, Whereabouts, points, shapes
from data.importers.surroundings import swapped
from geo.datum import from_wgs84

ZHENGZHOU = (112.7, 34.2, 114.3, 35.0)
PLACE = (113.62, 34.75)


def read(*rows, datum="wgs84", near=ZHENGZHOU, headings=("lon", "lat")):
    cells = pd.DataFrame(rows, columns=list(headings), index=range(2, 2 + len(rows)), dtype=object)
    return points(cells, Whereabouts(Datum(datum), near))


def place_of(found: Positions, at=0):
    point = found.columns["geom"].iloc[at]
    return None if point is None else (point.x, point.y)


def written(code):
    easting, northing = from_wgs84(*PLACE, f"EPSG:{code}")
    return f"{easting:.3f}", f"{northing:.3f}"


@pytest.mark.parametrize("code", [4547, 4546, 4526, 4525, 4497])
def test_metres_of_cgcs2000_find_their_zone(code):
    found = read(written(code), datum="cgcs2000")
    assert place_of(found) == pytest.approx(PLACE, abs=1e-7)
    assert found.columns["datum"].tolist() == [f"EPSG:{code}"]


@pytest.mark.parametrize("datum", ["cgcs2000", "EPSG:4547"])
def test_the_northing_may_come_first(datum):
    easting, northing = written(4547)
    found = read((northing, easting), datum=datum)
    assert place_of(found) == pytest.approx(PLACE, abs=1e-7)
    assert found.columns["original_x"].tolist() == [float(northing)]


def test_both_metres_may_stand_in_one_cell():
    found = read((" ".join(written(4526)),), datum="cgcs2000", headings=("coordinates",))
    assert place_of(found) == pytest.approx(PLACE, abs=1e-7)


def test_metres_without_prefix_and_city_are_a_question():
    found = read(written(4547), datum="cgcs2000", near=None)
    assert found.refusal is not None
    assert "EPSG:4534 for 75 east" in found.refusal
    assert "zone is not clear" in found.errors[0].reason


@pytest.mark.parametrize(("code", "near"), [(4526, None), (4547, ZHENGZHOU)])
@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_metres_in_place_of_degrees_are_refused_with_the_likely_code(code, near, datum):
    found = read(written(code), written(code), datum=datum, near=near)
    assert found.refusal == (
        f"the coordinates are metres, most likely of EPSG:{code}, and not degrees of {datum}:"
        " name it as the datum"
    )
    assert [error.row for error in found.errors] == [2, 3]


def test_metres_of_elsewhere_are_refused_without_a_guess():
    found = read(("1176352.1", "1897451.3"), near=(-88.0, 41.0, -87.0, 42.0))
    assert found.refusal is not None
    assert "a CGCS2000 zone without prefix" in found.refusal


def test_degrees_in_place_of_metres_are_refused():
    assert read(PLACE, datum="EPSG:4547").errors[0].reason == (
        "is in degrees, not in the metres of EPSG:4547"
    )


def test_a_datum_of_the_row_goes_before_that_of_the_file():
    gcj = from_wgs84(*PLACE, "gcj02")
    rows = [(str(gcj[0]), str(gcj[1]), "高德"), ("113.62", "34.75", None)]
    found = read(*rows, headings=("lon", "lat", "datum"))
    assert place_of(found, 0) == pytest.approx(PLACE, abs=1e-7)
    assert found.columns["datum"].tolist() == ["gcj02", "wgs84"]
    assert found.columns["original_x"].iloc[0] == gcj[0]


def test_a_row_in_an_unknown_datum_is_refused():
    found = read(("113.62", "34.75", "北京54"), headings=("lon", "lat", "datum"))
    assert [(e.row, e.field, e.value) for e in found.errors] == [(2, "datum", "北京54")]


def test_a_pair_stands_in_for_blank_columns():
    rows = [("113.62", "34.75", "1,2"), (None, None, "113.62,34.75"), (None, None, "x")]
    found = read(*rows, headings=("lon", "lat", "coordinates"))
    assert [place_of(found, at) for at in range(3)] == [PLACE, PLACE, None]
    assert [error.row for error in found.errors] == [4]


def test_zeros_are_no_place_and_told():
    found = read(("0", "0.000"), PLACE)
    assert [place_of(found, at) for at in range(2)] == [None, PLACE]
    assert [remark.code for remark in found.remarks] == ["zero_coordinates"]


def test_one_coordinate_alone_is_refused():
    assert read(("113.62", None)).errors[0].reason == "one coordinate is missing"


def test_all_rows_swapped_are_told_at_once():
    found = read(("34.75", "113.62"), ("34.76", "113.63"), (None, None))
    assert found.refusal == "lon and lat are swapped in all 2 rows"
    assert "are lon and lat swapped?" in found.errors[0].reason


def test_some_rows_swapped_are_told_row_by_row():
    found = read(("34.75", "113.62"), PLACE)
    assert found.refusal is None
    assert [error.row for error in found.errors] == [2]


def test_the_datum_is_not_assumed_where_every_row_names_its_own():
    cells = pd.DataFrame({"lon": ["113.62"], "lat": ["34.75"], "datum": ["高德"]}, dtype=object)
    assert not points(cells, Whereabouts(datum_of(None, None))).remarks
    silent = points(cells.drop(columns="datum"), Whereabouts(datum_of(None, None)))
    assert [remark.code for remark in silent.remarks] == ["datum_assumed"]


def test_shapes_in_metres_come_to_degrees():
    easting, northing = (float(text) for text in written(4526))
    line = shapely.LineString([(easting, northing), (easting + 100, northing)])
    given = pd.Series([line, None], index=[1, 2], dtype=object)
    found = shapes("segments", given, Whereabouts(Datum("cgcs2000")))
    assert found.columns["geom"].iloc[0].coords[0] == pytest.approx(PLACE, abs=1e-7)
    assert [error.row for error in found.errors] == [2]


def test_shapes_may_have_a_datum_of_their_own():
    gcj = shapely.Point(*from_wgs84(*PLACE, "gcj02"))
    given = pd.Series([gcj, shapely.Point(PLACE), None], index=[1, 2, 3], dtype=object)
    words = pd.Series(["火星", None, "?"], index=given.index, dtype=object)
    found = shapes("units", given, Whereabouts(Datum("wgs84")), words)
    assert place_of(found) == pytest.approx(PLACE, abs=1e-7)
    assert found.columns["datum"].tolist() == ["gcj02", "wgs84", "wgs84"]
    assert [(error.row, error.field) for error in found.errors] == [(3, "datum")]


def test_shapes_in_the_wrong_unit_are_refused_once_a_row():
    line = shapely.LineString([(448_689, 3_847_123), (448_789, 3_847_123)])
    found = shapes("segments", pd.Series([line], index=[1]), Whereabouts(Datum("wgs84"), ZHENGZHOU))
    assert [error.reason for error in found.errors] == ["is in metres, not in the degrees of wgs84"]
    assert found.refusal is not None


def test_a_hundred_thousand_good_points_are_taken_and_swapped_ones_refused():
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(-87.9, -87.5, 100_000), rng.uniform(41.6, 42.0, 100_000)
    bounds = (-87.95, 41.6, -87.5, 42.03)
    assert not swapped(pd.DataFrame({"geom": shapely.points(lon, lat)}), bounds)
    assert len(swapped(pd.DataFrame({"geom": shapely.points(lat, lon)}), bounds)) == 100_000


def test_swapped_points_of_china_are_all_refused_before_the_city_is_known():
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(112.7, 114.3, 10_000), rng.uniform(34.2, 35.0, 10_000)
    found = read(*zip(lat.astype(str), lon.astype(str), strict=True), near=None)
    assert len(found.errors) == 10_000
    good = read(*zip(lon.astype(str), lat.astype(str), strict=True), near=None)
    assert not good.errors
