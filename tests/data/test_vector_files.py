import io
import json
import math
import sqlite3
import struct
import subprocess
import sys
import warnings
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely

from data.errors import ImportRejectedError
from data.importers.files import Table, guard, read_table
from data.importers.formats.shapefile import encoding_of
from data.importers.formats.wkb import n_vertices, read_shapes

POINTS = geopandas.GeoDataFrame(
    {"编号": ["u1", "u2"], "数量": [1, 2], "面积": [0.5, None]},
    geometry=[shapely.Point(113.6, 34.7, 9), None],
    crs="EPSG:4490",
)
BARE = {"编号": ["u1", "u2"], "数量": ["1", "2"], "面积": ["0.5", None]}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Return a function that writes a frame as a file of a format and returns its content."""

    def write(frame: Any, ending: str, **options: Any) -> bytes:
        path = tmp_path / f"层{ending}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the format cannot keep
            frame.to_file(path, **options)
        return path.read_bytes()

    return write


@pytest.fixture
def shapefile(write: Any, tmp_path: Path) -> Any:
    """Return a function that writes frames as zipped Shapefiles, leaving some parts out."""

    def shapefile(frame: Any = POINTS, *left_out: str, encoding: str = "GB18030") -> bytes:
        write(frame, ".shp", encoding=encoding)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for path in sorted(tmp_path.glob("层.*")):
                if path.suffix not in {*left_out, ".zip"}:
                    archive.write(path, f"folder/{path.name}")
        return made.getvalue()

    return shapefile


def test_a_geopackage_is_read(write: Any) -> None:
    table = read_table("a.gpkg", write(POINTS, ".gpkg"))
    assert table.columns == BARE
    assert table.shapes == [shapely.Point(113.6, 34.7), None]
    assert (table.crs, table.sheet, table.numbers) == ("EPSG:4490", "层", [1, 2])


@pytest.mark.parametrize("left_out", [(), (".cpg",)])
@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
def test_a_zipped_shapefile_is_read_in_its_encoding(
    shapefile: Any, encoding: str, left_out: tuple[str, ...]
) -> None:
    table = read_table("a.zip", shapefile(POINTS, *left_out, encoding=encoding))
    assert table.columns["编号"] == ["u1", "u2"]
    assert table.shapes == [shapely.Point(113.6, 34.7), None]
    assert (table.crs, table.sheet) == ("EPSG:4490", "层")


def test_geoparquet_is_read(tmp_path: Path) -> None:
    POINTS.to_parquet(tmp_path / "a.parquet")
    table = read_table("a.parquet", (tmp_path / "a.parquet").read_bytes())
    assert table.columns == BARE
    assert table.shapes == [shapely.Point(113.6, 34.7), None]
    assert table.crs == "EPSG:4490"


def test_parquet_without_geometries_is_a_table_of_texts(tmp_path: Path) -> None:
    POINTS.drop(columns="geometry").to_parquet(tmp_path / "a.parquet", index=False)
    table = read_table("a.parquet", (tmp_path / "a.parquet").read_bytes())
    assert (table.columns, table.shapes) == (BARE, None)


def test_a_stated_encoding_in_which_nothing_makes_sense_is_not_believed() -> None:
    dbf = b"\x03" + bytes(7) + (32).to_bytes(2, "little") + bytes(22) + "编号道路".encode("gb18030")
    assert encoding_of(dbf, b"UTF-8") == "gb18030"
    assert encoding_of(dbf, b"936") == "gb18030"
    assert encoding_of(dbf, b"no such") == "gb18030"
    assert encoding_of(dbf[:32] + "编号道路".encode(), b"") == "utf-8"


def test_one_of_several_layers_is_named(write: Any) -> None:
    write(POINTS, ".gpkg", layer="一")
    content = write(POINTS, ".gpkg", layer="二", mode="a")
    with pytest.raises(ImportRejectedError, match="name one of them: 一, 二"):
        read_table("a.gpkg", content)
    assert read_table("a.gpkg", content, sheet="二").sheets == ("一", "二")
    with pytest.raises(ImportRejectedError, match="no layer 三, but 一, 二"):
        read_table("a.gpkg", content, sheet="三")


def changed(content: bytes, *statements: str) -> bytes:
    """Return a GeoPackage after some statements."""
    with closing(sqlite3.connect(":memory:")) as store:
        store.deserialize(content)
        store.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            store.execute(statement)
        store.commit()
        return store.serialize()


VIEW = (
    "ALTER TABLE 层 RENAME TO hidden",
    "CREATE VIEW 层 AS SELECT fid, geom, load_extension('/tmp/x') AS 编号 FROM hidden",
)
VIRTUAL = (
    "DROP TABLE 层",
    "CREATE VIRTUAL TABLE 层 USING fts5(geom, 编号)",
)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (VIEW, "no layer of features"),
        (VIRTUAL, "no layer of features"),
        (("ALTER TABLE gpkg_contents RENAME TO other",), "its catalog is missing"),
        (("UPDATE gpkg_geometry_columns SET column_name = 'x'",), "has no column x"),
        (("ALTER TABLE 层 ADD COLUMN x AS (printf('%9c', 'x'))",), "no layer of features"),
    ],
)
def test_nothing_in_a_geopackage_is_run(write: Any, statements: Any, reason: str) -> None:
    bare = changed(
        write(POINTS, ".gpkg", SPATIAL_INDEX="NO"),
        *(f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS),
    )
    with pytest.raises(ImportRejectedError, match=reason):
        read_table("a.gpkg", changed(bare, *statements))


TRIGGERS = ("trigger_insert_feature_count_层", "trigger_delete_feature_count_层")


def test_a_geopackage_left_with_a_separate_journal_is_read(write: Any) -> None:
    content = bytearray(write(POINTS, ".gpkg"))
    content[18:20] = b"\x02\x02"
    assert read_table("a.gpkg", bytes(content)).columns == BARE


def test_a_damaged_geopackage_is_refused(write: Any) -> None:
    content = write(POINTS, ".gpkg")
    with pytest.raises(ImportRejectedError, match="damaged"):
        read_table("a.gpkg", content[:4096] + b"\xff" * (len(content) - 4096))


HEADER = b"GP\0\1" + bytes(4)


@pytest.mark.parametrize(
    ("blob", "reason"),
    [
        (b"\0", "is cut short"),
        (b"GP\xff\xff" + bytes(40), "is cut short"),
        (HEADER + struct.pack("<BIIBII", 1, 7, 1, 1, 7, 0), "is none of Point"),
        (HEADER + struct.pack("<BI2d", 1, 1, math.inf, 1), "not finite"),
        (HEADER + struct.pack("<BII2d", 1, 2, 1, 0, 0), "is no geometry"),
        (HEADER + struct.pack("<BII", 1, 2, 2**31), "is cut short"),
    ],
)
def test_a_row_with_a_bad_geometry_is_refused_by_its_number(
    write: Any, blob: bytes, reason: str
) -> None:
    bare = write(POINTS, ".gpkg", SPATIAL_INDEX="NO")
    table = read_table("a.gpkg", changed(bare, f"UPDATE 层 SET geom = x'{blob.hex()}'"))  # noqa: S608 - our own
    assert [(e.row, e.field) for e in table.errors] == [(1, "geometry"), (2, "geometry")]
    assert reason in table.errors[0].reason
    assert table.numbers == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../evil.shp", "named to lie elsewhere"),
        ("/etc/evil.shp", "named to lie elsewhere"),
        ("c:/evil.shp", "named to lie elsewhere"),
        ("inner.zip", "holds another archive"),
    ],
)
def test_an_archive_with_odd_entries_is_refused(shapefile: Any, name: str, reason: str) -> None:
    made = io.BytesIO(shapefile())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(ImportRejectedError, match=reason):
        read_table("a.zip", made.getvalue())


@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_shapefile_without_all_its_parts_is_refused(shapefile: Any, ending: str) -> None:
    with pytest.raises(ImportRejectedError, match=f"lacks 层{ending}"):
        read_table("a.zip", shapefile(POINTS, ending))


def test_an_archive_without_a_shapefile_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.csv", "code\n")
    with pytest.raises(ImportRejectedError, match="no layer of features"):
        read_table("a.zip", made.getvalue())


def test_an_archive_with_many_entries_or_a_link_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("a.shp")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ImportRejectedError, match="is a link"):
        read_table("a.zip", made.getvalue())
    with zipfile.ZipFile(made, "a") as archive:
        for count in range(60):
            archive.writestr(f"{count}", "")
    with pytest.raises(ImportRejectedError, match="more than 50 entries"):
        read_table("a.zip", made.getvalue())


def test_the_library_of_vector_formats_opens_shapefiles_and_nothing_else() -> None:
    program = "import pyogrio, json; print(json.dumps(pyogrio.list_drivers()))"
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        env=guard._ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(json.loads(ended.stdout)) == {"ESRI Shapefile"}
    assert len(pyogrio.list_drivers()) > 1


def test_vertices_are_counted_before_a_geometry_is_read() -> None:
    rings = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])
    for shape, count in ((rings, 10), (shapely.LineString([(0, 0, 1), (1, 1, 1)]), 2)):
        for byte_order in (0, 1):
            assert n_vertices(shapely.to_wkb(shape, byte_order=byte_order)) == count
            assert n_vertices(shapely.to_wkb(shape, flavor="iso")) == count
            with pytest.raises(ValueError, match="cut short"):
                n_vertices(shapely.to_wkb(shape)[:-1])
    assert n_vertices(
        shapely.to_wkb(shapely.set_srid(shapely.Point(1, 2), 4326), include_srid=True)
    )


def test_collections_in_collections_never_reach_the_library() -> None:
    nested = b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 100_000
    shapes, errors = read_shapes([1, 2], [nested, shapely.Point(1, 2).wkb])
    assert shapes == [None, shapely.Point(1, 2)]
    assert [error.row for error in errors] == [1]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.gpkg", b"SQLite format 3\0" + bytes(100), "no GeoPackage"),
        ("a.gpkg", b"{}", "is something else"),
        ("a.zip", b"Rar!", "is something else"),
        ("a.parquet", b"PAR1 and no more PAR1", "Parquet file is damaged"),
        ("a.geojson", b"PK\x03\x04", "is no text"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(ImportRejectedError, match=reason):
        read_table(name, content)


def test_a_table_is_a_table_whatever_it_was_written_as(write: Any, shapefile: Any) -> None:
    tables: list[Table] = [
        read_table("a.gpkg", write(POINTS, ".gpkg")),
        read_table("a.geojson", write(POINTS, ".geojson")),
        read_table("a.zip", shapefile()),
    ]
    assert [table.columns["编号"] for table in tables] == [["u1", "u2"]] * 3
    assert [table.columns["数量"] for table in tables] == [["1", "2"]] * 3
