import json
from typing import Any

import pytest
import shapely

from data.errors import ImportRejectedError
from data.importers.formats.geojson import MAX_VERTICES, read_geojson, read_geometry


def read(*features: dict[str, Any], **members: Any) -> Any:
    document = {"type": "FeatureCollection", "features": list(features), **members}
    return read_geojson(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("kind", "coordinates", "wkt"),
    [
        ("Point", [1, 2, 30], "POINT (1 2)"),
        ("LineString", [[0, 0], [1, 1]], "LINESTRING (0 0, 1 1)"),
        ("MultiLineString", [[[0, 0], [1, 1]]], "MULTILINESTRING ((0 0, 1 1))"),
        ("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 0]]], "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
        ("Polygon", [], "POLYGON EMPTY"),
        (
            "MultiPolygon",
            [[[[0, 0], [1, 0], [1, 1], [0, 0]]]],
            "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
        ),
    ],
)
def test_a_geometry_is_read_without_heights(kind: str, coordinates: Any, wkt: str) -> None:
    assert read_geometry({"type": kind, "coordinates": coordinates}) == shapely.from_wkt(wkt)


@pytest.mark.parametrize(
    ("kind", "coordinates", "reason"),
    [
        ("GeometryCollection", [], "is none of Point"),
        ("Point", [1], "two or more finite numbers"),
        ("Point", [1, "2"], "two or more finite numbers"),
        ("Point", [1, True], "two or more finite numbers"),
        ("Point", [1, 1e999], "two or more finite numbers"),
        ("Polygon", [[0, 0], [1, 1]], "two or more finite numbers"),
        ("Polygon", {"a": 1}, "wrong depth"),
        ("Polygon", [[[0, 0], [1, 1]]], "linearring requires at least 4 coordinates"),
        ("LineString", [[0, 0]] * (MAX_VERTICES + 1), "more than"),
    ],
)
def test_a_geometry_that_cannot_be_says_why(kind: str, coordinates: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_geometry({"type": kind, "coordinates": coordinates})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "NaN is no number"),
        ('{"type": "FeatureCollection", "features": [1e999]}', "1e999 is too large"),
        ('{"type": "FeatureCollection", "features": [1%s]}' % ("0" * 400), "too large"),
        ('{"type": "Feature"}', "not a GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [1]}', "not a list of objects"),
        ('{"type": "FeatureCollection", "features": [], "crs": {}}', "names no CRS"),
    ],
)
def test_a_document_that_is_no_collection_is_refused(content: str, reason: str) -> None:
    with pytest.raises(ImportRejectedError, match=reason):
        read_geojson(content.encode())


def test_properties_become_texts() -> None:
    table = read({"properties": {"a": 1, "b": True, "c": None, "d": {"e": "é"}, "f": " "}})
    assert table.columns == {
        "a": ["1"],
        "b": ["true"],
        "c": [None],
        "d": ['{"e": "é"}'],
        "f": [None],
    }


def test_features_need_not_have_the_same_properties() -> None:
    table = read({"id": 7, "properties": {"a": "x"}}, {"properties": {"b": "y"}}, {"properties": 5})
    assert table.columns == {
        "id": ["7", None, None],
        "a": ["x", None, None],
        "b": [None, "y", None],
    }


def test_a_bad_feature_is_numbered_as_the_reader_counts() -> None:
    table = read({"geometry": None}, {"geometry": {"type": "Circle"}})
    assert table.numbers == [1]
    assert [error.row for error in table.errors] == [2]
