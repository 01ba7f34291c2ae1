"""Bad files of every kind, made from a seed: each must be refused, with a reason and its rows.

`corpus` gives them in families; the makers of a family take turns, each with its own chance, so
that two files of one maker differ in where and how they are bad.
"""

import json
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

HEADINGS = ("code", "name", "risk", "registered_on", "lon", "lat")
CANARIES = (
    *(
        "'; DROP TABLE unit; --",
        "\" OR ''='",
        "{{7*7}}",
        "{% raw %}",
        "${7*7}",
        "<script>1</script>",
    ),
    *('=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "@SUM(1)", "\u202e321", "\x1b[2J", "x\x07"),
    *("../../etc/passwd", "%00", "%s%s%s%n", "x\u2028", "A" * 2**20, "（１２３", "NaN", "1e999"),
)
LONGEST_ID = 200


@dataclass(frozen=True)
class Lure:
    """What a file tries to reach: a listening address, and a file with a secret."""

    url: str
    path: str


@dataclass(frozen=True)
class BadFile:
    """A file that must be refused.

    Attributes
    ----------
    family, fault
        Where it belongs, and the maker of it.
    has_rows
        Whether it gets as far as rows, so that the bad ones must be named.
    """

    family: str
    fault: str
    name: str
    content: bytes
    kind: str = "units"
    has_rows: bool = False


@dataclass(frozen=True)
class Bad:
    """What a maker returns."""

    name: str
    content: bytes
    kind: str = "units"
    has_rows: bool = False


Maker = Callable[[random.Random, Lure], Bad]
FAMILIES: dict[str, tuple[int, list[Maker]]] = {}
"""Family → how many files of it, and the makers of them."""


def family(name: str, count: int) -> Callable[[Maker], Maker]:
    """Return a decorator that adds a maker to a family."""

    def add(maker: Maker) -> Maker:
        FAMILIES.setdefault(name, (count, []))[1].append(maker)
        return maker

    return add


def corpus(lure: Lure, seed: int = 2019) -> Iterator[BadFile]:
    """Return all bad files."""
    for name, (count, makers) in FAMILIES.items():
        for number, maker in enumerate(islice(cycle(makers), count)):
            made = maker(random.Random(f"{seed} {name} {number}"), lure)
            yield BadFile(name, maker.__name__, made.name, made.content, made.kind, made.has_rows)


def good_rows(rng: random.Random) -> list[dict[str, str]]:
    """Return some rows of units that nothing is wrong with."""
    return [
        {
            "code": f"u{number}",
            "name": rng.choice(["东风饭店", "Mill", "二七仓库"]),
            "risk": rng.choice(["重大", "low", "一般"]),
            "registered_on": f"2019-05-{rng.randint(1, 28):02}",
            "lon": f"{113 + rng.random():.6f}",
            "lat": f"{34 + rng.random():.6f}",
        }
        for number in range(rng.randint(2, 40))
    ]


def spoilt(rng: random.Random, **values: str) -> list[dict[str, str]]:
    """Return rows of which one has other values."""
    rows = good_rows(rng)
    rows[rng.randrange(len(rows))] |= values
    return rows


def csv(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """Return rows as delimited text under their headings."""
    headings = list(rows[0])
    lines = [[row.get(heading, "") for heading in headings] for row in rows]
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line] for line in lines]
    return "\n".join(delimiter.join(line) for line in [headings, *quoted]) + "\n"


def bad_rows(rows: Sequence[Mapping[str, str]], kind: str = "units") -> Bad:
    """Return a file of text with a row that must be named."""
    return Bad("a.csv", csv(rows).encode(errors="replace"), kind, has_rows=True)


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


# Delimited text.


@family("csv", 150)
def utf16(rng: random.Random, _: Lure) -> Bad:
    encoding = rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    return Bad("a.csv", csv(good_rows(rng)).encode(encoding))


@family("csv", 150)
def bytes_of_no_encoding(rng: random.Random, _: Lure) -> Bad:
    content = bytearray(csv(good_rows(rng)).encode())
    content[rng.randrange(len(content))] = 0xFF
    return Bad("a.csv", bytes(content) + b"\xff\xff")


@family("csv", 150)
def noise(rng: random.Random, _: Lure) -> Bad:
    return Bad(f"a.{rng.choice(['csv', 'txt', 'tsv'])}", rng.randbytes(rng.randint(1, 20_000)))


@family("csv", 150)
def nul(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, code="u\0x"))


@family("csv", 150)
def a_quote_that_never_ends(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", (csv(good_rows(rng)) + '"u9,').encode())


@family("csv", 150)
def a_quote_inside(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", (csv(good_rows(rng)) + '"u9"x,y\n').encode())


@family("csv", 150)
def a_row_too_wide(rng: random.Random, _: Lure) -> Bad:
    content = csv(good_rows(rng)) + "u9" + ",x" * rng.randint(6, 500) + "\n"
    return Bad("a.csv", content.encode("gb18030"), has_rows=True)


@family("csv", 150)
def headings_twice(rng: random.Random, _: Lure) -> Bad:
    heading = rng.choice(HEADINGS)
    return Bad("a.csv", csv(good_rows(rng)).replace(heading, f"{heading},{heading}", 1).encode())


@family("csv", 150)
def no_headings(rng: random.Random, _: Lure) -> Bad:
    content = rng.choice([b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n1,2,3,4\n", b" \t\n"])
    return Bad("a.csv", content)


@family("csv", 150)
def a_required_heading_missing(rng: random.Random, _: Lure) -> Bad:
    return Bad(
        "a.csv", csv(good_rows(rng)).replace("name", "x", 1).replace("code", "y", 1).encode()
    )


@family("csv", 150)
def another_delimiter(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", csv(good_rows(rng), rng.choice([";", "|", "\t"])).encode())


@family("csv", 150)
def a_very_long_line(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lon="9" * rng.choice([10_000, 10**7])))


@family("csv", 150)
def a_cell_too_large(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lat="x" * rng.randint(1_000, 50_000)))


@family("csv", 150)
def very_many_columns(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", ",".join(f"h{n}" for n in range(rng.randint(1_001, 9_000))).encode())


@family("csv", 150)
def not_on_earth(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lon=rng.choice(["1e300", "-999", "181", "1e308"]), lat="34"))


@family("csv", 150)
def one_coordinate(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, **{rng.choice(["lon", "lat"]): ""}))


@family("csv", 150)
def an_unknown_word(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, risk=rng.choice(["紫色", "?", "-1", "低低"])))


# GeoJSON.


@family("geojson", 150)
def nested_arrays(rng: random.Random, _: Lure) -> Bad:
    depth = rng.choice([600, 5_000, 100_000, 900_000])
    return Bad("a.geojson", rng.choice([b"[", b'{"a":']) * depth)


@family("geojson", 150)
def nested_coordinates(rng: random.Random, _: Lure) -> Bad:
    nested: Any = [113, 34]
    for _ in range(rng.randint(5, 90)):
        nested = [nested]
    shape = {"type": rng.choice(["Point", "Polygon"]), "coordinates": nested}
    return geojson(collection(feature(shape)), has_rows=True)


@family("geojson", 150)
def no_numbers(rng: random.Random, _: Lure) -> Bad:
    number = rng.choice(["NaN", "Infinity", "-Infinity", "1e999", "1" * 400])
    text = json.dumps(collection(feature(point(113, 34)))).replace("113", number)
    return Bad("a.geojson", text.encode())


@family("geojson", 150)
def positions_that_are_none(rng: random.Random, _: Lure) -> Bad:
    place = rng.choice([["113", 34], [], [1], [True, 1], [None, 1], {}, "x", [1, 2, 3, 4, 5]])
    return geojson(collection(feature({"type": "Point", "coordinates": place})), has_rows=True)


@family("geojson", 150)
def another_crs(rng: random.Random, _: Lure) -> Bad:
    name = rng.choice(["urn:ogc:def:crs:EPSG::999999", "Beijing 1954", "EPSG:0", "+proj=x", "\0"])
    crs = rng.choice([{"type": "name", "properties": {"name": name}}, {"type": "link"}, 5])
    return geojson(collection(feature(point(113, 34)), crs=crs))


@family("geojson", 150)
def heights_of_nothing(rng: random.Random, _: Lure) -> Bad:
    return geojson(collection(feature(point(113, 34, rng.choice([None, "9", []])))), has_rows=True)


@family("geojson", 150)
def no_collection(rng: random.Random, _: Lure) -> Bad:
    other = [{}, [], 5, "x", None, feature(None), {"type": "Topology"}, collection()["type"]]
    other += [collection() | {"features": one} for one in ({}, 5, None, [1], [None], ["x"], [[]])]
    return geojson(rng.choice(other))


@family("geojson", 150)
def another_shape(rng: random.Random, _: Lure) -> Bad:
    kinds = ["GeometryCollection", "MultiPoint", "Circle", "point", "", "LineString"]
    shape = {"type": rng.choice(kinds), "coordinates": [[1, 2], [3, 4]], "geometries": []}
    features = [feature(point(113, 34)), feature(shape, code="u2")]
    return geojson(collection(*rng.sample(features, 2)), has_rows=True)


@family("geojson", 150)
def cut_short(rng: random.Random, _: Lure) -> Bad:
    text = json.dumps(collection(*[feature(point(113, 34))] * 9)).encode()
    mark = rng.choice([b"", b"\xef\xbb\xbf"])
    return Bad("a.geojson", mark + text[: rng.randint(1, len(text) - 1)])


@family("geojson", 150)
def half_characters(rng: random.Random, _: Lure) -> Bad:
    name = rng.choice(["\ud800", "x\udfff", "a\0b"])
    return geojson(collection(feature(point(113, 34), code=name)), has_rows=True)


@family("geojson", 150)
def damaged_headings(rng: random.Random, _: Lure) -> Bad:
    heading = rng.choice(["\ud800", "a\0b"])
    return geojson(collection(feature(point(113, 34), **{heading: "x"})))


@family("geojson", 150)
def keys_twice(rng: random.Random, _: Lure) -> Bad:
    text = json.dumps(collection(feature(point(113, 34))))
    wrong = rng.choice(['"type": "Feature", "type": 5', '"geometry": null, "geometry": 7'])
    return Bad("a.geojson", text.replace('"type": "Feature"', wrong, 2).encode() + b"}")


# Geometries.


def well_known_text(rng: random.Random, kind: str, text: str) -> Bad:
    rows = [{"code": f"s{n}", "name": "x", "geometry": text} for n in range(rng.randint(1, 5))]
    return bad_rows(rows, kind)


@family("geometry", 120)
def nested_collections(rng: random.Random, _: Lure) -> Bad:
    depth = rng.choice([3, 200, 100_000])
    text = "GEOMETRYCOLLECTION(" * depth + "POINT(1 2)" + ")" * depth
    return well_known_text(rng, "segments", text)


@family("geometry", 120)
def stars(rng: random.Random, _: Lure) -> Bad:
    n = rng.choice([5, 7, 201])
    turns = [2 * math.pi * ((at * (n // 2)) % n) / n for at in range(n)]
    ring = [f"{113 + math.cos(turn) / 9:.6f} {34 + math.sin(turn) / 9:.6f}" for turn in turns]
    return well_known_text(rng, "grids", f"POLYGON(({', '.join([*ring, ring[0]])}))")


@family("geometry", 120)
def too_many_vertices(rng: random.Random, _: Lure) -> Bad:
    return well_known_text(rng, "segments", "LINESTRING(" + "1 2," * 100_001 + "3 4)")


@family("geometry", 120)
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


@family("geometry", 120)
def odd_rings(rng: random.Random, _: Lure) -> Bad:
    rings = ["0 0, 1 1, 0 0", "0 0, 1 0, 1 1, 0 1", "0 0, 0 0, 0 0, 0 0", "0 0, 2 2, 2 0, 0 2, 0 0"]
    return well_known_text(rng, "grids", f"POLYGON(({rng.choice(rings)}))")


@family("geometry", 120)
def odd_polygons(rng: random.Random, _: Lure) -> Bad:
    rings: list[Any] = [[[]], [[[0, 0]]], [[[0, 0], [1, 1], [0, 0]]], [[[]]], 5]
    shape = {"type": rng.choice(["Polygon", "MultiPolygon"]), "coordinates": rng.choice(rings)}
    return geojson(collection(feature(shape)), "grids", has_rows=True)


# Words, dates and codes.


@family("canary", 80)
def a_canary_for_a_number(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lon=rng.choice(CANARIES)))


@family("canary", 80)
def a_canary_for_a_date(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, registered_on=rng.choice(CANARIES)))


@family("canary", 80)
def a_canary_for_a_word(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, risk=rng.choice(CANARIES)))


DAYS = (
    *("2019-02-30", "2019-13-01", "2019-00-10", "1700-01-01", "9999-12-31", "31.31.2019"),
    *("2019-05-31 25:00", "2019-05-31 10:61", "2019-05-31T10:00+99:00", "明天", "2019年13月", "-1"),
    *("99999999", "2019-02-29", "0000-00-00", "now", "1e5", "2019-W22", "5月32", "2019-05-31Z9"),
)


@family("date", 60)
def no_day(rng: random.Random, _: Lure) -> Bad:
    rows = [{"code": "h1", "found_at": "2019-05-31"}, {"code": "h2", "found_at": rng.choice(DAYS)}]
    return bad_rows(rows, "hazards")


@family("date", 60)
def an_end_before_its_start(rng: random.Random, _: Lure) -> Bad:
    day = rng.randint(2, 28)
    row = {"code": "h1", "found_at": f"2019-05-{day:02}", "closed_at": f"2019-05-{day - 1:02}"}
    return bad_rows([row], "hazards")


@family("code", 40)
def a_code_too_long(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, code="9" * rng.randint(LONGEST_ID + 1, 5_000)))


@family("code", 40)
def a_name_that_is_missing(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, name=rng.choice(["", " ", "\u3000"])))


@family("code", 40)
def a_unit_nobody_knows(rng: random.Random, _: Lure) -> Bad:
    codes = ["410105", "999", "u1; --", "../u1", "０"]
    row = {"code": "i1", "unit_code": rng.choice(codes), "inspected_at": "2019-05-31"}
    return bad_rows([row], "inspections")


# Other formats in disguise.


def disguises(lure: Lure) -> list[str]:
    """Return documents that make other readers open files and addresses."""
    layer = '<OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
    entity = '<!DOCTYPE a [<!ENTITY b SYSTEM "{}">]><kml><name>&b;</name></kml>'
    targets = [lure.path, lure.url, f"/vsicurl/{lure.url}", f"CSV:{lure.path}"]
    return [
        *(f"<OGRVRTDataSource>{layer.format(to)}</OGRVRTDataSource>" for to in targets),
        *(entity.format(to) for to in (f"file://{lure.path}", lure.url)),
        *targets,
        f'{{"type": "FeatureCollection", "features": {{"$ref": "{lure.url}"}}}}',
        f'{{"layerDefinition": {{}}, "service": "{lure.url}/FeatureServer"}}',
        f"<WFSDataSource><URL>{lure.url}</URL></WFSDataSource>",
    ]


@family("disguise", 60)
def another_format_inside(rng: random.Random, lure: Lure) -> Bad:
    ending = rng.choice(["csv", "geojson", "json", "gpkg", "xlsx", "xls", "ods", "zip", "parquet"])
    return Bad(f"a.{ending}", rng.choice(disguises(lure)).encode())


@family("disguise", 60)
def a_format_that_is_not_read(rng: random.Random, lure: Lure) -> Bad:
    ending = rng.choice(["kml", "kmz", "gpx", "vrt", "xml", "gml", "dwg", "shp", "pdf", "html", ""])
    return Bad(f"a.{ending}", rng.choice(disguises(lure)).encode())


@family("disguise", 60)
def a_name_that_means_something(rng: random.Random, lure: Lure) -> Bad:
    names = ["CSV:a.csv", "GeoJSON:a", "-.csv", "$(id).csv", "a.csv;.geojson", "WFS:a.json", ".csv"]
    return Bad(rng.choice(names), rng.choice(disguises(lure)).encode())
