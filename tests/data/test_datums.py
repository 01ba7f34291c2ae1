import pandas as pd
import pytest
from pyproj import CRS

from data.errors import ImportRejectedError
from data.importers.datums import datum_named, datum_of, datums_of_rows


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS84", "wgs84"),
        ("WGS-84坐标系", "wgs84"),
        ("GPS", "wgs84"),
        ("GCJ-02", "gcj02"),
        ("火星坐标", "gcj02"),
        ("高德地图", "gcj02"),
        ("腾讯", "gcj02"),
        ("BD-09", "bd09"),
        ("百度坐标（BD09）", "bd09"),
        ("ＣＧＣＳ２０００", "cgcs2000"),
        ("国家2000大地坐标系", "cgcs2000"),
        ("2000国家大地坐标系", "cgcs2000"),
        ("epsg:4547", "EPSG:4547"),
        ("EPSG 4490", "cgcs2000"),
        ("urn:ogc:def:crs:EPSG:6.9:4547", "EPSG:4547"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
    ],
)
def test_words_of_ledgers_name_a_datum(text: str, datum: str) -> None:
    assert datum_named(text) == datum


@pytest.mark.parametrize(
    "text", ["", "北京54", "西安80", "高德或百度", "百度墨卡托 BD09MC", "EPSG:12"]
)
def test_other_words_name_none(text: str) -> None:
    assert datum_named(text) is None


@pytest.mark.parametrize(
    ("crs", "asked"),
    [
        (None, "gcj02"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("EPSG:4326", "gcj02"),
        ("urn:ogc:def:crs:EPSG::4490", "cgcs2000"),
        ("urn:ogc:def:crs:EPSG::4547", "EPSG:4547"),
        ("epsg:4547", "epsg:4547"),
        ("Beijing 1954", "gcj02"),
    ],
)
def test_a_file_in_the_named_datum_is_taken(crs: str | None, asked: str) -> None:
    found = datum_of(asked, crs)
    assert found.name.lower() == asked.lower()
    assert found.remark is None


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::4547", "EPSG:4490"])
def test_a_file_in_another_crs_is_refused(crs: str) -> None:
    with pytest.raises(ImportRejectedError, match="name it as the datum"):
        datum_of("gcj02", crs)


@pytest.mark.parametrize(
    ("crs", "datum"),
    [
        ("EPSG:4490", "cgcs2000"),
        ("EPSG:4547", "EPSG:4547"),
        (CRS(4527).to_wkt("WKT1_ESRI"), "EPSG:4527"),
    ],
)
def test_the_crs_of_the_file_counts_when_nothing_is_asked(crs: str, datum: str) -> None:
    assert datum_of(None, crs).name == datum


@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_a_datum_nobody_named_is_assumed_and_told(crs: str | None) -> None:
    found = datum_of(None, crs)
    assert found.name == "wgs84"
    assert found.remark is not None
    assert found.remark.code == "datum_assumed"


@pytest.mark.parametrize(
    "crs", ["Beijing 1954", 'LOCAL_CS["of a building site"]', "GEOGCS[broken", "EPSG:999999"]
)
def test_a_crs_that_is_not_understood_must_be_named(crs: str) -> None:
    with pytest.raises(ImportRejectedError, match="name the datum"):
        datum_of(None, crs)


def test_an_unknown_datum_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ImportRejectedError, match="gcj02, bd09, cgcs2000, wgs84"):
        datum_of("moon", None)


def test_a_row_may_have_a_datum_of_its_own() -> None:
    texts = pd.Series(["高德", None, "百度", "月球", "EPSG:99999"], dtype=object)
    names, unknown = datums_of_rows(texts, "wgs84", 5)
    assert names.tolist() == ["gcj02", "wgs84", "bd09", "wgs84", "wgs84"]
    assert unknown == [(3, "月球"), (4, "EPSG:99999")]
