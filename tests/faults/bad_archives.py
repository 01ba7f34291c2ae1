"""The families of the corpus whose files are archives and databases."""

import io
import random
import sqlite3
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import shapely

from tests.faults.corpus import HEADINGS, Bad, Lure, family, good_rows, spoilt

MB = 2**20
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "{}">]>'.format("&a;" * 50)


def archive(entries: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return made.getvalue()


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def workbook(rows: list[dict[str, str]], *above: str) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for line in (*([text] for text in above), HEADINGS, *([*row.values()] for row in rows)):
        sheet.append(list(line))
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def with_part(content: bytes, **parts: bytes) -> bytes:
    names = {"sheet": SHEET, "strings": "xl/sharedStrings.xml", "book": "xl/workbook.xml"}
    return archive(entries(content) | {names[key]: part for key, part in parts.items()})


def cells(*places: str, head: str = "") -> bytes:
    row = "".join(f'<row r="1"><c r="{place}"><v>1</v></c></row>' for place in places)
    return f"{head}<worksheet {SPACE}><sheetData>{row}</sheetData></worksheet>".encode()


@family("workbook", 150)
def a_bad_row_below_titles(rng: random.Random, _: Lure) -> Bad:
    titles = ["全市台账", "填表人：王伟"][: rng.randint(0, 2)]
    content = workbook(spoilt(rng, risk="紫", lon="x"), *titles)
    return Bad(rng.choice(["a.xlsx", "a.xlsm"]), content, has_rows=True)


@family("workbook", 150)
def errors_of_formulas(rng: random.Random, _: Lure) -> Bad:
    error = rng.choice(["#N/A", "#DIV/0!", "#REF!", "#NAME?"])
    column = rng.choice(["name", "lon", "registered_on"])
    return Bad("a.xlsx", workbook(spoilt(rng, **{column: error})), has_rows=True)


@family("workbook", 150)
def formulas_without_values(rng: random.Random, lure: Lure) -> Bad:
    formulas = ["=1+1", f'=WEBSERVICE("{lure.url}")', f"='{lure.path}'!A1", "=cmd|'/C x'!A0"]
    return Bad("a.xlsx", workbook(spoilt(rng, name=rng.choice(formulas))), has_rows=True)


@family("workbook", 150)
def dates_as_no_dates(rng: random.Random, _: Lure) -> Bad:
    days = ["2019年13月1日", "31.31.2019", "99999999", "明天"]
    return Bad("a.xlsx", workbook(spoilt(rng, registered_on=rng.choice(days))), has_rows=True)


@family("workbook", 150)
def far_cells(rng: random.Random, _: Lure) -> Bad:
    far = rng.choice(["XFD1", "XFD1048576", "AAAA9", "A99999999", "ZZZ5", "B1048577"])
    digits = "".join(filter(str.isdecimal, far))
    sheet = cells("A1", far).replace(b'r="1"', f'r="{digits}"'.encode())
    return Bad("a.xlsx", with_part(workbook(good_rows(rng)), sheet=sheet))


@family("workbook", 150)
def far_cells_in_disguise(rng: random.Random, _: Lure) -> Bad:
    sheet = cells("A1", rng.choice(["ZZ1048576", "ZY999999"]))
    disguised = sheet.replace(b'r="', rng.choice([b'r = "', b'x="1"  r="']))
    return Bad("a.xlsx", with_part(workbook(good_rows(rng)), sheet=disguised))


@family("workbook", 150)
def bombs(rng: random.Random, _: Lure) -> Bad:
    size = rng.choice([8 * MB, 30 * MB])
    parts = {rng.choice(["sheet", "strings", "book"]): b" " * size}
    return Bad("a.xlsx", with_part(workbook(good_rows(rng)), **parts))


@family("workbook", 150)
def sizes_that_lie(rng: random.Random, _: Lure) -> Bad:
    content = with_part(workbook(good_rows(rng)), sheet=cells("A1") + b" " * 3 * MB)
    name = SHEET.encode()
    at = content.rfind(name) - 46
    lied = bytearray(content)
    lied[at + 24 : at + 28] = struct.pack("<I", rng.choice([10, 100, 2**31]))
    return Bad("a.xlsx", bytes(lied))


@family("workbook", 150)
def entities(rng: random.Random, lure: Lure) -> Bad:
    head = rng.choice([LAUGHS, f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{lure.path}">]>'])
    part = cells("A1", head=head)
    return Bad(
        "a.xlsx", with_part(workbook(good_rows(rng)), **{rng.choice(["sheet", "book"]): part})
    )


@family("workbook", 150)
def broken_archives(rng: random.Random, _: Lure) -> Bad:
    content = bytearray(workbook(good_rows(rng)))
    if rng.random() < 0.5:
        return Bad("a.xlsx", bytes(content[: rng.randint(4, len(content) - 30)]))
    start = bytes(content).find(SHEET.encode()) + 30
    content[start : start + 60] = rng.randbytes(60)
    return Bad("a.xlsx", bytes(content))


@family("workbook", 150)
def broken_parts(rng: random.Random, _: Lure) -> Bad:
    content = workbook(good_rows(rng))
    part = rng.choice([SHEET, "xl/workbook.xml"])
    cut = entries(content)[part]
    return Bad("a.xlsx", archive(entries(content) | {part: cut[: rng.randint(0, len(cut) // 2)]}))


@family("workbook", 150)
def missing_parts(rng: random.Random, _: Lure) -> Bad:
    parts = entries(workbook(good_rows(rng)))
    del parts[rng.choice([SHEET, "xl/workbook.xml", "[Content_Types].xml"])]
    return Bad("a.xlsx", archive(parts))


@family("workbook", 150)
def locked_workbooks(rng: random.Random, _: Lure) -> Bad:
    content = OLE + rng.randbytes(600) + "EncryptedPackage".encode("utf-16-le") + rng.randbytes(99)
    return Bad(rng.choice(["a.xlsx", "a.xls", "a.xlsm"]), content)


@family("workbook", 150)
def old_workbooks_of_noise(rng: random.Random, _: Lure) -> Bad:
    book = "Workbook".encode("utf-16-le")
    content = OLE + rng.randbytes(rng.randint(500, 9_000)) + book + rng.randbytes(600)
    return Bad("a.xls", rng.choice([content, b"\x09\x08\x10\x00" + rng.randbytes(3_000)]))


@family("workbook", 150)
def hidden_or_empty_sheets(rng: random.Random, _: Lure) -> Bad:
    content = workbook(good_rows(rng))
    if rng.random() < 0.5:
        return Bad("a.xlsx", with_part(content, sheet=cells()))
    book = entries(content)["xl/workbook.xml"]
    return Bad("a.xlsx", with_part(content, book=book.replace(b'"visible"', b'"veryHidden"')))


@family("workbook", 150)
def entries_elsewhere(rng: random.Random, _: Lure) -> Bad:
    name = rng.choice(["../../evil.xml", "/etc/evil.xml", "c:\\evil.xml", "xl/../../evil.xml"])
    return Bad("a.xlsx", archive(entries(workbook(good_rows(rng))) | {name: b"<a/>"}))


@family("workbook", 150)
def repeated_cells(rng: random.Random, _: Lure) -> Bad:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    many = rng.choice(["rows", "columns"])
    cell = '<table:table-cell office:value-type="string" {}><text:p>x</text:p></table:table-cell>'
    times = f'table:number-{many}-repeated="{rng.randint(1_000, 10**9)}"'
    inner = cell.format(times if many == "columns" else "")
    row = f"<table:table-row {times if many == 'rows' else ''}>{inner}</table:table-row>"
    table = f'<table:table table:name="a">{row}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    return Bad(
        "a.ods", archive({"content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>"})
    )


# GeoPackages.


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


@family("geopackage", 100)
def a_bad_feature(rng: random.Random, _: Lure) -> Bad:
    value = rng.choice(["risk = '紫'", "code = NULL", "code = x'00'", "name = char(0)"])
    return Bad("a.gpkg", geopackage(f"UPDATE a SET {value} WHERE fid = 2"), has_rows=True)


@family("geopackage", 100)
def a_bad_blob(rng: random.Random, _: Lure) -> Bad:
    nested = struct.pack("<BII", 1, 7, 1) * rng.choice([2, 50_000])
    shapes = [nested, b"", b"\1", rng.randbytes(40), struct.pack("<BI2d", 1, 1, np.nan, 1)]
    shapes += [struct.pack("<BI2d", 1, 1, np.inf, 1), struct.pack("<BII", 1, 2, 2**31)]
    shapes += [struct.pack("<BI2d", 1, 1, 1e300, 1), struct.pack("<BI2d", 1, 17, 1, 1)]
    value = blob(rng.choice(shapes)).hex()
    return Bad("a.gpkg", geopackage(f"UPDATE a SET geom = x'{value}'"), has_rows=True)


@family("geopackage", 100)
def another_shape_of_feature(rng: random.Random, _: Lure) -> Bad:
    shapes = [shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])]
    value = blob(rng.choice(shapes).wkb).hex()
    return Bad("a.gpkg", geopackage(f"UPDATE a SET geom = x'{value}'"), has_rows=True)


@family("geopackage", 100)
def damaged_pages(rng: random.Random, _: Lure) -> Bad:
    content = bytearray(geopackage())
    for _ in range(rng.randint(3, 9)):
        at = rng.randrange(len(content) // 4096) * 4096
        content[max(at, 100) : at + 2_000] = rng.randbytes(at + 2_000 - max(at, 100))
    return Bad("a.gpkg", bytes(content[:100]) + bytes(content[100 : rng.choice([None, 5_000])]))


@family("geopackage", 100)
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


@family("geopackage", 100)
def columns_that_compute(rng: random.Random, _: Lure) -> Bad:
    program = rng.choice(["randomblob(9)", "zeroblob(999999999)", "printf('%.999999999c', 'x')"])
    return Bad("a.gpkg", geopackage(f"ALTER TABLE a ADD COLUMN x AS ({program})"))


@family("geopackage", 100)
def no_geopackage(rng: random.Random, _: Lure) -> Bad:
    tables = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
    changes = [f"DROP TABLE {rng.choice(tables)}", "PRAGMA application_id = 5"]
    changes += ["DELETE FROM gpkg_contents", "UPDATE gpkg_contents SET table_name = '../../x'"]
    changes += ["UPDATE gpkg_geometry_columns SET column_name = 'x\"; --'"]
    return Bad("a.gpkg", geopackage(rng.choice(changes)))


@family("geopackage", 100)
def another_reference_system(rng: random.Random, lure: Lure) -> Bad:
    names = ["'EPSG', 999999", "'EPSG', 'x'", f"'{lure.url}', 1", "'EPSG', 0"]
    fields = "(organization, organization_coordsys_id)"
    change = f"UPDATE gpkg_spatial_ref_sys SET {fields} = ({rng.choice(names)})"
    return Bad("a.gpkg", geopackage(change))


@family("geopackage", 100)
def a_header_and_noise(rng: random.Random, _: Lure) -> Bad:
    content = geopackage()
    return Bad(
        "a.gpkg", content[: rng.choice([16, 72, 100])] + rng.randbytes(rng.randint(1, 9_000))
    )


# Shapefiles.


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


@family("shapefile", 60)
def a_bad_row(rng: random.Random, _: Lure) -> Bad:
    kept = {
        n: part for n, part in shapefile().items() if rng.random() < 0.5 or n[-3:] not in "cpgprj"
    }
    return Bad("a.zip", archive(kept), has_rows=True)


@family("shapefile", 60)
def parts_that_are_missing(rng: random.Random, _: Lure) -> Bad:
    ending = rng.choice([".shp", ".shx", ".dbf"])
    return Bad("a.zip", archive({n: p for n, p in shapefile().items() if not n.endswith(ending)}))


@family("shapefile", 60)
def parts_of_noise(rng: random.Random, _: Lure) -> Bad:
    name = f"units{rng.choice(['.shp', '.dbf'])}"
    part = bytearray(shapefile()[name])
    part[4 if name.endswith("dbf") else 0 :] = rng.randbytes(len(part))
    return Bad("a.zip", archive(shapefile() | {name: bytes(part)}))


@family("shapefile", 60)
def records_that_lie(rng: random.Random, _: Lure) -> Bad:
    shp = bytearray(shapefile()["units.shp"])
    shp[104:] = struct.pack(">I", 2**30) + struct.pack("<I", 5) + rng.randbytes(len(shp))
    dbf = bytearray(shapefile()["units.dbf"])
    dbf[4:8] = struct.pack("<I", 2**31)
    part = rng.choice([{"units.shp": bytes(shp)}, {"units.dbf": bytes(dbf)}])
    return Bad("a.zip", archive(shapefile() | part))


@family("shapefile", 60)
def odd_entries(rng: random.Random, lure: Lure) -> Bad:
    names = ["../../evil.shp", "/evil.shp", "c:\\evil.shp", "a/../../b.dbf", "inner.zip", "x.rar"]
    content = rng.choice([b"x", lure.path.encode()])
    return Bad("a.zip", archive(shapefile() | {rng.choice(names): content}))


@family("shapefile", 60)
def many_entries(rng: random.Random, _: Lure) -> Bad:
    more = {f"{number}.txt": b"" for number in range(rng.randint(60, 900))}
    return Bad("a.zip", archive(shapefile() | more))


@family("shapefile", 60)
def archives_that_inflate(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.zip", archive(shapefile() | {"x.shp": bytes(rng.choice([5, 40]) * MB)}))


@family("shapefile", 60)
def links(rng: random.Random, lure: Lure) -> Bad:
    made = io.BytesIO(archive(shapefile()))
    link = zipfile.ZipInfo(rng.choice(["b.shp", "b.prj"]))
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "a") as opened:
        opened.writestr(link, lure.path)
    return Bad("a.zip", made.getvalue())


@family("shapefile", 60)
def a_reference_that_is_an_address(rng: random.Random, lure: Lure) -> Bad:
    text = rng.choice([lure.url, f"/vsicurl/{lure.url}", lure.path, "PROJCS[x"])
    return Bad("a.zip", archive(shapefile() | {"units.prj": text.encode()}), has_rows=True)


@family("shapefile", 60)
def a_reference_without_end(rng: random.Random, _: Lure) -> Bad:
    text = "PROJCS[" * rng.randint(2_000, 90_000)
    return Bad("a.zip", archive(shapefile() | {"units.prj": text.encode()}))
