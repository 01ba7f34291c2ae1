"""Bad files whose features and geometries are bad."""

import json
import math
import random
from typing import Any

from tests.faults.making import Bad, Family, Lure, bad_rows

GEOJSON = Family("geojson", 150)
GEOMETRY = Family("geometry", 120)


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    """Return a GeoJSON collection."""
    return {"type": "FeatureCollection", "features": list(features), **members}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature of a unit."""
    named = {"code": "u1", "name": "x", **properties}
    return {"type": "Feature", "properties": named, "geometry": geometry}


def point(*coordinates: Any) -> dict[str, Any]:
    """Return a GeoJSON point."""
    return {"type": "Point", "coordinates": list(coordinates)}


def geojson(document: Any, kind: str = "units", *, has_rows: bool = False) -> Bad:
    """Return a GeoJSON file."""
    return Bad("a.geojson", json.dumps(document).encode(), kind, has_rows)


@GEOJSON
def nested_arrays(rng: random.Random, _: Lure) -> Bad:
    depth = rng.choice([600, 5_000, 100_000, 900_000])
    return Bad("a.geojson", rng.choice([b"[", b'{"a":']) * depth)


@GEOJSON
def nested_coordinates(rng: random.Random, _: Lure) -> Bad:
    nested: Any = [113, 34]
    for _ in range(rng.randint(5, 90)):
        nested = [nested]
    shape = {"type": rng.choice(["Point", "Polygon"]), "coordinates": nested}
    return geojson(collection(feature(shape)), has_rows=True)


@GEOJSON
def no_numbers(rng: random.Random, _: Lure) -> Bad:
    number = rng.choice(["NaN", "Infinity", "-Infinity", "1e999", "1" * 400])
    text = json.dumps(collection(feature(point(113, 34)))).replace("113", number)
    return Bad("a.geojson", text.encode())


@GEOJSON
def positions_that_are_none(rng: random.Random, _: Lure) -> Bad:
    place = rng.choice([["113", 34], [], [1], [True, 1], [None, 1], {}, "x", [1, 2, 3, 4, 5]])
    return geojson(collection(feature({"type": "Point", "coordinates": place})), has_rows=True)


@GEOJSON
def another_crs(rng: random.Random, _: Lure) -> Bad:
    name = rng.choice(["urn:ogc:def:crs:EPSG::999999", "Beijing 1954", "EPSG:0", "+proj=x", "\0"])
    crs = rng.choice([{"type": "name", "properties": {"name": name}}, {"type": "link"}, 5])
    return geojson(collection(feature(point(113, 34)), crs=crs))


@GEOJSON
def heights_of_nothing(rng: random.Random, _: Lure) -> Bad:
    return geojson(collection(feature(point(113, 34, rng.choice([None, "9", []])))), has_rows=True)


@GEOJSON
def no_collection(rng: random.Random, _: Lure) -> Bad:
    other = [{}, [], 5, "x", None, feature(None), {"type": "Topology"}, collection()["type"]]
    other += [collection() | {"features": one} for one in ({}, 5, None, [1], [None], ["x"], [[]])]
    return geojson(rng.choice(other))


@GEOJSON
def another_shape(rng: random.Random, _: Lure) -> Bad:
    kinds = ["GeometryCollection", "MultiPoint", "Circle", "point", "", "LineString"]
    shape = {"type": rng.choice(kinds), "coordinates": [[1, 2], [3, 4]], "geometries": []}
    features = [feature(point(113, 34)), feature(shape, code="u2")]
    return geojson(collection(*rng.sample(features, 2)), has_rows=True)


@GEOJSON
def cut_short(rng: random.Random, _: Lure) -> Bad:
    text = json.dumps(collection(*[feature(point(113, 34))] * 9)).encode()
    mark = rng.choice([b"", b"\xef\xbb\xbf"])
    return Bad("a.geojson", mark + text[: rng.randint(1, len(text) - 1)])


@GEOJSON
def half_characters(rng: random.Random, _: Lure) -> Bad:
    name = rng.choice(["\ud800", "x\udfff", "a\0b"])
    return geojson(collection(feature(point(113, 34), code=name)), has_rows=True)


@GEOJSON
def damaged_headings(rng: random.Random, _: Lure) -> Bad:
    heading = rng.choice(["\ud800", "a\0b"])
    return geojson(collection(feature(point(113, 34), **{heading: "x"})))


@GEOJSON
def keys_twice(rng: random.Random, _: Lure) -> Bad:
    text = json.dumps(collection(feature(point(113, 34))))
    wrong = rng.choice(['"type": "Feature", "type": 5', '"geometry": null, "geometry": 7'])
    return Bad("a.geojson", text.replace('"type": "Feature"', wrong, 2).encode() + b"}")


def well_known_text(rng: random.Random, kind: str, text: str) -> Bad:
    rows = [{"code": f"s{n}", "name": "x", "geometry": text} for n in range(rng.randint(1, 5))]
    return bad_rows(rows, kind)


@GEOMETRY
def nested_collections(rng: random.Random, _: Lure) -> Bad:
    depth = rng.choice([3, 200, 100_000])
    text = "GEOMETRYCOLLECTION(" * depth + "POINT(1 2)" + ")" * depth
    return well_known_text(rng, "segments", text)


@GEOMETRY
def stars(rng: random.Random, _: Lure) -> Bad:
    n = rng.choice([5, 7, 201])
    turns = [2 * math.pi * ((at * (n // 2)) % n) / n for at in range(n)]
    ring = [f"{113 + math.cos(turn) / 9:.6f} {34 + math.sin(turn) / 9:.6f}" for turn in turns]
    return well_known_text(rng, "grids", f"POLYGON(({', '.join([*ring, ring[0]])}))")


@GEOMETRY
def too_many_vertices(rng: random.Random, _: Lure) -> Bad:
    return well_known_text(rng, "segments", "LINESTRING(" + "1 2," * 100_001 + "3 4)")


@GEOMETRY
def odd_text(rng: random.Random, _: Lure) -> Bad:
    texts = [
        "POINT(1 2)",
        "LINESTRING(1 2)",
        "LINESTRING EMPTY",
        "LINESTRING(1 2, 1 2)",
        "x",
        "(",
        "",
    ]
    texts += ["LINESTRING(NaN 1, 2 3)", "LINESTRING(1e300 1, 2 3)", "LINESTRING(1 2 3, 4)"]
    texts += ["CIRCULARSTRING(0 0, 1 1, 2 0)", "SRID=4326;LINESTRING(1 2, 3 4)", "LINESTRING(1,2)"]
    texts += ["LINESTRING(999 1, 998 2)", "LINESTRING(" + "(" * 5_000 + "1 2"]
    return well_known_text(rng, "segments", rng.choice(texts))


@GEOMETRY
def odd_rings(rng: random.Random, _: Lure) -> Bad:
    rings = ["0 0, 1 1, 0 0", "0 0, 1 0, 1 1, 0 1", "0 0, 0 0, 0 0, 0 0", "0 0, 2 2, 2 0, 0 2, 0 0"]
    return well_known_text(rng, "grids", f"POLYGON(({rng.choice(rings)}))")


@GEOMETRY
def odd_polygons(rng: random.Random, _: Lure) -> Bad:
    rings: list[Any] = [[[]], [[[0, 0]]], [[[0, 0], [1, 1], [0, 0]]], [[[]]], 5]
    shape = {"type": rng.choice(["Polygon", "MultiPolygon"]), "coordinates": rng.choice(rings)}
    return geojson(collection(feature(shape)), "grids", has_rows=True)
