import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data.engine import transaction
from data.errors import ImportRejectedError, NoCityError
from data.importers import ImportOptions, ImportReport, import_file

pytestmark = pytest.mark.db

UNITS = "code,name,risk,lon,lat\nu1,东风饭店,重大,113.6,34.7\nu2,Mill,low,,\n"


@pytest.fixture
def bring(city: Engine, tmp_path: Path) -> Any:
    """Import the content of a file and return the report."""

    def bring(kind: str, content: Any, name: str = "file.csv", **options: Any) -> ImportReport:
        if not isinstance(content, bytes | str):
            content, name = json.dumps(content), "file.geojson"
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_file(city, kind, path, ImportOptions(**options))

    return bring


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def refused(bring: Any, kind: str, content: Any, **options: Any) -> list[tuple[Any, ...]]:
    with pytest.raises(ImportRejectedError) as caught:
        bring(kind, content, **options)
    assert caught.value.report is not None
    return [(e.row, e.field, e.value, e.reason) for e in caught.value.report.errors]


def collection(*features: tuple[dict[str, Any], Any], **members: Any) -> dict[str, Any]:
    listed = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, geometry in features
    ]
    return {"type": "FeatureCollection", "features": listed, **members}


def square(west: float) -> dict[str, Any]:
    ring = [[west, 0], [west + 0.01, 0], [west + 0.01, 0.01], [west, 0.01], [west, 0]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_units_are_imported(city: Engine, bring: Any) -> None:
    report = bring("units", UNITS)
    assert (report.rows, report.new, report.without_position) == (2, 2, 1)
    assert rows(city, "SELECT external_code, name, risk, native_risk, ST_X(geom) FROM unit") == [
        ("u1", "东风饭店", "major", "重大", 113.6),
        ("u2", "Mill", "low", "low", None),
    ]


def test_a_chinese_ledger_in_gb18030_is_understood(city: Engine, bring: Any) -> None:
    bring("units", "编号,单位名称,风险等级\nu1,东风饭店,红\n".encode("gb18030"))
    assert rows(city, "SELECT name, risk FROM unit") == [("东风饭店", "major")]


def test_the_same_file_again_is_the_same(city: Engine, bring: Any) -> None:
    first = bring("units", UNITS)
    again = bring("units", UNITS)
    assert (again.new, again.same, again.batch) == (0, 2, first.batch)
    assert rows(city, "SELECT value FROM revision WHERE subject = 'ledgers'") == [(1,)]


def test_an_older_file_imported_again_brings_its_values_back(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    bring("units", UNITS.replace("Mill", "Old mill"))
    assert bring("units", UNITS).changed == 1
    assert rows(city, "SELECT name FROM unit WHERE external_code = 'u2'") == [("Mill",)]


def test_equal_rows_in_another_file_move_no_revision(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    assert bring("units", UNITS + "\n").same == 2
    assert rows(city, "SELECT value FROM revision WHERE subject = 'ledgers'") == [(1,)]


def test_one_bad_row_refuses_the_whole_file(city: Engine, bring: Any) -> None:
    found = refused(bring, "units", UNITS + "u3,Inn,高,113,34\n")
    assert found == [(4, "risk", "高", "is none of low, general, larger, major")]
    assert rows(city, "SELECT * FROM unit") == []


def test_every_bad_cell_of_a_row_is_named(bring: Any) -> None:
    bad = "code,unit_code,inspected_at,team_size\n,u1,2019-02-30,0\n"
    assert refused(bring, "inspections", bad) == [
        (2, "code", None, "is missing"),
        (2, "inspected_at", "2019-02-30", "has a day 30, where 2019-02 has 28 days"),
        (2, "team_size", "0", "is not between 1 and 2147483647"),
        (2, "unit_code", "u1", "names no unit, or several sources have it"),
    ]


def test_row_numbers_count_blank_rows_and_the_heading(bring: Any) -> None:
    found = refused(bring, "units", "code,name\nu1,a\n\n,,\nu2,\n")
    assert [row for row, *_ in found] == [4, 5]


def test_a_row_with_too_many_cells_is_refused(bring: Any) -> None:
    assert refused(bring, "units", "code,name\nu1,a,b\n") == [
        (2, None, None, "has 3 cells under 2 headings")
    ]


def test_a_repeated_code_is_left_out_and_kept_on_record(city: Engine, bring: Any) -> None:
    report = bring("units", "code,name\nu1,first\nu1,second\n")
    assert (report.rows, report.new, report.duplicate) == (2, 1, 1)
    assert [remark.code for remark in report.warnings] == ["duplicate_codes"]
    assert rows(city, "SELECT row, value FROM import_row") == [(3, "u1")]


def test_a_dry_run_counts_and_writes_nothing(city: Engine, bring: Any) -> None:
    report = bring("units", UNITS, dry_run=True)
    assert (report.new, report.batch) == (2, None)
    assert rows(city, "SELECT * FROM unit UNION ALL SELECT * FROM unit") == []


def test_other_headings_are_kept_with_the_row(city: Engine, bring: Any) -> None:
    report = bring("units", "code,name,Floor\nu1,a,3\nu2,b,\n")
    assert rows(city, "SELECT properties FROM unit ORDER BY id") == [({"Floor": "3"},), ({},)]
    assert report.warnings[0].message.endswith("Floor")


def test_a_mapping_says_what_a_heading_means(city: Engine, bring: Any) -> None:
    bring("units", "No.,Who\nu1,a\n", mapping={"code": "No.", "name": "Who"})
    assert rows(city, "SELECT external_code, name FROM unit") == [("u1", "a")]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("code\nu1\n", {}, "name: missing among the headings"),
        ("code,名称(甲),名称(乙)\n", {}, "name: meant by several headings"),
        ("code,name,name\n", {}, "several columns have the heading name"),
        ("code,,name\n", {}, "column 2 has no heading"),
        ("", {}, "no heading"),
        ("code,name\n", {"mapping": {"colour": "name"}}, "colour: no field of units"),
        ("code,name\n", {"mapping": {"name": "Who"}}, "Who: no heading of the file"),
        (b"code,name\nu1,\xff\xff\n", {}, "neither UTF-8 nor GB 18030"),
        ('code,name\nu1,"a\n', {}, "unexpected end of data"),
        ("code,name,lon,lat\nu1,a,1,1\n", {"datum": "mars"}, "mars"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(
    bring: Any, content: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(Exception, match=message):
        bring("units", content, **options)


def test_a_file_of_another_ending_is_refused(bring: Any) -> None:
    with pytest.raises(ImportRejectedError, match=r"none of \.csv"):
        bring("units", UNITS, name="units.exe")


def test_a_file_that_is_not_there_is_refused(city: Engine, tmp_path: Path) -> None:
    with pytest.raises(ImportRejectedError, match="No such file"):
        import_file(city, "units", tmp_path / "none.csv")


def test_an_unknown_kind_is_refused(city: Engine, tmp_path: Path) -> None:
    with pytest.raises(ImportRejectedError, match="one of grids"):
        import_file(city, "people", tmp_path / "none.csv")


def test_a_store_without_a_city_takes_nothing(clean_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    with pytest.raises(NoCityError):
        import_file(clean_engine, "units", tmp_path / "units.csv")


@pytest.mark.parametrize(
    ("lon", "lat", "reason"),
    [
        ("113.6", "", "one coordinate is missing"),
        ("34.7", "113.6", "not on earth"),
        ("nan", "34", "not a number"),
        ("1e999", "34", "too large"),
    ],
)
def test_a_position_that_cannot_be_is_refused(bring: Any, lon: str, lat: str, reason: str) -> None:
    ((row, _, _, found),) = refused(bring, "units", f"code,name,lon,lat\nu1,a,{lon},{lat}\n")[:1]
    assert row == 2
    assert reason in found


def test_coordinates_are_converted_and_the_originals_kept(city: Engine, bring: Any) -> None:
    bring("units", "code,name,lon,lat\nu1,a,113.6,34.7\n", datum="gcj02")
    ((datum, x, y, shift),) = rows(
        city,
        "SELECT datum, original_x, original_y, ST_DistanceSphere(geom,"
        " ST_SetSRID(ST_MakePoint(original_x, original_y), 4326)) FROM unit",
    )
    assert (datum, x, y) == ("gcj02", 113.6, 34.7)
    assert 300 < shift < 800


def test_a_ledger_without_coordinates_leaves_the_positions(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    report = bring("units", "code,name\nu1,New name\n")
    assert (report.changed, report.without_position) == (1, 0)
    assert rows(city, "SELECT ST_X(geom) FROM unit WHERE name = 'New name'") == [(113.6,)]


def test_holes_between_cells_are_told(bring: Any) -> None:
    ring = [[0, 0], [0.03, 0], [0.03, 0.03], [0, 0.03], [0, 0]]
    hole = [[0.01, 0.01], [0.02, 0.01], [0.02, 0.02], [0.01, 0.02], [0.01, 0.01]]
    cells = collection(({"code": "c1"}, {"type": "Polygon", "coordinates": [ring, hole]}))
    report = bring("grids", cells, grid="g", datum="wgs84")
    assert [remark.code for remark in report.warnings] == ["holes"]


def test_geometry_is_left_out_where_a_kind_has_none(bring: Any) -> None:
    bring("units", UNITS)
    visit = {"code": "i1", "unit_code": "u1", "inspected_at": "2019-05-03"}
    point = {"type": "Point", "coordinates": [1, 1]}
    report = bring("inspections", collection((visit, point)))
    assert [remark.code for remark in report.warnings] == ["geometry_left_out"]


def test_an_empty_grid_is_imported_empty(bring: Any) -> None:
    assert bring("grids", "code,wkt\n", grid="g").rows == 0


def test_a_report_is_plain_data(bring: Any) -> None:
    told = json.loads(json.dumps(bring("units", UNITS, datum="wgs84").as_dict()))
    assert (told["kind"], told["errors"], told["warnings"]) == ("units", [], [])


def test_text_is_kept_literally(city: Engine, bring: Any) -> None:
    canary = "{{7*7}} <b>${x}</b> =1+1 \u202e\u4e1c '; DROP TABLE unit; --"
    bring("units", f'code,name\nu1,"{canary}"\n')
    assert rows(city, "SELECT name FROM unit") == [(canary,)]


def test_control_characters_are_taken_out_with_a_warning(city: Engine, bring: Any) -> None:
    report = bring("units", 'code,name\nu1,"a\x07b\tc\nd\x7f"\n')
    assert rows(city, "SELECT name FROM unit") == [("ab\tc\nd",)]
    assert [remark.code for remark in report.warnings] == ["control_characters"]


def test_a_nul_character_is_refused(bring: Any) -> None:
    ((row, field, _, reason), *_) = refused(bring, "units", "code,name\nu1,a\0b\n")
    assert (row, field, reason) == (2, "name", "holds a NUL character")


def test_a_code_too_long_for_an_index_is_refused(bring: Any) -> None:
    found = refused(bring, "units", f"code,name\n{'u' * 201},a\n")
    assert found[0][3] == "is longer than 200 characters"


def test_a_moment_is_read_by_the_citys_clock(city: Engine, bring: Any) -> None:
    bring("hazards", "code,found_at\nh1,2019-05-03\nh2,2019-05-03 16:20\nh3,2019-05-03T16:20Z\n")
    assert rows(city, "SELECT found_at, has_time FROM hazard ORDER BY external_code") == [
        (datetime(2019, 5, 2, 16, tzinfo=UTC), False),
        (datetime(2019, 5, 3, 8, 20, tzinfo=UTC), True),
        (datetime(2019, 5, 3, 16, 20, tzinfo=UTC), True),
    ]


def test_without_closing_dates_open_is_unknown(city: Engine, bring: Any) -> None:
    bring("hazards", "code,found_at\nh1,2019-05-03\n", source="a")
    bring("hazards", "code,found_at,closed_at\nh1,2019-05-03,\n", source="b")
    assert rows(city, "SELECT closing_known FROM hazard ORDER BY source") == [(False,), (True,)]


def test_a_day_does_not_end_before_a_time_on_it(city: Engine, bring: Any) -> None:
    bring("hazards", "code,found_at,closed_at\nh1,2019-05-03 16:20,2019-05-03\n")
    assert rows(city, "SELECT closed_at = found_at FROM hazard") == [(True,)]


def test_an_end_before_its_start_is_refused(bring: Any) -> None:
    backwards = "code,started_at,ended_at\no1,2019-05-03,2019-05-02\n"
    assert refused(bring, "outages", backwards) == [(2, "ended_at", None, "is before started_at")]


def test_ledgers_refer_to_each_other_by_code(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    bring("inspections", "code,unit_code,inspected_at,team_size\ni1,u1,2019-05-03,2\n")
    bring(
        "hazards", "code,unit_code,inspection_code,level,found_at\nh1,u1,i1,重大隐患,2019-05-03\n"
    )
    bring("rectifications", "code,hazard_code,found_at,due_on\nr1,h1,2019-05-03,2019-06-01\n")
    chain = "SELECT level, due_on FROM rectification JOIN hazard ON hazard_id = hazard.id"
    assert rows(city, chain + " JOIN inspection ON inspection_id = inspection.id") == [
        ("major", date(2019, 6, 1))
    ]


@pytest.mark.parametrize(
    ("cells", "field"),
    [(",,found", "hazard_code, segment_code"), ("h1,,closed", "closed_at")],
)
def test_work_that_cannot_be_is_refused(bring: Any, cells: str, field: str) -> None:
    bring("hazards", "code,found_at\nh1,2019-05-03\n")
    content = f"code,hazard_code,segment_code,state,found_at\nr1,{cells},2019-05-03\n"
    assert [found[1] for found in refused(bring, "rectifications", content)] == [field]


def test_lines_come_as_well_known_text(city: Engine, bring: Any) -> None:
    bring("segments", 'code,name,wkt\ns1,High,"LINESTRING (113.6 34.7, 113.61 34.7)"\n')
    assert rows(city, "SELECT round(length_m) FROM segment") == [(916,)]


@pytest.mark.parametrize(
    ("wkt", "reason"),
    [
        ("LINESTRING (0 0, 0 0)", "has no length"),
        ("POINT (0 0)", "is not a linestring or multilinestring"),
        ("", "has no linestring or multilinestring"),
        ("GEOMETRYCOLLECTION (POINT (0 0))", "is not the well-known text"),
        ("LINESTRING (0 0)", "point array must contain"),
        ("LINESTRING (200 0, 201 0)", "is not on earth"),
    ],
)
def test_a_line_that_cannot_be_is_refused(bring: Any, wkt: str, reason: str) -> None:
    found = refused(bring, "segments", f'code,wkt\ns1,"{wkt}"\n')
    assert reason in found[0][3]


def test_a_grid_is_imported_and_places_what_is_there(city: Engine, bring: Any) -> None:
    bring("units", "code,name,lon,lat\nu1,a,0.005,0.005\nu2,b,5,5\n")
    cells = collection(({"code": "c1", "name": "One"}, square(0)), ({"code": "c2"}, square(0.01)))
    report = bring("grids", cells, grid="blocks", grid_name="Blocks")
    assert (report.rows, report.new) == (2, 2)
    assert rows(city, "SELECT code, name, kind FROM grid") == [
        ("blocks", "Blocks", "administrative")
    ]
    again = bring("units", "code,name,lon,lat\nu1,a,0.005,0.005\nu2,b,5,5\nu3,c,,\n")
    assert (again.outside, again.without_position) == (1, 1)


def test_cells_that_overlap_are_refused_with_both_rows(bring: Any) -> None:
    cells = collection(({"code": "c1"}, square(0)), ({"code": "c2"}, square(0.005)))
    found = refused(bring, "grids", cells, grid="blocks")
    assert [(row, value) for row, _, value, _ in found] == [(1, "c1"), (2, "c2")]
    assert "overlap by" in found[0][3]


def test_the_cell_that_goes_before_keeps_an_overlap(city: Engine, bring: Any) -> None:
    cells = collection(({"code": "c1"}, square(0)), ({"code": "c2"}, square(0.005)))
    report = bring("grids", cells, grid="blocks", precedence=("c2",))
    assert rows(city, "SELECT code, ST_XMin(geom), ST_XMax(geom) FROM cell ORDER BY code") == [
        ("c1", 0.0, 0.005),
        ("c2", 0.005, 0.015),
    ]
    (told,) = [one.message for one in report.warnings if one.code == "overlaps_settled"]
    assert re.fullmatch(r"overlaps .*: c2 keeps 61\d{4} m² that c1 claims", told)


def test_the_smaller_number_of_a_column_goes_before(city: Engine, bring: Any) -> None:
    cells = collection(
        ({"code": "c1", "优先级": 2}, square(0)), ({"code": "c2", "优先级": 1}, square(0.005))
    )
    bring("grids", cells, grid="blocks")
    assert rows(city, "SELECT ST_XMax(geom) FROM cell WHERE code = 'c1'") == [(0.005,)]


def test_overlaps_of_cells_of_one_rank_stay_refused(bring: Any) -> None:
    shapes = ({"code": "c1"}, square(0)), ({"code": "c2"}, square(0.005))
    cells = collection(*shapes, ({"code": "c3"}, square(0.012)))
    found = refused(bring, "grids", cells, grid="blocks", precedence=("c3",))
    assert [value for _, _, value, _ in found] == ["c1", "c2"]


def test_a_cell_that_loses_everything_is_refused(bring: Any) -> None:
    cells = collection(({"code": "c1"}, square(0)), ({"code": "c2"}, square(0)))
    found = refused(bring, "grids", cells, grid="blocks", precedence=("c1",))
    assert found == [(2, "geometry", "c2", "lies wholly in cells that go before it: c1")]


def test_a_settled_grid_imported_again_is_the_same(bring: Any) -> None:
    cells = collection(({"code": "c1"}, square(0)), ({"code": "c2"}, square(0.005)))
    bring("grids", cells, grid="blocks", precedence=("c2",))
    again = bring("grids", cells, grid="blocks", precedence=("c2",))
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_cells_know_the_cell_of_a_coarser_grid(city: Engine, bring: Any) -> None:
    bring("grids", collection(({"code": "d1"}, square(0))), grid="districts")
    fine = collection(
        ({"code": "c1", "上级网格": "d1"}, square(0)), ({"code": "c2", "上级网格": "x"}, square(1))
    )
    report = bring("grids", fine, grid="blocks")
    parents = "SELECT c.code, p.code FROM cell c JOIN cell p ON p.id = c.parent_id"
    assert rows(city, parents) == [("c1", "d1")]
    (told,) = [one.message for one in report.warnings if one.code == "parents_unknown"]
    assert told == "no other grid has the parent cell, or several have: x"


def test_a_cell_that_crosses_itself_is_refused(bring: Any) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    found = refused(bring, "grids", collection(({"code": "c1"}, bow)), grid="blocks")
    assert found[0][3].startswith("Self-intersection")


def test_a_grid_needs_a_code(bring: Any) -> None:
    with pytest.raises(ImportRejectedError, match="code of the grid is missing"):
        bring("grids", collection(({"code": "c1"}, square(0))))


def test_cells_that_are_gone_are_told(bring: Any) -> None:
    bring("grids", collection(({"code": "c1"}, square(0)), ({"code": "c2"}, square(1))), grid="g")
    report = bring("grids", collection(({"code": "c1"}, square(0))), grid="g")
    assert "cells_removed" in [remark.code for remark in report.warnings]


def test_an_import_is_an_event(city: Engine, bring: Any) -> None:
    report = bring("units", UNITS, actor="Li")
    assert rows(city, "SELECT actor, action, subject, subject_id, after->'new' FROM event") == [
        ("Li", "import", "units", report.batch, 2)
    ]


def test_the_city_gets_bounds_from_what_is_imported(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    assert rows(city, "SELECT ST_Intersects(bounds, geom) FROM city, unit WHERE geom IS NOT NULL")


def test_the_same_file_imported_many_times_at_once_is_written_once(
    city: Engine, tmp_path: Path
) -> None:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    with ThreadPoolExecutor(5) as pool:
        reports = pool.map(lambda _: import_file(city, "units", tmp_path / "units.csv"), range(5))
    assert sorted(report.new for report in reports) == [0, 0, 0, 0, 2]
    assert rows(city, "SELECT count(*) FROM import_batch") == [(1,)]


def test_lon_and_lat_swapped_inside_their_range_are_refused(bring: Any) -> None:
    bring("units", "code,name,lon,lat\nu1,a,-87.60,41.80\nu2,b,-87.70,41.90\n", source="east")
    swapped = "code,name,lon,lat\nu3,c,41.85,-87.65\nu4,d,-87.65,41.85\n"
    assert refused(bring, "units", swapped) == [
        (2, "lon, lat", None, "lies outside the city, and inside with lon and lat swapped")
    ]


def test_what_cannot_be_read_is_not_missing_besides(bring: Any) -> None:
    cells = "code,name,lon,lat\nu1,a\0b,far,34.7\n"
    assert [error[:2] for error in refused(bring, "units", cells)] == [(2, "name"), (2, "lon")]


def test_half_a_character_is_refused(bring: Any) -> None:
    units = collection(({"code": "\ud800", "name": "a"}, None))
    assert refused(bring, "units", units) == [(1, "code", "\ufffd", "holds half a character")]


def test_a_damaged_heading_is_refused(bring: Any) -> None:
    with pytest.raises(ImportRejectedError, match="NUL"):
        bring("units", "code,name,no\0te\nu1,a,b\n")


def test_the_reason_is_told_where_every_feature_is_bad(bring: Any) -> None:
    units = collection(({"code": "u1", "name": "a"}, {"type": "Point", "coordinates": ["1", 2]}))
    reason = "has a position that is not two or more finite numbers"
    assert refused(bring, "units", units) == [(1, "geometry", None, reason)]


def test_a_mark_before_gb18030_text_is_passed_over(bring: Any) -> None:
    assert bring("units", "\ufeffcode,name\nu1,东风\n".encode("gb18030")).new == 1


def test_a_boundary_may_fill_a_large_cell(bring: Any) -> None:
    ring = ", ".join(f"{113 + i / 20_000} 33" for i in range(19_000))
    assert bring("grids", f'code,wkt\na,"POLYGON(({ring}, 113 32, 113 33))"\n', grid="g").new == 1


def test_a_file_without_rows_is_told(bring: Any) -> None:
    assert [remark.code for remark in bring("units", "code,name\n").warnings] == ["no_rows"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"source": "s" * 300}, "1 to 200 characters"),
        ({"source": " "}, "1 to 200 characters"),
        ({"source": "a\0"}, "NUL"),
        ({"grid_kind": "round"}, "not one of administrative"),
    ],
)
def test_options_that_no_store_can_keep_are_refused(
    bring: Any, options: dict[str, str], reason: str
) -> None:
    with pytest.raises(ImportRejectedError, match=reason):
        bring("units", UNITS, **options)


def test_a_party_too_long_for_an_index_is_refused(bring: Any) -> None:
    work = f"code,hazard_code,found_at,lead_party\nr1,,2019-01-01,{'p' * 10_000}\n"
    assert "longer than 200" in str(refused(bring, "rectifications", work))


def test_a_grid_keeps_its_name_when_none_is_given(city: Engine, bring: Any) -> None:
    cells = collection(({"code": "a"}, square(113)))
    bring("grids", cells, grid="g", grid_name="Districts")
    bring("grids", cells, grid="g")
    assert rows(city, "SELECT name FROM grid") == [("Districts",)]


def test_the_same_file_brings_back_what_something_else_changed(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    with transaction(city) as session:
        session.execute(text("UPDATE unit SET name = 'other' WHERE external_code = 'u2'"))
    assert bring("units", UNITS).changed == 1


def test_a_mapping_is_kept_for_the_next_file_of_the_source(city: Engine, bring: Any) -> None:
    bring("units", "No.,Who\nu1,a\n", mapping={"code": "No.", "name": "Who"})
    assert bring("units", "Who,No.\na,u1\n").same == 1
    assert rows(city, "SELECT heading, field FROM saved_mapping ORDER BY 1") == [
        ("No.", "code"),
        ("Who", "name"),
    ]


def test_a_heading_that_was_to_mean_nothing_means_nothing_in_the_next_file(
    city: Engine, bring: Any
) -> None:
    first = bring("units", "code,name,risk\nu1,a,low\n", mapping={"risk": None})
    second = bring("units", "code,name,risk,odd\nu2,b,low,x\n")
    told = "said to mean no field, kept as they are: risk"
    assert [one.message for one in first.warnings if one.code == "headings_set_aside"] == [told]
    assert [one.message for one in second.warnings if one.code.startswith("headings_")] == [
        "not understood, kept as they are: odd",
        told,
    ]
    assert rows(city, "SELECT DISTINCT risk, properties->>'risk' FROM unit") == [(None, "low")]


def test_a_mapping_of_one_source_is_not_that_of_another(bring: Any) -> None:
    bring("units", "No.,Who\nu1,a\n", mapping={"code": "No.", "name": "Who"})
    with pytest.raises(ImportRejectedError, match="name: missing"):
        bring("units", "No.,Who\nu1,a\n", source="other")


def test_a_visit_may_name_its_unit_by_name(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    visits = "被检查单位,检查日期,检查人员\n东风饭店,2019-05-03,张三、李四\n"
    assert bring("inspections", visits).new == 1
    assert bring("inspections", visits).same == 1
    assert rows(city, "SELECT name FROM inspection JOIN unit ON unit_id = unit.id") == [
        ("东风饭店",)
    ]


def test_a_visit_to_an_unknown_name_is_refused(bring: Any) -> None:
    bring("units", UNITS + "u3,Mill,low,,\n")
    visits = "编号,被检查单位,检查日期\ni1,西风,2019-05-03\ni2,Mill,2019-05-03\n"
    assert [found[:3] for found in refused(bring, "inspections", visits)] == [
        (2, "unit_name", "西风"),
        (3, "unit_name", "Mill"),
    ]


def test_a_hazard_of_an_unknown_unit_is_kept_and_told(city: Engine, bring: Any) -> None:
    bring("units", UNITS)
    report = bring("hazards", "编号,单位名称,发现日期\nh1,Mill,2019-05-03\nh2,西风,2019-05-03\n")
    assert "unknown_units" in [remark.code for remark in report.warnings]
    assert rows(city, "SELECT unit_id IS NULL, properties FROM hazard ORDER BY 1") == [
        (False, {"单位名称": "Mill"}),
        (True, {"单位名称": "西风"}),
    ]


def test_rows_that_are_all_swapped_are_told_in_the_first_words(bring: Any) -> None:
    bring("units", "code,name,lon,lat\nu1,a,-87.60,41.80\nu2,b,-87.70,41.90\n", source="east")
    with pytest.raises(ImportRejectedError, match=r"^lon and lat are swapped in all 1 rows\. 1 of"):
        bring("units", "code,name,lon,lat\nu3,c,41.85,-87.65\nu4,d,,\n")


def test_the_datum_of_each_row_is_kept_with_its_original(city: Engine, bring: Any) -> None:
    cells = 'code,name,经纬度,坐标系\nu1,a,"113.62,34.75",高德\nu2,b,"113.6，34.7",\n'
    assert "datum_assumed" in [remark.code for remark in bring("units", cells).warnings]
    assert rows(city, "SELECT datum, original_x, ST_X(geom) < 113.62 FROM unit ORDER BY id") == [
        ("gcj02", 113.62, True),
        ("wgs84", 113.6, True),
    ]


def test_metres_of_the_city_s_zone_are_imported(city: Engine, bring: Any) -> None:
    bring("units", "code,name,lon,lat\nu1,a,113.44,34.75\n")
    bring("units", "code,name,X坐标,Y坐标\nu2,b,3847123.4,448688.9\n", datum="国家2000")
    found = "SELECT datum, round(ST_X(geom)::numeric, 2) FROM unit WHERE external_code = 'u2'"
    assert rows(city, found) == [("EPSG:4547", Decimal("113.44"))]


def test_hazards_of_one_cell_are_stored_one_by_one(city: Engine, bring: Any) -> None:
    hazards = "编号,单位名称,发现日期,存在问题\nh1,甲,2019-05-03,①堵②暗\nh2,乙,2019-05-03,漏\n"
    assert bring("hazards", hazards).new == 3
    assert rows(city, "SELECT external_code, description FROM hazard ORDER BY 1") == [
        ("h1-1", "堵"),
        ("h1-2", "暗"),
        ("h2", "漏"),
    ]


def test_a_reference_of_a_split_row_is_refused_with_its_number(bring: Any) -> None:
    hazards = "编号,单位编号,发现日期,存在问题\nh1,u9,2019-05-03,①堵②暗\n"
    assert {found[:3] for found in refused(bring, "hazards", hazards)} == {(2, "unit_code", "u9")}
