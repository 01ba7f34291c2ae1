"""A batch taken back: the store is what it was, or says why it cannot be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from data.engine import transaction
from data.errors import DependentRowsError, NotFoundError, WrongStateError
from data.importers import ImportOptions, ImportReport, import_file
from data.importers.undoing import Undone, undo_batch

pytestmark = pytest.mark.db

UNITS = "code,name,lon,lat\nu1,First,0.005,0.005\nu2,Second,0.015,0.005\n"
VISITS = "code,unit_code,inspected_at\ni1,u1,2019-05-03\n"

Bring = Callable[..., ImportReport]


@pytest.fixture
def bring(city: Engine, tmp_path: Path) -> Bring:
    def bring(kind: str, content: Any, **options: Any) -> ImportReport:
        is_text = isinstance(content, str)
        path = tmp_path / ("file.csv" if is_text else "file.geojson")
        path.write_text(content if is_text else json.dumps(content), encoding="utf-8")
        return import_file(city, kind, path, ImportOptions(**options))

    return bring


def undo(engine: Engine, report: ImportReport) -> Undone:
    assert report.batch is not None
    return undo_batch(engine, report.batch, "Li")


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


LEDGER = (
    "SELECT to_jsonb(u) - 'recorded_at' || jsonb_build_object('geom', u.geom::text)"
    " FROM unit AS u ORDER BY id"
)
PLACED = "SELECT unit_id, grid_id, computed_cell_id FROM placement ORDER BY unit_id, grid_id"


def cells(*wests: float) -> dict[str, Any]:
    features = []
    for west in wests:
        ring = [[west, 0], [west + 0.01, 0], [west + 0.01, 0.01], [west, 0.01], [west, 0]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        properties = {"code": f"c{west * 100:.0f}"}
        features.append({"type": "Feature", "properties": properties, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


def test_rows_that_were_new_go(city: Engine, bring: Bring) -> None:
    assert undo(city, bring("units", UNITS)) == Undone(removed=2)
    assert rows(city, LEDGER) == []
    assert rows(city, "SELECT state FROM import_batch") == [("undone",)]


def test_rows_that_were_changed_are_what_they_were(city: Engine, bring: Bring) -> None:
    bring("grids", cells(0, 0.01), grid="g")
    bring("units", UNITS)
    before = rows(city, LEDGER), rows(city, PLACED)
    later = bring("units", UNITS.replace("First,0.005", "Moved,0.0151234567891") + "u3,New,,\n")
    assert undo(city, later) == Undone(removed=1, restored=1)
    assert (rows(city, LEDGER), rows(city, PLACED)) == before


def test_an_undone_file_may_be_imported_again(city: Engine, bring: Bring) -> None:
    undo(city, bring("units", UNITS))
    again = bring("units", UNITS)
    assert (again.new, [one.code for one in again.warnings if one.code == "same_file"]) == (2, [])


def test_what_was_known_is_kept(city: Engine, bring: Bring) -> None:
    bring("units", UNITS)
    later = bring("units", UNITS.replace("First", "Other"))
    undo(city, later)
    history = "SELECT data->>'name' FROM row_history WHERE table_name = 'unit' ORDER BY id"
    assert rows(city, history) == [("First",), ("Other",)]


def test_the_versions_of_a_row_follow_each_other_without_gap(city: Engine, bring: Bring) -> None:
    for name in ("First", "Other", "Third"):
        bring("units", UNITS.replace("First", name))
    spans = "SELECT recorded_at, replaced_at FROM row_history WHERE table_name = 'unit' ORDER BY id"
    ((_, first_end), (second_start, second_end)) = rows(city, spans)
    ((third_start,),) = rows(city, "SELECT recorded_at FROM unit WHERE external_code = 'u1'")
    assert (first_end, second_end) == (second_start, third_start)


def test_a_later_batch_of_the_same_rows_is_named(city: Engine, bring: Bring) -> None:
    first = bring("units", UNITS)
    later = bring("units", UNITS.replace("First", "Other"))
    with pytest.raises(DependentRowsError, match=rf"import {later.batch} \(file.csv\)"):
        undo(city, first)
    assert rows(city, "SELECT name FROM unit ORDER BY id") == [("Other",), ("Second",)]


def test_batches_are_taken_back_one_after_the_other(city: Engine, bring: Bring) -> None:
    first = bring("units", UNITS)
    later = bring("units", UNITS.replace("First", "Other"))
    assert (undo(city, later).restored, undo(city, first).removed) == (1, 2)


def test_a_later_batch_of_other_rows_does_not_matter(city: Engine, bring: Bring) -> None:
    first = bring("units", UNITS)
    bring("units", "code,name\nu9,Other\n")
    undo(city, first)
    assert rows(city, "SELECT external_code FROM unit") == [("u9",)]


def test_rows_that_others_refer_to_stay(city: Engine, bring: Bring) -> None:
    first = bring("units", UNITS)
    bring("inspections", VISITS)
    with pytest.raises(DependentRowsError, match="1 of inspection"):
        undo(city, first)


def test_what_a_person_changed_since_is_not_overwritten(city: Engine, bring: Bring) -> None:
    first = bring("units", UNITS)
    by_hand = (
        "INSERT INTO row_history (table_name, row_id, data, batch, recorded_at)"
        " SELECT 'unit', id, '{}', import_batch_id, recorded_at FROM unit"
    )
    with transaction(city) as session:
        session.execute(text(by_hand))
    with pytest.raises(DependentRowsError, match="by hand"):
        undo(city, first)


def test_what_only_followed_a_unit_is_no_change_by_another(city: Engine, bring: Bring) -> None:
    bring("units", UNITS)
    found = bring("hazards", "code,unit_code,found_at\nh1,u1,2019-05-03\n")
    moved = bring("units", UNITS.replace("0.005,0.005", "0.008,0.005"))
    undo(city, moved)
    lay = (
        "SELECT ST_X((data->>'geom')::geometry) FROM row_history WHERE table_name = 'hazard'"
        " UNION ALL SELECT ST_X(geom) FROM hazard"
    )
    assert rows(city, lay) == [(0.005,), (0.008,), (0.005,)]
    assert undo(city, found) == Undone(removed=1)


def test_only_what_is_imported_can_be_undone(city: Engine, bring: Bring) -> None:
    report = bring("units", UNITS)
    undo(city, report)
    with pytest.raises(WrongStateError, match="undone"):
        undo(city, report)
    with pytest.raises(NotFoundError):
        undo_batch(city, 999, "Li")


def test_a_new_grid_goes_with_its_cells(city: Engine, bring: Bring) -> None:
    bring("units", UNITS)
    assert undo(city, bring("grids", cells(0, 0.01), grid="g")) == Undone(removed=3)
    assert rows(city, "SELECT count(*) FROM placement") == [(0,)]


def test_cells_that_an_import_removed_come_back(city: Engine, bring: Bring) -> None:
    bring("grids", cells(0, 0.01), grid="g")
    bring("units", UNITS)
    grid = "SELECT id, code, name, geom::text FROM cell ORDER BY id"
    before = rows(city, grid), rows(city, PLACED)
    later = bring("grids", cells(0, 0.02), grid="g", grid_name="Renamed")
    assert undo(city, later) == Undone(removed=1, restored=1, brought_back=1)
    assert (rows(city, grid), rows(city, PLACED)) == before
    assert rows(city, "SELECT name FROM grid") == [("g",)]


def test_a_segment_gets_its_parts_back_and_the_work_on_them(city: Engine, bring: Bring) -> None:
    two = 'code,wkt\ns1,"MULTILINESTRING ((0 0, 0.01 0), (0.02 0, 0.03 0))"\n'
    bring("segments", two)
    bring("rectifications", "code,segment_code,found_at\nr1,s1-2,2019-05-03\n")
    before = rows(city, "SELECT id, external_code, geom::text FROM segment ORDER BY id")
    later = bring("segments", 'code,wkt\ns1,"LINESTRING (0 0, 0.01 0)"\n')
    work = "SELECT s.external_code FROM rectification JOIN segment AS s ON s.id = segment_id"
    assert rows(city, work) == [("s1",)]
    undo(city, later)
    assert rows(city, "SELECT id, external_code, geom::text FROM segment ORDER BY id") == before
    assert rows(city, work) == [("s1-2",)]


def test_lamps_are_snapped_to_the_segments_that_came_back(city: Engine, bring: Bring) -> None:
    bring("segments", 'code,wkt\ns1,"LINESTRING (0 0, 0.01 0)"\n')
    bring("lamps", "code,lon,lat\nl1,0.005,0.00001\n")
    snapped = "SELECT segment_id, measure_m, offset_m FROM lamp"
    before = rows(city, snapped)
    undo(city, bring("segments", 'code,wkt\ns1,"LINESTRING (1 0, 1.01 0)"\n'))
    assert rows(city, snapped) == before


def test_an_undo_is_an_event_and_moves_the_revision(city: Engine, bring: Bring) -> None:
    report = bring("units", UNITS)
    undo(city, report)
    assert rows(city, "SELECT actor, action, subject_id FROM event ORDER BY id") == [
        ("command line", "import", report.batch),
        ("Li", "undo", report.batch),
    ]
    assert rows(city, "SELECT value FROM revision WHERE subject = 'ledgers'") == [(2,)]


def test_decimal_and_moments_come_back_to_the_last_digit(city: Engine, bring: Bring) -> None:
    bring("hazards", "code,found_at\nh1,2019-05-03 16:20:07\n")
    work = "code,hazard_code,found_at,money_yuan\nr1,h1,2019-05-03 16:20:07,{}\n"
    bring("rectifications", work.format("1234567890.10"))
    kept = "SELECT found_at, money_yuan::text FROM rectification"
    before = rows(city, kept)
    undo(city, bring("rectifications", work.format("1")))
    assert rows(city, kept) == before
