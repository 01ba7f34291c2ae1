"""Bad GeoPackages and zipped Shapefiles."""

import io
import random
import sqlite3
import struct
import tempfile
import warnings
import zipfile
from contextlib import closing
from functools import cache
from pathlib import Path

import geopandas
import numpy as np
import shapely

from tests.faults.archiving import MB, archive
from tests.faults.making import Bad, Family, Lure

GEOPACKAGE = Family("geopackage", 100)
SHAPEFILE = Family("shapefile", 60)


def blob(wkb: bytes) -> bytes:
    return b"GP\0\1" + bytes(4) + wkb


POINT = blob(shapely.Point(113, 34).wkb)


@cache
def geopackage(*statements: str) -> bytes:
    """Return a GeoPackage of two units after some more statements."""
    with closing(sqlite3.connect(":memory:")) as store:
        store.executescript(f"""
            PRAGMA application_id = {0x47504B47};
            CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id);
            INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326);
            CREATE TABLE gpkg_contents (table_name, data_type);
            INSERT INTO gpkg_contents VALUES ('a', 'features');
            CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id);
            INSERT INTO gpkg_geometry_columns VALUES ('a', 'geom', 4326);
            CREATE TABLE a (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT, name TEXT, risk TEXT);
            INSERT INTO a VALUES (1, x'{POINT.hex()}', 'u1', 'x', 'low');
            INSERT INTO a VALUES (2, x'{POINT.hex()}', 'u2', 'y', 'low');
        """)
        store.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            store.execute(statement)
        store.commit()
        return store.serialize()


@GEOPACKAGE
def a_bad_feature(rng: random.Random, _: Lure) -> Bad:
    value = rng.choice(["risk = '紫'", "code = NULL", "code = x'00'", "name = char(0)"])
    return Bad("a.gpkg", geopackage(f"UPDATE a SET {value} WHERE fid = 2"), has_rows=True)


@GEOPACKAGE
def a_bad_blob(rng: random.Random, _: Lure) -> Bad:
    nested = struct.pack("<BII", 1, 7, 1) * rng.choice([2, 50_000])
    shapes = [nested, b"", b"\1", rng.randbytes(40), struct.pack("<BI2d", 1, 1, np.nan, 1)]
    shapes += [struct.pack("<BI2d", 1, 1, np.inf, 1), struct.pack("<BII", 1, 2, 2**31)]
    shapes += [struct.pack("<BI2d", 1, 1, 1e300, 1), struct.pack("<BI2d", 1, 17, 1, 1)]
    value = blob(rng.choice(shapes)).hex()
    return Bad("a.gpkg", geopackage(f"UPDATE a SET geom = x'{value}'"), has_rows=True)


@GEOPACKAGE
def another_shape_of_feature(rng: random.Random, _: Lure) -> Bad:
    shapes = [shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])]
    value = blob(rng.choice(shapes).wkb).hex()
    return Bad("a.gpkg", geopackage(f"UPDATE a SET geom = x'{value}'"), has_rows=True)


@GEOPACKAGE
def damaged_pages(rng: random.Random, _: Lure) -> Bad:
    content = bytearray(geopackage())
    for _ in range(rng.randint(3, 9)):
        at = rng.randrange(len(content) // 4096) * 4096
        content[max(at, 100) : at + 2_000] = rng.randbytes(at + 2_000 - max(at, 100))
    return Bad("a.gpkg", bytes(content[:100]) + bytes(content[100 : rng.choice([None, 5_000])]))


@GEOPACKAGE
def views_and_virtual_tables(rng: random.Random, lure: Lure) -> Bad:
    drop = "DROP TABLE a"
    programs = [
        f"CREATE VIEW a AS SELECT load_extension('{lure.path}') geom, 1 code, 2 name",
        "CREATE VIEW a AS WITH RECURSIVE b(n) AS (VALUES (1) UNION ALL SELECT n FROM b)"
        " SELECT n AS code, n AS name, n AS geom FROM b",
        "CREATE VIRTUAL TABLE a USING fts5(geom, code, name)",
        f"CREATE VIEW a AS SELECT readfile('{lure.path}') AS code",
    ]
    return Bad("a.gpkg", geopackage(drop, rng.choice(programs)))


@GEOPACKAGE
def columns_that_compute(rng: random.Random, _: Lure) -> Bad:
    program = rng.choice(["randomblob(9)", "zeroblob(999999999)", "printf('%.999999999c', 'x')"])
    return Bad("a.gpkg", geopackage(f"ALTER TABLE a ADD COLUMN x AS ({program})"))


@GEOPACKAGE
def no_geopackage(rng: random.Random, _: Lure) -> Bad:
    tables = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
    changes = [f"DROP TABLE {rng.choice(tables)}", "PRAGMA application_id = 5"]
    changes += ["DELETE FROM gpkg_contents", "UPDATE gpkg_contents SET table_name = '../../x'"]
    changes += ["UPDATE gpkg_geometry_columns SET column_name = 'x\"; --'"]
    return Bad("a.gpkg", geopackage(rng.choice(changes)))


@GEOPACKAGE
def another_reference_system(rng: random.Random, lure: Lure) -> Bad:
    names = ["'EPSG', 999999", "'EPSG', 'x'", f"'{lure.url}', 1", "'EPSG', 0"]
    fields = "(organization, organization_coordsys_id)"
    change = f"UPDATE gpkg_spatial_ref_sys SET {fields} = ({rng.choice(names)})"
    return Bad("a.gpkg", geopackage(change))


@GEOPACKAGE
def a_header_and_noise(rng: random.Random, _: Lure) -> Bad:
    content = geopackage()
    return Bad(
        "a.gpkg", content[: rng.choice([16, 72, 100])] + rng.randbytes(rng.randint(1, 9_000))
    )


@cache
def shapefile(kind: str = "units") -> dict[str, bytes]:
    """Return the parts of a Shapefile of which one row is bad."""
    frame = geopandas.GeoDataFrame(
        {"code": ["u1", "u2"], "name": ["东风", "x"], "risk": ["low", "紫"]},
        geometry=[shapely.Point(113, 34)] * 2,
        crs="EPSG:4326",
    )
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(f"{folder}/{kind}.shp", encoding="GB18030")
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@SHAPEFILE
def a_bad_row(rng: random.Random, _: Lure) -> Bad:
    kept = {
        n: part for n, part in shapefile().items() if rng.random() < 0.5 or n[-3:] not in "cpgprj"
    }
    return Bad("a.zip", archive(kept), has_rows=True)


@SHAPEFILE
def parts_that_are_missing(rng: random.Random, _: Lure) -> Bad:
    ending = rng.choice([".shp", ".shx", ".dbf"])
    return Bad("a.zip", archive({n: p for n, p in shapefile().items() if not n.endswith(ending)}))


@SHAPEFILE
def parts_of_noise(rng: random.Random, _: Lure) -> Bad:
    name = f"units{rng.choice(['.shp', '.dbf'])}"
    part = bytearray(shapefile()[name])
    part[4 if name.endswith("dbf") else 0 :] = rng.randbytes(len(part))
    return Bad("a.zip", archive(shapefile() | {name: bytes(part)}))


@SHAPEFILE
def records_that_lie(rng: random.Random, _: Lure) -> Bad:
    shp = bytearray(shapefile()["units.shp"])
    shp[104:] = struct.pack(">I", 2**30) + struct.pack("<I", 5) + rng.randbytes(len(shp))
    dbf = bytearray(shapefile()["units.dbf"])
    dbf[4:8] = struct.pack("<I", 2**31)
    part = rng.choice([{"units.shp": bytes(shp)}, {"units.dbf": bytes(dbf)}])
    return Bad("a.zip", archive(shapefile() | part))


@SHAPEFILE
def odd_entries(rng: random.Random, lure: Lure) -> Bad:
    names = ["../../evil.shp", "/evil.shp", "c:\\evil.shp", "a/../../b.dbf", "inner.zip", "x.rar"]
    content = rng.choice([b"x", lure.path.encode()])
    return Bad("a.zip", archive(shapefile() | {rng.choice(names): content}))


@SHAPEFILE
def many_entries(rng: random.Random, _: Lure) -> Bad:
    more = {f"{number}.txt": b"" for number in range(rng.randint(60, 900))}
    return Bad("a.zip", archive(shapefile() | more))


@SHAPEFILE
def archives_that_inflate(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.zip", archive(shapefile() | {"x.shp": bytes(rng.choice([5, 40]) * MB)}))


@SHAPEFILE
def links(rng: random.Random, lure: Lure) -> Bad:
    made = io.BytesIO(archive(shapefile()))
    link = zipfile.ZipInfo(rng.choice(["b.shp", "b.prj"]))
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "a") as opened:
        opened.writestr(link, lure.path)
    return Bad("a.zip", made.getvalue())


@SHAPEFILE
def a_reference_that_is_an_address(rng: random.Random, lure: Lure) -> Bad:
    text = rng.choice([lure.url, f"/vsicurl/{lure.url}", lure.path, "PROJCS[x"])
    return Bad("a.zip", archive(shapefile() | {"units.prj": text.encode()}), has_rows=True)


@SHAPEFILE
def a_reference_without_end(rng: random.Random, _: Lure) -> Bad:
    text = "PROJCS[" * rng.randint(2_000, 90_000)
    return Bad("a.zip", archive(shapefile() | {"units.prj": text.encode()}))
